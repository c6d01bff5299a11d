//! The guest's window on Wayland: what compositors do in another way than X servers, and what only they can do.
//!
//! Keys come with the compositor's numbers and its keymap, shortcuts are inhibited and the pointer is locked by protocols,
//! the clipboard belongs to whoever has the keyboard, and scales may be broken.

use testbed::{attempt, until_true};

use crate::{
    checkerboard::{self, CHECKERBOARD},
    console, far,
    guests::ANIMATED,
    input::{self, Heard},
    monitor,
    runner::tests,
    scope::Scope,
    stage::{PATIENCE, Stage},
};

tests![
    on testbed::Desktop::start_wayland;
    every_key_is_the_guests_until_the_keyboard_is_released,
    the_compositor_locks_the_mouse,
    the_compositors_clipboard_is_typed,
    a_guest_that_reboots_or_dies_comes_back,
    a_pixel_is_a_pixel_at_every_scale,
    a_guest_takes_the_size_of_its_window,
    a_guest_takes_the_devices_pixels,
    a_cut_ssh_connection_comes_back,
];

fn every_key_is_the_guests_until_the_keyboard_is_released(stage: &mut Stage<'_>) {
    input::the_guest_gets_every_key_until_the_keyboard_is_released(stage);
    let window = stage.window(ANIMATED.title);
    let screen = window.guest_screen(ANIMATED);
    let mut heard = Heard::by(stage, ANIMATED.name);

    // The desktop leaves its own shortcuts to the guest as long as that has the keyboard.
    window.screen.press(&["Super_L", "n"]);
    heard.is("meta_l+ n+ n- meta_l-");
    assert!(!stage.desktop.heard_its_shortcut());
    input::clear_the_line(&window);
    heard.forget();
    window.screen.press(&["Control_L", "Alt_L"]);
    let is_free = || !input::has_keyboard(&window, &screen);
    until_true("the keyboard is the window’s", PATIENCE, is_free);
    let released = "ctrl+ alt+ alt- ctrl-";
    heard.is(released);
    window.screen.press(&["Super_L", "n"]);
    until_true("the desktop’s shortcut", PATIENCE, || {
        stage.desktop.heard_its_shortcut()
    });
    assert_eq!(heard.keys(), released);
}

fn the_compositor_locks_the_mouse(stage: &mut Stage<'_>) {
    input::a_locked_mouse_goes_further_than_the_screen(stage);
}

fn the_compositors_clipboard_is_typed(stage: &mut Stage<'_>) {
    input::the_clipboard_is_typed(stage);
}

fn a_guest_that_reboots_or_dies_comes_back(stage: &mut Stage<'_>) {
    console::follows_a_guest_that_reboots_stops_and_starts(stage);
}

fn a_pixel_is_a_pixel_at_every_scale(stage: &mut Stage<'_>) {
    let _guest = checkerboard::Running::on(stage);
    // GTK's renderer without OpenGL knows whole scales only.
    stage.draw_with_opengl();
    stage.set_setting("console-scaling", "'integer'");
    stage.start(&[
        "--connect",
        "qemu:///system",
        "--show-domain-console",
        CHECKERBOARD.name,
    ]);
    let window = stage.window(CHECKERBOARD.title);
    for (scale, name) in [(1.0, "1"), (1.5, "1.5"), (2.0, "2")] {
        stage.desktop.set_scale(scale);
        is_sharp(&window, 1);
        window.keep(name);
    }

    // Fullscreen at a broken scale: all of the output, and two by two pixels for each of the guest's.
    stage.desktop.set_scale(1.5);
    window.choose("Main Menu", "_Fullscreen");
    // Beside the picture, so that the desktop's pointer covers none of it.
    window.screen.move_to(5, 500);
    is_sharp(&window, 2);
    window.keep("fullscreen");
    let covered = window.place(&window.guest_screen(CHECKERBOARD));
    assert_eq!((covered.x, covered.y), (0, 0), "{covered:?}");
    window.screen.move_to(700, 0);
    window.choose("Main Menu", "_Fullscreen");
    is_sharp(&window, 1);

    // The guest is asked for the room's size in pixels of the device.
    let heard = Heard::by(stage, CHECKERBOARD.name);
    window.choose("Main Menu", "_Resize the Guest with the Window");
    asks_for(&heard, &window, 1440, 996);
    window.screen.resize(window.window, 900, 750);
    asks_for(&heard, &window, 900, 750);
    is_sharp(&window, 1);
}

/// Waits until the guest's picture is shown whole, each of its pixels by so many of the device's in each direction.
#[track_caller]
fn is_sharp(window: &Scope, cell: usize) {
    let what = format!("each of the guest’s pixels on {cell}×{cell} of the device’s");
    until_true(&what, PATIENCE, || {
        checkerboard::find(&window.screen.picture(), cell).is_some()
    });
}

/// Waits until the guest was asked for what a window of this size leaves to its screen: the header takes some of it, and
/// in a narrow window so does a bar at the bottom.
#[track_caller]
fn asks_for(heard: &Heard, window: &Scope, width: i32, height: i32) {
    let bars = (110.0 * window.screen.scale()) as i32;
    let fits = |size: &(i32, i32)| {
        (width - 4..=width).contains(&size.0) && (height - bars..height).contains(&size.1)
    };
    let asked = attempt(PATIENCE, || heard.sizes().last().copied().filter(fits));
    let sizes = heard.sizes();
    assert!(asked.is_some(), "{width}×{height}: asked for {sizes:?}");
}

fn a_guest_takes_the_size_of_its_window(stage: &mut Stage<'_>) {
    monitor::a_guest_takes_the_size_of_its_window(stage);
}

/// What the guest takes are the device's pixels, whatever the program counts in.
fn a_guest_takes_the_devices_pixels(stage: &mut Stage<'_>) {
    // GTK's renderer without OpenGL knows whole scales only.
    stage.draw_with_opengl();
    let (window, _guest) = monitor::opens(stage);
    monitor::fills(&window);
    stage.desktop.set_scale(1.5);
    monitor::fills(&window);
    window.keep("1.5");
}

fn a_cut_ssh_connection_comes_back(stage: &mut Stage<'_>) {
    far::a_cut_ssh_connection_comes_back(stage);
}
