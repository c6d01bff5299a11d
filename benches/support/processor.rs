//! Processor time of a process.

use std::{fs, time::Duration};

/// Adds up what the scheduler counts for each thread of a process, in nanoseconds. Threads that end are forgotten by it;
/// those that draw and decode stay.
///
/// # Panics
/// When the process has ended.
pub(crate) fn of_process(id: u32) -> Duration {
    let threads = fs::read_dir(format!("/proc/{id}/task")).expect("the process lives");
    let of_thread = |folder: fs::DirEntry| -> Option<u64> {
        let text = fs::read_to_string(folder.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse().ok()
    };
    Duration::from_nanos(threads.flatten().filter_map(of_thread).sum())
}
