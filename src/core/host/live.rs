//! A connection that is up: its first flight of calls, then events, reading and ticks until it ends.

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use futures_util::future::join_all;
use tokio::{sync::watch, task::JoinSet, time::Instant as Clock};
use uuid::Uuid;
use virt_rpc::{
    Connection, Deadline, Error as RpcError, Event, Events,
    procedure::{self, types},
};

use super::{
    Shared, Wish,
    agenda::Agenda,
    events::{Again, WANTED, apply},
    fetch::{self, Found},
    figures::Figures,
    link::{Link, better_reason},
    node::{self, Node},
    ticks::Ticking,
};
use crate::{
    Description, Domain, Error, ErrorKind, HostFacts, HostState, Interest, LogEvent,
    patience::until,
    transport::Carrier,
    wake::{Wake, Woken},
};

/// When a domain that went to another host is read once more: what the other host still does may take its time.
const DEPARTED: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];

/// How long the daemon may take to answer after sleep: a wireless network is back in seconds, with the same address and
/// all its links alive.
const AFTER_SLEEP: Duration = Duration::from_secs(8);

/// How long it may take after a change of the network.
const AFTER_CHANGE: Duration = Duration::from_secs(4);

/// Why a connection is no longer used.
pub(crate) enum Ended {
    /// Nobody wants it any more.
    Unwanted,
    /// It broke, or what it says is no longer true; and when the last bytes came.
    Broken(Error, Option<SystemTime>),
}

/// Reads the list over a new link and publishes it; [`Live::run`] then keeps it true.
pub(crate) async fn begin(shared: &Shared, link: Link, events: Events) -> Result<Live<'_>, Error> {
    let mut live = Live {
        shared,
        connection: link.main().clone(),
        carrier: link.carrier().cloned(),
        events,
        agenda: Agenda::default(),
        figures: Figures::default(),
        node: Node::default(),
        interest: shared.interest.subscribe(),
        next_tick: None,
        ticking: Ticking::default(),
        wake: Wake::watch(),
        work: JoinSet::new(),
    };
    live.first_flight().await?;
    let info = Arc::clone(link.info());
    shared.board.note(LogEvent::Connected(Arc::clone(&info)));
    for warning in &info.warnings {
        shared.board.note(LogEvent::Warning(warning.clone()));
    }
    shared.board.set_link(Some(info));
    shared.link.send_replace(Some(link));
    shared.board.set_state(HostState::Connected);
    Ok(live)
}

/// A connection whose list is published.
pub(crate) struct Live<'a> {
    pub(super) shared: &'a Shared,
    pub(super) connection: Connection,
    carrier: Option<Arc<dyn Carrier>>,
    events: Events,
    pub(super) agenda: Agenda,
    pub(super) figures: Figures,
    pub(super) node: Node,
    pub(super) interest: watch::Receiver<Interest>,
    /// The time of the next tick; `None` while nobody looks.
    pub(super) next_tick: Option<Clock>,
    pub(super) ticking: Ticking,
    wake: Wake,
    /// What is on its way. Dropped with the connection.
    pub(super) work: JoinSet<Outcome>,
}

/// What some reading came to.
pub(super) enum Outcome {
    Facts(HostFacts),
    Everything(Result<Vec<Domain>, RpcError>),
    States(Vec<(Uuid, Found)>),
    Description(Uuid, Option<Description>),
    Figures(Result<Vec<types::DomainStatsRecord>, RpcError>, Instant),
    Probed,
    /// A domain is to be read again.
    Doubt(Uuid),
    Node(Result<node::Answer, RpcError>),
}

impl Drop for Live<'_> {
    fn drop(&mut self) {
        self.shared.link.send_replace(None);
        self.shared.board.set_link(None);
    }
}

impl Live<'_> {
    /// Works until the connection ends.
    pub(crate) async fn run(mut self, wish: &mut watch::Receiver<Wish>) -> Ended {
        match self.work(wish).await {
            Ended::Unwanted => {
                self.connection.close().await;
                Ended::Unwanted
            }
            Ended::Broken(error, heard) => {
                let carrier = self.carrier.as_deref();
                Ended::Broken(better_reason(error, carrier).await, heard)
            }
        }
    }

    /// The third round trip: registers for events, reads the list and the host's facts, all in one flight.
    async fn first_flight(&mut self) -> Result<(), Error> {
        let (shared, options) = (self.shared, self.shared.options());
        // The facts do not hold the list up: a host may take long over its own name.
        let asked = self.connection.clone();
        self.work
            .spawn(async move { Outcome::Facts(fetch::facts(&asked).await) });
        // In this order: the registrations are sent before the lists.
        let (registered, list) = tokio::join!(
            biased;
            register(&self.connection, options.list),
            fetch::everything(&self.connection, &options),
        );
        registered?;
        let list = list?;
        shared.board.edit(|inventory| inventory.replace_all(list));
        self.after_first_list();
        Ok(())
    }

    /// Plans what follows the first list: every XML, and the list once more. A daemon works on several calls of a
    /// flight at the same time, so something may have happened after the list was made and before events were sent.
    fn after_first_list(&mut self) {
        let agenda = &mut self.agenda;
        self.shared
            .board
            .read(|list| list.iter().for_each(|domain| agenda.describe(domain.uuid)));
        let connection = self.connection.clone();
        let options = self.shared.options();
        self.work.spawn(async move {
            Outcome::Everything(fetch::everything(&connection, &options).await)
        });
        self.plan_ticks();
    }

    async fn work(&mut self, wish: &mut watch::Receiver<Wish>) -> Ended {
        loop {
            self.start_reading();
            tokio::select! {
                biased;
                wanted = wish.wait_for(|wish| !wish.connected) => {
                    drop(wanted);
                    return Ended::Unwanted;
                }
                event = self.events.recv() => match event {
                    Ok(event) => if self.happened(event) {
                        return self.broken(Error::new(
                            ErrorKind::Lost,
                            "the daemon lost its connection to the hypervisor",
                        ));
                    },
                    Err(reason) => return self.broken(reason.into()),
                },
                uuids = self.shared.doubts.next() => {
                    uuids.into_iter().for_each(|uuid| self.agenda.read_state(uuid));
                }
                Ok(()) = self.interest.changed() => self.plan_ticks(),
                woken = self.wake.next() => self.probe(woken),
                Some(outcome) = self.work.join_next() => {
                    if let Ok(outcome) = outcome {
                        self.take(outcome);
                    }
                }
                () = until(self.next_tick.map(Clock::into_std)) => self.tick(),
            }
        }
    }

    fn broken(&self, error: Error) -> Ended {
        Ended::Broken(error, self.connection.stats().last_in)
    }

    /// Applies an event and those that wait behind it; `true` when the host can no longer be believed.
    fn happened(&mut self, event: Event) -> bool {
        let events = &mut self.events;
        let more = std::iter::from_fn(|| events.try_recv());
        let again: Vec<Again> = self.shared.board.edit(|list| {
            std::iter::once(event)
                .chain(more)
                .map(|event| apply(&event, list))
                .collect()
        });
        for again in again {
            match again {
                Again::Nothing => {}
                Again::State(uuid) => self.agenda.read_state(uuid),
                Again::Everything(uuid) => {
                    self.agenda.read_state(uuid);
                    self.agenda.describe(uuid);
                }
                Again::Departed(uuid) => {
                    self.agenda.read_state(uuid);
                    self.agenda.describe(uuid);
                    for later in DEPARTED {
                        self.work.spawn(async move {
                            tokio::time::sleep(later).await;
                            Outcome::Doubt(uuid)
                        });
                    }
                }
                Again::Lost => return true,
            }
        }
        false
    }

    /// Sends for as much of what is to be read as may be on its way.
    fn start_reading(&mut self) {
        let states = self.agenda.next_states();
        if !states.is_empty() {
            let connection = self.connection.clone();
            let handles: Vec<_> = states.iter().map(|uuid| self.handle(*uuid)).collect();
            self.work.spawn(async move {
                let found = fetch::some(&connection, handles).await;
                Outcome::States(states.into_iter().zip(found).collect())
            });
        }
        loop {
            let visible = &self.interest.borrow().visible;
            let Some(uuid) = self.agenda.next_description(visible) else {
                return;
            };
            let call = procedure::DomainGetXmlDesc {
                dom: self.handle(uuid),
                flags: 0,
            };
            let connection = self.connection.clone();
            self.work.spawn(async move {
                let xml = connection.call(call).await;
                Outcome::Description(uuid, xml.ok().and_then(|ret| Description::read(&ret.xml)))
            });
        }
    }

    fn take(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Facts(facts) => self.shared.board.set_facts(facts),
            Outcome::Everything(Ok(list)) => self.compare(list),
            Outcome::Everything(Err(error)) => tracing::debug!(%error, "the second list"),
            Outcome::States(found) => self.take_states(found),
            Outcome::Description(uuid, description) => {
                self.agenda.described(uuid);
                if let Some(description) = description {
                    let description = Some(description);
                    self.shared
                        .board
                        .edit(|list| list.change(uuid, |d| d.description = description));
                }
            }
            Outcome::Figures(answer, at) => self.take_figures(answer, at),
            Outcome::Probed => {}
            Outcome::Doubt(uuid) => self.agenda.read_state(uuid),
            Outcome::Node(answer) => self.take_node(answer),
        }
    }

    /// Asks whether the daemon is still there: a link that died in sleep says nothing. A dead one ends by itself then.
    fn probe(&mut self, woken: Woken) {
        let connection = self.connection.clone();
        let patience = match woken {
            Woken::Resumed => AFTER_SLEEP,
            _ => AFTER_CHANGE,
        };
        self.work.spawn(async move {
            connection.probe(patience).await;
            Outcome::Probed
        });
    }

    /// Compares the second list with what is known; where they differ, the domain is read by itself, since events may
    /// have been faster than the list.
    fn compare(&mut self, list: Vec<Domain>) {
        let agenda = &mut self.agenda;
        self.shared.board.read(|known| {
            let mut listed = HashSet::with_capacity(list.len());
            for domain in list {
                listed.insert(domain.uuid);
                if known.get(domain.uuid).is_none_or(|old| !same(old, &domain)) {
                    agenda.read_state(domain.uuid);
                    if known.get(domain.uuid).is_none() {
                        agenda.describe(domain.uuid);
                    }
                }
            }
            let gone = known.iter().filter(|domain| !listed.contains(&domain.uuid));
            gone.for_each(|domain| agenda.read_state(domain.uuid));
        });
    }

    fn take_states(&mut self, found: Vec<(Uuid, Found)>) {
        let agenda = &mut self.agenda;
        self.shared.board.edit(|list| {
            for (uuid, found) in found {
                agenda.state_read(uuid);
                if agenda.is_stale(uuid) {
                    continue;
                }
                match found {
                    Found::Domain(domain) => {
                        if list.get(uuid).is_none_or(|old| old.description.is_none()) {
                            agenda.describe(uuid);
                        }
                        list.merge(*domain);
                    }
                    Found::Gone(uuid) => list.remove(uuid),
                    Found::Unknown => {}
                }
            }
        });
    }

    fn handle(&self, uuid: Uuid) -> types::Domain {
        let known = self.shared.board.read(|list| list.get(uuid).map(handle_of));
        known.unwrap_or_else(|| types::Domain {
            name: String::new(),
            uuid,
            id: -1,
        })
    }
}

/// Registers for every event that is wanted; a refusal of one that the daemon does not know is no failure.
async fn register(connection: &Connection, patience: Duration) -> Result<(), RpcError> {
    let patience = Deadline::After(patience);
    let asked = WANTED.map(|event_id| {
        let dom = None;
        let call = procedure::ConnectDomainEventCallbackRegisterAny { event_id, dom };
        connection.call_with(call, patience)
    });
    let closed = connection.call_with(procedure::ConnectRegisterCloseCallback, patience);
    let (asked, closed) = tokio::join!(join_all(asked), closed);
    let refusals = asked
        .into_iter()
        .filter_map(Result::err)
        .chain(closed.err());
    for error in refusals {
        if error.remote().is_none() && !error.is_unsupported() {
            return Err(error);
        }
        tracing::debug!(%error, "an event is not offered");
    }
    Ok(())
}

/// The name of a domain on the wire.
pub(crate) fn handle_of(domain: &Domain) -> types::Domain {
    types::Domain {
        name: domain.name.clone(),
        uuid: domain.uuid,
        id: domain.id.unwrap_or(-1),
    }
}

/// Compares what lists tell of a domain.
fn same(one: &Domain, other: &Domain) -> bool {
    one.name == other.name
        && one.id == other.id
        && (one.state, one.reason) == (other.state, other.reason)
        && (one.persistent, one.autostart) == (other.persistent, other.autostart)
        && (one.managed_save, one.has_snapshots) == (other.managed_save, other.has_snapshots)
}
