//! Hextile: tiles of 16×16 with a background, a foreground and small rectangles (RFC 6143 §7.7.4).
//!
//! Tiles are painted as they arrive; colours carry over from tile to tile within a rectangle.

use super::Job;
use crate::{
    Error, Framebuffer, Rect, Result,
    wire::{Reader, Step},
};

const TILE: u16 = 16;

/// Bits of a tile's first byte.
mod flag {
    pub(super) const RAW: u8 = 1;
    pub(super) const BACKGROUND: u8 = 2;
    pub(super) const FOREGROUND: u8 = 4;
    pub(super) const SUBRECTS: u8 = 8;
    pub(super) const COLOURED: u8 = 16;
}

/// The colours that carry over.
#[derive(Debug, Default)]
pub(super) struct Hextile {
    background: u32,
    foreground: u32,
}

impl Hextile {
    /// Paints every tile that is complete. `job.progress` counts tiles.
    pub(super) fn step(
        &mut self,
        job: &mut Job,
        input: &[u8],
        picture: &mut Framebuffer,
    ) -> Result<Step> {
        if job.progress == 0 {
            *self = Self::default();
        }
        let columns = usize::from(job.rect.width.div_ceil(TILE));
        let total = columns * usize::from(job.rect.height.div_ceil(TILE));
        let mut reader = Reader::new(input);
        while job.progress < total {
            let place = tile(job.rect, job.progress % columns, job.progress / columns);
            let mut ahead = reader;
            if self.tile(place, &mut ahead, picture)?.is_none() {
                break;
            }
            reader = ahead;
            job.progress += 1;
        }
        Ok(match reader.used() {
            used if job.progress == total => Step::Done(used),
            0 => Step::Need,
            used => Step::More(used),
        })
    }

    /// Paints one tile; `None`, with at most the colours changed, when it is not complete.
    fn tile(
        &mut self,
        place: Rect,
        reader: &mut Reader<'_>,
        picture: &mut Framebuffer,
    ) -> Result<Option<()>> {
        let Some(flags) = reader.u8() else {
            return Ok(None);
        };
        if flags & flag::RAW != 0 {
            return Ok(raw_tile(place, reader, picture));
        }
        let Some(parts) = self.parts(flags, reader) else {
            return Ok(None);
        };
        picture.fill(place, self.background);
        let mut parts = Reader::new(parts);
        while !parts.rest().is_empty() {
            let colour = if flags & flag::COLOURED == 0 {
                Some(self.foreground)
            } else {
                pixel(&mut parts)
            };
            let (Some(colour), Some(at), Some(size)) = (colour, parts.u8(), parts.u8()) else {
                break;
            };
            paint_part(place, at, size, colour, picture)?;
        }
        Ok(Some(()))
    }

    /// Reads the colours and returns the bytes of all small rectangles.
    fn parts<'a>(&mut self, flags: u8, reader: &mut Reader<'a>) -> Option<&'a [u8]> {
        if flags & flag::BACKGROUND != 0 {
            self.background = pixel(reader)?;
        }
        if flags & flag::FOREGROUND != 0 {
            self.foreground = pixel(reader)?;
        }
        if flags & flag::SUBRECTS == 0 {
            return Some(&[]);
        }
        let count = usize::from(reader.u8()?);
        reader.take(count * if flags & flag::COLOURED == 0 { 2 } else { 6 })
    }
}

fn tile(rect: Rect, column: usize, row: usize) -> Rect {
    let (left, top) = (column as u16 * TILE, row as u16 * TILE);
    let (width, height) = (TILE.min(rect.width - left), TILE.min(rect.height - top));
    Rect::new(rect.x + left, rect.y + top, width, height)
}

fn pixel(reader: &mut Reader<'_>) -> Option<u32> {
    let bytes = reader.take(4)?.first_chunk()?;
    Some(u32::from_ne_bytes(*bytes))
}

fn raw_tile(place: Rect, reader: &mut Reader<'_>, picture: &mut Framebuffer) -> Option<()> {
    let stride = usize::from(place.width) * 4;
    let bytes = reader.take(place.area() * 4)?;
    for (target, source) in picture.rows_mut(place).zip(bytes.chunks_exact(stride)) {
        bytemuck::cast_slice_mut(target).copy_from_slice(source);
    }
    Some(())
}

/// Paints a small rectangle: position in the nibbles of one byte, size less one in those of the next.
fn paint_part(tile: Rect, at: u8, size: u8, colour: u32, picture: &mut Framebuffer) -> Result<()> {
    let part = Rect::new(
        tile.x + u16::from(at >> 4),
        tile.y + u16::from(at & 15),
        u16::from(size >> 4) + 1,
        u16::from(size & 15) + 1,
    );
    if !tile.contains(part) {
        return Err(Error::Protocol("a hextile part lies outside its tile"));
    }
    picture.fill(part, colour);
    Ok(())
}
