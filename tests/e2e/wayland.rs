//! The guest's window on Wayland: what compositors do in another way than X servers, and what only they can do.
//!
//! Keys come with the compositor's numbers and its keymap, shortcuts are inhibited and the pointer is locked by protocols,
//! and scales may be broken. Here are sway's tiles; [`super::mutter`] has GNOME's windows, and what is no matter of tiles.

use testbed::{attempt, until_true};

use crate::{
    checkerboard::{self, CHECKERBOARD, Place, Running},
    guests::ANIMATED,
    input::{self, Heard},
    runner::tests,
    scope::Scope,
    stage::{PATIENCE, Stage},
};

tests![
    on testbed::Desktop::start_wayland;
    every_key_is_the_guests_until_the_keyboard_is_released,
    the_compositor_locks_the_mouse,
    a_pixel_is_a_pixel_at_every_scale,
];

fn every_key_is_the_guests_until_the_keyboard_is_released(stage: &mut Stage<'_>) {
    input::the_guest_gets_every_key_until_the_keyboard_is_released(stage);
    let has_heard = |stage: &Stage<'_>| stage.desktop.heard_its_shortcut();
    the_desktops_shortcut_is_the_guests(stage, "n", "n", has_heard);
}

/// The desktop leaves its own shortcuts to the guest as long as that has the keyboard. One of them is Super and a key,
/// which the guest calls by another name.
pub(crate) fn the_desktops_shortcut_is_the_guests(
    stage: &mut Stage<'_>,
    key: &str,
    called: &str,
    has_heard: impl Fn(&Stage<'_>) -> bool,
) {
    let window = stage.window(ANIMATED.title);
    let screen = window.guest_screen(ANIMATED);
    let mut heard = Heard::by(stage, ANIMATED.name);
    window.screen.press(&["Super_L", key]);
    heard.is(&format!("meta_l+ {called}+ {called}- meta_l-"));
    assert!(!has_heard(stage));
    input::clear_the_line(&window);
    heard.forget();
    window.screen.press(&["Control_L", "Alt_L"]);
    let is_free = || !input::has_keyboard(&window, &screen);
    until_true("the keyboard is the window’s", PATIENCE, is_free);
    let released = "ctrl+ alt+ alt- ctrl-";
    heard.is(released);
    window.screen.press(&["Super_L", key]);
    until_true("the desktop’s shortcut", PATIENCE, || has_heard(stage));
    assert_eq!(heard.keys(), released);
}

fn the_compositor_locks_the_mouse(stage: &mut Stage<'_>) {
    input::a_locked_mouse_goes_further_than_the_screen(stage);
}

fn a_pixel_is_a_pixel_at_every_scale(stage: &mut Stage<'_>) {
    shows_pixels_at_every_scale(stage, None);
}

/// Shows the checkerboard at several scales and sizes, the first of them where the window does not come as it should;
/// gives its window, and where its picture is then.
pub(crate) fn shows_pixels_at_every_scale(
    stage: &mut Stage<'_>,
    size: Option<(u32, u32)>,
) -> (Scope, Place, Running) {
    let guest = Running::on(stage);
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
    if let Some((width, height)) = size {
        window.screen.resize(window.window, width, height);
    }
    let mut corner = None;
    for (scale, name) in [(1.0, "1"), (1.5, "1.5"), (2.0, "2")] {
        stage.desktop.set_scale(scale);
        corner = is_sharp(&window, corner);
        window.keep(name);
    }

    // Fullscreen at a broken scale: all of the output, and two by two pixels for each of the guest's.
    stage.desktop.set_scale(1.5);
    corner = is_sharp(&window, corner);
    window.choose("Main Menu", "_Fullscreen");
    // Beside the picture, so that the desktop's pointer covers none of it.
    window.screen.move_to(5, 500);
    corner = is_sharp(&window, corner);
    window.keep("fullscreen");
    let covered = window.place(&window.guest_screen(CHECKERBOARD));
    assert_eq!((covered.x, covered.y), (0, 0), "{covered:?}");
    assert_eq!(times(&window), 2);
    window.screen.move_to(700, 0);
    window.choose("Main Menu", "_Fullscreen");
    corner = is_sharp(&window, corner);

    // The guest is asked for the room's size in pixels of the device.
    let heard = Heard::by(stage, CHECKERBOARD.name);
    window.choose("Main Menu", "_Resize the Guest with the Window");
    let area = window.screen.area(window.window).expect("a window");
    asks_for(&heard, &window, area.width, area.height);
    window.screen.resize(window.window, 900, 750);
    asks_for(&heard, &window, 900, 750);
    corner = is_sharp(&window, corner);
    (window, corner, guest)
}

/// Waits until the guest's picture is shown whole and elsewhere than before, each of its pixels by as many of the device's
/// as there is room for; gives where.
#[track_caller]
pub(crate) fn is_sharp(window: &Scope, before: Place) -> Place {
    // No hand is quite still, and mutter may keep back the last frame before its monitor became another until one moves.
    let mut way = 1;
    let sharp = attempt(PATIENCE, || {
        way = -way;
        window.screen.nudge(way, 0);
        let found = checkerboard::find(&window.screen.picture(), times(window));
        found.filter(|_| found != before)
    });
    assert!(sharp.is_some(), "no sharp picture but at {before:?}");
    sharp
}

/// How many of the device's pixels are one of the guest's, in each direction.
fn times(window: &Scope) -> usize {
    let place = window.place(&window.guest_screen(CHECKERBOARD));
    let (width, height) = checkerboard::SIZE;
    let times = |room: i32, length: usize| usize::try_from(room).unwrap_or(0) / length;
    times(place.width, width)
        .min(times(place.height, height))
        .max(1)
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
