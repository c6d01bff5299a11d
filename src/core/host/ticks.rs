//! The clock of a live connection: once a tick, figures of what is looked at; nothing while nobody looks.

use std::time::Instant;

use tokio::time::Instant as Clock;
use uuid::Uuid;
use virt_rpc::{Error as RpcError, procedure::types};

use super::{
    fetch, figures,
    live::{Live, Outcome, handle_of},
    node,
};
use crate::DomainState;

/// What the driver can do about figures.
#[derive(Clone, Copy, Default)]
pub(super) struct Ticking {
    under_way: bool,
    /// The driver has no bulk statistics.
    impossible: bool,
    /// The driver refused the flag that keeps a busy guest from holding up the answer.
    without_nowait: bool,
}

impl Live<'_> {
    /// Sets the time of the next tick after the interest changed: at once when somebody begins to look.
    pub(super) fn plan_ticks(&mut self) {
        let interest = self.interest.borrow_and_update();
        let guests = interest.ticking && !interest.visible.is_empty() && !self.ticking.impossible;
        let looked_at = guests || (interest.host && !self.node.impossible);
        let latest = Clock::now() + interest.interval;
        self.next_tick = looked_at.then(|| match self.next_tick {
            Some(planned) => planned.min(latest),
            None => Clock::now(),
        });
    }

    /// Asks for the figures of what is looked at.
    pub(super) fn tick(&mut self) {
        let interest = self.interest.borrow().clone();
        self.next_tick = Some(Clock::now() + interest.interval);
        if interest.host {
            self.ask_node();
        }
        if interest.ticking && !self.ticking.impossible {
            self.ask_figures(&interest.visible);
        }
    }

    /// Asks for the figures of the host itself.
    fn ask_node(&mut self) {
        if self.node.impossible || self.node.under_way {
            return;
        }
        self.node.under_way = true;
        let (connection, counts) = (self.connection.clone(), self.node.counts);
        self.work
            .spawn(async move { Outcome::Node(node::ask(&connection, counts).await) });
    }

    pub(super) fn take_node(&mut self, answer: Result<node::Answer, RpcError>) {
        self.node.under_way = false;
        match answer {
            Ok(answer) => {
                let sample = self.node.take(&answer);
                self.shared.board.publish_host_sample(sample);
            }
            Err(error) if error.remote().is_some() || error.is_unsupported() => {
                tracing::debug!(%error, "the host's figures");
                self.node.impossible = true;
                self.plan_ticks();
            }
            Err(error) => tracing::debug!(%error, "the host's figures"),
        }
    }

    /// Asks for the figures of the visible domains that run; for none if none runs.
    fn ask_figures(&mut self, visible: &[Uuid]) {
        let handles: Vec<_> = self.shared.board.read(|list| {
            let known = visible.iter().filter_map(|uuid| list.get(*uuid));
            known
                .filter(|domain| domain.state.is_active())
                .map(handle_of)
                .collect()
        });
        if handles.is_empty() || self.ticking.under_way {
            return;
        }
        self.ticking.under_way = true;
        let connection = self.connection.clone();
        let nowait = !self.ticking.without_nowait;
        self.work.spawn(async move {
            let answer = figures::ask(&connection, handles, nowait).await;
            Outcome::Figures(answer, Instant::now())
        });
    }

    pub(super) fn take_figures(
        &mut self,
        answer: Result<Vec<types::DomainStatsRecord>, RpcError>,
        at: Instant,
    ) {
        self.ticking.under_way = false;
        match answer {
            Ok(records) => {
                self.check_states(&records);
                let cpus = self.shared.board.facts().map_or(0, |facts| facts.cpus);
                let samples = self.figures.take(&records, at, cpus);
                self.shared.board.publish_samples(&samples);
            }
            Err(error) if error.remote().is_some() && !self.ticking.without_nowait => {
                // Not every driver knows the flag; without it the same call may work.
                self.ticking.without_nowait = true;
                self.next_tick = self.next_tick.map(|_| Clock::now());
            }
            Err(error) if error.is_unsupported() => {
                self.ticking.impossible = true;
                self.plan_ticks();
            }
            Err(error) => tracing::debug!(%error, "statistics"),
        }
    }

    /// Statistics carry the state too: where it is another than the list's, the domain is read again.
    fn check_states(&mut self, records: &[types::DomainStatsRecord]) {
        let agenda = &mut self.agenda;
        self.shared.board.read(|list| {
            for record in records {
                let told = fetch::state_of(&record.params);
                let known = list.get(record.dom.uuid).map(|domain| domain.state);
                let told = told.map(|(state, _)| DomainState::from_wire(state));
                if told.is_some() && told != known {
                    agenda.read_state(record.dom.uuid);
                }
            }
        });
    }
}
