//! Calls: take a place in the lane, enter the table, queue the packet, wait, decode. Everything between two awaits is
//! whole, so a dropped future leaves nothing half done; the late answer finds its serial and is discarded.

use std::future::Future;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::Connection;
use super::inlet::Inlet;
use super::shared::{Gate, Outgoing, Pending, Reply, Shared};
use super::stats::add;
use crate::error::Error;
use crate::procedure::{Lane, Patience, Procedure, StreamKind};
use crate::remote_error::RemoteError;
use crate::wire::codec::Decode;
use crate::wire::packet::{FDS_MAX, Header, Kind, PACKET_MAX, PREFIX_LEN, Status, VERSION, build};
use crate::wire::xdr::{DecodeError, Decoder, EncodeError, Encoder};

/// How long a caller is ready to wait: for a place in the lane, and then as long again for the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Deadline {
    /// [`crate::Options::read_deadline`] for reads, none for what changes something.
    #[default]
    Usual,
    /// This long.
    After(Duration),
    /// As long as it takes.
    Never,
}

/// What a call may bring along, beside its arguments.
#[derive(Default)]
pub(super) struct Extra {
    pub(super) fds: Vec<OwnedFd>,
    /// Where the data of the stream go that the call opens.
    pub(super) inlet: Option<Arc<Inlet>>,
    pub(super) gate: Gate,
}

impl Connection {
    /// Calls the daemon with its usual deadline.
    ///
    /// # Errors
    /// See [`Error`]; after every one except [`Error::Closed`] the connection is as good as before.
    ///
    /// # Cancel safety
    /// When dropped, the call may have been made or not; its answer is discarded. Other calls are not harmed.
    pub async fn call<P: Procedure>(&self, args: P) -> Result<P::Ret, Error> {
        self.call_with(args, Deadline::Usual).await
    }

    /// Calls the daemon with another deadline. Otherwise as [`Connection::call`].
    pub async fn call_with<P: Procedure>(
        &self,
        args: P,
        deadline: Deadline,
    ) -> Result<P::Ret, Error> {
        const {
            assert!(matches!(P::STREAM, StreamKind::None), "use open_stream");
        };
        let reply = self.exchange(&args, Extra::default(), deadline).await?;
        decode::<P>(self.shared(), reply.payload)
    }

    /// Calls the daemon, passing it descriptors and taking those that come with the answer. Otherwise as
    /// [`Connection::call`]; descriptors of a discarded answer are closed.
    ///
    /// # Errors
    /// [`Error::NoDescriptors`] when descriptors are passed and this is no local socket.
    pub async fn call_with_fds<P: Procedure>(
        &self,
        args: P,
        fds: Vec<OwnedFd>,
    ) -> Result<(P::Ret, Vec<OwnedFd>), Error> {
        const {
            assert!(matches!(P::STREAM, StreamKind::None), "use open_stream");
        };
        let extra = Extra {
            fds,
            ..Extra::default()
        };
        let reply = self.exchange(&args, extra, Deadline::Usual).await?;
        Ok((decode::<P>(self.shared(), reply.payload)?, reply.fds))
    }

    /// Does what all calls have in common and gives an answer whose status is OK.
    pub(super) async fn exchange<P: Procedure>(
        &self,
        args: &P,
        extra: Extra,
        deadline: Deadline,
    ) -> Result<Reply, Error> {
        let shared = self.shared();
        if !extra.fds.is_empty() && !shared.passes_fds() {
            return Err(Error::NoDescriptors);
        }
        let payload = encode(args, extra.fds.len())?;
        let after = limit::<P>(deadline, shared);
        let place = within::<P, _>(after, place(shared, P::LANE)).await??;
        let answer = send::<P>(shared, payload, extra, place)?;
        let Ok(reply) = within::<P, _>(after, answer).await? else {
            return Err(Error::Closed(shared.end_reason()));
        };
        check::<P>(reply)
    }
}

fn limit<P: Procedure>(deadline: Deadline, shared: &Shared) -> Option<Duration> {
    match (deadline, P::PATIENCE) {
        (Deadline::After(after), _) => Some(after),
        (Deadline::Usual, Patience::Read) => Some(shared.options.read_deadline),
        (Deadline::Usual, Patience::Act) | (Deadline::Never, _) => None,
    }
}

async fn within<P: Procedure, F: Future>(
    after: Option<Duration>,
    future: F,
) -> Result<F::Output, Error> {
    let Some(after) = after else {
        return Ok(future.await);
    };
    let timed_out = |_| Error::TimedOut {
        procedure: P::NAME,
        after,
    };
    tokio::time::timeout(after, future).await.map_err(timed_out)
}

async fn place(shared: &Shared, lane: Lane) -> Result<OwnedSemaphorePermit, Error> {
    let lane = match lane {
        Lane::Quick => &shared.quick,
        Lane::Slow => &shared.slow,
    };
    let closed = |_| Error::Closed(shared.end_reason());
    Arc::clone(lane).acquire_owned().await.map_err(closed)
}

/// Encodes the arguments, and makes sure that the packet can be built.
fn encode<P: Procedure>(args: &P, fds: usize) -> Result<Bytes, Error> {
    let mut encoder = Encoder::new();
    let written = args.encode(&mut encoder);
    let len = PREFIX_LEN + 4 + encoder.len();
    let checked = match written {
        Ok(()) if fds > FDS_MAX => Err(EncodeError::TooLong {
            len: fds,
            max: FDS_MAX as u32,
        }),
        Ok(()) if len > PACKET_MAX => Err(EncodeError::MessageTooLong { len }),
        other => other,
    };
    let procedure = P::NAME;
    checked.map_err(|source| Error::Encode { procedure, source })?;
    Ok(encoder.finish())
}

fn send<P: Procedure>(
    shared: &Shared,
    payload: Bytes,
    extra: Extra,
    place: OwnedSemaphorePermit,
) -> Result<oneshot::Receiver<Reply>, Error> {
    let (answer, receiver) = oneshot::channel();
    let program = P::PROGRAM.number();
    let Extra { fds, inlet, gate } = extra;
    let pending = Pending {
        program,
        answer,
        place,
        gate,
    };
    let kind = if fds.is_empty() {
        Kind::Call
    } else {
        Kind::CallWithFds
    };
    let outgoing = |serial| {
        let header = Header {
            program,
            version: VERSION,
            procedure: P::NUMBER,
            kind,
            serial,
            status: Status::Ok,
        };
        // The length was checked when the arguments were encoded.
        let packet = build(&header, fds.len(), &payload).unwrap_or_default();
        Outgoing::new(packet, fds)
    };
    shared
        .register(pending, inlet, outgoing)
        .map_err(Error::Closed)?;
    Ok(receiver)
}

/// Turns an error answer into an error.
fn check<P: Procedure>(reply: Reply) -> Result<Reply, Error> {
    if reply.header.procedure != P::NUMBER {
        return Err(Error::Protocol {
            procedure: P::NAME,
            what: "the answer names another procedure",
        });
    }
    match reply.header.status {
        Status::Ok => Ok(reply),
        Status::Error => Err(remote::<P>(reply.payload)),
        Status::Continue | Status::Unknown(_) => Err(Error::Protocol {
            procedure: P::NAME,
            what: "the answer is neither a result nor an error",
        }),
    }
}

fn remote<P: Procedure>(payload: Bytes) -> Error {
    match RemoteError::decode(&mut Decoder::new(payload)) {
        Ok(error) if error.is_unknown_procedure(P::PROGRAM.number(), P::NUMBER) => {
            Error::UnknownProcedure {
                procedure: P::NAME,
                number: P::NUMBER,
            }
        }
        Ok(error) => Error::Remote(Box::new(error)),
        Err(source) => unreadable::<P>(source),
    }
}

fn unreadable<P: Procedure>(source: DecodeError) -> Error {
    Error::Decode {
        procedure: P::NAME,
        source,
    }
}

/// Decodes a result. What a newer daemon added behind it is passed over.
pub(super) fn decode<P: Procedure>(shared: &Shared, payload: Bytes) -> Result<P::Ret, Error> {
    let mut decoder = Decoder::new(payload);
    let ret = P::Ret::decode(&mut decoder).map_err(unreadable::<P>)?;
    if decoder.remaining() > 0 {
        add(&shared.stats.trailing, 1);
        tracing::debug!(
            procedure = P::NAME,
            bytes = decoder.remaining(),
            "bytes behind the result"
        );
    }
    Ok(ret)
}
