//! A scripted daemon with one domain, for what a real daemon cannot be made to do at the right moment.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use tokio::net::UnixListener;
use tokio::sync::mpsc;
use uuid::Uuid;
use virt_rpc::{
    Event, RemoteError, TypedParam, code,
    procedure::{event, ret, types},
    wire::packet::{Header, Packet, Status},
};

use super::peer::{Peer, answer, message, wire};

/// What the daemon tells when it is asked.
#[derive(Clone)]
pub(crate) struct Told {
    /// `virDomainState` and the id; `None` when there is no such domain.
    pub(crate) state: Option<i32>,
    /// The kind of authentication it asks for: 0 none, 2 polkit, whose dialog is cancelled.
    pub(crate) auth: i32,
    /// Whether it knows bulk statistics.
    pub(crate) bulk: bool,
    /// Whether it answers at all when a single domain's state is asked for.
    pub(crate) answers_state: bool,
    /// What becomes of the state, without an event, once the lists of the first flight are answered.
    pub(crate) after_first_lists: Option<i32>,
}

/// The lists of one flight: all, persistent, autostart, saved, with snapshots.
const LISTS: usize = 5;

/// The scripted daemon.
pub(crate) struct Fake {
    pub(crate) told: Arc<Mutex<Told>>,
    /// The procedures that were called, in order.
    pub(crate) calls: Arc<Mutex<Vec<i32>>>,
    events: mpsc::UnboundedSender<Event>,
}

pub(crate) const UUID: Uuid = Uuid::from_u128(0xfa);

pub(crate) fn dom(id: i32) -> types::Domain {
    types::Domain {
        name: "fake".to_owned(),
        uuid: UUID,
        id,
    }
}

/// A lifecycle event with `virDomainEventType` and detail.
pub(crate) fn lifecycle(kind: i32, detail: i32) -> Event {
    let running = matches!(kind, 2..=4);
    Event::DomainLifecycle(event::DomainLifecycle {
        callback_id: 0,
        dom: dom(if running { 1 } else { -1 }),
        event: kind,
        detail,
    })
}

impl Fake {
    /// Listens at a path; takes one connection after the other.
    pub(crate) fn start(path: &Path, told: Told) -> Self {
        let listener = UnixListener::bind(path).expect("a fresh path");
        let told = Arc::new(Mutex::new(told));
        let calls = Arc::<Mutex<Vec<i32>>>::default();
        let (events, mut queue) = mpsc::unbounded_channel();
        let (model, log) = (Arc::clone(&told), Arc::clone(&calls));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let mut peer = Peer::new(socket);
                loop {
                    tokio::select! {
                        biased;
                        Some(event) = queue.recv() => peer.send(&message(&event)).await,
                        packet = peer.next() => {
                            let Some(packet) = packet else { break };
                            log.lock().unwrap().push(packet.header.procedure);
                            let told = model.lock().unwrap().clone();
                            if let Some(bytes) = respond(&told, &packet) {
                                peer.send(&bytes).await;
                            }
                            let lists = log.lock().unwrap().iter().filter(|call| **call == 273).count();
                            if lists == LISTS {
                                let mut told = model.lock().unwrap();
                                told.state = told.after_first_lists.take().or(told.state);
                            }
                        }
                    }
                }
            }
        });
        Self {
            told,
            calls,
            events,
        }
    }

    pub(crate) fn tell(&self, event: Event) {
        self.events.send(event).expect("the daemon lives");
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Told)) {
        change(&mut self.told.lock().unwrap());
    }
}

fn respond(told: &Told, packet: &Packet) -> Option<bytes::Bytes> {
    let call = &packet.header;
    let ok = |payload: &[u8]| Some(answer(call, Status::Ok, payload));
    let there = told.state.map(|state| dom(if state == 5 { -1 } else { 1 }));
    match call.procedure {
        1 | 2 | 360 => ok(&[]),
        66 => ok(&wire(&ret::AuthList {
            types: vec![told.auth],
        })),
        70 => Some(refuse(call, code::AUTH_CANCELLED)),
        316 => ok(&wire(&ret::ConnectDomainEventCallbackRegisterAny {
            callback_id: 0,
        })),
        273 => {
            let domains: Vec<_> = there.into_iter().collect();
            ok(&wire(&ret::ConnectListAllDomains {
                ret: domains.len() as u32,
                domains,
            }))
        }
        344 if told.bulk => {
            let ret_stats = there.into_iter().map(|dom| types::DomainStatsRecord {
                dom,
                params: vec![
                    TypedParam::new("state.state", told.state.unwrap_or(0)),
                    TypedParam::new("state.reason", 1),
                ],
            });
            ok(&wire(&ret::ConnectGetAllDomainStats {
                ret_stats: ret_stats.collect(),
            }))
        }
        24 => match there {
            Some(dom) => ok(&wire(&ret::DomainLookupByUuid { dom })),
            None => Some(refuse(call, code::NO_DOMAIN)),
        },
        212 if !told.answers_state => None,
        212 => match told.state {
            Some(state) => ok(&wire(&ret::DomainGetState { state, reason: 1 })),
            None => Some(refuse(call, code::NO_DOMAIN)),
        },
        151 => ok(&wire(&ret::DomainIsPersistent { persistent: 1 })),
        _ => Some(refuse(call, code::NO_SUPPORT)),
    }
}

fn refuse(call: &Header, code: i32) -> bytes::Bytes {
    let error = RemoteError {
        code,
        message: Some("not here".to_owned()),
        ..RemoteError::default()
    };
    answer(call, Status::Error, &wire(&error))
}
