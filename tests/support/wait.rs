//! Waiting for a condition, with a deadline and a reason.

use std::{
    thread,
    time::{Duration, Instant},
};

/// How long a condition is left alone between two looks.
const PACE: Duration = Duration::from_millis(10);

/// Looks until there is something, or gives `None` when the time is up. Looks once more at the deadline.
pub fn attempt<T>(patience: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + patience;
    loop {
        let late = Instant::now() >= deadline;
        match look() {
            Some(found) => return Some(found),
            None if late => return None,
            None => thread::sleep(PACE),
        }
    }
}

/// Looks until there is something.
///
/// # Panics
/// When the time is up, with what was waited for.
#[track_caller]
pub fn until<T>(what: &str, patience: Duration, look: impl FnMut() -> Option<T>) -> T {
    match attempt(patience, look) {
        Some(found) => found,
        None => panic!("waited {patience:?} in vain: {what}"),
    }
}

/// Waits until a condition holds.
///
/// # Panics
/// When the time is up, with what was waited for.
#[track_caller]
pub fn until_true(what: &str, patience: Duration, mut condition: impl FnMut() -> bool) {
    until(what, patience, || condition().then_some(()));
}
