//! Processor time of this process and of another one.

use std::{fs, process, time::Duration};

/// Processor time that two processes have used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spent {
    ours: Duration,
    server: Duration,
}

impl Spent {
    /// Reads what was used until now.
    pub(crate) fn until_now(server: u32) -> Self {
        Self {
            ours: of_process(process::id()),
            server: of_process(server),
        }
    }

    /// Gives milliseconds for each of some frames since an earlier moment: ours and the server's.
    pub(crate) fn per_frame_since(self, before: Self, frames: u32) -> (f64, f64) {
        let share = |now: Duration, then: Duration| {
            now.saturating_sub(then).as_secs_f64() * 1_000.0 / f64::from(frames)
        };
        (
            share(self.ours, before.ours),
            share(self.server, before.server),
        )
    }
}

/// Adds up what the scheduler counts for each thread, in nanoseconds. Threads that end meanwhile are forgotten by it;
/// renderers keep theirs.
fn of_process(id: u32) -> Duration {
    let threads = fs::read_dir(format!("/proc/{id}/task")).expect("the process lives");
    let of_thread = |folder: fs::DirEntry| -> Option<u64> {
        let text = fs::read_to_string(folder.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse().ok()
    };
    Duration::from_nanos(threads.flatten().filter_map(of_thread).sum())
}
