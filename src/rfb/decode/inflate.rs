//! A zlib stream that lives as long as the connection, read in large pieces into memory that is reused.
//!
//! A server flushes it after each rectangle and normally never ends it; one that does (QEMU's
//! clipboard, some servers' rectangles) begins a new one with the next byte.

use flate2::{Decompress, FlushDecompress, Status};

use crate::{Error, Result};

/// Large enough for the longest row and several tiles, small enough for a processor's second-level cache.
const SCRATCH: usize = 128 << 10;

pub(super) const ENDED: Error = Error::Protocol("compressed data ends too early");
pub(super) const TOO_LONG: Error = Error::Protocol("compressed data is longer than its rectangle");

/// Memory for bytes between inflating and painting; made at the first use.
#[derive(Debug, Default)]
pub(super) struct Scratch(Vec<u8>);

impl Scratch {
    pub(super) fn bytes(&mut self) -> &mut [u8] {
        if self.0.is_empty() {
            self.0.resize(SCRATCH, 0);
        }
        &mut self.0
    }
}

/// One zlib stream; its window is made at the first use.
#[derive(Debug, Default)]
pub(super) struct Inflate {
    stream: Option<Decompress>,
    /// There may be more without further input: the last reading stopped for want of memory.
    holds_more: bool,
}

impl Inflate {
    /// Begins a new stream, as the server asked.
    pub(super) fn reset(&mut self) {
        if let Some(stream) = &mut self.stream {
            stream.reset(true);
        }
        self.holds_more = false;
    }

    /// Fills as much of `out` as the input allows; returns the bytes.
    pub(super) fn read(&mut self, input: &mut &[u8], out: &mut [u8]) -> Result<usize> {
        let stream = self.stream.get_or_insert_with(|| Decompress::new(true));
        let mut filled = 0;
        while let Some(free) = out.get_mut(filled..) {
            let (read_before, made_before) = (stream.total_in(), stream.total_out());
            let status = stream
                .decompress(input, free, FlushDecompress::None)
                .map_err(|_| Error::Protocol("compressed data is damaged"))?;
            let used = (stream.total_in() - read_before) as usize;
            let made = (stream.total_out() - made_before) as usize;
            *input = input.get(used..).unwrap_or_default();
            filled += made;
            if status == Status::StreamEnd {
                stream.reset(true);
            }
            if filled == out.len() || input.is_empty() || used + made == 0 {
                break;
            }
        }
        self.holds_more = filled == out.len();
        Ok(filled)
    }

    /// Reads `wanted` bytes, or fails. `out` has room for them, or for more that must not come.
    pub(super) fn fill(&mut self, input: &mut &[u8], out: &mut [u8], wanted: usize) -> Result<()> {
        match self.read(input, out)? {
            filled if filled == wanted => Ok(()),
            filled if filled < wanted => Err(ENDED),
            _ => Err(TOO_LONG),
        }
    }

    /// Takes what is left of a rectangle's input, which must not hold any more data.
    pub(super) fn finish(&mut self, mut input: &[u8]) -> Result<()> {
        let is_over = input.is_empty() && !self.holds_more;
        if is_over || self.read(&mut input, &mut [0])? == 0 && input.is_empty() {
            return Ok(());
        }
        Err(TOO_LONG)
    }
}
