//! The task that pings the daemon, so that a dead link is noticed.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Connection;
use super::shared::{CloseReason, Shared};
use super::writer::{PING, keepalive};

impl Connection {
    /// Pings the daemon now; when not a byte comes within `patience`, the link is dead and ends as
    /// [`CloseReason::Silent`]. For moments in which a link may have died unnoticed, such as waking from sleep.
    ///
    /// # Cancel safety
    /// When dropped, the connection stays as it is.
    pub async fn probe(&self, patience: Duration) {
        let shared = self.shared();
        let before = shared.stats.bytes_in.load(Ordering::Relaxed);
        if let Some(ping) = keepalive(PING) {
            shared.send(ping);
        }
        tokio::select! {
            () = tokio::time::sleep(patience) => {}
            () = shared.end.cancelled() => return,
        }
        let alive = shared.stats.bytes_in.load(Ordering::Relaxed) != before;
        if !alive && !shared.reader_waits.load(Ordering::Relaxed) {
            shared.close(CloseReason::Silent);
        }
    }
}

/// Asks after each interval without an answer; gives up when `misses` questions stayed without a sign of life.
pub(super) async fn run(shared: Arc<Shared>, (interval, misses): (Duration, u32)) {
    let mut vigil = Vigil::default();
    loop {
        tokio::select! {
            () = tokio::time::sleep(interval) => {}
            () = shared.end.cancelled() => return,
        }
        if shared.reader_waits.load(Ordering::Relaxed) {
            vigil = Vigil::default();
            continue;
        }
        match vigil.look(&shared.signs(), misses) {
            Verdict::Lives => {}
            Verdict::Ask => {
                if let Some(ping) = keepalive(PING) {
                    shared.send_aloud(ping);
                }
            }
            Verdict::Dead => return shared.close(CloseReason::Silent),
        }
    }
}

/// How many requests in progress make libvirtd stop reading a connection (`max_client_requests` of libvirtd.conf).
const DAEMON_STOPS_READING: usize = 5;
/// What may come between a question and its answer, in bytes: more can be a large reply on a slow link, with the
/// answer queued behind it.
const AHEAD_OF_A_PONG: u64 = 64 * 1024;

/// What is known of a connection at one moment.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Signs {
    /// Bytes received so far.
    pub(super) bytes_in: u64,
    /// Replies and pongs so far: what shows that our own words arrive.
    pub(super) answers: u64,
    /// Calls that wait for their replies.
    pub(super) in_progress: usize,
    /// A stream is open; its data may be ahead of a question.
    pub(super) streams: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Lives,
    Ask,
    Dead,
}

/// Counts the questions without a sign of life. A link can die in one direction: events that still come say that
/// the daemon lives, not that it hears us.
#[derive(Debug, Default)]
struct Vigil {
    bytes_in: u64,
    answers: u64,
    /// Questions since the last byte.
    silent: u32,
    /// Questions since the last answer, and the bytes received when the first of them was asked; counted from one
    /// that the daemon was bound to read.
    unheard: Option<(u32, u64)>,
}

impl Vigil {
    fn look(&mut self, now: &Signs, misses: u32) -> Verdict {
        let is_silent = std::mem::replace(&mut self.bytes_in, now.bytes_in) == now.bytes_in;
        if std::mem::replace(&mut self.answers, now.answers) != now.answers {
            (self.silent, self.unheard) = (0, None);
            return Verdict::Lives;
        }
        if !is_silent {
            self.silent = 0;
        }
        let is_unheard = self.unheard.is_some_and(|(asked, before)| {
            asked >= misses && now.bytes_in - before < AHEAD_OF_A_PONG
        });
        if self.silent == misses || is_unheard {
            return Verdict::Dead;
        }
        self.silent += 1;
        let must_be_read = now.in_progress < DAEMON_STOPS_READING && !now.streams;
        self.unheard = match self.unheard {
            Some((asked, before)) => Some((asked + 1, before)),
            None => must_be_read.then_some((1, now.bytes_in)),
        };
        Verdict::Ask
    }
}
