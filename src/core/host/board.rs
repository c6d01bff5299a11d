//! Where a host's task writes what it learns, and from which everybody reads.
//!
//! Readers are told *that* domains changed, and look up *how* when they come for it: so a slow reader costs one set of
//! identities, however much happens meanwhile.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use indexmap::{IndexMap, IndexSet};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use super::inventory::Inventory;
use crate::{
    Changes, Domain, DomainChange, HostFacts, HostSample, HostState, LinkInfo, LogEvent, LogLine,
    Sample, log::Log,
};

/// The present truth about one host.
pub(crate) struct Board {
    truth: Mutex<Truth>,
    /// Counts the changes of the state and of the domains, for those who wait for one thing to become true.
    version: watch::Sender<u64>,
}

#[derive(Default)]
struct Truth {
    state: HostState,
    facts: Option<HostFacts>,
    inventory: Inventory,
    link: Option<Arc<LinkInfo>>,
    log: Log,
    readers: Vec<Weak<Reader>>,
    closed: bool,
}

/// One reader's news that it has not fetched.
#[derive(Default)]
struct Reader {
    news: Mutex<News>,
    arrived: Notify,
}

#[derive(Default)]
struct News {
    state: bool,
    facts: bool,
    link: bool,
    domains: IndexSet<Uuid>,
    samples: IndexMap<Uuid, Sample>,
    host_sample: Option<HostSample>,
}

impl Board {
    pub(crate) fn new() -> Self {
        Self {
            truth: Mutex::default(),
            version: watch::Sender::new(0),
        }
    }

    /// Reads the connection's state.
    pub(crate) fn state(&self) -> HostState {
        self.truth().state.clone()
    }

    /// Looks a domain up.
    pub(crate) fn domain(&self, uuid: Uuid) -> Option<Domain> {
        self.truth().inventory.get(uuid).cloned()
    }

    /// Asks something of the whole list.
    pub(crate) fn read<T>(&self, ask: impl FnOnce(&Inventory) -> T) -> T {
        ask(&self.truth().inventory)
    }

    /// Reads what is known of the host itself.
    pub(crate) fn facts(&self) -> Option<HostFacts> {
        self.truth().facts.clone()
    }

    /// Changes the list; readers hear of what the change really touched.
    pub(crate) fn edit<T>(&self, change: impl FnOnce(&mut Inventory) -> T) -> T {
        let mut truth = self.truth();
        let result = change(&mut truth.inventory);
        let touched = truth.inventory.take_touched();
        if !touched.is_empty() {
            truth.tell(|news| news.domains.extend(touched.iter().copied()));
            self.version.send_modify(|version| *version += 1);
        }
        result
    }

    /// Changes the connection's state.
    pub(crate) fn set_state(&self, state: HostState) {
        let mut truth = self.truth();
        truth.state = state;
        truth.tell(|news| news.state = true);
        self.version.send_modify(|version| *version += 1);
    }

    /// Ends the connection: its state and the emptying of its list are one piece of news, so that nobody takes the
    /// emptying for the domains' end.
    pub(crate) fn disconnect(&self) {
        let mut truth = self.truth();
        truth.state = HostState::Disconnected;
        truth.inventory.clear();
        let touched = truth.inventory.take_touched();
        truth.tell(|news| {
            news.state = true;
            news.domains.extend(touched.iter().copied());
        });
        self.version.send_modify(|version| *version += 1);
    }

    /// Notes what was learnt about the host itself.
    pub(crate) fn set_facts(&self, facts: HostFacts) {
        let mut truth = self.truth();
        if truth.facts.as_ref() != Some(&facts) {
            truth.facts = Some(facts);
            truth.tell(|news| news.facts = true);
        }
    }

    /// Notes the link that came up, or that it is gone.
    pub(crate) fn set_link(&self, link: Option<Arc<LinkInfo>>) {
        let mut truth = self.truth();
        truth.link = link;
        truth.tell(|news| news.link = true);
    }

    /// Reads what is known of the present link.
    pub(crate) fn link(&self) -> Option<Arc<LinkInfo>> {
        self.truth().link.clone()
    }

    /// Adds a line to the log.
    pub(crate) fn note(&self, event: LogEvent) {
        tracing::debug!(%event, "connection");
        let mut truth = self.truth();
        truth.log.add(event);
        truth.tell(|_| ());
    }

    /// Reads the log.
    pub(crate) fn log(&self) -> Vec<LogLine> {
        self.truth().log.since(0)
    }

    /// Hands out fresh figures.
    pub(crate) fn publish_samples(&self, samples: &[(Uuid, Sample)]) {
        self.truth()
            .tell(|news| news.samples.extend(samples.iter().copied()));
    }

    /// Hands out fresh figures of the host itself.
    pub(crate) fn publish_host_sample(&self, sample: HostSample) {
        self.truth().tell(|news| news.host_sample = Some(sample));
    }

    /// Waits for changes of the state or of the domains, beginning with the present.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// Ends every reader once it has fetched what is left.
    pub(crate) fn close(&self) {
        let mut truth = self.truth();
        truth.closed = true;
        truth.tell(|_| ());
        self.version.send_modify(|version| *version += 1);
    }

    /// Says whether the host is being taken down.
    pub(crate) fn is_closed(&self) -> bool {
        self.truth().closed
    }

    fn truth(&self) -> MutexGuard<'_, Truth> {
        self.truth.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Truth {
    fn tell(&mut self, note: impl Fn(&mut News)) {
        self.readers.retain(|reader| {
            let Some(reader) = reader.upgrade() else {
                return false;
            };
            note(&mut reader.news());
            reader.arrived.notify_one();
            true
        });
    }
}

impl Reader {
    fn news(&self) -> MutexGuard<'_, News> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where one reader fetches a host's news.
///
/// The first batch holds the present state, facts and domains; each later one what changed since. A reader that comes
/// seldom gets the same in fewer, merged batches.
pub struct ChangesReceiver {
    board: Arc<Board>,
    reader: Arc<Reader>,
    known: IndexSet<Uuid>,
    /// The number of the first line of the log that was not handed over.
    log: u64,
}

impl ChangesReceiver {
    pub(crate) fn new(board: Arc<Board>) -> Self {
        let reader = Arc::new(Reader::default());
        {
            let mut truth = board.truth();
            let mut news = reader.news();
            news.state = true;
            news.facts = truth.facts.is_some();
            news.link = truth.link.is_some();
            news.domains = truth.inventory.iter().map(|domain| domain.uuid).collect();
            truth.readers.push(Arc::downgrade(&reader));
        }
        Self {
            board,
            reader,
            known: IndexSet::new(),
            log: 0,
        }
    }

    /// Waits until there is news and hands it over; `None` once the last handle of the host is gone.
    ///
    /// # Cancel safety
    /// Cancel safe: news that was not handed over stays for the next call.
    pub async fn next(&mut self) -> Option<Changes> {
        loop {
            let arrived = Arc::clone(&self.reader);
            let arrived = arrived.arrived.notified();
            let changes = self.take();
            if !changes.is_empty() {
                return Some(changes);
            }
            if self.board.is_closed() {
                return None;
            }
            arrived.await;
        }
    }

    /// Turns what is marked as news into what differs from what this reader was told.
    fn take(&mut self) -> Changes {
        let truth = self.board.truth();
        let news = std::mem::take(&mut *self.reader.news());
        let mut changes = Changes {
            state: news.state.then(|| truth.state.clone()),
            facts: news.facts.then(|| truth.facts.clone()).flatten(),
            link: news.link.then(|| truth.link.clone()),
            log: truth.log.since(self.log),
            host_sample: news.host_sample,
            ..Changes::default()
        };
        self.log = truth.log.next();
        for uuid in news.domains {
            let change = match (truth.inventory.get(uuid), self.known.contains(&uuid)) {
                (Some(domain), true) => DomainChange::Changed(domain.clone()),
                (Some(domain), false) => {
                    self.known.insert(uuid);
                    DomainChange::Added(domain.clone())
                }
                (None, true) => {
                    self.known.swap_remove(&uuid);
                    DomainChange::Removed(uuid)
                }
                (None, false) => continue,
            };
            changes.domains.push(change);
        }
        let known = &self.known;
        changes.samples.extend(
            news.samples
                .into_iter()
                .filter(|(uuid, _)| known.contains(uuid)),
        );
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain(number: u128, name: &str) -> Domain {
        Domain {
            uuid: Uuid::from_u128(number),
            name: name.to_owned(),
            ..Domain::default()
        }
    }

    #[tokio::test]
    async fn the_first_batch_is_the_present() {
        let board = Arc::new(Board::new());
        board.edit(|list| list.insert(domain(1, "a")));
        board.set_state(HostState::Connected);
        let mut receiver = ChangesReceiver::new(Arc::clone(&board));
        let first = receiver.next().await.unwrap();
        assert!(matches!(first.state, Some(HostState::Connected)));
        assert_eq!(first.domains, [DomainChange::Added(domain(1, "a"))]);
    }

    #[tokio::test]
    async fn a_slow_reader_gets_one_merged_change_a_domain() {
        let board = Arc::new(Board::new());
        let mut receiver = ChangesReceiver::new(Arc::clone(&board));
        receiver.next().await.unwrap();
        for round in 0..1_000 {
            board.edit(|list| {
                list.insert(domain(1, &format!("a{round}")));
                list.insert(domain(2, &format!("b{round}")));
            });
            board.publish_samples(&[(Uuid::from_u128(1), Sample::default())]);
        }
        board.edit(|list| list.remove(Uuid::from_u128(2)));
        let batch = receiver.next().await.unwrap();
        assert_eq!(batch.domains, [DomainChange::Added(domain(1, "a999"))]);
        assert_eq!(batch.samples.len(), 1);
        board.edit(|list| list.remove(Uuid::from_u128(1)));
        let batch = receiver.next().await.unwrap();
        assert_eq!(batch.domains, [DomainChange::Removed(Uuid::from_u128(1))]);
    }

    #[tokio::test]
    async fn a_closed_board_ends_its_readers_after_the_last_news() {
        let board = Arc::new(Board::new());
        let mut receiver = ChangesReceiver::new(Arc::clone(&board));
        board.edit(|list| list.insert(domain(1, "a")));
        board.close();
        assert!(receiver.next().await.is_some());
        assert!(receiver.next().await.is_none());
    }
}
