//! Watches the main loop in debug builds and says when it was held.
//!
//! What counts is the time during which the main thread could have run and did not come back to its loop: time that
//! it waited for a processor is taken off, because other programs cause that. The toolkit's own start, until the first
//! window has been drawn, is told apart: `benches/startup` measures it.

use std::{
    cell::{Cell, RefCell},
    fs,
    time::{Duration, Instant},
};

use gtk::{glib, prelude::*};

/// How often the loop shows that it lives.
const BEAT: Duration = Duration::from_millis(20);
/// What a user begins to notice.
const TOLERATED: Duration = Duration::from_millis(50);
/// How many beats after the first window was mapped its first frames are drawn.
const FIRST_FRAMES: u32 = 10;

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
    let beats_shown = Cell::new(0);
    glib::timeout_add_local_full(BEAT, glib::Priority::HIGH, move || {
        let is_starting = beats_shown.get() < FIRST_FRAMES;
        if is_starting
            && gtk::Window::list_toplevels()
                .iter()
                .any(WidgetExt::is_mapped)
        {
            beats_shown.set(beats_shown.get() + 1);
        }
        report(&last.replace(Beat::now()), &Beat::now(), is_starting);
        glib::ControlFlow::Continue
    });
}

fn report(last: &Beat, now: &Beat, is_starting: bool) {
    let gap = now.at.duration_since(last.at).saturating_sub(BEAT);
    let waited = now.waited_for_cpu.saturating_sub(last.waited_for_cpu);
    let held = gap.saturating_sub(waited);
    if held <= TOLERATED {
        return;
    }
    let waited_for_cpu_ms = waited.as_millis();
    let ran_ms = now.ran.saturating_sub(last.ran).as_millis();
    if is_starting {
        let start_ms = held.as_millis();
        tracing::info!(
            start_ms,
            ran_ms,
            waited_for_cpu_ms,
            "the first window is made and drawn"
        );
    } else {
        let held_ms = held.as_millis();
        tracing::warn!(held_ms, ran_ms, waited_for_cpu_ms, "the main loop was held");
    }
}
