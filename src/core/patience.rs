//! The waits between attempts: of a host's connection, and of what is opened over it and follows one domain, its
//! [screen](crate::console) and its [text consoles](crate::serial).
//!
//! What each of them opens, and how, is its own affair; here is only how long is waited, and for what.

use std::{
    collections::hash_map::RandomState,
    future::{Future, pending},
    hash::BuildHasher,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    sync::watch,
    time::{sleep_until, timeout},
};

use crate::{Error, ErrorKind, HostState};

/// How long the list may take to tell that a guest stopped, after what was open has gone.
const NEWS_MAY_FOLLOW: Duration = Duration::from_millis(150);

/// A session that lasted this long was a good one: after it, waits begin anew.
const GOOD_SESSION: Duration = Duration::from_secs(3);

/// Counts what failed one after the other: each wait is longer than the one before.
#[derive(Debug, Default)]
pub(crate) struct Patience {
    failures: usize,
}

impl Patience {
    /// Begins anew: something is otherwise than it was.
    pub(crate) fn renew(&mut self) {
        self.failures = 0;
    }

    /// Begins anew after a session that lasted long enough.
    pub(crate) fn after_session(&mut self, lasted: Duration) {
        if lasted >= GOOD_SESSION {
            self.renew();
        }
    }

    /// Notes a failure, and says when the next attempt is due by the list of pauses.
    pub(crate) fn next_attempt(&mut self, pauses: &[Duration]) -> Instant {
        let wait = pause(pauses, self.failures);
        self.failures += 1;
        Instant::now() + wait
    }
}

/// The wait before an attempt, a fifth longer or shorter at random so that many clients do not come at once.
pub(crate) fn pause(list: &[Duration], failures: usize) -> Duration {
    let planned = list.get(failures).or(list.last());
    let planned = planned.copied().unwrap_or(Duration::from_secs(1));
    // The standard library's hasher is seeded at random: enough of it for this.
    let random = RandomState::new().hash_one(failures) % 1_000;
    planned.mul_f64(0.8 + 0.4 * (random as f64 / 1_000.0))
}

/// Waits for news that explains an end, for as long as they may take. Says whether they came.
pub(crate) async fn is_explained(by: impl Future<Output = ()>) -> bool {
    timeout(NEWS_MAY_FOLLOW, by).await.is_ok()
}

/// Waits until a time, or for ever where there is none.
pub(crate) async fn until(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time.into()).await,
        None => pending().await,
    }
}

/// Waits until somebody asks for another attempt; for ever when nobody can.
pub(crate) async fn asked<T>(requests: &mut watch::Receiver<T>) {
    if requests.changed().await.is_err() {
        pending::<()>().await;
    }
}

/// How a host is that has no connection now.
pub(crate) enum Absence {
    /// It comes back by itself.
    Waiting {
        /// What broke the link.
        error: Arc<Error>,
        /// When the next attempt starts.
        retry_at: Instant,
    },
    /// It is on the way.
    Connecting,
    /// Nothing happens until somebody asks.
    Failed(Arc<Error>),
}

impl From<HostState> for Absence {
    fn from(host: HostState) -> Self {
        match host {
            HostState::Lost {
                error, retry_at, ..
            } => Self::Waiting { error, retry_at },
            HostState::Connecting(_) | HostState::Connected => Self::Connecting,
            HostState::Failed(error) => Self::Failed(error),
            HostState::Disconnected => {
                let error = Error::new(ErrorKind::NotConnected, "the host is not connected");
                Self::Failed(Arc::new(error))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_the_last_and_vary_by_a_fifth() {
        let list = [1, 2, 30].map(Duration::from_secs);
        for (failures, planned) in [(0, 1.0), (1, 2.0), (2, 30.0), (50, 30.0)] {
            let pause = pause(&list, failures).as_secs_f64();
            assert!((planned * 0.8..=planned * 1.2).contains(&pause), "{pause}");
        }
    }

    #[test]
    fn waits_grow_until_a_good_session() {
        let pauses = [Duration::from_secs(1), Duration::from_secs(100)];
        let mut patience = Patience::default();
        let mut wait = || patience.next_attempt(&pauses) - Instant::now();
        assert!(wait() < Duration::from_secs(2));
        assert!(wait() > Duration::from_secs(50));
        patience.after_session(Duration::from_secs(1));
        assert!(patience.next_attempt(&pauses) - Instant::now() > Duration::from_secs(50));
        patience.after_session(Duration::from_secs(3));
        assert!(patience.next_attempt(&pauses) - Instant::now() < Duration::from_secs(2));
    }
}
