//! The guest's window on GNOME's compositor, where most users have it.
//!
//! Windows float there, and lie on the pixels of a monitor of any scale wherever they are put; the desktop's shortcuts, its
//! keyboard, its mouse and its fingers are its own.

use std::time::Duration;

use testbed::{Area, attempt, until_true};

use crate::{
    console, far,
    guests::ANIMATED,
    input::{self, Heard},
    monitor,
    runner::tests,
    scope::Scope,
    shown::Shown,
    stage::{PATIENCE, Stage},
    touch,
    touch_relative::{self, Guest},
    wayland,
};

tests![
    on testbed::Desktop::start_mutter;
    every_key_is_the_guests_until_the_keyboard_is_released,
    the_compositor_locks_the_mouse,
    the_compositors_clipboard_is_typed,
    a_guest_that_reboots_or_dies_comes_back,
    a_pixel_is_a_pixel_at_every_scale,
    a_guest_takes_the_size_of_its_window_in_the_devices_pixels,
    a_cut_ssh_connection_comes_back,
    a_finger_taps_rests_and_drags,
    a_finger_moves_a_guest_whose_mouse_is_locked,
    nothing_stays_pressed_by_a_finger_that_the_compositor_takes,
];

/// Super and Up make a window as large as the desktop, Super and Down undo that.
fn every_key_is_the_guests_until_the_keyboard_is_released(stage: &mut Stage<'_>) {
    input::the_guest_gets_every_key_until_the_keyboard_is_released(stage);
    let window = stage.window(ANIMATED.title);
    wayland::the_desktops_shortcut_is_the_guests(stage, "Up", "up", |_| is_maximised(&window));

    // The user takes the shortcuts back without the window, by the desktop's Super and Escape.
    let screen = window.guest_screen(ANIMATED);
    let has_keyboard = || input::has_keyboard(&window, &screen);
    let heard = Heard::by(stage, ANIMATED.name);
    window.click(&screen);
    until_true("the screen has the keyboard", PATIENCE, has_keyboard);
    window.screen.press(&["Super_L", "Escape"]);
    window.screen.press(&["Super_L", "Down"]);
    until_true("the desktop’s shortcut", PATIENCE, || {
        !is_maximised(&window)
    });
    // Until the guest is given the keyboard anew.
    window.screen.press(&["Control_L", "Alt_L"]);
    until_true("the keyboard is the window’s", PATIENCE, || {
        !has_keyboard()
    });
    window.click(&screen);
    until_true("the screen has the keyboard", PATIENCE, has_keyboard);
    // The compositor hears a moment later that its shortcuts are the guest's.
    until_true("the guest’s keys", PATIENCE, || {
        window.screen.press(&["Super_L", "Up"]);
        let is_heard = || heard.keys().ends_with("meta_l+ up+ up- meta_l-");
        attempt(Duration::from_millis(500), || is_heard().then_some(())).is_some()
    });
    assert!(!heard.keys().contains("esc"), "{}", heard.keys());
}

fn is_maximised(window: &Scope) -> bool {
    let picture = window.screen.picture();
    let (width, height) = (picture.width() as i32, picture.height() as i32);
    let all = Area {
        x: 0,
        y: 0,
        width,
        height,
    };
    window.screen.area(window.window) == Some(all)
}

/// The console of a guest that wants movements, which covers the desktop: the mouse does not leave it before it is locked.
fn covering(stage: &mut Stage<'_>) -> Scope {
    let window = input::console(stage);
    maximise(&window);
    window
}

/// Makes a window as large as the desktop, by its header.
fn maximise(window: &Scope) {
    let area = window.screen.area(window.window).expect("a window");
    until_true("a window as large as the desktop", PATIENCE, || {
        // A menu that is still open takes the first click.
        window.screen.double_click(area.middle().0, area.y + 12);
        attempt(Duration::from_secs(1), || {
            is_maximised(window).then_some(())
        })
        .is_some()
    });
}

fn the_compositor_locks_the_mouse(stage: &mut Stage<'_>) {
    let window = covering(stage);
    input::the_mouse_is_locked_by_a_click(stage, &window);
}

fn the_compositors_clipboard_is_typed(stage: &mut Stage<'_>) {
    input::the_clipboard_is_typed(stage);
}

fn a_guest_that_reboots_or_dies_comes_back(stage: &mut Stage<'_>) {
    console::follows_a_guest_that_reboots_stops_and_starts(stage);
}

fn a_pixel_is_a_pixel_at_every_scale(stage: &mut Stage<'_>) {
    // Whose edges are on the desktop at a scale of 1.5, too.
    let size = Some((900, 560));
    let (window, corner, _guest) = wayland::shows_pixels_at_every_scale(stage, size);
    // A window may be anywhere: here its corner is between two pixels of the device, for programs count in others.
    window.screen.put(window.window, 152, 90);
    wayland::is_sharp(&window, corner);
    window.keep("floating");
}

fn a_guest_takes_the_size_of_its_window_in_the_devices_pixels(stage: &mut Stage<'_>) {
    // GTK's renderer without OpenGL knows whole scales only.
    stage.draw_with_opengl();
    let (window, _guest) = monitor::opens(stage);
    monitor::takes_sizes(&window);
    maximise(&window);
    monitor::fills(&window);
    // As large as the desktop: the edges of a window that floats may lie between the device's pixels.
    stage.desktop.set_scale(1.5);
    monitor::fills(&window);
    window.keep("1.5");
}

fn a_cut_ssh_connection_comes_back(stage: &mut Stage<'_>) {
    far::a_cut_ssh_connection_comes_back(stage);
}

fn a_finger_taps_rests_and_drags(stage: &mut Stage<'_>) {
    let shown = Shown::on(stage, 0);
    touch::taps_and_rests(&shown);
    touch::drags(&shown);
}

fn a_finger_moves_a_guest_whose_mouse_is_locked(stage: &mut Stage<'_>) {
    let window = covering(stage);
    let mut guest = Guest::of(stage, &window);
    input::locks_the_mouse(&window, &guest.heard);
    guest.heard.presses("left+ left-");
    guest.heard.forget();
    touch_relative::moves_as_by_a_touchpad(&stage.desktop.touchscreen(), &mut guest);
    // The mouse is still locked.
    guest.heard.forget();
    input::locks_the_mouse(&window, &guest.heard);
}

/// Another finger begins to move the window, and the compositor takes all of them for that.
fn nothing_stays_pressed_by_a_finger_that_the_compositor_takes(stage: &mut Stage<'_>) {
    const LEFT: u8 = 1;
    let shown = Shown::on(stage, 0);
    shown.drag(0, (300, 200), (330, 210));
    shown.points(LEFT, 330, 210);
    let area = shown.window.screen.area(shown.window.window);
    let area = area.expect("an open window");
    let header = (area.middle().0, area.y + 12);
    shown.touch.down(1, header.0, header.1);
    for way in (10..=100).step_by(10) {
        shown.touch.slide(1, header.0 + way, header.1);
    }
    shown.told(0, &[(LEFT, (300, 200)), (0, (330, 210))]);
}
