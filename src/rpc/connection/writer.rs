//! The task that writes. Calls and ends of streams go before data of streams; small packets go together.

use std::io;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};

use super::protected::Outward;
use super::shared::{Outgoing, Queues, Shared};
use super::stats::add;
use crate::wire::packet::{Header, Kind, Program, Status, VERSION, build};

/// Small packets are gathered into one write up to about this size, in bytes.
const GATHER: usize = 64 * 1024;

/// Writes until the connection ends.
pub(super) async fn run(shared: Arc<Shared>, mut to: Outward, mut queues: Queues) {
    let writing = write_all(&shared, &mut to, &mut queues);
    let result = tokio::select! {
        result = writing => result,
        () = shared.end.cancelled() => Ok(()),
    };
    if let Err(error) = result {
        shared.close(error.into());
    }
    to.shutdown().await;
}

async fn write_all(shared: &Shared, to: &mut Outward, queues: &mut Queues) -> io::Result<()> {
    loop {
        let next = tokio::select! {
            biased;
            next = queues.control.recv() => next,
            () = shared.pong.notified() => keepalive(PONG).map(plain),
            next = queues.bulk.recv() => next,
        };
        let Some(first) = next else {
            return Ok(());
        };
        write_some(shared, to, first, queues).await?;
    }
}

/// Writes `first`, and with it what waits behind it and is small.
async fn write_some(
    shared: &Shared,
    to: &mut Outward,
    first: Outgoing,
    queues: &mut Queues,
) -> io::Result<()> {
    let (mut fds, mut layer) = (first.fds, first.layer);
    let mut bytes = first.packet;
    let may_gather = shared.options.gather && !to.is_sealed();
    if may_gather && fds.is_empty() && layer.is_none() && bytes.len() < GATHER {
        let mut gathered = BytesMut::from(bytes);
        while let Some(next) = more(&gathered, queues) {
            gathered.extend_from_slice(&next.packet);
            (fds, layer) = (next.fds, next.layer);
            if !fds.is_empty() || layer.is_some() {
                break;
            }
        }
        bytes = gathered.freeze();
    }
    to.write(&bytes).await?;
    add(&shared.stats.bytes_out, bytes.len() as u64);
    if !fds.is_empty() {
        to.send_fds(&fds).await?;
    }
    if let Some(layer) = layer {
        to.protect(layer);
    }
    Ok(())
}

fn more(gathered: &BytesMut, queues: &mut Queues) -> Option<Outgoing> {
    (gathered.len() < GATHER).then(|| queues.control.try_recv().ok())?
}

fn plain(packet: Bytes) -> Outgoing {
    Outgoing::new(packet, Vec::new())
}

/// The procedure of our question.
pub(super) const PING: i32 = 1;
/// The procedure of the answer.
pub(super) const PONG: i32 = 2;

/// Builds a keepalive packet.
pub(super) fn keepalive(procedure: i32) -> Option<Bytes> {
    let header = Header {
        program: Program::Keepalive.number(),
        version: VERSION,
        procedure,
        kind: Kind::Message,
        serial: 0,
        status: Status::Ok,
    };
    build(&header, 0, &[]).ok()
}
