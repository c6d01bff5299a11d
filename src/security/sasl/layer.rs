//! The layer that protects a link after a SASL exchange: bytes in, bytes out. Knows no socket; `stream.rs` does.
//!
//! On the wire each packet is a length of four bytes and what the mechanism makes of the contents (RFC 4422 §3.7). Cyrus
//! does both, and refuses a length above what was agreed before it takes memory for it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::BytesMut;

use super::SaslError;
use super::cyrus::{Context, Failure};
use super::setup::PACKET_MAX;

/// Protects what is sent and opens what has come. Clones are the same layer: one may read while the other writes.
#[derive(Clone)]
pub struct Layer {
    context: Arc<Mutex<Context>>,
    /// How many bytes fit into one packet.
    step: usize,
    ssf: u32,
}

/// A server that takes less than this at once would make ten packets of one.
const STEP_MIN: usize = 256;

/// What came is not what the server sent: damaged, forged, or out of order. The link is of no more use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the protected link is damaged: {0}")]
pub struct LayerError(String);

impl From<LayerError> for std::io::Error {
    fn from(error: LayerError) -> Self {
        Self::new(std::io::ErrorKind::InvalidData, error)
    }
}

impl From<Failure> for LayerError {
    fn from(failure: Failure) -> Self {
        Self(failure.text)
    }
}

impl Layer {
    pub(super) fn new(context: Context) -> Result<Self, SaslError> {
        let (step, ssf) = (context.max_input(), context.ssf());
        if step < STEP_MIN {
            return Err(SaslError::protocol("the server takes packets of no use"));
        }
        Ok(Self {
            context: Arc::new(Mutex::new(context)),
            step: step.min(PACKET_MAX as usize),
            ssf,
        })
    }

    /// Gives the strength, in bits.
    pub fn ssf(&self) -> u32 {
        self.ssf
    }

    /// Gives how many bytes at most go into one packet.
    pub fn packet_size(&self) -> usize {
        self.step
    }

    /// Appends the packets that carry `plain` to `out`.
    pub fn encode(&self, plain: &[u8], out: &mut BytesMut) -> Result<(), LayerError> {
        let mut context = self.context.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in plain.chunks(self.step) {
            context.encode(chunk, |packet| out.extend_from_slice(packet))?;
        }
        Ok(())
    }

    /// Appends what the bytes on the wire carry to `out`. They may be cut anywhere: what is not whole yet is kept.
    pub fn decode(&self, raw: &[u8], out: &mut BytesMut) -> Result<(), LayerError> {
        let mut context = self.context.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in raw.chunks(PACKET_MAX as usize) {
            context.decode(chunk, |plain| out.extend_from_slice(plain))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Layer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Layer({} bits)", self.ssf)
    }
}
