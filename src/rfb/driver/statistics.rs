//! What a session knows of its link, for whoever wants to see it.
//!
//! [`Meter`] counts as bytes come; [`Statistics`] is a picture of it at one moment.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use crate::{Encoding, EncodingPolicy, Encodings, handshake::SecurityReport};

/// The time over which rates are given.
const WINDOW: Duration = Duration::from_secs(3);
/// The time that one count covers.
const SLOT: Duration = Duration::from_millis(250);

/// A session's link at one moment. See [`Session::statistics`](crate::Session::statistics).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Statistics {
    /// The encoding of the newest pixels.
    pub encoding: Option<Encoding>,
    /// The compression level that was asked for, 0 to 9; `None` leaves it to the server.
    pub level: Option<u8>,
    /// The quality at which detail may be lost, 0 to 9; `None` is lossless.
    pub quality: Option<u8>,
    /// Bytes that have come since the handshake, without what TLS adds.
    pub bytes_received: u64,
    /// Bytes a second over the last three seconds.
    pub rate: u64,
    /// Updates since the session began.
    pub updates: u64,
    /// Updates a second over the last three seconds.
    pub update_rate: f64,
    /// How many bytes a second the link carries, as far as it was seen; `None` before something large has come.
    pub link_rate: Option<u64>,
    /// How long the server took to answer the newest question; `None` where it answers none.
    pub round_trip: Option<Duration>,
    /// How the session is protected; empty before that is agreed on.
    pub security: SecurityReport,
    /// By what the encoding and its level are chosen.
    pub policy: EncodingPolicy,
    /// Bytes of sound that nobody took in time.
    pub audio_dropped: u64,
}

/// Counts since the session began, and lately.
#[derive(Debug, Default)]
pub(super) struct Meter {
    pub(super) encoding: Option<Encoding>,
    pub(super) encodings: Option<Encodings>,
    pub(super) policy: EncodingPolicy,
    pub(super) security: SecurityReport,
    pub(super) link_rate: Option<u64>,
    bytes: u64,
    updates: u64,
    recent: VecDeque<Slot>,
}

/// What came in a short time.
#[derive(Clone, Copy, Debug)]
struct Slot {
    since: Instant,
    bytes: u64,
    updates: u64,
}

impl Meter {
    /// Counts bytes, and the updates since the session began.
    pub(super) fn count(&mut self, bytes: usize, updates: u64, now: Instant) {
        let begun = updates.saturating_sub(self.updates);
        self.bytes += bytes as u64;
        self.updates = updates;
        match self.recent.back_mut() {
            Some(slot) if now.saturating_duration_since(slot.since) < SLOT => {
                slot.bytes += bytes as u64;
                slot.updates += begun;
            }
            _ => {
                self.forget(now);
                self.recent.push_back(Slot {
                    since: now,
                    bytes: bytes as u64,
                    updates: begun,
                });
            }
        }
    }

    fn forget(&mut self, now: Instant) {
        let is_old = |slot: &Slot| now.saturating_duration_since(slot.since) > WINDOW;
        while self.recent.front().is_some_and(is_old) {
            self.recent.pop_front();
        }
    }

    /// Makes a picture of the present moment.
    pub(super) fn statistics(&mut self, now: Instant) -> Statistics {
        self.forget(now);
        let seconds = WINDOW.as_secs_f64();
        let bytes: u64 = self.recent.iter().map(|slot| slot.bytes).sum();
        let updates: u64 = self.recent.iter().map(|slot| slot.updates).sum();
        Statistics {
            encoding: self.encoding,
            level: self.encodings.and_then(|asked| asked.compress),
            quality: self.encodings.and_then(|asked| asked.quality),
            bytes_received: self.bytes,
            rate: (bytes as f64 / seconds) as u64,
            updates: self.updates,
            update_rate: updates as f64 / seconds,
            link_rate: self.link_rate,
            round_trip: None,
            security: self.security.clone(),
            policy: self.policy,
            audio_dropped: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_cover_the_last_seconds_and_counts_everything() {
        let (mut meter, begun) = (Meter::default(), Instant::now());
        for tick in 0..1000u64 {
            meter.count(300, tick + 1, begun + Duration::from_millis(10 * tick));
        }
        assert!(meter.recent.len() < 20);
        let now = meter.statistics(begun + Duration::from_secs(10));
        assert_eq!((now.bytes_received, now.updates), (300_000, 1000));
        assert!((27_000..=33_000).contains(&now.rate), "{}", now.rate);
        assert!((90.0..=110.0).contains(&now.update_rate));
        let later = meter.statistics(begun + Duration::from_secs(20));
        assert_eq!((later.rate, later.bytes_received), (0, 300_000));
    }
}
