//! Whether a screen over the network is still there: one on which nothing moves is as silent as one that is gone.
//!
//! A server that answers the engine's questions ([`rfb::Session::statistics`]) is asked now and then; one that answers none
//! is left to the system's own ways. Over a descriptor or a socket the system says at once when the other end goes.

use std::time::{Duration, Instant};

use tokio::time::sleep_until;

use super::{ScreenRoute, attempt::Visit};

/// How often it is felt in the time after which a screen is given up.
const BEATS: u32 = 4;

/// The pulse of one session.
pub(super) struct Pulse {
    /// `None` where none is to be felt.
    next: Option<Instant>,
    beat: Duration,
    patience: Duration,
    bytes: u64,
    last_news: Instant,
}

impl Pulse {
    /// Feels the pulse of a session whose way may break without a word.
    pub(super) fn new(visit: &Visit) -> Self {
        let beat = visit.patience / BEATS;
        let may_vanish = matches!(
            visit.route,
            ScreenRoute::Port { .. } | ScreenRoute::Tunnel { .. }
        );
        let now = Instant::now();
        Self {
            next: may_vanish.then(|| now + beat),
            beat,
            patience: visit.patience,
            bytes: 0,
            last_news: now,
        }
    }

    /// Waits for the next time to feel it.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub(super) async fn wait(&self) {
        match self.next {
            Some(next) => sleep_until(next.into()).await,
            None => std::future::pending().await,
        }
    }

    /// Asks the server, and says whether it has been silent for too long. While nobody looks nothing is asked.
    pub(super) fn is_gone(&mut self, session: &rfb::Session, is_paused: bool) -> bool {
        let now = Instant::now();
        self.next = Some(now + self.beat);
        if is_paused {
            self.last_news = now;
            return false;
        }
        let told = session.statistics();
        if told.bytes_received != self.bytes || told.round_trip.is_none() {
            self.bytes = told.bytes_received;
            self.last_news = now;
        }
        now.saturating_duration_since(self.last_news) > self.patience
    }
}
