//! Watches the main loop in debug builds and says when it was held.
//!
//! What counts is the time during which the main thread could have run and did not come back to its loop: time that
//! it waited for a processor is taken off, because other programs cause that. The toolkit's own start, until the first
//! window has been drawn, is told apart: `benches/startup` measures it. So is a window that is minimised or comes back:
//! the toolkit paints it whole then, and nothing of ours happens.

use std::{
    cell::{Cell, RefCell},
    fs,
    time::{Duration, Instant},
};

use gtk::{gdk, glib, prelude::*};

/// How often the loop shows that it lives.
const BEAT: Duration = Duration::from_millis(20);
/// What a user begins to notice.
const TOLERATED: Duration = Duration::from_millis(50);
/// How many beats after a window was mapped, or came back, its first frames are drawn.
const FIRST_FRAMES: u32 = 10;

/// What the toolkit does by itself just now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Toolkit {
    /// It makes and draws the first window.
    Starts,
    /// It hides a window, or paints one that was hidden.
    TurnsWindows,
    /// Nothing.
    Rests,
}

/// Follows what the toolkit does, from beat to beat.
#[derive(Default)]
struct Windows {
    beats_shown: Cell<u32>,
    minimised: Cell<usize>,
    beats_turning: Cell<u32>,
}

impl Windows {
    fn look(&self) -> Toolkit {
        let toplevels = gtk::Window::list_toplevels();
        let shown = self.beats_shown.get();
        if shown < FIRST_FRAMES {
            let is_shown = toplevels.iter().any(WidgetExt::is_mapped);
            self.beats_shown.set(shown + u32::from(is_shown));
            return Toolkit::Starts;
        }
        let minimised = toplevels
            .iter()
            .filter(|window| is_minimised(window))
            .count();
        if self.minimised.replace(minimised) != minimised {
            self.beats_turning.set(FIRST_FRAMES);
        }
        let turning = self.beats_turning.get();
        self.beats_turning.set(turning.saturating_sub(1));
        if turning > 0 {
            Toolkit::TurnsWindows
        } else {
            Toolkit::Rests
        }
    }
}

fn is_minimised(window: &gtk::Widget) -> bool {
    let surface = window.native().and_then(|native| native.surface());
    let toplevel = surface.and_downcast::<gdk::Toplevel>();
    toplevel.is_some_and(|toplevel| toplevel.state().contains(gdk::ToplevelState::MINIMIZED))
}

struct Beat {
    at: Instant,
    /// How long this thread has run, and how long it was ready to and had no processor.
    ran: Duration,
    waited_for_cpu: Duration,
}

impl Beat {
    /// Reads the clocks (Linux: Documentation/scheduler/sched-stats.rst).
    fn now() -> Self {
        let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
        let mut fields = text.split_whitespace().map(|field| field.parse().ok());
        let mut next = || Duration::from_nanos(fields.next().flatten().unwrap_or(0));
        Self {
            at: Instant::now(),
            ran: next(),
            waited_for_cpu: next(),
        }
    }
}

/// Starts the watch in debug builds, and wherever `INNKEEPER_WATCHDOG` is set.
pub(super) fn start() {
    if !cfg!(debug_assertions) && std::env::var_os("INNKEEPER_WATCHDOG").is_none() {
        return;
    }
    let last = RefCell::new(Beat::now());
    let windows = Windows::default();
    glib::timeout_add_local_full(BEAT, glib::Priority::HIGH, move || {
        let toolkit = windows.look();
        report(&last.replace(Beat::now()), &Beat::now(), toolkit);
        glib::ControlFlow::Continue
    });
}

fn report(last: &Beat, now: &Beat, toolkit: Toolkit) {
    let gap = now.at.duration_since(last.at).saturating_sub(BEAT);
    let waited = now.waited_for_cpu.saturating_sub(last.waited_for_cpu);
    let held = gap.saturating_sub(waited);
    if held <= TOLERATED {
        return;
    }
    let waited_for_cpu_ms = waited.as_millis();
    let ran_ms = now.ran.saturating_sub(last.ran).as_millis();
    match toolkit {
        Toolkit::Starts => {
            let start_ms = held.as_millis();
            tracing::info!(
                start_ms,
                ran_ms,
                waited_for_cpu_ms,
                "the first window is made and drawn"
            );
        }
        Toolkit::TurnsWindows => {
            let turn_ms = held.as_millis();
            tracing::info!(
                turn_ms,
                ran_ms,
                waited_for_cpu_ms,
                "a window is hidden or painted again"
            );
        }
        Toolkit::Rests => {
            let held_ms = held.as_millis();
            tracing::warn!(held_ms, ran_ms, waited_for_cpu_ms, "the main loop was held");
        }
    }
}
