//! How fast the link is, and which encodings suit it.
//!
//! While an update comes, the time spent waiting for its bytes is the link's; decoding does not count. A few hundred
//! kilobytes of that make a measurement, and the best of the last few is believed: a server that is busy makes a link look
//! slow, nothing makes it look fast. Another choice is made at twice the bound above and below it, and not at once again.
//! The clock is the caller's.

use std::time::{Duration, Instant};

use crate::Encodings;

/// Bytes of one measurement, unless waiting for them takes too long.
const ENOUGH: u64 = 256 << 10;
/// Bytes without which waiting says nothing: less may have been on its way already.
const TOO_FEW: u64 = 24 << 10;
/// Waiting of this length makes a measurement of fewer bytes.
const LONG: Duration = Duration::from_millis(250);
/// Measurements of which the best is believed.
const REMEMBERED: usize = 6;
/// Measurements that a change needs.
const NEEDED: usize = 2;
/// The shortest time between two changes.
const CALM: Duration = Duration::from_secs(2);
/// A server that answers in less is on the same network: there, its own work is slower than the link.
const NEAR: Duration = Duration::from_millis(1);

/// A kind of link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// A slow line.
    Slow,
    /// A good line, or a busy wireless network.
    Wide,
    /// A local network.
    Near,
    /// This machine, or as good as that.
    Here,
}

/// The classes with the bytes a second from which they begin; docs/measurements.md says why.
const CLASSES: [(Class, u64); 4] = [
    (Class::Here, 250_000_000),
    (Class::Near, 1_000_000),
    (Class::Wide, 150_000),
    (Class::Slow, 0),
];

impl Class {
    /// Returns what suits the class; losing detail must be allowed by name.
    pub(super) fn encodings(self, lossy: bool) -> Encodings {
        let (encodings, quality) = match self {
            Self::Here => return Encodings::LOCAL,
            Self::Near => return Encodings::LAN,
            Self::Wide => (Encodings::WAN, 8),
            // A higher level costs the server more time than it saves the line.
            Self::Slow => (Encodings::WAN, 5),
        };
        if lossy {
            encodings.quality(quality)
        } else {
            encodings
        }
    }

    fn of(rate: u64) -> Self {
        let class = CLASSES.iter().find(|(_, from)| rate >= *from);
        class.map_or(Self::Slow, |(class, _)| *class)
    }
}

/// Measures, and chooses.
#[derive(Debug)]
pub(super) struct Link {
    class: Class,
    lossy: bool,
    bytes: u64,
    waited: Duration,
    rates: [u64; REMEMBERED],
    count: usize,
    changed: Option<Instant>,
}

impl Link {
    /// Begins with what is known beforehand.
    pub(super) fn new(local: bool, lossy: bool) -> Self {
        Self {
            class: if local { Class::Here } else { Class::Near },
            lossy,
            bytes: 0,
            waited: Duration::ZERO,
            rates: [0; REMEMBERED],
            count: 0,
            changed: None,
        }
    }

    /// Returns what suits the link as it is believed to be.
    pub(super) fn encodings(&self) -> Encodings {
        self.class.encodings(self.lossy)
    }

    /// Returns the best of the last measurements, in bytes a second.
    pub(super) fn rate(&self) -> Option<u64> {
        let known = self.rates.get(..self.count.min(REMEMBERED))?;
        known.iter().max().copied()
    }

    /// Counts bytes that were waited for within an update.
    pub(super) fn received(&mut self, bytes: usize, waited: Duration) {
        self.bytes += bytes as u64;
        self.waited += waited;
        let enough = self.bytes >= ENOUGH || (self.waited >= LONG && self.bytes >= TOO_FEW);
        if !enough {
            return;
        }
        // Reading itself takes some of it; a link that is never waited for is as fast as can be.
        let micros = self.waited.as_micros().max(1) as u64;
        let rate = self.bytes.saturating_mul(1_000_000) / micros;
        if let Some(slot) = self.rates.get_mut(self.count % REMEMBERED) {
            *slot = rate;
        }
        self.count += 1;
        (self.bytes, self.waited) = (0, Duration::ZERO);
    }

    /// Chooses anew at the end of an update; gives the encodings when they are others than before.
    pub(super) fn choose(&mut self, nearest: Option<Duration>, now: Instant) -> Option<Encodings> {
        let calm = |at: Instant| now.saturating_duration_since(at) >= CALM;
        if self.count < NEEDED || !self.changed.is_none_or(calm) {
            return None;
        }
        let class = self.wanted(nearest);
        if class == self.class {
            return None;
        }
        tracing::debug!(from = ?self.class, to = ?class, rate = self.rate(), "the link is another");
        let before = self.encodings();
        self.class = class;
        self.changed = Some(now);
        // What was measured under the old choice may have been the server's own pace.
        self.count = 0;
        let encodings = self.encodings();
        (encodings != before).then_some(encodings)
    }

    /// A class is left upwards at twice the bound, downwards at half of it.
    fn wanted(&self, nearest: Option<Duration>) -> Class {
        let Some(rate) = self.rate() else {
            return self.class;
        };
        let (down, up) = (Class::of(rate.saturating_mul(2)), Class::of(rate / 2));
        let class = if up > self.class {
            up
        } else {
            down.min(self.class)
        };
        if nearest.is_some_and(|nearest| nearest < NEAR) {
            class.max(Class::Near)
        } else {
            class
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lets updates of a megabyte come at a rate for some seconds; gives the choices that were made.
    fn stream(link: &mut Link, rate: u64, at: &mut Instant, seconds: u64) -> Vec<Encodings> {
        let mut chosen = Vec::new();
        let end = *at + Duration::from_secs(seconds);
        while *at < end {
            for _ in 0..16 {
                let waited = Duration::from_micros((64 << 10) * 1_000_000 / rate);
                link.received(64 << 10, waited);
                *at += waited;
            }
            chosen.extend(link.choose(None, *at));
        }
        chosen
    }

    #[test]
    fn the_choice_follows_the_link_both_ways() {
        let (mut link, mut now) = (Link::new(false, false), Instant::now());
        assert_eq!(link.encodings(), Encodings::LAN);
        assert!(stream(&mut link, 20_000_000, &mut now, 5).is_empty());
        assert_eq!(stream(&mut link, 400_000, &mut now, 20), [Encodings::WAN]);
        assert!(stream(&mut link, 50_000, &mut now, 120).is_empty());
        assert_eq!(stream(&mut link, 30_000_000, &mut now, 5), [Encodings::LAN]);
        assert_eq!(
            stream(&mut link, 2_000_000_000, &mut now, 9),
            [Encodings::LOCAL]
        );
        assert!(link.rate().unwrap() > 1_000_000_000);
    }

    #[test]
    fn detail_is_lost_by_leave_only_and_the_more_the_slower() {
        let (mut link, mut now) = (Link::new(false, true), Instant::now());
        let poor = [Encodings::WAN.quality(8), Encodings::WAN.quality(5)];
        assert_eq!(stream(&mut link, 300_000, &mut now, 30), poor[..1]);
        assert_eq!(stream(&mut link, 50_000, &mut now, 120), poor[1..]);
        assert_eq!(stream(&mut link, 30_000_000, &mut now, 5), [Encodings::LAN]);
    }

    #[test]
    fn a_link_at_a_bound_makes_no_to_and_fro() {
        let (mut link, mut now) = (Link::new(false, false), Instant::now());
        for rate in [1_300_000, 800_000, 1_200_000, 600_000].repeat(10) {
            assert!(stream(&mut link, rate, &mut now, 3).is_empty(), "{rate}");
        }
    }

    #[test]
    fn one_slow_moment_is_not_believed_and_neither_are_few_bytes() {
        let (mut link, now) = (Link::new(false, false), Instant::now());
        link.received(1 << 20, Duration::from_millis(20));
        link.received(1 << 20, Duration::from_secs(20));
        assert_eq!(link.choose(None, now), None);
        let mut link = Link::new(false, false);
        for _ in 0..100 {
            link.received(100, Duration::from_millis(1));
        }
        assert_eq!((link.rate(), link.choose(None, now)), (None, None));
    }

    #[test]
    fn a_busy_server_on_this_network_is_no_slow_link() {
        let (mut link, now) = (Link::new(false, false), Instant::now());
        for _ in 0..8 {
            link.received(1 << 18, Duration::from_secs(1));
        }
        assert_eq!(link.choose(Some(Duration::from_micros(300)), now), None);
        let far = Some(Duration::from_millis(30));
        assert_eq!(link.choose(far, now), Some(Encodings::WAN));
    }

    #[test]
    fn a_socket_of_this_machine_starts_without_compression() {
        let link = Link::new(true, false);
        assert_eq!(link.encodings(), Encodings::LOCAL);
        assert_eq!(Class::Slow.encodings(true).quality, Some(5));
        assert_eq!(Class::Slow.encodings(false).quality, None);
    }
}
