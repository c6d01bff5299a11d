//! How long the server takes to answer, measured by questions that cost next to nothing.
//!
//! A server that knows fences answers one (`TigerVNC`); one that announces its screens does so again at each request for
//! everything, of which one pixel is enough (QEMU). Of others the time is not known. Nothing is asked while nobody wants
//! to know: there is no clock in here.

use std::time::{Duration, Instant};

use crate::{
    Rect, client,
    engine::extensions::{FENCE_BLOCK_BEFORE, FENCE_REQUEST},
};

/// The shortest time between two questions.
const PERIOD: Duration = Duration::from_secs(1);
/// A question that was not answered in this time is lost.
const PATIENCE: Duration = Duration::from_secs(10);
/// After so many lost questions in a row the server is taken for one that does not answer.
const GIVE_UP: u32 = 3;
/// Measurements of which the shortest counts as the way's own time, without what stood in a queue.
const REMEMBERED: usize = 8;
/// Tells our fences from other payloads.
const MARK: [u8; 4] = *b"time";

/// The way in which a server answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Way {
    #[default]
    None,
    Screens,
    Fence,
}

/// Questions and answers.
#[derive(Debug, Default)]
pub(super) struct RoundTrip {
    way: Way,
    asked: Option<Instant>,
    last_asked: Option<Instant>,
    lost: u32,
    recent: [Option<Duration>; REMEMBERED],
    count: usize,
    last: Option<Duration>,
}

impl RoundTrip {
    /// The server answers fences.
    pub(super) fn fences(&mut self) {
        self.way = Way::Fence;
    }

    /// The server has announced its screens: at first an ability, later an answer.
    pub(super) fn screens(&mut self, now: Instant) {
        match self.way {
            Way::None => self.way = Way::Screens,
            Way::Screens => self.answered(now),
            Way::Fence => {}
        }
    }

    /// A fence was answered.
    pub(super) fn fence(&mut self, payload: &[u8], now: Instant) {
        if payload == MARK {
            self.answered(now);
        }
    }

    fn answered(&mut self, now: Instant) {
        if let Some(asked) = self.asked.take() {
            self.lost = 0;
            self.measured(now.saturating_duration_since(asked));
        }
    }

    /// Takes a time that was measured otherwise.
    pub(super) fn measured(&mut self, time: Duration) {
        self.last = Some(time);
        if let Some(slot) = self.recent.get_mut(self.count % REMEMBERED) {
            *slot = Some(time);
        }
        self.count += 1;
    }

    /// Appends a question, unless one is on its way or was answered lately.
    pub(super) fn ask(&mut self, now: Instant, out: &mut Vec<u8>) {
        if let Some(asked) = self.asked
            && now.saturating_duration_since(asked) > PATIENCE
        {
            self.asked = None;
            self.lost += 1;
        }
        let lately = self
            .last_asked
            .is_some_and(|last| now.saturating_duration_since(last) < PERIOD);
        if self.asked.is_some() || lately || self.lost >= GIVE_UP {
            return;
        }
        match self.way {
            Way::None => return,
            Way::Fence => client::fence(out, FENCE_REQUEST | FENCE_BLOCK_BEFORE, &MARK),
            Way::Screens => client::update_request(out, false, Rect::new(0, 0, 1, 1)),
        }
        self.asked = Some(now);
        self.last_asked = Some(now);
    }

    /// Returns the newest measurement.
    pub(super) fn last(&self) -> Option<Duration> {
        self.last
    }

    /// Returns the shortest of the recent measurements.
    pub(super) fn least(&self) -> Option<Duration> {
        self.recent.iter().flatten().min().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    fn asks(trip: &mut RoundTrip, now: Instant) -> Vec<u8> {
        let mut out = Vec::new();
        trip.ask(now, &mut out);
        out
    }

    #[test]
    fn a_fence_is_asked_for_where_it_is_known() {
        let (mut trip, now) = (RoundTrip::default(), Instant::now());
        assert!(asks(&mut trip, now).is_empty());
        trip.screens(now);
        trip.fences();
        let question = asks(&mut trip, now);
        assert_eq!(question[0], 248);
        assert!(asks(&mut trip, now + ms(5000)).is_empty(), "one at a time");
        trip.fence(b"other", now + ms(10));
        assert_eq!(trip.last(), None);
        trip.fence(&MARK, now + ms(40));
        assert_eq!(trip.last(), Some(ms(40)));
    }

    #[test]
    fn screens_answer_too_and_the_shortest_time_counts() {
        let (mut trip, now) = (RoundTrip::default(), Instant::now());
        trip.screens(now);
        assert_eq!(trip.last(), None);
        for (at, takes) in [(0, 30), (1000, 20), (2000, 500)] {
            let asked = now + ms(at);
            assert_eq!(asks(&mut trip, asked)[..2], [3, 0]);
            trip.screens(asked + ms(takes));
            // One that was not asked for says nothing.
            trip.screens(asked + ms(takes + 1));
        }
        assert_eq!((trip.last(), trip.least()), (Some(ms(500)), Some(ms(20))));
        assert!(asks(&mut trip, now + ms(2600)).is_empty(), "too early");
        for later in 0..REMEMBERED as u64 {
            trip.measured(ms(50 + later));
        }
        assert_eq!(trip.least(), Some(ms(50)), "old times are forgotten");
    }

    #[test]
    fn who_never_answers_is_not_asked_for_ever() {
        let (mut trip, now) = (RoundTrip::default(), Instant::now());
        trip.screens(now);
        let questions = (0..20).filter(|minute| {
            let later = now + ms(60_000 * minute);
            !asks(&mut trip, later).is_empty()
        });
        assert_eq!(questions.count(), GIVE_UP as usize);
    }
}
