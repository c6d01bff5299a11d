//! The task that reads: cuts packets and hands each to the one that it belongs to. What belongs to nobody is counted
//! and passed over; only what makes the byte stream itself unreadable ends the connection.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use super::events::EventSink;
use super::protected::Inward;
use super::shared::{CloseReason, Gate, Reply, Shared};
use super::stats::add;
use super::writer::{PING, PONG};
use crate::procedure::Event;
use crate::wire::packet::{Deframer, Header, Kind, Packet, Program, Status, VERSION};
use crate::wire::xdr::Decoder;

/// Reads until the connection ends.
pub(super) async fn run(shared: Arc<Shared>, mut from: Inward, events: EventSink) {
    let reason = tokio::select! {
        reason = read_all(&shared, &mut from, &events) => reason,
        () = shared.end.cancelled() => return,
    };
    shared.close(reason);
}

async fn read_all(shared: &Shared, from: &mut Inward, events: &EventSink) -> CloseReason {
    let mut deframer = Deframer::default();
    let mut fds = VecDeque::new();
    loop {
        match from.fill(deframer.buffer(), &mut fds).await {
            Ok(0) => return CloseReason::Peer,
            Ok(len) => shared.stats.received(len as u64),
            Err(error) => return error.into(),
        }
        loop {
            match deframer.next_packet() {
                Ok(None) => break,
                Err(error) => return CloseReason::Garbage(error),
                Ok(Some(packet)) if packet.fds > fds.len() => {
                    return CloseReason::MissingDescriptors;
                }
                Ok(Some(packet)) => {
                    let own = fds.drain(..packet.fds).collect();
                    let gate = dispatch(shared, packet, own, events).await;
                    if let Some(layer) = gate.open().await
                        && let Err(error) = from.protect(layer, deframer.buffer())
                    {
                        return error.into();
                    }
                }
            }
        }
    }
}

/// Hands a packet on, and gives what to wait for before anything behind it is looked at.
async fn dispatch(shared: &Shared, packet: Packet, fds: Vec<OwnedFd>, events: &EventSink) -> Gate {
    let header = packet.header;
    let mut gate = Gate::default();
    let known = match header.kind {
        _ if header.version != VERSION => false,
        Kind::Reply | Kind::ReplyWithFds => {
            let found = reply(shared, packet, fds);
            found.map(|found| gate = found).is_some()
        }
        Kind::Message if header.program == Program::Keepalive.number() => {
            keepalive(shared, &header)
        }
        Kind::Message => event(shared, packet, events).await,
        Kind::Stream | Kind::StreamHole => stream(shared, packet).await,
        Kind::Call | Kind::CallWithFds | Kind::Unknown(_) => false,
    };
    if !known {
        add(&shared.stats.ignored, 1);
        tracing::debug!(?header, "packet passed over");
    }
    gate
}

fn reply(shared: &Shared, packet: Packet, fds: Vec<OwnedFd>) -> Option<Gate> {
    let header = packet.header;
    let pending = shared.answered(&header)?;
    add(&shared.stats.replies, 1);
    let reply = Reply {
        header,
        payload: packet.payload,
        fds,
    };
    // The daemon is done with it, so the place is free before the caller runs.
    drop(pending.place);
    if pending.answer.send(reply).is_err() {
        add(&shared.stats.late_replies, 1);
        abandon_stream(shared, &header);
    }
    Some(pending.gate)
}

/// A call that opened a stream was given up before its answer: the stream must not stay open.
fn abandon_stream(shared: &Shared, header: &Header) {
    if let Some(inlet) = shared.stream(header) {
        inlet.abort(shared);
    }
}

fn keepalive(shared: &Shared, header: &Header) -> bool {
    match header.procedure {
        PING => shared.pong.notify_one(),
        PONG => add(&shared.stats.pongs, 1),
        _ => return false,
    }
    true
}

async fn event(shared: &Shared, packet: Packet, events: &EventSink) -> bool {
    let size = packet.payload.len();
    let (program, number) = (packet.header.program, packet.header.procedure);
    let mut decoder = Decoder::new(packet.payload);
    match Event::decode(program, number, &mut decoder) {
        Some(Ok(event)) => {
            add(&shared.stats.events, 1);
            events.push(event, size, shared).await;
            true
        }
        Some(Err(error)) => {
            tracing::warn!(number, %error, "an event cannot be read");
            false
        }
        None => false,
    }
}

async fn stream(shared: &Shared, packet: Packet) -> bool {
    let header = packet.header;
    let Some(inlet) = shared.stream(&header) else {
        return false;
    };
    if matches!(header.status, Status::Ok | Status::Error) {
        shared.forget_stream(header.serial);
    }
    inlet.push(shared, packet).await
}
