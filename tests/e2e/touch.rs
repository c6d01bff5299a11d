//! Fingers and a pen on the guest's screen: the guest is told of a pointer, pixel by pixel.
//!
//! The screen is served by the test itself, which notes what it is told, as that of a guest of libvirt's test driver.

use std::time::Duration;

use lab::ScreenHost;
use testbed::{
    Touchscreen, attempt,
    socket::{Band, Pointed, VncServer},
    until, until_true,
};

use crate::{
    runner::tests,
    scope::Scope,
    stage::{PATIENCE, Stage},
};

tests![
    on testbed::Desktop::start_with_touch;
    a_tap_clicks_and_a_rest_is_the_right_button,
    a_drag_goes_beyond_the_screen,
    nothing_stays_pressed,
    a_finger_scrolls_what_is_larger_than_its_window,
    a_pen_points_and_presses,
];

/// The guest's pixels, and those of a window that has room for them once.
const SIZE: (u16, u16) = (640, 400);
const WINDOW: (u32, u32) = (900, 700);
const LEFT: u8 = 1;
const MIDDLE: u8 = 2;
const RIGHT: u8 = 4;

/// A guest's screen on the desktop, and who is told what points at it.
struct Shown {
    server: VncServer,
    _host: ScreenHost,
    window: Scope,
    /// Where the guest's first pixel is on the desktop's screen.
    corner: (i32, i32),
    touch: Touchscreen,
    /// By how many pixels a place may be wrong.
    slack: u16,
}

impl Shown {
    /// Shows the guest's pixels on as many of the desktop's. Touches pass through the desktop's display server; what
    /// that has rounded down to the edge of a pixel may come out as the one beside it.
    fn on(stage: &mut Stage<'_>, slack: u16) -> Self {
        let touch = stage.desktop.touchscreen();
        stage.set_setting("console-scaling", "'integer'");
        let (server, host, window) = opens(stage);
        window.screen.resize(window.window, WINDOW.0, WINDOW.1);
        let corner = until("each of the guest’s pixels on one", PATIENCE, || {
            let area = window.screen.area(window.window)?;
            // Not the picture in the window as it was before.
            let beside = (WINDOW.0 as i32 - i32::from(SIZE.0)) / 2;
            let corner = whole_picture(&window)?;
            (corner.0 == area.x + beside).then_some(corner)
        });
        Self {
            server,
            _host: host,
            window,
            corner,
            touch,
            slack,
        }
    }

    /// Where a pixel of the guest is on the desktop's screen.
    fn at(&self, x: u16, y: u16) -> (i32, i32) {
        (self.corner.0 + i32::from(x), self.corner.1 + i32::from(y))
    }

    fn tap(&self, x: u16, y: u16) {
        let (x, y) = self.at(x, y);
        self.touch.tap(x, y);
    }

    fn down(&self, finger: u32, x: u16, y: u16) {
        let (x, y) = self.at(x, y);
        self.touch.down(finger, x, y);
    }

    fn drag(&self, finger: u32, from: (u16, u16), to: (u16, u16)) {
        let (from, to) = (self.at(from.0, from.1), self.at(to.0, to.1));
        self.touch.drag(finger, from, to);
    }

    fn slide(&self, finger: u32, x: u16, y: u16) {
        let (x, y) = self.at(x, y);
        self.touch.slide(finger, x, y);
    }

    fn up(&self, finger: u32, x: u16, y: u16) {
        let (x, y) = self.at(x, y);
        self.touch.up(finger, x, y);
    }

    /// Every change of the buttons so far, and where it was.
    fn presses(&self) -> Vec<Pointed> {
        let mut pointed = self.server.pointed();
        let mut buttons = 0;
        pointed.retain(|now| std::mem::replace(&mut buttons, now.buttons) != now.buttons);
        pointed
    }

    /// Waits until the buttons have changed so since a number of changes: which are held then, and where.
    #[track_caller]
    fn told(&self, since: usize, expected: &[(u8, (u16, u16))]) {
        let told = || self.presses().split_off(since);
        let is_it = || {
            let told = told();
            told.len() == expected.len() && told.iter().zip(expected).all(|(a, b)| self.is(*a, *b))
        };
        let came = attempt(PATIENCE, || is_it().then_some(()));
        assert!(came.is_some(), "told {:?}, not {expected:?}", told());
    }

    /// Waits until the pointer is somewhere, with buttons.
    #[track_caller]
    fn points(&self, buttons: u8, x: u16, y: u16) {
        let last = || self.server.pointed().last().copied();
        let is_it = || last().is_some_and(|last| self.is(last, (buttons, (x, y))));
        let came = attempt(PATIENCE, || is_it().then_some(()));
        assert!(came.is_some(), "{:?}, not {buttons} at {x}, {y}", last());
    }

    fn is(&self, pointed: Pointed, (buttons, (x, y)): (u8, (u16, u16))) -> bool {
        pointed.buttons == buttons
            && pointed.x.abs_diff(x) <= self.slack
            && pointed.y.abs_diff(y) <= self.slack
    }
}

/// Opens a guest whose screen is served here.
fn opens(stage: &mut Stage<'_>) -> (VncServer, ScreenHost, Scope) {
    let server = VncServer::start(Duration::from_millis(50), || Band::of(SIZE));
    let host = ScreenHost::of(&[server.port()]).expect("a libvirtd");
    let name = ScreenHost::name(0);
    stage.start(&["--connect", host.uri(), "--show-domain-console", &name]);
    let window = stage.window(&name);
    (server, host, window)
}

/// Where the guest's first pixel is on the desktop's screen, once all of them are seen and each is one there.
fn whole_picture(window: &Scope) -> Option<(i32, i32)> {
    let picture = window.screen.picture();
    let is_band = |pixel: &u32| Band::COLOURS.contains(pixel);
    let first = picture.pixels().iter().position(is_band)?;
    let seen = picture.pixels().iter().filter(|pixel| is_band(pixel));
    let band = usize::from(SIZE.0 / 8) * usize::from(SIZE.1);
    let (x, y) = (first % picture.width(), first / picture.width());
    (seen.count() == band).then_some((x as i32, y as i32))
}

fn a_tap_clicks_and_a_rest_is_the_right_button(stage: &mut Stage<'_>) {
    taps_and_rests(stage, 0);
}

/// The same where places may be wrong by so many pixels.
pub(crate) fn taps_and_rests(stage: &mut Stage<'_>, slack: u16) {
    let shown = Shown::on(stage, slack);
    shown.tap(100, 50);
    shown.told(0, &[(LEFT, (100, 50)), (0, (100, 50))]);
    shown.tap(0, 0);
    shown.tap(639, 399);
    let corners = [
        (LEFT, (0, 0)),
        (0, (0, 0)),
        (LEFT, (639, 399)),
        (0, (639, 399)),
    ];
    shown.told(2, &corners);

    // Two quick taps are a double click though the finger was not exact. A machine may be too busy to be quick.
    until_true("a double click", PATIENCE, || {
        let before = shown.presses().len();
        shown.tap(300, 200);
        shown.tap(309, 205);
        let taps = until("two clicks", PATIENCE, || {
            let presses = shown.presses();
            (presses.len() >= before + 4).then(|| presses[before..].to_vec())
        });
        taps.iter()
            .all(|now| (now.x, now.y) == (taps[0].x, taps[0].y))
    });

    // A finger that rests holds the right button, and may drag with it.
    let before = shown.presses().len();
    shown.down(0, 200, 100);
    shown.told(before, &[(RIGHT, (200, 100))]);
    shown.slide(0, 230, 130);
    shown.points(RIGHT, 230, 130);
    shown.up(0, 230, 130);
    shown.told(before, &[(RIGHT, (200, 100)), (0, (230, 130))]);
}

fn a_drag_goes_beyond_the_screen(stage: &mut Stage<'_>) {
    drags(stage, 0);
}

/// The same where places may be wrong by so many pixels.
pub(crate) fn drags(stage: &mut Stage<'_>, slack: u16) {
    let shown = Shown::on(stage, slack);
    shown.drag(0, (300, 200), (330, 210));
    shown.told(0, &[(LEFT, (300, 200))]);
    shown.points(LEFT, 330, 210);

    // Another finger says nothing, be it put down, moved or taken away.
    shown.drag(1, (20, 300), (60, 340));
    shown.slide(0, 340, 220);
    shown.points(LEFT, 340, 220);
    shown.up(1, 60, 340);
    shown.slide(0, 350, 230);
    shown.points(LEFT, 350, 230);
    let is_by_the_first = |now: &Pointed| now.buttons == 0 || now.x > 290;
    assert!(shown.server.pointed().iter().all(is_by_the_first));

    // Over the window's header the drag goes on along the picture's edge, and comes back.
    let window = shown.window.screen.area(shown.window.window);
    let header = window.expect("an open window").y + 30;
    shown.touch.slide(0, shown.at(350, 0).0, header);
    shown.points(LEFT, 350, 0);
    shown.slide(0, 360, 40);
    shown.points(LEFT, 360, 40);
    shown.up(0, 360, 40);
    shown.told(0, &[(LEFT, (300, 200)), (0, (360, 40))]);

    // The desktop's own pointer, wherever it is, does not take the guest's along.
    shown.points(0, 360, 40);
    shown.tap(10, 20);
    shown.points(0, 10, 20);
}

fn nothing_stays_pressed(stage: &mut Stage<'_>) {
    let shown = Shown::on(stage, 0);
    let window = &shown.window;
    shown.drag(0, (300, 200), (330, 210));
    shown.points(LEFT, 330, 210);
    // The window goes out of sight under the finger, which says nothing more.
    window.screen.minimise(window.window);
    shown.told(0, &[(LEFT, (300, 200)), (0, (330, 210))]);
    shown.up(0, 340, 220);
    window.activate();
    shown.tap(100, 50);
    shown.told(2, &[(LEFT, (100, 50)), (0, (100, 50))]);

    // The same under a finger that rests.
    shown.down(0, 200, 100);
    shown.told(4, &[(RIGHT, (200, 100))]);
    window.screen.press(&["Control_L", "Alt_L"]);
    shown.told(4, &[(RIGHT, (200, 100)), (0, (200, 100))]);
    shown.slide(0, 260, 160);
    shown.up(0, 260, 160);
    shown.tap(100, 50);
    shown.told(6, &[(LEFT, (100, 50)), (0, (100, 50))]);
}

/// What a finger drags there is the picture itself: the guest hears of taps only.
fn a_finger_scrolls_what_is_larger_than_its_window(stage: &mut Stage<'_>) {
    let touch = stage.desktop.touchscreen();
    stage.set_setting("console-scaling", "'never'");
    let (server, _host, window) = opens(stage);
    window.screen.resize(window.window, 400, 400);
    let corner = until("a part of the guest’s picture", PATIENCE, || {
        part_of_picture(&window)
    });
    // How far from the left, once there were so many.
    let clicks = |count: usize| {
        until("a click", PATIENCE, || {
            let pointed = server.pointed();
            let pressed = pointed.iter().filter(|now| now.buttons == LEFT);
            let clicks: Vec<u16> = pressed.map(|now| now.x).collect();
            let is_over = pointed.last()?.buttons == 0;
            (is_over && clicks.len() == count).then_some(clicks)
        })
    };
    touch.tap(corner.0 + 200, corner.1 + 100);
    assert_eq!(clicks(1), [200]);
    let (right, y) = (corner.0 + 200, corner.1 + 100);
    touch.drag(0, (right, y), (right - 10, y));
    for left in (20..=120).step_by(10) {
        touch.slide(0, right - left, y);
    }
    touch.up(0, right - 120, y);
    until_true("a picture that has gone left", PATIENCE, || {
        let pixels = window.picture();
        !pixels
            .pixels()
            .iter()
            .any(|pixel| Band::COLOURS.contains(pixel))
    });
    touch.tap(corner.0 + 200, corner.1 + 100);
    let clicks = clicks(2);
    assert!(clicks[1] > 280, "{clicks:?}");
    window.keep("scrolled");
}

/// Where the guest's first pixel is on the desktop's screen, of a picture that is too large for its window.
fn part_of_picture(window: &Scope) -> Option<(i32, i32)> {
    let area = window.screen.area(window.window)?;
    let picture = window.picture();
    let is_band = |pixel: &u32| Band::COLOURS.contains(pixel);
    let first = picture.pixels().iter().position(is_band)?;
    // The window's edge may lie over the first column; where the band ends is seen.
    let (x, y) = (first % picture.width(), first / picture.width());
    let band = picture
        .pixels()
        .iter()
        .skip(first)
        .take_while(|pixel| is_band(pixel));
    let end = x + band.count();
    let corner = end as i32 - i32::from(SIZE.0 / 8);
    // Not the picture in the window as it was before, where it was in the middle.
    (corner < 10).then_some((area.x + corner, area.y + y as i32))
}

fn a_pen_points_and_presses(stage: &mut Stage<'_>) {
    let shown = Shown::on(stage, 0);
    let pen = stage.desktop.pen();
    let move_to = |x: u16, y: u16| {
        let (left, top) = shown.at(x, y);
        pen.move_to(left, top);
    };
    pen.near(true);
    move_to(100, 50);
    shown.points(0, 100, 50);
    move_to(120, 60);
    shown.points(0, 120, 60);
    pen.tip(true);
    move_to(140, 70);
    shown.points(LEFT, 140, 70);
    pen.tip(false);
    for (button, bit) in [(2, MIDDLE), (3, RIGHT)] {
        move_to(200, 80);
        pen.button(button, true);
        shown.points(bit, 200, 80);
        pen.button(button, false);
    }
    // Both at once: the barrel's button while the tip is down.
    move_to(300, 90);
    pen.tip(true);
    pen.button(3, true);
    shown.points(LEFT | RIGHT, 300, 90);
    pen.tip(false);
    shown.points(RIGHT, 300, 90);
    pen.button(3, false);
    pen.near(false);
    let expected = [
        (LEFT, (120, 60)),
        (0, (140, 70)),
        (MIDDLE, (200, 80)),
        (0, (200, 80)),
        (RIGHT, (200, 80)),
        (0, (200, 80)),
        (LEFT, (300, 90)),
        (LEFT | RIGHT, (300, 90)),
        (RIGHT, (300, 90)),
        (0, (300, 90)),
    ];
    shown.told(0, &expected);
    // After a finger the pen says where the pointer is, and the other way round.
    shown.tap(10, 20);
    shown.points(0, 10, 20);
    move_to(400, 200);
    shown.points(0, 400, 200);
}
