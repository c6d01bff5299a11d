//! ZRLE: tiles of 64×64 through one zlib stream (RFC 6143 §7.7.6).
//!
//! Inflates in large pieces, so that tiles are read from plain memory; see [`zrle_tile`](super::zrle_tile). Tiles are
//! painted as their bytes arrive; no payload is ever held back as a whole.

use super::{
    Job,
    inflate::{Inflate, Scratch, TOO_LONG},
    payload::Payload,
    zrle_tile::{LONGEST_TILE, Tile},
};
use crate::{
    Framebuffer, Rect, Result,
    wire::{Reader, Step},
};

pub(super) const TILE: u16 = 64;

#[derive(Debug, Default)]
pub(super) struct Zrle {
    stream: Inflate,
    tile: Tile,
    payload: Payload,
    /// What is inflated and not painted lies here in the scratch memory.
    start: usize,
    end: usize,
    /// The last inflating stopped for want of memory: more may come without more input.
    is_full: bool,
}

impl Zrle {
    /// Paints every tile that is there. `job.progress` counts tiles, the reading of the length as one.
    pub(super) fn step(
        &mut self,
        job: &mut Job,
        input: &[u8],
        picture: &mut Framebuffer,
        scratch: &mut Scratch,
    ) -> Result<Step> {
        let mut reader = Reader::new(input);
        if job.progress == 0 {
            if !self.payload.begin(&mut reader, job.rect)? {
                return Ok(Step::Need);
            }
            (self.start, self.end, self.is_full) = (0, 0, false);
            job.progress = 1;
        }
        let mut data = self.payload.take(&mut reader);
        self.tiles(job, &mut data, picture, scratch.bytes())?;
        let painted = job.progress > count(job.rect);
        if painted {
            self.finish(data)?;
        }
        self.payload.step(&reader, painted)
    }

    /// Paints tiles until they are all painted or the next one may not be whole.
    fn tiles(
        &mut self,
        job: &mut Job,
        data: &mut &[u8],
        picture: &mut Framebuffer,
        scratch: &mut [u8],
    ) -> Result<()> {
        for at in job.progress..=count(job.rect) {
            if self.end - self.start < LONGEST_TILE {
                self.inflate(data, scratch)?;
                if self.end - self.start < LONGEST_TILE && !self.payload.is_over() {
                    break;
                }
            }
            let bytes = scratch.get(self.start..self.end).unwrap_or_default();
            self.start += self.tile.paint(tile(job.rect, at - 1), bytes, picture)?;
            job.progress = at + 1;
        }
        Ok(())
    }

    /// Moves what is inflated to the front and inflates as much more as fits.
    fn inflate(&mut self, data: &mut &[u8], scratch: &mut [u8]) -> Result<()> {
        if data.is_empty() && !self.is_full {
            return Ok(());
        }
        scratch.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        let free = scratch.get_mut(self.end..).unwrap_or_default();
        let filled = self.stream.read(data, free)?;
        self.is_full = filled == free.len();
        self.end += filled;
        Ok(())
    }

    /// Checks that the tiles have used everything.
    fn finish(&mut self, data: &[u8]) -> Result<()> {
        if self.start != self.end {
            return Err(TOO_LONG);
        }
        self.stream.finish(data)
    }
}

fn columns(rect: Rect) -> usize {
    rect.width.div_ceil(TILE).into()
}

fn count(rect: Rect) -> usize {
    columns(rect) * usize::from(rect.height.div_ceil(TILE))
}

fn tile(rect: Rect, at: usize) -> Rect {
    let left = (at % columns(rect)) as u16 * TILE;
    let top = (at / columns(rect)) as u16 * TILE;
    let (width, height) = (TILE.min(rect.width - left), TILE.min(rect.height - top));
    Rect::new(rect.x + left, rect.y + top, width, height)
}
