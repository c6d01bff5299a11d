//! Streams: bulk data that belongs to a call's serial (console, screenshot, upload, download).
//!
//! Data may come right behind the reply, so the inlet is in the table before the call is sent. Received data waits in
//! a window of bytes; when it is full, the socket is not read: give long streams a connection of their own.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::mpsc;

use super::Connection;
use super::call::{Deadline, Extra, decode};
use super::inlet::{Arrived, Inlet};
use super::shared::{Handle, Outgoing, Shared};
use crate::error::Error;
use crate::procedure::{Procedure, StreamKind};
use crate::wire::packet::{Kind, STREAM_CHUNK_MAX, Status};
use crate::wire::xdr::Encoder;

/// A piece of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamItem {
    /// Bytes, at least one.
    Data(Bytes),
    /// So many bytes of zero (sparse streams).
    Hole(u64),
}

/// Aborts the stream when the last half is dropped, and keeps the connection up until then.
struct Guard {
    handle: Arc<Handle>,
    inlet: Arc<Inlet>,
}

impl Guard {
    fn shared(&self) -> &Shared {
        self.handle.shared()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.inlet.abort(self.handle.shared());
    }
}

/// An open stream. Dropping it tells the daemon to abort.
pub struct Stream {
    receiver: StreamReceiver,
    sender: StreamSender,
}

/// The half that receives.
pub struct StreamReceiver {
    guard: Arc<Guard>,
    queue: mpsc::UnboundedReceiver<(Arrived, usize)>,
    ended: bool,
}

/// The half that sends.
pub struct StreamSender {
    guard: Arc<Guard>,
}

impl Connection {
    /// Makes a call that opens a stream. A stream has no deadline; the call has its usual one.
    ///
    /// # Errors
    /// As [`Connection::call`].
    ///
    /// # Cancel safety
    /// When dropped, the stream is aborted as soon as the daemon has opened it.
    pub async fn open_stream<P: Procedure>(&self, args: P) -> Result<(P::Ret, Stream), Error> {
        const {
            assert!(
                !matches!(P::STREAM, StreamKind::None),
                "this call opens no stream"
            );
        };
        let shared = self.shared();
        let (inlet, queue) = Inlet::new::<P>(shared.options.stream_window);
        let guard = Arc::new(Guard {
            handle: Arc::clone(&self.handle),
            inlet: Arc::clone(&inlet),
        });
        let extra = Extra {
            inlet: Some(inlet),
            ..Extra::default()
        };
        let reply = self.exchange(&args, extra, Deadline::Usual).await?;
        let ret = decode::<P>(shared, reply.payload)?;
        let receiver = StreamReceiver {
            guard: Arc::clone(&guard),
            queue,
            ended: false,
        };
        let sender = StreamSender { guard };
        Ok((ret, Stream { receiver, sender }))
    }
}

impl Stream {
    /// Takes the next piece; `None` at the end of the data.
    ///
    /// # Errors
    /// The daemon's error when the stream failed; [`Error::Closed`] when the connection is gone.
    ///
    /// # Cancel safety
    /// No data is lost when dropped.
    pub async fn recv(&mut self) -> Result<Option<StreamItem>, Error> {
        self.receiver.recv().await
    }

    /// Sends data, in pieces that every daemon accepts; waits while the daemon is slower.
    ///
    /// # Errors
    /// The daemon's error when the stream failed; [`Error::Closed`] when the connection is gone.
    ///
    /// # Cancel safety
    /// When dropped, a part of the data may have been sent: abort then.
    pub async fn send(&mut self, data: Bytes) -> Result<(), Error> {
        self.sender.send(data).await
    }

    /// Sends so many bytes of zero as a hole; the stream must have been opened with the sparse flag.
    ///
    /// # Errors
    /// As [`Stream::send`].
    ///
    /// # Cancel safety
    /// When dropped, the hole was sent or not: abort then.
    pub async fn send_hole(&mut self, length: u64) -> Result<(), Error> {
        self.sender.send_hole(length).await
    }

    /// Says that everything was sent, or taken, and waits until the daemon confirms that all went well. Data that was
    /// not taken is discarded.
    ///
    /// # Errors
    /// The daemon's error: without the confirmation an upload is not complete.
    ///
    /// # Cancel safety
    /// When dropped, the outcome stays unknown.
    pub async fn finish(self) -> Result<(), Error> {
        self.sender.finish().await?;
        self.receiver.finished().await
    }

    /// Gives the stream up. The same as dropping it.
    pub fn abort(self) {}

    /// Parts the two directions, so that two tasks can work on them. The stream is aborted when both are dropped.
    pub fn split(self) -> (StreamReceiver, StreamSender) {
        (self.receiver, self.sender)
    }
}

impl StreamReceiver {
    /// See [`Stream::recv`].
    pub async fn recv(&mut self) -> Result<Option<StreamItem>, Error> {
        if self.ended {
            return Ok(None);
        }
        match self.next().await? {
            Arrived::Item(item) => Ok(Some(item)),
            Arrived::Failed(error) => Err(error),
            Arrived::End | Arrived::Finished => {
                self.ended = true;
                Ok(None)
            }
        }
    }

    /// Waits for the daemon's word after our end was sent (see [`StreamSender::finish`]).
    ///
    /// # Errors
    /// The daemon's error.
    pub async fn finished(mut self) -> Result<(), Error> {
        loop {
            match self.next().await? {
                Arrived::Item(_) | Arrived::End => {}
                Arrived::Finished => return Ok(()),
                Arrived::Failed(error) => return Err(error),
            }
        }
    }

    async fn next(&mut self) -> Result<Arrived, Error> {
        let inlet = &self.guard.inlet;
        let shared = self.guard.shared();
        tokio::select! {
            biased;
            Some((arrived, cost)) = self.queue.recv() => {
                inlet.room.add_permits(cost);
                Ok(arrived)
            }
            reason = shared.closed() => Err(Error::Closed(reason)),
        }
    }
}

impl Drop for StreamReceiver {
    fn drop(&mut self) {
        // Nobody takes the data any more: the reader must not wait for room.
        self.guard.inlet.room.close();
    }
}

impl StreamSender {
    /// See [`Stream::send`].
    pub async fn send(&mut self, mut data: Bytes) -> Result<(), Error> {
        while !data.is_empty() {
            let piece = data.split_to(data.len().min(STREAM_CHUNK_MAX));
            self.queue(Kind::Stream, Status::Continue, &piece).await?;
        }
        Ok(())
    }

    /// See [`Stream::send_hole`].
    pub async fn send_hole(&mut self, length: u64) -> Result<(), Error> {
        let mut hole = Encoder::new();
        hole.u64(length);
        hole.u32(0);
        self.queue(Kind::StreamHole, Status::Continue, &hole.finish())
            .await
    }

    /// Says that everything was sent. The daemon's confirmation arrives at the other half
    /// ([`StreamReceiver::finished`]).
    ///
    /// # Errors
    /// As [`Stream::send`].
    pub async fn finish(self) -> Result<(), Error> {
        self.queue(Kind::Stream, Status::Ok, &[]).await
    }

    /// Queues a packet behind the stream's others.
    async fn queue(&self, kind: Kind, status: Status, payload: &[u8]) -> Result<(), Error> {
        let inlet = &self.guard.inlet;
        let shared = self.guard.shared();
        let packet = inlet.packet(kind, status, payload)?;
        let place = tokio::select! {
            biased;
            () = inlet.over.cancelled() => return Err(inlet.why_over()),
            reason = shared.closed() => return Err(Error::Closed(reason)),
            place = shared.bulk.reserve() => place,
        };
        let place = place.map_err(|_| Error::Closed(shared.end_reason()))?;
        let fds = Vec::new();
        place.send(Outgoing::new(packet, fds));
        Ok(())
    }
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.receiver.fmt(out)
    }
}

impl std::fmt::Debug for StreamReceiver {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Stream")
            .field("procedure", &self.guard.inlet.name)
            .field("serial", &self.guard.inlet.serial())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for StreamSender {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("StreamSender")
            .field("procedure", &self.guard.inlet.name)
            .finish_non_exhaustive()
    }
}
