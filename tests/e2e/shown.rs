//! A guest's screen that is served by the test itself, as that of a guest of libvirt's test driver, and what it is told of
//! the pointer.

use std::time::Duration;

use lab::ScreenHost;
use testbed::{
    Touchscreen, attempt,
    socket::{Band, Pictures, Pointed, VncServer},
    until,
};

use crate::{
    scope::Scope,
    stage::{PATIENCE, Stage},
};

/// The guest's pixels, and those of a window that has room for them once.
pub(crate) const SIZE: (u16, u16) = (640, 400);
const WINDOW: (u32, u32) = (900, 700);

/// A guest's screen on the desktop, and who is told what points at it.
pub(crate) struct Shown {
    pub(crate) server: VncServer,
    _host: ScreenHost,
    pub(crate) window: Scope,
    /// Where the guest's first pixel is on the desktop's screen, and how many of that's are one of the guest's.
    pub(crate) corner: (i32, i32),
    pub(crate) times: i32,
    pub(crate) touch: Touchscreen,
    /// By how many pixels a place may be wrong.
    slack: u16,
}

impl Shown {
    /// Shows the guest's pixels on as many of the desktop's. Touches pass through the desktop's display server; what
    /// that has rounded down to the edge of a pixel may come out as the one beside it.
    pub(crate) fn on(stage: &mut Stage<'_>, slack: u16) -> Self {
        let touch = stage.desktop.touchscreen();
        stage.set_setting("console-scaling", "'integer'");
        let (server, host, window) = opens(stage);
        window.screen.resize(window.window, WINDOW.0, WINDOW.1);
        let corner = until("each of the guest’s pixels on one", PATIENCE, || {
            let area = window.screen.area(window.window)?;
            // Not the picture in the window as it was before.
            let beside = (WINDOW.0 as i32 - i32::from(SIZE.0)) / 2;
            let corner = whole_picture(&window, 1)?;
            (corner.0 == area.x + beside).then_some(corner)
        });
        Self {
            server,
            _host: host,
            window,
            corner,
            times: 1,
            touch,
            slack,
        }
    }

    /// Where a pixel of the guest is on the desktop's screen.
    pub(crate) fn at(&self, x: u16, y: u16) -> (i32, i32) {
        let along = |from: i32, count: u16| from + i32::from(count) * self.times + self.times / 2;
        (along(self.corner.0, x), along(self.corner.1, y))
    }

    pub(crate) fn tap(&self, x: u16, y: u16) {
        let (x, y) = self.at(x, y);
        self.touch.tap(x, y);
    }

    pub(crate) fn down(&self, finger: u32, x: u16, y: u16) {
        let (x, y) = self.at(x, y);
        self.touch.down(finger, x, y);
    }

    pub(crate) fn drag(&self, finger: u32, from: (u16, u16), to: (u16, u16)) {
        let (from, to) = (self.at(from.0, from.1), self.at(to.0, to.1));
        self.touch.drag(finger, from, to);
    }

    pub(crate) fn slide(&self, finger: u32, x: u16, y: u16) {
        let (x, y) = self.at(x, y);
        self.touch.slide(finger, x, y);
    }

    pub(crate) fn up(&self, finger: u32, x: u16, y: u16) {
        let (x, y) = self.at(x, y);
        self.touch.up(finger, x, y);
    }

    /// Every change of the buttons so far, and where it was.
    pub(crate) fn presses(&self) -> Vec<Pointed> {
        let mut pointed = self.server.pointed();
        let mut buttons = 0;
        pointed.retain(|now| std::mem::replace(&mut buttons, now.buttons) != now.buttons);
        pointed
    }

    /// Waits until the buttons have changed so since a number of changes: which are held then, and where.
    #[track_caller]
    pub(crate) fn told(&self, since: usize, expected: &[(u8, (u16, u16))]) {
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
    pub(crate) fn points(&self, buttons: u8, x: u16, y: u16) {
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
pub(crate) fn opens(stage: &mut Stage<'_>) -> (VncServer, ScreenHost, Scope) {
    opens_with(stage, || Band::of(SIZE))
}

/// Opens a guest whose pictures are served here.
pub(crate) fn opens_with<P: Pictures>(
    stage: &mut Stage<'_>,
    pictures: impl Fn() -> P + Send + Sync + 'static,
) -> (VncServer, ScreenHost, Scope) {
    let server = VncServer::start(Duration::from_millis(50), pictures);
    let host = ScreenHost::of(&[server.port()]).expect("a libvirtd");
    let name = ScreenHost::name(0);
    stage.start(&["--connect", host.uri(), "--show-domain-console", &name]);
    let window = stage.window(&name);
    (server, host, window)
}

/// Where the guest's first pixel is on the desktop's screen, once all of them are seen, each so many times
/// as wide and as high.
pub(crate) fn whole_picture(window: &Scope, times: usize) -> Option<(i32, i32)> {
    let picture = window.screen.picture();
    let first = picture.pixels().iter().position(|pixel| is_band(*pixel))?;
    let seen = picture.pixels().iter().filter(|pixel| is_band(**pixel));
    let band = usize::from(SIZE.0 / 8) * usize::from(SIZE.1) * times * times;
    let (x, y) = (first % picture.width(), first / picture.width());
    (seen.count() == band).then_some((x as i32, y as i32))
}

/// Says whether a pixel of the desktop's screen has a colour that only the picture has.
pub(crate) fn is_band(pixel: u32) -> bool {
    Band::COLOURS.contains(&pixel)
}
