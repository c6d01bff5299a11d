//! Domains of which somebody outside of a host's task has reason to believe that the list may be behind.

use std::sync::{Mutex, PoisonError};

use indexmap::IndexSet;
use tokio::sync::Notify;
use uuid::Uuid;

/// A set of domains to read again, filled by calls and emptied by the host's task.
#[derive(Default)]
pub(crate) struct Doubts {
    domains: Mutex<IndexSet<Uuid>>,
    raised: Notify,
}

impl Doubts {
    /// Asks for a domain to be read again.
    pub(crate) fn raise(&self, uuid: Uuid) {
        let mut domains = self.domains.lock().unwrap_or_else(PoisonError::into_inner);
        domains.insert(uuid);
        self.raised.notify_one();
    }

    /// Waits for doubts and takes them.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub(crate) async fn next(&self) -> IndexSet<Uuid> {
        loop {
            let taken =
                std::mem::take(&mut *self.domains.lock().unwrap_or_else(PoisonError::into_inner));
            if !taken.is_empty() {
                return taken;
            }
            self.raised.notified().await;
        }
    }
}
