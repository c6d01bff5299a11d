//! A byte stream to a place on the other host, and what it knows about its own end.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::unix::pipe,
};

use super::words::Words;
use crate::{Error, ErrorKind};

/// How long the reason of a command's end may take after the end itself.
const REASON_MAY_FOLLOW: Duration = Duration::from_secs(2);

/// A byte stream that rides on a login. Closed when dropped.
pub(crate) struct Channel {
    read: pipe::Receiver,
    /// `None` once it is shut down.
    write: Option<pipe::Sender>,
    ending: Ending,
    /// Finds out why nothing came at all.
    asking: Option<Pin<Box<dyn Future<Output = Error> + Send + Sync>>>,
    has_read: bool,
}

/// Why a channel ended, once it is known. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ending(Arc<Mutex<Option<Error>>>);

/// What a channel holds until it is over: the far command's words and status.
pub(super) struct Source {
    /// What the command says; a forwarded socket says nothing.
    pub(super) words: Option<Words>,
    /// Ends with the command and gives its status. Dropping it ends the command.
    pub(super) status: Status,
    /// Says what the end means.
    pub(super) judge: fn(&str, Option<u32>) -> Error,
}

/// A command's status, once it has ended.
pub(super) type Status = Pin<Box<dyn Future<Output = Option<u32>> + Send + Sync>>;

impl Ending {
    /// Why the channel ended, where more is known than that it did.
    pub(crate) fn error(&self) -> Option<Error> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set(&self, error: Error) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }
}

impl Channel {
    /// Makes one of its two ends and of what is behind them.
    pub(super) fn new(read: pipe::Receiver, write: pipe::Sender, source: Source) -> Self {
        Self {
            read,
            write: Some(write),
            ending: Ending::default(),
            asking: Some(Box::pin(find_reason(source))),
            has_read: false,
        }
    }

    /// Waits for the end of what said nothing, and for its reason.
    pub(super) async fn into_reason(mut self) -> Error {
        match self.asking.take() {
            Some(asking) => asking.await,
            None => hung_up("", None),
        }
    }

    /// What will be known of its end.
    pub(crate) fn ending(&self) -> Ending {
        self.ending.clone()
    }

    /// At an end before the first byte, waits for the reason.
    fn poll_reason(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(asking) = &mut self.asking else {
            return Poll::Ready(Ok(()));
        };
        let Poll::Ready(error) = asking.as_mut().poll(context) else {
            return Poll::Pending;
        };
        self.asking = None;
        self.ending.set(error.clone());
        Poll::Ready(Err(io::Error::new(io::ErrorKind::ConnectionAborted, error)))
    }
}

async fn find_reason(source: Source) -> Error {
    let settle = async {
        let status = source.status.await;
        if let Some(words) = &source.words {
            words.settle(REASON_MAY_FOLLOW).await;
        }
        status
    };
    let status = tokio::time::timeout(REASON_MAY_FOLLOW, settle).await;
    let text = source.words.map(|words| words.text()).unwrap_or_default();
    (source.judge)(&text, status.ok().flatten())
}

/// What a forwarded socket's end means.
pub(super) fn hung_up(_text: &str, _status: Option<u32>) -> Error {
    Error::new(ErrorKind::Lost, "the other side closed the connection")
}

impl AsyncRead for Channel {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.read).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.has_read = true;
        }
        // Nothing read into a buffer without room is no end.
        let is_end = matches!(polled, Poll::Ready(Ok(()))) && buffer.remaining() > 0;
        if self.has_read || !is_end {
            return polled;
        }
        self.poll_reason(context)
    }
}

impl AsyncWrite for Channel {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Some(write) = &mut self.write else {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        };
        let polled = Pin::new(write).poll_write(context, bytes);
        let is_over =
            matches!(&polled, Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::BrokenPipe);
        if !is_over || self.has_read {
            return polled;
        }
        // The end is often noticed here first.
        match self.poll_reason(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Err(reason)) => Poll::Ready(Err(reason)),
            Poll::Ready(Ok(())) => polled,
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.write = None;
        Poll::Ready(Ok(()))
    }
}
