//! The connection as a boxed stream, and reading from it against a deadline.
//!
//! It knows bytes and time only.

use std::time::Duration;

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::timeout,
};

use crate::{Error, Result, limits::MAX_REASON};

/// Anything that a session can run over.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A connection whose layers are not known at compile time.
pub type BoxedStream = Box<dyn Stream>;

/// Bounds the time of each step of the handshake; a person's thinking is no step.
pub(crate) struct Deadline {
    limit: Duration,
}

impl Deadline {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { limit }
    }

    /// Reads exactly `N` bytes.
    pub(crate) async fn read<const N: usize>(
        &self,
        stream: &mut BoxedStream,
        during: &'static str,
    ) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.fill(stream, &mut bytes, during).await?;
        Ok(bytes)
    }

    /// Fills a buffer.
    pub(crate) async fn fill(
        &self,
        stream: &mut BoxedStream,
        bytes: &mut [u8],
        during: &'static str,
    ) -> Result<()> {
        let read = timeout(self.limit, stream.read_exact(bytes)).await;
        read.map_err(|_| Error::TimedOut { during })??;
        Ok(())
    }

    /// Writes all bytes.
    pub(crate) async fn write(
        &self,
        stream: &mut BoxedStream,
        bytes: &[u8],
        during: &'static str,
    ) -> Result<()> {
        let write = async {
            stream.write_all(bytes).await?;
            stream.flush().await
        };
        let written = timeout(self.limit, write).await;
        written.map_err(|_| Error::TimedOut { during })??;
        Ok(())
    }

    /// Reads a reason with its length, as much of it as comes and is allowed; never fails.
    pub(crate) async fn reason(&self, stream: &mut BoxedStream) -> String {
        let Ok(length) = self.read::<4>(stream, "reading a reason").await else {
            return "the server gave no reason".to_owned();
        };
        let length = (u32::from_be_bytes(length) as usize).min(MAX_REASON);
        let mut text = Vec::new();
        let mut limited = stream.take(length as u64);
        // What arrived before the end or the deadline is worth showing.
        let _ = timeout(self.limit, limited.read_to_end(&mut text)).await;
        // QEMU counts the NUL at the end; C toolkits take no text that holds one.
        let text = String::from_utf8_lossy(&text).replace(char::is_control, " ");
        text.trim().to_owned()
    }
}
