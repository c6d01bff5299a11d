//! A byte stream under a SASL layer: what a wire reads and writes as if nothing were there.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::layer::Layer;

/// How much is read from the wire at a time, in bytes.
const READ_STEP: usize = 16 * 1024;

/// A stream whose bytes pass through a [`Layer`], both ways. Written bytes are on the wire after a flush.
#[derive(Debug)]
pub struct SaslStream<S> {
    inner: S,
    layer: Layer,
    /// Read and decoded, not handed out yet.
    plain: BytesMut,
    /// Encoded, not written yet.
    sealed: BytesMut,
}

impl<S> SaslStream<S> {
    /// Begins the layer at the next byte, both ways.
    pub fn new(inner: S, layer: Layer) -> Self {
        Self {
            inner,
            layer,
            plain: BytesMut::new(),
            sealed: BytesMut::new(),
        }
    }

    /// Gives the layer.
    pub fn layer(&self) -> &Layer {
        &self.layer
    }
}

impl<S: AsyncWrite + Unpin> SaslStream<S> {
    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.sealed.is_empty() {
            let written = ready!(Pin::new(&mut self.inner).poll_write(cx, &self.sealed))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.sealed.advance(written);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for SaslStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        // A packet may come in many pieces, and an empty one carries nothing.
        while this.plain.is_empty() {
            let mut space = [0; READ_STEP];
            let mut raw = ReadBuf::new(&mut space);
            ready!(Pin::new(&mut this.inner).poll_read(cx, &mut raw))?;
            if raw.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            this.layer.decode(raw.filled(), &mut this.plain)?;
        }
        let len = this.plain.len().min(buf.remaining());
        buf.put_slice(&this.plain.split_to(len));
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for SaslStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        // One packet at a time: memory does not grow with a peer that does not read.
        ready!(self.poll_drain(cx))?;
        let len = buf.len().min(self.layer.packet_size());
        let this = &mut *self;
        let plain = buf.get(..len).unwrap_or_default();
        this.layer.encode(plain, &mut this.sealed)?;
        Poll::Ready(Ok(len))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(cx))?;
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(cx))?;
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
