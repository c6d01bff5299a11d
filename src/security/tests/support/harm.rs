//! A way on which the bytes of a host are cut or changed.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};

/// What happens to the bytes of the host on their way.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Harm {
    None,
    CutAfter(usize),
    FlipAt(usize),
}

/// The client's end of a way that harms.
#[derive(Debug)]
pub(crate) struct Way {
    stream: DuplexStream,
    harm: Harm,
    /// How many bytes of the host have come.
    pub(crate) seen: usize,
}

impl Way {
    pub(crate) fn new(stream: DuplexStream, harm: Harm) -> Self {
        Self {
            stream,
            harm,
            seen: 0,
        }
    }
}

impl AsyncRead for Way {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if matches!(self.harm, Harm::CutAfter(end) if self.seen >= end) {
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        let (start, read) = (self.seen, buffer.filled().len() - before);
        match self.harm {
            Harm::CutAfter(end) => buffer.set_filled(before + read.min(end - start)),
            Harm::FlipAt(at) if (start..start + read).contains(&at) => {
                buffer.filled_mut()[before + at - start] ^= 0xff;
            }
            _ => {}
        }
        self.seen += read;
        polled
    }
}

impl AsyncWrite for Way {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
