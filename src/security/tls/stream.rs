//! A protected stream, and how to tell why one ended.
//!
//! libvirtd checks the client's certificate after the handshake: in TLS 1.3 the client has long seen it succeed when the
//! refusal comes, as an end without a goodbye or as an alert. [`ended_by`] tells which.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::Alert;

/// A stream within TLS.
#[derive(Debug)]
pub struct TlsStream<S>(pub(super) tokio_rustls::client::TlsStream<S>);

impl<S> TlsStream<S> {
    /// The stream below, for its addresses. Reading or writing there would break the protection.
    pub fn below(&self) -> &S {
        self.0.get_ref().0
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for TlsStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for TlsStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

/// How the other side ended a protected stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PeerEnd {
    /// It said why.
    Alert(Alert),
    /// It closed or reset the connection without TLS' goodbye: libvirtd does so when it refuses a certificate.
    Cut,
}

/// Tells whether an error of a [`TlsStream`] is the other side's end of it, and which. `None` for other errors.
///
/// A proper end is no error: it reads as zero bytes.
pub fn ended_by(error: &io::Error) -> Option<PeerEnd> {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    if let Some(rustls::Error::AlertReceived(alert)) = inner {
        return Some(PeerEnd::Alert((*alert).into()));
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe => Some(PeerEnd::Cut),
        _ => None,
    }
}
