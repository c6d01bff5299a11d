//! ZRLE: tiles of 64×64 through one zlib stream (RFC 6143 §7.7.6).
//!
//! Inflates in large pieces, so that tiles are read from plain memory; see [`zrle_tile`](super::zrle_tile).

use super::{
    inflate::{Inflate, Scratch},
    payload,
    zrle_tile::{LONGEST_TILE, Tile},
};
use crate::{
    Error, Framebuffer, Rect, Result,
    wire::{Reader, Step},
};

pub(super) const TILE: u16 = 64;

#[derive(Debug, Default)]
pub(super) struct Zrle {
    stream: Inflate,
    tile: Tile,
}

impl Zrle {
    /// Decodes a whole rectangle once its payload is there.
    pub(super) fn step(
        &mut self,
        rect: Rect,
        input: &[u8],
        picture: &mut Framebuffer,
        scratch: &mut Scratch,
    ) -> Result<Step> {
        let mut reader = Reader::new(input);
        let Some(data) = payload(&mut reader, rect)? else {
            return Ok(Step::Need);
        };
        let mut source = Source {
            stream: &mut self.stream,
            input: data,
            scratch: scratch.bytes(),
            start: 0,
            end: 0,
        };
        for top in (0..rect.height).step_by(TILE.into()) {
            for left in (0..rect.width).step_by(TILE.into()) {
                let width = TILE.min(rect.width - left);
                let height = TILE.min(rect.height - top);
                let place = Rect::new(rect.x + left, rect.y + top, width, height);
                let used = self.tile.paint(place, source.ahead()?, picture)?;
                source.start += used;
            }
        }
        source.finish()?;
        Ok(Step::Done(reader.used()))
    }
}

/// The inflated bytes of one rectangle, a window at a time.
struct Source<'a> {
    stream: &'a mut Inflate,
    input: &'a [u8],
    scratch: &'a mut [u8],
    start: usize,
    end: usize,
}

impl Source<'_> {
    /// Returns the bytes that follow: a whole tile's, unless the data end before.
    fn ahead(&mut self) -> Result<&[u8]> {
        if self.end - self.start < LONGEST_TILE && !self.input.is_empty() {
            self.scratch.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
            let free = self.scratch.get_mut(self.end..).unwrap_or_default();
            self.end += self.stream.read(&mut self.input, free)?;
        }
        Ok(self.scratch.get(self.start..self.end).unwrap_or_default())
    }

    /// Checks that the tiles have used everything.
    fn finish(self) -> Result<()> {
        if self.start != self.end {
            return Err(Error::Protocol(
                "compressed data is longer than its rectangle",
            ));
        }
        self.stream.finish(self.input)
    }
}
