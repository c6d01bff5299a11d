//! The reader's end of a stream: sorts what arrives, keeps it within its window of bytes, and knows how the stream
//! ended. Read next: `stream.rs`, what the caller holds.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

use super::events::take_room;
use super::shared::Shared;
use super::stream::StreamItem;
use crate::error::Error;
use crate::procedure::Procedure;
use crate::remote_error::RemoteError;
use crate::wire::codec::Decode;
use crate::wire::packet::{Header, Kind, Packet, Status, VERSION, build};
use crate::wire::xdr::{DecodeError, Decoder};

/// What the reader hands over.
pub(super) enum Arrived {
    Item(StreamItem),
    End,
    Finished,
    Failed(Error),
}

/// The least that a waiting piece counts for, in bytes: empty ones must not pile up without bound either.
const COST_MIN: usize = 64;

/// The reader's end of a stream, and what both halves need to know of it.
pub(super) struct Inlet {
    pub(super) program: u32,
    procedure: i32,
    pub(super) name: &'static str,
    serial: AtomicU32,
    /// What arrived, each with the room that it takes.
    queue: mpsc::UnboundedSender<(Arrived, usize)>,
    pub(super) room: Semaphore,
    window: usize,
    /// One side has ended it: nothing more is to be sent.
    pub(super) over: CancellationToken,
    failure: Mutex<Option<Error>>,
    /// The daemon knows the end: it said so itself, or was told by an abort.
    settled: AtomicBool,
}

impl Inlet {
    pub(super) fn new<P: Procedure>(
        window: u32,
    ) -> (Arc<Self>, mpsc::UnboundedReceiver<(Arrived, usize)>) {
        let (queue, receiver) = mpsc::unbounded_channel();
        let window = (window as usize).max(COST_MIN);
        let inlet = Self {
            program: P::PROGRAM.number(),
            procedure: P::NUMBER,
            name: P::NAME,
            serial: AtomicU32::new(0),
            queue,
            room: Semaphore::new(window),
            window,
            over: CancellationToken::new(),
            failure: Mutex::new(None),
            settled: AtomicBool::new(false),
        };
        (Arc::new(inlet), receiver)
    }

    pub(super) fn set_serial(&self, serial: u32) {
        self.serial.store(serial, Ordering::Relaxed);
    }

    pub(super) fn serial(&self) -> u32 {
        self.serial.load(Ordering::Relaxed)
    }

    /// Takes a packet of the stream; waits for room. False when it has no meaning.
    pub(super) async fn push(&self, shared: &Shared, packet: Packet) -> bool {
        let cost = packet.payload.len().clamp(COST_MIN, self.window);
        let arrived = match (packet.header.kind, packet.header.status) {
            (Kind::StreamHole, Status::Continue) => self.hole(packet.payload),
            (_, Status::Continue) if packet.payload.is_empty() => Arrived::End,
            (_, Status::Continue) => Arrived::Item(StreamItem::Data(packet.payload)),
            (_, Status::Ok) => self.settle(Arrived::Finished),
            (_, Status::Error) => self.settle(Arrived::Failed(self.error(packet.payload))),
            (_, Status::Unknown(_)) => return false,
        };
        if let Arrived::Failed(error) = &arrived {
            self.failure().get_or_insert_with(|| error.clone());
            self.over.cancel();
        }
        take_room(&self.room, cost, shared).await && self.queue.send((arrived, cost)).is_ok()
    }

    fn settle(&self, arrived: Arrived) -> Arrived {
        self.settled.store(true, Ordering::Relaxed);
        self.over.cancel();
        arrived
    }

    /// A hole is a length and flags (`virNetStreamHole`).
    fn hole(&self, payload: Bytes) -> Arrived {
        match i64::decode(&mut Decoder::new(payload)) {
            Ok(length) if length >= 0 => Arrived::Item(StreamItem::Hole(length as u64)),
            Ok(_) => Arrived::Failed(self.broken("a hole has a negative length")),
            Err(source) => Arrived::Failed(self.unreadable(source)),
        }
    }

    fn error(&self, payload: Bytes) -> Error {
        if payload.is_empty() {
            return self.broken("the stream was aborted without a reason");
        }
        match RemoteError::decode(&mut Decoder::new(payload)) {
            Ok(error) => Error::Remote(Box::new(error)),
            Err(source) => self.unreadable(source),
        }
    }

    fn unreadable(&self, source: DecodeError) -> Error {
        Error::Decode {
            procedure: self.name,
            source,
        }
    }

    fn broken(&self, what: &'static str) -> Error {
        Error::Protocol {
            procedure: self.name,
            what,
        }
    }

    fn failure(&self) -> MutexGuard<'_, Option<Error>> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why nothing more can be sent.
    pub(super) fn why_over(&self) -> Error {
        let failure = self.failure().clone();
        failure.unwrap_or_else(|| self.broken("the stream has ended"))
    }

    /// Tells the daemon that nobody wants the stream any more, if it does not know yet. While the call is unanswered
    /// nothing can be said; the reader comes back here when the answer finds nobody.
    pub(super) fn abort(&self, shared: &Shared) {
        self.room.close();
        self.over.cancel();
        if shared.is_pending(self.serial()) || self.settled.swap(true, Ordering::Relaxed) {
            return;
        }
        if shared.forget_stream(self.serial())
            && let Ok(packet) = self.packet(Kind::Stream, Status::Error, &[])
        {
            shared.send(packet);
        }
    }

    pub(super) fn packet(
        &self,
        kind: Kind,
        status: Status,
        payload: &[u8],
    ) -> Result<Bytes, Error> {
        let header = Header {
            program: self.program,
            version: VERSION,
            procedure: self.procedure,
            kind,
            serial: self.serial(),
            status,
        };
        let procedure = self.name;
        build(&header, 0, payload).map_err(|source| Error::Encode { procedure, source })
    }
}
