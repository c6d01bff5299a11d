//! Processor time of this process and of another one.

use std::{process, time::Duration};

use crate::processor::of_process;

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
