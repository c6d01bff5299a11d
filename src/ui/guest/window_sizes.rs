//! The sizes of the guests' windows, kept in a JSON file in the user's configuration folder.

use std::{cell::RefCell, collections::BTreeMap};

use gtk::{gdk, prelude::*};
use serde::{Deserialize, Serialize};

use crate::{
    app::runtime,
    model::{Guest, KeptFile},
};

static FILE: KeptFile = KeptFile::named("windows.json");

const VERSION: u32 = 1;
/// The screen's first size, which virt-manager's users know (features C5), and the header's height above it.
const FIRST: (i32, i32) = (1280, 800);
const HEADER: i32 = 47;
/// The share of a monitor that a first window may take.
const SHARE: f64 = 0.9;

/// Width, height, and whether it was maximized.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WindowSize {
    pub(super) width: i32,
    pub(super) height: i32,
    #[serde(default)]
    pub(super) maximized: bool,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    version: u32,
    /// By connection and UUID.
    windows: BTreeMap<String, WindowSize>,
}

thread_local! {
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

/// Gives the size for a guest's window: the last one, else the first one that the monitor has room for.
pub(super) fn of(guest: &Guest) -> WindowSize {
    with_kept(|kept| kept.windows.get(&key(guest)).copied()).unwrap_or_else(first)
}

/// Keeps the size of a guest's window.
pub(super) fn keep(guest: &Guest, size: WindowSize) {
    let written = with_kept(|kept| {
        let old = kept.windows.insert(key(guest), size);
        kept.version = VERSION;
        (old != Some(size)).then(|| FILE.write(kept))
    });
    let Some(written) = written else { return };
    runtime::local(async move {
        if let Err(error) = written.await {
            tracing::warn!(%error, "the windows' sizes could not be kept");
        }
    });
}

fn with_kept<R>(call: impl FnOnce(&mut Kept) -> R) -> R {
    KEPT.with_borrow_mut(|kept| call(kept.get_or_insert_with(|| FILE.read().unwrap_or_default())))
}

fn key(guest: &Guest) -> String {
    let uri = guest.connection().map(|connection| connection.uri());
    format!("{} {}", uri.unwrap_or_default(), guest.uuid())
}

fn first() -> WindowSize {
    let monitors = gdk::Display::default().map(|display| display.monitors());
    let monitor = monitors
        .and_then(|all| all.item(0))
        .and_downcast::<gdk::Monitor>();
    let room = monitor.map(|monitor| (monitor.geometry().width(), monitor.geometry().height()));
    let (width, height) = bounded(room);
    WindowSize {
        width,
        height,
        maximized: false,
    }
}

fn bounded(room: Option<(i32, i32)>) -> (i32, i32) {
    let (width, height) = (FIRST.0, FIRST.1 + HEADER);
    let Some(room) = room else {
        return (width, height);
    };
    let share = |room: i32| (f64::from(room) * SHARE) as i32;
    (width.min(share(room.0)), height.min(share(room.1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_window_has_room_on_its_monitor() {
        assert_eq!(bounded(None), (1280, 847));
        assert_eq!(bounded(Some((3840, 2160))), (1280, 847));
        assert_eq!(bounded(Some((1366, 768))), (1229, 691));
    }

    #[test]
    fn an_unknown_file_is_no_error() {
        let kept: Kept =
            serde_json::from_str(r#"{"version":1,"windows":{"a":{"width":5,"height":6}}}"#)
                .unwrap();
        let expected = WindowSize {
            width: 5,
            height: 6,
            maximized: false,
        };
        assert_eq!(kept.windows["a"], expected);
    }
}
