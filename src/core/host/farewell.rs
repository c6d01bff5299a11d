//! Taking leave of daemons at the end of the program: of connections that must not just be cut.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How many such connections there are, and who waits for their end.
static PRESENT: (Mutex<usize>, Condvar) = (Mutex::new(0), Condvar::new());

/// One connection, until leave of its daemon was taken.
#[derive(Debug)]
pub(super) struct Presence(());

impl Presence {
    pub(super) fn begin() -> Self {
        *count() += 1;
        Self(())
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        *count() -= 1;
        PRESENT.1.notify_all();
    }
}

/// Waits until leave was taken of every daemon that has a stream open for us, for so long at most; says whether it was.
/// Blocks the thread: for the end of the program, after its hosts were disconnected.
pub fn wait_for_farewells(longest: Duration) -> bool {
    let waited = PRESENT
        .1
        .wait_timeout_while(count(), longest, |count| *count > 0);
    waited.is_ok_and(|(_, timeout)| !timeout.timed_out())
}

fn count() -> MutexGuard<'static, usize> {
    PRESENT.0.lock().unwrap_or_else(PoisonError::into_inner)
}
