//! The display on which viewers take turns, and what happens in a turn.

use std::{path::Path, thread, time::Duration};

use lab::ScreenHost;
use testbed::{Desktop, Picture, Probe, attempt};

use crate::{
    Floor, PATIENCE,
    guest::{BLOCK, SIZE},
    settled,
    tap::{Press, Tap},
    viewers::Viewer,
};

/// The X server's screen: any viewer's window covers its middle.
const SCREEN: (u16, u16) = (1400, 1000);
/// Innkeeper's window: the picture, the header, and a rest of black.
const WINDOW: (u16, u16) = (SIZE.0 + 40, SIZE.1 + 90);
const KEY: &str = "a";
/// A connection on which nothing moves for this long has been answered.
const CALM: Duration = Duration::from_millis(100);
/// An answer that takes longer is none.
const LATE: Duration = Duration::from_secs(2);

/// A display with a window manager, and a host whose guest's screen is behind the tap.
pub(crate) struct Stage {
    desktop: Desktop,
    host: ScreenHost,
    port: u16,
}

impl Stage {
    pub(crate) fn set(port: u16) -> Self {
        let desktop = Desktop::start_of(SCREEN);
        let host = ScreenHost::of(&[port]).expect("a libvirtd");
        settled::settle(&desktop, &host, "never", WINDOW);
        Self {
            desktop,
            host,
            port,
        }
    }

    /// Starts a viewer, presses keys, ends it.
    pub(crate) fn turn(&self, viewer: &Viewer, tap: &Tap, presses: usize) -> Vec<Press> {
        let mut program = viewer.show(&self.desktop, &self.host, self.port);
        let Some(place) = self.place() else {
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("latency-failed.png");
            self.desktop.screen().picture().save(&path);
            panic!(
                "{} does not answer keys: {}\n{}",
                viewer.name,
                path.display(),
                program.messages().join("\n")
            );
        };
        let probe = Probe::open(self.desktop.display(), place);
        let measured = (0..presses).filter_map(|_| press(&probe, tap)).collect();
        program.end();
        measured
    }

    /// Finds the pixel that a press changes last: the far corner of the block, when all of it and nothing else has changed.
    fn place(&self) -> Option<(i32, i32)> {
        let screen = self.desktop.screen();
        let middle = (i32::from(SCREEN.0) / 2, i32::from(SCREEN.1) / 2);
        attempt(PATIENCE, || {
            screen.click(middle.0, middle.1);
            let before = screen.picture();
            screen.press(&[KEY]);
            attempt(Duration::from_secs(1), || {
                let (left, top, right, bottom) = changes(&before, &screen.picture())?;
                let is_block = (right - left + 1, bottom - top + 1) == (BLOCK.2, BLOCK.3);
                is_block.then_some((right - 4, bottom - 4))
            })
        })
    }
}

/// Presses a key and measures; then waits for calm, and a while that is never the same.
fn press(probe: &Probe, tap: &Tap) -> Option<Press> {
    rest(tap);
    probe.calm(Duration::from_millis(20));
    let before = probe.colour();
    tap.take();
    let pressed = probe.key(KEY, true);
    let changed = probe.changed(before, LATE);
    probe.key(KEY, false);
    tap.take().press(pressed, changed?)
}

/// The same without a viewer.
pub(crate) fn floor(tap: &Tap, presses: usize) -> Vec<Press> {
    let mut floor = Floor::connect(tap.port());
    let mut one = || {
        rest(tap);
        tap.take();
        let (begun, changed) = floor.press()?;
        tap.take().press(begun, changed)
    };
    (0..presses).filter_map(|_| one()).collect()
}

/// QEMU's clock and the presses must not march in step.
fn rest(tap: &Tap) {
    tap.calm(CALM);
    thread::sleep(Duration::from_millis(some()));
}

/// A number below 50 that is hard to foresee.
fn some() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0) % 50
}

/// The smallest rectangle around what differs: left, top, right, bottom.
fn changes(before: &Picture, after: &Picture) -> Option<(i32, i32, i32, i32)> {
    let width = before.width();
    let pairs = before.pixels().iter().zip(after.pixels());
    let differing = pairs.enumerate().filter(|(_, (one, other))| one != other);
    differing.fold(None, |found, (at, _)| {
        let (x, y) = ((at % width) as i32, (at / width) as i32);
        let (left, top, right, bottom) = found.unwrap_or((x, y, x, y));
        Some((left.min(x), top.min(y), right.max(x), bottom.max(y)))
    })
}
