//! Tells when it is worth trying at once: the machine has woken up, or its network is another than before.
//!
//! One watcher serves the whole process: the first [`Wake`] starts it on the current runtime, and it ends with the last.
//! [`buses`] listens to logind and NetworkManager, [`routes`] to the kernel's own news of addresses and routes, which
//! come also where no bus is. Nothing here knows hosts: they decide what to do.

mod buses;
mod routes;

use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use tokio::{sync::watch, time::sleep};

/// What happened to the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Woken {
    /// An address or a route came or went, or the network's own service says that it is connected.
    NetworkChanged,
    /// It woke from sleep. Its network may take some seconds more, and tells of itself then.
    Resumed,
}

/// A reader of such news; it sees what comes after its making. Clones see what their original had not seen.
#[derive(Clone, Debug)]
pub struct Wake {
    news: watch::Receiver<News>,
}

/// The last news, and how many there were.
#[derive(Clone, Copy, Debug, Default)]
struct News {
    count: u64,
    last: Option<Woken>,
}

/// What the sources put their news into; the greater stays until it is passed on.
type Inbox = watch::Sender<Option<Woken>>;

/// How long news are collected before they are passed on: a cable that is plugged in tells of itself five times.
const SETTLING: Duration = Duration::from_millis(250);

/// The least time between two news, so that a network that flaps does not become a storm of connections.
const PAUSE: Duration = Duration::from_secs(1);

/// The process' watcher. The task has the only strong handle: it is gone when the task or its runtime is.
static WATCHER: Mutex<Weak<watch::Sender<News>>> = Mutex::new(Weak::new());

impl Wake {
    /// Begins to watch.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn watch() -> Self {
        let mut watcher = WATCHER.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = watcher.upgrade() {
            return Self {
                news: sender.subscribe(),
            };
        }
        let sender = Arc::new(watch::Sender::default());
        let news = sender.subscribe();
        *watcher = Arc::downgrade(&sender);
        tokio::spawn(run(sender));
        Self { news }
    }

    /// Waits for the next news. Several that came meanwhile are one.
    ///
    /// # Cancel safety
    /// News that were not returned are returned by the next call.
    pub async fn next(&mut self) -> Woken {
        loop {
            if self.news.changed().await.is_err() {
                // The runtime that the watcher lived on is gone, or the watcher ended as this reader came.
                *self = Self::watch();
                tokio::task::yield_now().await;
            } else if let Some(woken) = self.news.borrow_and_update().last {
                return woken;
            }
        }
    }

    /// Forgets what came so far.
    pub fn forget(&mut self) {
        self.news.mark_unchanged();
    }
}

/// Watches until nobody listens any more.
async fn run(news: Arc<watch::Sender<News>>) {
    let inbox = Inbox::default();
    tokio::select! {
        () = news.closed() => {}
        () = pass_on(&inbox, &news) => {}
        ((), ()) = async { tokio::join!(buses::listen(&inbox), routes::listen(&inbox)) } => {
            // Neither a bus nor the kernel tells anything here.
            news.closed().await;
        }
    }
}

/// Passes on what arrives, merged.
async fn pass_on(inbox: &Inbox, news: &watch::Sender<News>) {
    let mut arrived = inbox.subscribe();
    while arrived.wait_for(Option::is_some).await.is_ok() {
        sleep(SETTLING).await;
        let last = inbox.send_replace(None);
        tracing::debug!(?last, "trying again is worth it");
        news.send_modify(|news| {
            *news = News {
                count: news.count + 1,
                last,
            };
        });
        sleep(PAUSE).await;
    }
}

/// Puts news into the inbox.
fn tell(inbox: &Inbox, woken: Woken) {
    inbox.send_modify(|pending| *pending = (*pending).max(Some(woken)));
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_burst_is_told_once_and_resuming_is_not_lost_in_it() {
        let (inbox, news) = (Inbox::default(), watch::Sender::default());
        let mut wake = Wake {
            news: news.subscribe(),
        };
        let feed = async {
            for woken in [Woken::NetworkChanged, Woken::Resumed, Woken::NetworkChanged] {
                tell(&inbox, woken);
                sleep(Duration::from_millis(50)).await;
            }
            assert_eq!(wake.next().await, Woken::Resumed);
            let more = timeout(Duration::from_mins(1), wake.next()).await;
            assert!(more.is_err(), "{more:?}");
            tell(&inbox, Woken::NetworkChanged);
            assert_eq!(wake.next().await, Woken::NetworkChanged);
            assert_eq!(news.borrow().count, 2);
        };
        tokio::select! {
            () = feed => {}
            () = pass_on(&inbox, &news) => unreachable!("the inbox lives"),
        }
    }

    #[test]
    fn a_reader_outlives_the_runtime_of_its_watcher() {
        let runtime = || {
            let mut builder = tokio::runtime::Builder::new_current_thread();
            builder.enable_all().build().unwrap()
        };
        let first = runtime();
        let mut wake = first.block_on(async { Wake::watch() });
        drop(first);
        runtime().block_on(async {
            let waits = timeout(Duration::from_millis(50), wake.next()).await;
            assert!(waits.is_err(), "{waits:?}");
            let watcher = WATCHER.lock().unwrap().upgrade();
            assert!(watcher.is_some(), "a new watcher runs here");
        });
    }
}
