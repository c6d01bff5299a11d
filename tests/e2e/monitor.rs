//! A guest that really takes the size of its window: each of its pixels is one of the device's.

use lab::monitor;
use testbed::{Area, Lab, Picture, attempt};

use crate::{
    guests::Guest,
    runner::tests,
    scope::Scope,
    stage::{PATIENCE, Stage},
};

tests![
    a_guest_takes_the_size_of_its_window,
    a_window_that_covers_the_monitor_has_no_edge,
];

/// A guest with a driver for its display (tests/lab/monitor.rs).
const MONITOR: Guest = Guest {
    name: "monitor",
    title: "A Guest with a Monitor",
};

/// The longest side of what is round about a window's corner, in pixels of the device.
const CORNER: usize = 32;
/// The widest frame that GTK draws around a window on X11.
const FRAME: i32 = 12;

/// The running guest; it ends with its value.
pub(crate) struct Running<'a>(&'a Lab);

impl<'a> Running<'a> {
    fn on(stage: &Stage<'a>) -> Self {
        let folder = stage.place("monitor");
        std::fs::create_dir_all(&folder).expect("a folder");
        let xml = monitor::prepare(&folder, MONITOR.name, MONITOR.title).expect("a guest");
        let file = folder.join("monitor.xml");
        std::fs::write(&file, xml).expect("a file");
        stage.lab.virsh(&["create", &file.to_string_lossy()]);
        Self(stage.lab)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if !self.0.state(MONITOR.name).is_empty() {
            self.0.virsh(&["destroy", MONITOR.name]);
        }
    }
}

/// Opens the guest's window and has the guest follow it; gives both.
pub(crate) fn opens<'a>(stage: &mut Stage<'a>) -> (Scope, Running<'a>) {
    let guest = Running::on(stage);
    let window = stage.open_console(MONITOR);
    window.guest_screen(MONITOR);
    window.choose("Main Menu", "_Resize the Guest with the Window");
    // Nothing lies over the picture.
    window.screen.move_to(700, 0);
    (window, guest)
}

/// Gives the window several sizes and has the guest take each.
pub(crate) fn takes_sizes(window: &Scope) {
    for (width, height) in [(900, 750), (1100, 640), (700, 700)] {
        window.screen.resize(window.window, width, height);
        fills(window);
    }
    window.keep("sizes");
}

/// Waits until the guest's picture is as large as its place in the window, and shown pixel by pixel.
#[track_caller]
pub(crate) fn fills(window: &Scope) {
    let screen = window.guest_screen(MONITOR);
    let is_full = || {
        let place = window.place(&screen);
        let picture = window.screen.picture();
        // On X11 the window's place leaves out the frame that it draws itself.
        let mut ways = (0..=FRAME).flat_map(|by| [(by, by), (by, by + 1), (by + 1, by)]);
        ways.any(|(right, down)| {
            let area = Area {
                x: place.x + right,
                y: place.y + down,
                width: place.width,
                height: place.height,
            };
            let part = picture.part(area);
            let is_whole = part.pixels().len() as i32 == area.width * area.height;
            is_whole && is_board(&part, CORNER)
        })
    };
    let filled = attempt(PATIENCE, || is_full().then_some(()));
    let place = window.place(&screen);
    assert!(filled.is_some(), "the guest does not fill {place:?}");
}

/// Whether all of a picture is single pixels, black and white in turn; but for corners of so many pixels, which may be
/// round, and for the light line along a window's edges.
fn is_board(picture: &Picture, corner: usize) -> bool {
    let (width, height) = (picture.width(), picture.height());
    let is_corner = |at: usize, length: usize| at < corner || at + corner >= length;
    let mut pixels = picture.pixels().iter().enumerate();
    width > 4 * CORNER
        && height > 4 * CORNER
        && pixels.all(|(at, pixel)| {
            let (x, y) = (at % width, at / width);
            let green = pixel >> 8 & 255;
            let is_right = if (x ^ y) & 1 == 0 {
                green > 200
            } else {
                green < 50
            };
            is_right || is_corner(x, width) && is_corner(y, height)
        })
}

pub(crate) fn a_guest_takes_the_size_of_its_window(stage: &mut Stage<'_>) {
    let (window, _guest) = opens(stage);
    takes_sizes(&window);
}

fn a_window_that_covers_the_monitor_has_no_edge(stage: &mut Stage<'_>) {
    let (window, _guest) = opens(stage);
    fills(&window);
    let title = window.wait_for("the title", |e| {
        e.name == MONITOR.title && e.role == "label"
    });
    let (x, y) = window.place(&title).middle();
    window.screen.double_click(x, y);
    // Below the header, from the monitor’s left edge to its right one.
    covers(&window, "maximised", |whole, screen| Area {
        x: 0,
        y: screen.y,
        width: whole.width() as i32,
        height: screen.height,
    });
    window.press("Fullscreen");
    // Away from the upper edge, so that the header goes.
    window.screen.move_to(700, 500);
    covers(&window, "fullscreen", |whole, _| Area {
        x: 0,
        y: 0,
        width: whole.width() as i32,
        height: whole.height() as i32,
    });
}

/// Waits until a part of the monitor shows the guest's pixels and nothing else, to its last corner.
#[track_caller]
fn covers(window: &Scope, what: &str, part: fn(&Picture, Area) -> Area) {
    let screen = window.guest_screen(MONITOR);
    let is_covered = || {
        let whole = window.screen.picture();
        let area = part(&whole, window.place(&screen));
        is_board(&whole.part(area), 0)
    };
    let covered = attempt(PATIENCE, || is_covered().then_some(()));
    window.keep(what);
    assert!(covered.is_some(), "{what}: not all of it is the guest’s");
}
