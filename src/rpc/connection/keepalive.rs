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

/// Asks after each interval without a byte; gives up when `misses` questions stayed unanswered.
pub(super) async fn run(shared: Arc<Shared>, (interval, misses): (Duration, u32)) {
    let mut seen = 0;
    let mut unanswered = 0;
    loop {
        tokio::select! {
            () = tokio::time::sleep(interval) => {}
            () = shared.end.cancelled() => return,
        }
        let now = shared.stats.bytes_in.load(Ordering::Relaxed);
        if now != seen || shared.reader_waits.load(Ordering::Relaxed) {
            seen = now;
            unanswered = 0;
            continue;
        }
        if unanswered == misses {
            return shared.close(CloseReason::Silent);
        }
        unanswered += 1;
        if let Some(ping) = keepalive(PING) {
            shared.send_aloud(ping);
        }
    }
}
