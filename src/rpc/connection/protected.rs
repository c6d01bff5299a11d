//! The two ends of the byte stream with the layer that SASL may put around it. Knows no packet and no mechanism.
//!
//! Descriptors do not pass through a layer.

use std::collections::VecDeque;
use std::io;
use std::os::fd::OwnedFd;

use bytes::BytesMut;
use link_security::sasl::Layer;

use super::transport::{ReadHalf, WriteHalf};

/// Where bytes come from, and what opens them.
pub(super) struct Inward {
    half: ReadHalf,
    layer: Option<Layer>,
    sealed: BytesMut,
}

/// Where bytes go, and what seals them.
pub(super) struct Outward {
    half: WriteHalf,
    layer: Option<Layer>,
    sealed: BytesMut,
}

/// How much is sealed at a time, in bytes: memory does not double with a large packet.
const SEAL_STEP: usize = 256 * 1024;

impl From<ReadHalf> for Inward {
    fn from(half: ReadHalf) -> Self {
        Self {
            half,
            layer: None,
            sealed: BytesMut::new(),
        }
    }
}

impl From<WriteHalf> for Outward {
    fn from(half: WriteHalf) -> Self {
        Self {
            half,
            layer: None,
            sealed: BytesMut::new(),
        }
    }
}

impl Inward {
    /// Appends what has arrived, which may be nothing yet of what is sealed; gives how much came over the wire. Zero means
    /// the end.
    ///
    /// # Cancel safety
    /// Nothing is lost when dropped.
    pub(super) async fn fill(
        &mut self,
        buffer: &mut BytesMut,
        fds: &mut VecDeque<OwnedFd>,
    ) -> io::Result<usize> {
        let Some(layer) = &self.layer else {
            return self.half.fill(buffer, fds).await;
        };
        self.sealed.clear();
        let len = self.half.fill(&mut self.sealed, fds).await?;
        if !fds.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the peer sent file descriptors over a protected link",
            ));
        }
        layer.decode(&self.sealed, buffer)?;
        Ok(len)
    }

    /// Begins the layer at the front of `buffer`, which holds what was read already.
    pub(super) fn protect(&mut self, layer: Layer, buffer: &mut BytesMut) -> io::Result<()> {
        let early = buffer.split();
        layer.decode(&early, buffer)?;
        self.layer = Some(layer);
        Ok(())
    }
}

impl Outward {
    /// Writes all of `bytes`.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(layer) = &self.layer else {
            return self.half.write(bytes).await;
        };
        for chunk in bytes.chunks(SEAL_STEP) {
            self.sealed.clear();
            layer.encode(chunk, &mut self.sealed)?;
            self.half.write(&self.sealed).await?;
        }
        Ok(())
    }

    /// Says whether a layer seals what is written, each write by itself.
    pub(super) fn is_sealed(&self) -> bool {
        self.layer.is_some()
    }

    /// Begins the layer behind what was written.
    pub(super) fn protect(&mut self, layer: Layer) {
        self.layer = Some(layer);
    }

    /// Sends descriptors. Fails under a layer.
    pub(super) async fn send_fds(&mut self, fds: &[OwnedFd]) -> io::Result<()> {
        if self.layer.is_some() {
            return Err(io::ErrorKind::Unsupported.into());
        }
        self.half.send_fds(fds).await
    }

    /// Tells the peer that nothing more comes.
    pub(super) async fn shutdown(&mut self) {
        self.half.shutdown().await;
    }
}
