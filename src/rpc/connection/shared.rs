//! What callers, reader and writer have in common: the table of unanswered calls and open streams, the queues to the
//! writer, and the reason of the end. All of it is changed between awaits only, so dropping a future at any point
//! leaves it whole.

use std::collections::HashMap;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use link_security::sasl::Layer;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::inlet::Inlet;
use super::keepalive::Signs;
use super::options::Options;
use super::stats::{Counters, add};
use crate::wire::packet::{FrameError, Header, Status};

/// Why a connection ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CloseReason {
    /// We closed it.
    #[error("closed from this side")]
    Local,
    /// The daemon closed it: it stopped, or it did not want us.
    #[error("the daemon closed it")]
    Peer,
    /// The link broke.
    #[error("{message}")]
    Io {
        /// What kind of failure.
        kind: std::io::ErrorKind,
        /// The system's words.
        message: String,
    },
    /// No ping was answered.
    #[error("the daemon does not answer any more")]
    Silent,
    /// What came is not libvirt's protocol.
    #[error("this is not libvirt's protocol: {0}")]
    Garbage(FrameError),
    /// A packet promised descriptors that did not come with it.
    #[error("this is not libvirt's protocol: file descriptors are missing")]
    MissingDescriptors,
}

impl From<std::io::Error> for CloseReason {
    fn from(error: std::io::Error) -> Self {
        Self::Io {
            kind: error.kind(),
            message: error.to_string(),
        }
    }
}

/// A packet on its way to the writer.
pub(super) struct Outgoing {
    pub(super) packet: Bytes,
    pub(super) fds: Vec<OwnedFd>,
    /// What begins behind it.
    pub(super) layer: Option<Layer>,
}

impl Outgoing {
    pub(super) fn new(packet: Bytes, fds: Vec<OwnedFd>) -> Self {
        Self {
            packet,
            fds,
            layer: None,
        }
    }
}

/// Stops the reader behind an answer until it is known whether a layer begins there. Most answers have none.
#[derive(Default)]
pub(super) struct Gate(Option<oneshot::Receiver<Layer>>);

impl Gate {
    /// Stays shut until the other end is used or dropped.
    pub(super) fn until(decision: oneshot::Receiver<Layer>) -> Self {
        Self(Some(decision))
    }

    /// Waits, and gives the layer that begins here.
    pub(super) async fn open(self) -> Option<Layer> {
        self.0?.await.ok()
    }
}

/// The writer's ends of the queues.
pub(super) struct Queues {
    pub(super) control: mpsc::UnboundedReceiver<Outgoing>,
    pub(super) bulk: mpsc::Receiver<Outgoing>,
}

/// An answer, not decoded yet.
pub(super) struct Reply {
    pub(super) header: Header,
    pub(super) payload: Bytes,
    pub(super) fds: Vec<OwnedFd>,
}

/// A call that waits for its answer. The place in the lane stays taken until the daemon has answered, also when
/// nobody waits any more: it is the daemon's work that is limited.
pub(super) struct Pending {
    pub(super) program: u32,
    pub(super) answer: oneshot::Sender<Reply>,
    pub(super) place: OwnedSemaphorePermit,
    pub(super) gate: Gate,
}

#[derive(Default)]
struct Table {
    serial: u32,
    pending: HashMap<u32, Pending>,
    streams: HashMap<u32, Arc<Inlet>>,
    closed: Option<CloseReason>,
    /// Nothing may be sent but the calls of SASL's exchange.
    quiet: bool,
}

/// See the head of this file.
pub(super) struct Shared {
    pub(super) options: Options,
    /// A local socket. Written to by nobody but this computer.
    local: bool,
    protected: AtomicBool,
    pub(super) stats: Counters,
    pub(super) quick: Arc<Semaphore>,
    pub(super) slow: Arc<Semaphore>,
    /// Calls, ends of streams, pings. Not bounded itself: the lanes bound what can be in it.
    control: mpsc::UnboundedSender<Outgoing>,
    /// Data of streams.
    pub(super) bulk: mpsc::Sender<Outgoing>,
    /// A PONG is owed. One flag, however many pings come.
    pub(super) pong: Notify,
    /// The reader waits for a slow consumer, so silence says nothing about the peer.
    pub(super) reader_waits: AtomicBool,
    /// We took leave, so the end is ours, whoever hangs up first.
    pub(super) leaving: AtomicBool,
    pub(super) end: CancellationToken,
    table: Mutex<Table>,
}

/// How many packets of stream data may wait for the writer. Small: what waits here is not back-pressure.
const BULK_QUEUE: usize = 2;

impl Shared {
    pub(super) fn new(options: Options, local: bool) -> (Arc<Self>, Queues) {
        let (control, control_queue) = mpsc::unbounded_channel();
        let (bulk, bulk_queue) = mpsc::channel(BULK_QUEUE);
        let shared = Self {
            quick: Arc::new(Semaphore::new(options.quick_window)),
            slow: Arc::new(Semaphore::new(options.slow_window)),
            options,
            local,
            protected: AtomicBool::new(false),
            stats: Counters::default(),
            control,
            bulk,
            pong: Notify::new(),
            reader_waits: AtomicBool::new(false),
            leaving: AtomicBool::new(false),
            end: CancellationToken::new(),
            table: Mutex::default(),
        };
        let queues = Queues {
            control: control_queue,
            bulk: bulk_queue,
        };
        (Arc::new(shared), queues)
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // Nothing panics while it is held; a poisoned table would still be whole.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Enters a call, and its stream if it opens one, under a new serial, then lets `send` build and queue the packet.
    pub(super) fn register(
        &self,
        pending: Pending,
        inlet: Option<Arc<Inlet>>,
        send: impl FnOnce(u32) -> Outgoing,
    ) -> Result<u32, CloseReason> {
        let mut table = self.table();
        if let Some(reason) = &table.closed {
            return Err(reason.clone());
        }
        let serial = table.next_serial();
        add(&self.stats.calls, 1);
        if table.pending.is_empty() {
            add(&self.stats.round_trips, 1);
        }
        table.pending.insert(serial, pending);
        if let Some(inlet) = inlet {
            inlet.set_serial(serial);
            table.streams.insert(serial, inlet);
        }
        // A failure means that the writer is gone, and then the end is near.
        let _ = self.control.send(send(serial));
        Ok(serial)
    }

    /// Takes the call that a reply answers. A failed call takes its stream along.
    pub(super) fn answered(&self, header: &Header) -> Option<Pending> {
        let mut table = self.table();
        let program = table.pending.get(&header.serial)?.program;
        if program != header.program {
            return None;
        }
        if header.status != Status::Ok {
            table.streams.remove(&header.serial);
        }
        table.pending.remove(&header.serial)
    }

    /// Finds the stream that a packet belongs to.
    pub(super) fn stream(&self, header: &Header) -> Option<Arc<Inlet>> {
        let table = self.table();
        let inlet = table.streams.get(&header.serial)?;
        (inlet.program == header.program).then(|| Arc::clone(inlet))
    }

    /// Forgets a stream; says whether it was known.
    pub(super) fn forget_stream(&self, serial: u32) -> bool {
        self.table().streams.remove(&serial).is_some()
    }

    /// Says whether a call is unanswered.
    pub(super) fn is_pending(&self, serial: u32) -> bool {
        self.table().pending.contains_key(&serial)
    }

    /// Says what is known of the peer now.
    pub(super) fn signs(&self) -> Signs {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let table = self.table();
        Signs {
            bytes_in: read(&self.stats.bytes_in),
            answers: read(&self.stats.replies) + read(&self.stats.pongs),
            in_progress: table.pending.len(),
            streams: !table.streams.is_empty(),
        }
    }

    /// Queues a packet that is no call.
    pub(super) fn send(&self, packet: Bytes) {
        // A failure means that the connection has ended, which the caller learns elsewhere.
        let _ = self.control.send(Outgoing::new(packet, Vec::new()));
    }

    /// Queues a packet that is no call, unless the place behind the last call may be where a layer begins.
    pub(super) fn send_aloud(&self, packet: Bytes) {
        let table = self.table();
        if !table.quiet {
            self.send(packet);
        }
    }

    /// Holds back what nobody called for.
    pub(super) fn be_quiet(&self) -> Quiet<'_> {
        self.table().quiet = true;
        Quiet { shared: self }
    }

    /// Says whether descriptors can be passed: a layer lets none through.
    pub(super) fn passes_fds(&self) -> bool {
        self.local && !self.protected.load(Ordering::Relaxed)
    }

    /// Ends the connection. The first reason stays; everything that waits wakes up.
    pub(super) fn close(&self, reason: CloseReason) {
        let leaving = self.leaving.load(Ordering::Relaxed);
        let reason = if leaving { CloseReason::Local } else { reason };
        let (pending, streams) = {
            let mut table = self.table();
            if table.closed.is_some() {
                return;
            }
            tracing::debug!(%reason, "libvirt connection ends");
            table.closed = Some(reason);
            (
                std::mem::take(&mut table.pending),
                std::mem::take(&mut table.streams),
            )
        };
        self.quick.close();
        self.slow.close();
        self.end.cancel();
        // Dropped outside of the lock: this wakes their callers.
        drop((pending, streams));
    }

    pub(super) fn close_reason(&self) -> Option<CloseReason> {
        self.table().closed.clone()
    }

    /// The reason of an end that has been noticed already.
    pub(super) fn end_reason(&self) -> CloseReason {
        self.close_reason().unwrap_or(CloseReason::Local)
    }

    pub(super) async fn closed(&self) -> CloseReason {
        self.end.cancelled().await;
        self.end_reason()
    }
}

/// While it lives, nothing is sent but calls.
pub(super) struct Quiet<'a> {
    shared: &'a Shared,
}

impl Quiet<'_> {
    /// Begins a layer behind what was queued before.
    pub(super) fn protect(&self, layer: Layer) {
        self.shared.protected.store(true, Ordering::Relaxed);
        // A failure means that the connection has ended, which the caller learns elsewhere.
        let _ = self.shared.control.send(Outgoing {
            packet: Bytes::new(),
            fds: Vec::new(),
            layer: Some(layer),
        });
    }
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        self.shared.table().quiet = false;
    }
}

impl Table {
    /// Serials begin at 1 and leave 0 to events.
    fn next_serial(&mut self) -> u32 {
        loop {
            self.serial = self.serial.wrapping_add(1);
            let used =
                self.pending.contains_key(&self.serial) || self.streams.contains_key(&self.serial);
            if self.serial != 0 && !used {
                return self.serial;
            }
        }
    }
}

/// Ends the connection when the last user is gone.
pub(super) struct Handle {
    shared: Arc<Shared>,
}

impl Handle {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.close(CloseReason::Local);
    }
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Handle")
            .field("stats", &self.shared.stats.snapshot())
            .field("closed", &self.shared.close_reason())
            .finish_non_exhaustive()
    }
}
