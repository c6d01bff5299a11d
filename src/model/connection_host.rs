//! What a connection tells of its host and of its link: facts, figures, how it is protected, and what happened to it.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use gtk::{prelude::*, subclass::prelude::*};
use innkeeper_core::{
    Capabilities, Changes, Error, HostFacts, HostSample, HostState, LinkInfo, LogLine,
};

use super::{Connection, HostWatch};
use crate::app::runtime;

/// How many samples of a host its graphs show.
pub const HOST_HISTORY: usize = 60;

impl Connection {
    /// Takes the part of a batch that is about the host and the link.
    pub(super) fn apply_host(&self, changes: &mut Changes) {
        let imp = self.imp();
        if let Some(facts) = changes.facts.take() {
            imp.facts.replace(Some(facts));
            self.emit_by_name::<()>("facts-changed", &[]);
        }
        if let Some(link) = changes.link.take() {
            imp.link.replace(link);
            self.tell_link();
        }
        if let Some(sample) = changes.host_sample {
            self.take_host_sample(sample);
        }
        if !changes.log.is_empty() {
            self.emit_by_name::<()>("log-changed", &[]);
        }
    }

    fn take_host_sample(&self, sample: HostSample) {
        let mut history = self.imp().host_history.borrow_mut();
        if history.len() == HOST_HISTORY {
            history.pop_front();
        }
        history.push_back(sample);
        drop(history);
        self.emit_by_name::<()>("host-sampled", &[]);
    }

    /// Forgets what was said of another host, or by a link that is closed.
    pub(super) fn forget_host(&self) {
        let imp = self.imp();
        imp.host_history.borrow_mut().clear();
        if imp.link.take().is_some() {
            self.tell_link();
        }
    }

    fn tell_link(&self) {
        self.emit_by_name::<()>("link-changed", &[]);
        self.notify_warning();
        self.notify_state_text();
    }

    /// Notes when a lost host was last heard of, until it is back.
    pub(super) fn note_last_news(&self, state: &HostState) {
        let last_news = &self.imp().last_news;
        match state {
            HostState::Lost {
                last_news: time, ..
            } => last_news.set(Some(*time)),
            // What keeps it lost is being tried again.
            HostState::Connecting(_) | HostState::Failed(_) => {}
            HostState::Connected | HostState::Disconnected => last_news.set(None),
        }
    }

    /// Gives what is known of the host.
    pub fn facts(&self) -> Option<HostFacts> {
        self.imp().facts.borrow().clone()
    }

    /// Gives what is known of the link that is up.
    pub fn link(&self) -> Option<Arc<LinkInfo>> {
        self.imp().link.borrow().clone()
    }

    /// Gives what happened to the connection, the oldest first.
    pub fn log(&self) -> Vec<LogLine> {
        self.host().log()
    }

    /// Calls a function with the host's samples, the oldest first.
    pub fn with_host_history<R>(&self, read: impl FnOnce(&VecDeque<HostSample>) -> R) -> R {
        read(&self.imp().host_history.borrow())
    }

    /// Makes an onlooker of the host: while there is one, its own figures are read.
    pub fn watch_host(&self) -> HostWatch {
        HostWatch::new(self)
    }

    /// Says whether somebody looks at the host itself.
    pub fn is_host_watched(&self) -> bool {
        self.imp().host_onlookers.get() > 0
    }

    /// Gives when a host that is lost was last heard of.
    pub fn last_news(&self) -> Option<SystemTime> {
        self.imp().last_news.get()
    }

    /// Gives the wait until a lost host is tried again; `None` while that is under way, and when it is not lost.
    pub fn retry_in(&self) -> Option<Duration> {
        match &*self.imp().host_state.borrow() {
            HostState::Lost { retry_at, .. } => {
                Some(retry_at.saturating_duration_since(Instant::now()))
            }
            _ => None,
        }
    }

    /// Reads what the host can do.
    pub async fn capabilities(&self) -> Result<Capabilities, Error> {
        let host = self.host();
        runtime::run(async move { host.capabilities().await }).await
    }
}
