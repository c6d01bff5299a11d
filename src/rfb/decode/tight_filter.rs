//! The filters of tight: what inflated bytes mean (rfbproto, "Tight Encoding", filter-id).
//!
//! Copy has plain colours, palette has indices, gradient has differences from a prediction.

use super::pixels::{from_rgb, one_bit_row, rgb_row};
use crate::{Error, Framebuffer, Rect, Result, wire::Reader};

/// The filter of the present rectangle, with its palette.
#[derive(Debug)]
pub(super) struct Filter {
    kind: Kind,
    palette: Box<[u32; 256]>,
    /// Entries of the palette that may not be black.
    used: usize,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Copy,
    /// Two colours, one bit for each pixel.
    Mono,
    /// Up to 256 colours, a byte for each pixel.
    Palette,
    Gradient,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            kind: Kind::Copy,
            palette: Box::new([0; 256]),
            used: 0,
        }
    }
}

impl Filter {
    /// Reads the filter's number, if there is one, and its palette; `None` when more bytes are needed.
    pub(super) fn read(&mut self, present: bool, reader: &mut Reader<'_>) -> Result<Option<()>> {
        self.kind = Kind::Copy;
        if !present {
            return Ok(Some(()));
        }
        match reader.u8() {
            None => Ok(None),
            Some(0) => Ok(Some(())),
            Some(1) => self.read_palette(reader),
            Some(2) => {
                self.kind = Kind::Gradient;
                Ok(Some(()))
            }
            Some(_) => Err(Error::Protocol("a tight filter is unknown")),
        }
    }

    /// Reads a palette; entries that it does not have are black.
    fn read_palette(&mut self, reader: &mut Reader<'_>) -> Result<Option<()>> {
        let Some(last) = reader.u8() else {
            return Ok(None);
        };
        self.kind = match last {
            0 => return Err(Error::Protocol("a tight palette has a single colour")),
            1 => Kind::Mono,
            _ => Kind::Palette,
        };
        let size = usize::from(last) + 1;
        let Some(colours) = reader.take(size * 3) else {
            return Ok(None);
        };
        for (entry, colour) in self.palette.iter_mut().zip(colours.as_chunks().0) {
            *entry = from_rgb(*colour);
        }
        if let Some(older) = self.palette.get_mut(size..self.used) {
            older.fill(0);
        }
        self.used = size;
        Ok(Some(()))
    }

    /// Returns the bytes of a row.
    pub(super) fn stride(&self, width: u16) -> usize {
        let width = usize::from(width);
        match self.kind {
            Kind::Copy | Kind::Gradient => width * 3,
            Kind::Mono => width.div_ceil(8),
            Kind::Palette => width,
        }
    }

    /// Paints rows of a rectangle from the row `first` on; all rows above it are painted already.
    pub(super) fn paint(&self, rect: Rect, first: usize, bytes: &[u8], picture: &mut Framebuffer) {
        let rows = bytes.chunks_exact(self.stride(rect.width).max(1));
        let count = rows.len() as u16;
        let place = Rect::new(rect.x, rect.y + first as u16, rect.width, count);
        let [clear, set, ..] = *self.palette;
        match self.kind {
            Kind::Copy => {
                let targets = picture.rows_mut(place);
                rows.zip(targets)
                    .for_each(|(source, target)| rgb_row(source, target));
            }
            Kind::Mono => {
                let targets = picture.rows_mut(place);
                rows.zip(targets)
                    .for_each(|(source, target)| one_bit_row(source, [clear, set], target));
            }
            Kind::Palette => {
                let targets = picture.rows_mut(place);
                rows.zip(targets)
                    .for_each(|(source, target)| self.index_row(source, target));
            }
            Kind::Gradient => {
                for (row, source) in (first..).zip(rows) {
                    gradient_row(rect, row, source, picture);
                }
            }
        }
    }

    #[inline]
    fn index_row(&self, source: &[u8], target: &mut [u32]) {
        let colour = |index: u8| {
            let entry = self.palette.get(usize::from(index));
            entry.copied().unwrap_or_default()
        };
        let (octets, rest) = source.as_chunks::<8>();
        let (targets, last) = target.as_chunks_mut::<8>();
        for (source, target) in octets.iter().zip(targets) {
            *target = source.map(colour);
        }
        for (index, target) in rest.iter().zip(last) {
            *target = colour(*index);
        }
    }
}

/// Adds each difference to the prediction: left + above - above left, kept between 0 and 255.
fn gradient_row(rect: Rect, row: usize, source: &[u8], picture: &mut Framebuffer) {
    let columns = usize::from(rect.x)..rect.right() as usize;
    let Some((above, target)) = picture.row_with_above(usize::from(rect.y) + row) else {
        return;
    };
    let Some(target) = target.get_mut(columns.clone()) else {
        return;
    };
    // Outside the rectangle everything counts as black.
    let above = if row == 0 {
        &[][..]
    } else {
        above.get(columns).unwrap_or_default()
    };
    let above = above
        .iter()
        .copied()
        .map(u32::to_ne_bytes)
        .chain(std::iter::repeat([0; 4]));
    let (mut left, mut above_left) = ([0; 4], [0; 4]);
    for ((target, difference), above) in target.iter_mut().zip(source.as_chunks::<3>().0).zip(above)
    {
        let [red, green, blue] = *difference;
        let predict = |channel: [u8; 3], difference: u8| {
            let [left, above, above_left] = channel.map(i16::from);
            (left + above - above_left).clamp(0, 255).to_le_bytes()[0].wrapping_add(difference)
        };
        let here = [
            predict([left[0], above[0], above_left[0]], blue),
            predict([left[1], above[1], above_left[1]], green),
            predict([left[2], above[2], above_left[2]], red),
            0,
        ];
        *target = u32::from_ne_bytes(here);
        (left, above_left) = (here, above);
    }
}
