//! What moves is put straight on the window, past the toolkit: only where nothing lies over it, and so that the toolkit
//! knows it when it paints itself.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use testbed::{
    attempt,
    socket::{Band, Pictures},
    until_true,
};

use crate::{
    runner::tests,
    scope::Scope,
    shown::{self, is_band},
    stage::{PATIENCE, Stage},
};

tests![what_moves_is_put_on_the_window_under_all_that_lies_over_it];

/// What the memory is called that the program shares with the X server.
const SHARED: &str = "innkeeper-screen";
/// Updates that are watched for a pixel where none may be.
const WATCHED: u64 = 20;
/// What has not changed for so long does not change: ten updates would have come.
const ALONE: Duration = Duration::from_millis(500);

fn what_moves_is_put_on_the_window_under_all_that_lies_over_it(stage: &mut Stage<'_>) {
    stage.set_setting("console-scaling", "'integer'");
    let (lit, stopped) = <(Arc<AtomicBool>, Arc<AtomicBool>)>::default();
    let band = Staged {
        band: Band::of(shown::SIZE),
        was_lit: false,
        is_lit: Arc::clone(&lit),
        is_stopped: Arc::clone(&stopped),
    };
    let (server, _host, window) = shown::opens_with(stage, move || band.clone());
    window.screen.resize(window.window, 900, 700);
    // There is nothing to put where black stays black.
    until_true("updates that change nothing", PATIENCE, || {
        server.updates() > 2 * WATCHED
    });
    assert!(!shares_memory(stage.program_id()));
    lit.store(true, Relaxed);
    until_true("memory that is shared with the X server", PATIENCE, || {
        shares_memory(stage.program_id())
    });
    is_whole(&window);

    // A dialog and the shade around it: of the picture below not a pixel comes through.
    window.choose("Main Menu", "_Link Statistics");
    let is_shaded = || pixels_of_it(&window) == 0;
    until_true("a dialog over the picture", PATIENCE, is_shaded);
    let last = server.updates() + WATCHED;
    while server.updates() < last {
        assert_eq!(
            pixels_of_it(&window),
            0,
            "the picture is painted over the dialog"
        );
    }
    window.keep("dialog");
    window.screen.press(&["Escape"]);
    is_whole(&window);

    // Nobody asks for a picture that nobody sees, and the toolkit paints it when it is seen again.
    window.screen.minimise(window.window);
    stays("a guest that is left alone", || server.asked());
    window.activate();
    is_whole(&window);

    // What the toolkit has not painted itself is there when it paints again, though nothing moves any more.
    stopped.store(true, Relaxed);
    let last = stays("a picture that stands still", || colour(&window));
    window.choose("Main Menu", "_Link Statistics");
    until_true("a dialog over the picture", PATIENCE, is_shaded);
    window.screen.press(&["Escape"]);
    until_true("the picture without its shade", PATIENCE, || {
        shown::whole_picture(&window, 1).is_some()
    });
    assert_eq!(colour(&window), last);
}

/// Waits until something has been the same for a while; gives it.
#[track_caller]
fn stays<T: PartialEq>(what: &str, look: impl Fn() -> T) -> T {
    let mut last = (look(), Instant::now());
    until_true(what, PATIENCE, || {
        let now = look();
        if now != last.0 {
            last = (now, Instant::now());
        }
        last.1.elapsed() > ALONE
    });
    last.0
}

/// A band on a screen that is black at first, and stands still in the end.
#[derive(Clone)]
struct Staged {
    band: Band,
    was_lit: bool,
    is_lit: Arc<AtomicBool>,
    is_stopped: Arc<AtomicBool>,
}

impl Pictures for Staged {
    fn desktop(&self) -> Vec<u8> {
        self.band.desktop()
    }

    fn update(&mut self, whole: bool) -> Option<Vec<u8>> {
        if self.is_stopped.load(Relaxed) {
            return None;
        }
        if !self.is_lit.load(Relaxed) {
            return Some(black());
        }
        let is_first = !std::mem::replace(&mut self.was_lit, true);
        self.band.update(whole || is_first)
    }
}

/// An update of all pixels to black: one rectangle of plain pixels.
fn black() -> Vec<u8> {
    let (width, height) = shown::SIZE;
    let place = [0, 0, width, height].map(u16::to_be_bytes).concat();
    let pixels = vec![0; usize::from(width) * usize::from(height) * 4];
    [vec![0, 0, 0, 1], place, vec![0; 4], pixels].concat()
}

/// Waits until all of the picture is seen, and that it goes on changing.
#[track_caller]
fn is_whole(window: &Scope) {
    let first = attempt(PATIENCE, || colour(window));
    assert!(first.is_some(), "the whole picture");
    let other = attempt(PATIENCE, || {
        colour(window).filter(|now| Some(*now) != first)
    });
    assert!(other.is_some(), "a picture that changes");
}

/// Gives the picture's first pixel where all of it is seen.
fn colour(window: &Scope) -> Option<u32> {
    let corner = shown::whole_picture(window, 1)?;
    let picture = window.screen.picture();
    let at = corner.1 as usize * picture.width() + corner.0 as usize;
    picture.pixels().get(at).copied()
}

/// Counts the pixels on the desktop’s screen that are the picture’s.
fn pixels_of_it(window: &Scope) -> usize {
    let picture = window.screen.picture();
    picture.pixels().iter().filter(|it| is_band(**it)).count()
}

fn shares_memory(process: u32) -> bool {
    let files = std::fs::read_dir(format!("/proc/{process}/fd")).expect("a running program");
    let mut links = files
        .flatten()
        .filter_map(|file| file.path().read_link().ok());
    links.any(|link| link.to_string_lossy().contains(SHARED))
}
