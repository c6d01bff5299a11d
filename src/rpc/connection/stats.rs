//! Counters of a connection: for benchmarks, tests and the debug log.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What went over the wire so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Calls sent.
    pub calls: u64,
    /// Times that a call was sent while no other was unanswered: the round trips that had to be waited for.
    pub round_trips: u64,
    /// Replies received.
    pub replies: u64,
    /// Replies that nobody waited for any more.
    pub late_replies: u64,
    /// Events delivered.
    pub events: u64,
    /// Packets that have no meaning here and were passed over: unknown events, serials, kinds.
    pub ignored: u64,
    /// Replies that had bytes behind the result: a newer daemon's additions.
    pub trailing: u64,
    /// Bytes received.
    pub bytes_in: u64,
    /// Bytes sent.
    pub bytes_out: u64,
    /// When the last bytes came, by the clock on the wall; `None` before the first.
    pub last_in: Option<SystemTime>,
}

/// The same numbers while they grow.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) calls: AtomicU64,
    pub(super) round_trips: AtomicU64,
    pub(super) replies: AtomicU64,
    pub(super) late_replies: AtomicU64,
    /// Our pings that were answered.
    pub(super) pongs: AtomicU64,
    pub(super) events: AtomicU64,
    pub(super) ignored: AtomicU64,
    pub(super) trailing: AtomicU64,
    pub(super) bytes_in: AtomicU64,
    pub(super) bytes_out: AtomicU64,
    /// Milliseconds since 1970; 0 before the first bytes.
    last_in: AtomicU64,
}

impl Counters {
    pub(super) fn snapshot(&self) -> Stats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Stats {
            calls: read(&self.calls),
            round_trips: read(&self.round_trips),
            replies: read(&self.replies),
            late_replies: read(&self.late_replies),
            events: read(&self.events),
            ignored: read(&self.ignored),
            trailing: read(&self.trailing),
            bytes_in: read(&self.bytes_in),
            bytes_out: read(&self.bytes_out),
            last_in: match read(&self.last_in) {
                0 => None,
                milliseconds => Some(UNIX_EPOCH + Duration::from_millis(milliseconds)),
            },
        }
    }

    /// Counts bytes that came, now.
    pub(super) fn received(&self, bytes: u64) {
        add(&self.bytes_in, bytes);
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let milliseconds = now.map_or(0, |since| since.as_millis() as u64);
        self.last_in.store(milliseconds, Ordering::Relaxed);
    }
}

/// Adds to a counter.
pub(super) fn add(counter: &AtomicU64, amount: u64) {
    counter.fetch_add(amount, Ordering::Relaxed);
}
