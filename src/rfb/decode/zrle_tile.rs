//! One tile of ZRLE: plain, of one colour, by palette, or by run lengths (RFC 6143 §7.7.5 and §7.7.6).
//!
//! Runs cross rows, so they are laid out in a line first and copied into the picture row by row.

use super::{
    inflate::ENDED,
    pixels::{bgr_row, from_bgr, one_bit_row},
    zrle::TILE,
};
use crate::{Error, Framebuffer, Rect, Result, framebuffer::copy_row, wire::Reader};

const AREA: usize = TILE as usize * TILE as usize;

/// The most bytes that a tile can have: a run of its own for each pixel.
pub(super) const LONGEST_TILE: usize = 1 + AREA * 4;

/// Short runs are written with one wide store that may go beyond their end.
const WIDE: usize = 8;

/// The pixels of a tile in a line, with room for a last wide store.
#[derive(Debug)]
pub(super) struct Tile {
    line: Vec<u32>,
    /// Of the present tile.
    palette: Box<[u32; 128]>,
}

impl Default for Tile {
    fn default() -> Self {
        Self {
            line: vec![0; AREA + WIDE],
            palette: Box::new([0; 128]),
        }
    }
}

impl Tile {
    /// Paints a tile that begins at the first byte; returns the bytes that it has.
    pub(super) fn paint(
        &mut self,
        place: Rect,
        bytes: &[u8],
        picture: &mut Framebuffer,
    ) -> Result<usize> {
        let mut reader = Reader::new(bytes);
        let kind = reader.u8().ok_or(ENDED)?;
        match kind {
            0 => plain(place, &mut reader, picture)?,
            1 => picture.fill(place, colour(&mut reader).ok_or(ENDED)?),
            2..=16 => packed(kind.into(), place, &mut reader, picture)?,
            128 => {
                self.plain_runs(place.area(), &mut reader)?;
                self.copy_to(place, picture);
            }
            130..=255 => {
                self.palette_runs(usize::from(kind) - 128, place.area(), &mut reader)?;
                self.copy_to(place, picture);
            }
            17..=127 | 129 => return Err(Error::Protocol("a ZRLE tile is of an unknown kind")),
        }
        Ok(reader.used())
    }

    /// Lays out runs that each have a colour and a length.
    fn plain_runs(&mut self, area: usize, reader: &mut Reader<'_>) -> Result<()> {
        let mut filled = 0;
        while filled < area {
            let value = colour(reader).ok_or(ENDED)?;
            let length = run_length(reader).ok_or(ENDED)?;
            filled = self.run(filled, length, area, value)?;
        }
        Ok(())
    }

    /// Lays out runs that each have a palette index and, if its highest bit is set, a length.
    fn palette_runs(&mut self, size: usize, area: usize, reader: &mut Reader<'_>) -> Result<()> {
        palette(self.palette.get_mut(..size), reader).ok_or(ENDED)?;
        let mut filled = 0;
        while filled < area {
            let byte = reader.u8().ok_or(ENDED)?;
            let index = usize::from(byte & 0x7f);
            if index >= size {
                return Err(Error::Protocol("a ZRLE run has no colour"));
            }
            let value = self.palette.get(index).copied().unwrap_or_default();
            if byte & 0x80 == 0 {
                if let Some(pixel) = self.line.get_mut(filled) {
                    *pixel = value;
                }
                filled += 1;
            } else {
                let length = run_length(reader).ok_or(ENDED)?;
                filled = self.run(filled, length, area, value)?;
            }
        }
        Ok(())
    }

    /// Writes one run and returns where the next one begins.
    #[inline]
    fn run(&mut self, from: usize, length: usize, area: usize, value: u32) -> Result<usize> {
        let end = from + length;
        if end > area {
            return Err(Error::Protocol("a ZRLE run goes beyond its tile"));
        }
        let ahead = self.line.get_mut(from..).unwrap_or_default();
        if let Some(first) = ahead.first_chunk_mut::<WIDE>() {
            *first = [value; WIDE];
        }
        if let Some(rest) = ahead.get_mut(WIDE..length) {
            rest.fill(value);
        }
        Ok(end)
    }

    fn copy_to(&self, place: Rect, picture: &mut Framebuffer) {
        let rows = self.line.chunks_exact(place.width.into());
        for (target, source) in picture.rows_mut(place).zip(rows) {
            copy_row(target, source);
        }
    }
}

#[inline]
fn colour(reader: &mut Reader<'_>) -> Option<u32> {
    reader.take(3)?.first_chunk().copied().map(from_bgr)
}

/// Reads a length: the sum of bytes up to the first that is not 255, and one.
#[inline]
fn run_length(reader: &mut Reader<'_>) -> Option<usize> {
    let mut length = 1;
    loop {
        let byte = reader.u8()?;
        length += usize::from(byte);
        if byte != 255 {
            return Some(length);
        }
    }
}

/// Reads the entries of a palette.
fn palette(entries: Option<&mut [u32]>, reader: &mut Reader<'_>) -> Option<()> {
    for entry in entries? {
        *entry = colour(reader)?;
    }
    Some(())
}

fn plain(place: Rect, reader: &mut Reader<'_>, picture: &mut Framebuffer) -> Result<()> {
    let bytes = reader.take(place.area() * 3).ok_or(ENDED)?;
    let rows = bytes.chunks_exact(usize::from(place.width) * 3);
    for (target, source) in picture.rows_mut(place).zip(rows) {
        bgr_row(source, target);
    }
    Ok(())
}

/// Paints palette indices of 1, 2 or 4 bits; each row begins with a whole byte.
fn packed(
    size: usize,
    place: Rect,
    reader: &mut Reader<'_>,
    picture: &mut Framebuffer,
) -> Result<()> {
    // Entries that it does not have are black.
    let mut entries = [0; 16];
    palette(entries.get_mut(..size), reader).ok_or(ENDED)?;
    let bits = match size {
        2 => 1,
        3..=4 => 2,
        _ => 4,
    };
    let stride = (usize::from(place.width) * bits).div_ceil(8);
    let bytes = reader
        .take(stride * usize::from(place.height))
        .ok_or(ENDED)?;
    let [first, second, ..] = entries;
    for (target, source) in picture.rows_mut(place).zip(bytes.chunks_exact(stride)) {
        match bits {
            1 => one_bit_row(source, [first, second], target),
            2 => index_row::<4>(source, &entries, target),
            _ => index_row::<2>(source, &entries, target),
        }
    }
    Ok(())
}

/// Paints a row of `PER_BYTE` palette indices in each byte, the leftmost in the highest bits.
#[inline]
fn index_row<const PER_BYTE: usize>(source: &[u8], palette: &[u32; 16], target: &mut [u32]) {
    let bits = 8 / PER_BYTE;
    let mask = (1 << bits) - 1;
    for (byte, targets) in source.iter().zip(target.chunks_mut(PER_BYTE)) {
        for (at, target) in targets.iter_mut().enumerate() {
            let index = usize::from(byte >> (8 - bits - at * bits)) & mask & 15;
            *target = palette.get(index).copied().unwrap_or_default();
        }
    }
}
