//! What a window would know of a host: its news put together, and waited upon.

use std::{collections::HashMap, sync::Arc};

use innkeeper_core::{
    ChangesReceiver, Domain, DomainChange, Error, Host, HostFacts, HostState, LinkInfo, LogLine,
    Sample,
};
use tokio::time::timeout;
use uuid::Uuid;

use super::PATIENCE;

/// A reader of one host's news.
pub(crate) struct View {
    changes: ChangesReceiver,
    pub(crate) state: HostState,
    pub(crate) facts: Option<HostFacts>,
    pub(crate) domains: HashMap<Uuid, Domain>,
    pub(crate) samples: Vec<(Uuid, Sample)>,
    pub(crate) link: Option<Arc<LinkInfo>>,
    /// Every line of the log that was told.
    pub(crate) log: Vec<LogLine>,
    /// Every state that was told, in words.
    pub(crate) states: Vec<String>,
}

impl View {
    pub(crate) fn of(host: &Host) -> Self {
        Self {
            changes: host.changes(),
            state: HostState::Disconnected,
            facts: None,
            domains: HashMap::new(),
            samples: Vec::new(),
            link: None,
            log: Vec::new(),
            states: Vec::new(),
        }
    }

    /// Takes news until something is so.
    pub(crate) async fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let waited = timeout(PATIENCE, async {
            while !is_so(self) {
                self.take().await;
            }
        });
        let in_time = waited.await.is_ok();
        let (state, domains) = (&self.state, &self.domains);
        assert!(
            in_time,
            "{what} did not come; state {state:?}, domains {domains:?}"
        );
    }

    pub(crate) async fn until_connected(&mut self) {
        self.until("a connection", |view| {
            matches!(view.state, HostState::Connected)
        })
        .await;
    }

    pub(crate) async fn until_failed(&mut self) -> Error {
        self.until("a failure", |view| {
            matches!(view.state, HostState::Failed(_))
        })
        .await;
        match &self.state {
            HostState::Failed(error) => Error::clone(error),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn is_lost(&self) -> bool {
        matches!(self.state, HostState::Lost { .. })
    }

    /// The domain of a name.
    pub(crate) fn named(&self, name: &str) -> Option<&Domain> {
        self.domains.values().find(|domain| domain.name == name)
    }

    /// Takes the next batch, and checks that it fits to what came before.
    pub(crate) async fn take(&mut self) {
        let batch = self.changes.next().await.expect("the host lives");
        if let Some(state) = batch.state {
            self.states.push(format!("{state:?}"));
            self.state = state;
        }
        self.facts = batch.facts.or(self.facts.take());
        for change in batch.domains {
            match change {
                DomainChange::Added(domain) => {
                    let old = self.domains.insert(domain.uuid, domain);
                    assert!(old.is_none(), "added twice: {old:?}");
                }
                DomainChange::Changed(domain) => {
                    let old = self.domains.insert(domain.uuid, domain);
                    assert!(old.is_some(), "changed before it was added");
                }
                DomainChange::Removed(uuid) => {
                    assert!(
                        self.domains.remove(&uuid).is_some(),
                        "removed twice: {uuid}"
                    );
                }
            }
        }
        self.samples.extend(batch.samples);
        self.link = batch.link.unwrap_or(self.link.take());
        for line in batch.log {
            let next = self.log.last().map_or(0, |last| last.number + 1);
            assert_eq!(line.number, next, "no line is told twice or left out");
            self.log.push(line);
        }
    }
}
