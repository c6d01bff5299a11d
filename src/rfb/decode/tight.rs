//! Tight: one colour, JPEG, or a filter over one of four zlib streams (rfbproto, "Tight Encoding").
//!
//! Rectangles may be wider than 2048: QEMU sends such fills and JPEGs. See
//! [`tight_filter`](super::tight_filter) for what filters do to pixels.

use super::{
    inflate::{Inflate, Scratch},
    jpeg::Jpeg,
    pixels::from_rgb,
    tight_filter::Filter,
};
use crate::{
    Error, Framebuffer, Rect, Result,
    limits::max_payload,
    wire::{Reader, Step},
};

/// Data shorter than this are not compressed and have no length.
const SHORTEST_COMPRESSED: usize = 12;

#[derive(Debug, Default)]
pub(super) struct Tight {
    streams: [Inflate; 4],
    filter: Filter,
    jpeg: Jpeg,
}

impl Tight {
    /// Decodes a whole rectangle once its payload is there.
    pub(super) fn step(
        &mut self,
        rect: Rect,
        input: &[u8],
        picture: &mut Framebuffer,
        scratch: &mut Scratch,
    ) -> Result<Step> {
        let mut reader = Reader::new(input);
        let Some(control) = reader.u8() else {
            return Ok(Step::Need);
        };
        let done = match control >> 4 {
            0..=7 => self.basic(control, rect, &mut reader, picture, scratch)?,
            8 => fill(rect, &mut reader, picture),
            9 => self.jpeg(rect, &mut reader, picture)?,
            _ => return Err(Error::Protocol("a tight rectangle is of an unknown kind")),
        };
        if done.is_none() {
            return Ok(Step::Need);
        }
        // The whole rectangle is there only now. A stream that this rectangle has used was reset before it.
        if control >> 4 > 7 {
            self.reset_streams(control);
        }
        Ok(Step::Done(reader.used()))
    }

    /// The four lowest bits of the first byte each begin a stream anew.
    fn reset_streams(&mut self, control: u8) {
        for (bit, stream) in self.streams.iter_mut().enumerate() {
            if control & (1 << bit) != 0 {
                stream.reset();
            }
        }
    }

    /// Decodes filtered pixels; `None` until all of them are there.
    fn basic(
        &mut self,
        control: u8,
        rect: Rect,
        reader: &mut Reader<'_>,
        picture: &mut Framebuffer,
        scratch: &mut Scratch,
    ) -> Result<Option<()>> {
        const HAS_FILTER: u8 = 0x40;
        if self
            .filter
            .read(control & HAS_FILTER != 0, reader)?
            .is_none()
        {
            return Ok(None);
        }
        let stride = self.filter.stride(rect.width);
        let length = stride * usize::from(rect.height);
        if length < SHORTEST_COMPRESSED {
            let Some(bytes) = reader.take(length) else {
                return Ok(None);
            };
            self.reset_streams(control);
            self.filter.paint(rect, 0, bytes, picture);
            return Ok(Some(()));
        }
        let Some(data) = compact_payload(reader, rect)? else {
            return Ok(None);
        };
        self.reset_streams(control);
        self.inflate(control >> 4 & 3, rect, data, picture, scratch)?;
        Ok(Some(()))
    }

    /// Inflates and paints as many rows at once as the scratch memory holds.
    fn inflate(
        &mut self,
        stream: u8,
        rect: Rect,
        mut data: &[u8],
        picture: &mut Framebuffer,
        scratch: &mut Scratch,
    ) -> Result<()> {
        let Some(stream) = self.streams.get_mut(usize::from(stream)) else {
            return Ok(());
        };
        let stride = self.filter.stride(rect.width);
        let scratch = scratch.bytes();
        let at_once = (scratch.len() - 1) / stride;
        let height = usize::from(rect.height);
        for first in (0..height).step_by(at_once) {
            let rows = at_once.min(height - first);
            // The last rows get more room than they need: inflating is quicker, and sees that the data is over.
            let is_last = first + rows == height;
            let room = if is_last {
                scratch.len()
            } else {
                rows * stride
            };
            let (room, _) = scratch.split_at_mut(room);
            stream.fill(&mut data, room, rows * stride)?;
            let (bytes, _) = room.split_at(rows * stride);
            self.filter.paint(rect, first, bytes, picture);
        }
        stream.finish(data)
    }

    fn jpeg(
        &mut self,
        rect: Rect,
        reader: &mut Reader<'_>,
        picture: &mut Framebuffer,
    ) -> Result<Option<()>> {
        match compact_payload(reader, rect)? {
            None => Ok(None),
            Some(data) => self.jpeg.paint(rect, data, picture).map(Some),
        }
    }
}

fn fill(rect: Rect, reader: &mut Reader<'_>, picture: &mut Framebuffer) -> Option<()> {
    let colour = reader.take(3)?.first_chunk()?;
    picture.fill(rect, from_rgb(*colour));
    Some(())
}

/// Reads a payload with its length in one to three bytes of seven, seven and eight bits.
fn compact_payload<'a>(reader: &mut Reader<'a>, rect: Rect) -> Result<Option<&'a [u8]>> {
    let Some(length) = compact_length(reader) else {
        return Ok(None);
    };
    Error::check_limit("a compressed rectangle", length, max_payload(rect.area()))?;
    Ok(reader.take(length))
}

fn compact_length(reader: &mut Reader<'_>) -> Option<usize> {
    const MORE: u8 = 0x80;
    let first = reader.u8()?;
    let mut length = usize::from(first & 0x7f);
    if first & MORE != 0 {
        let second = reader.u8()?;
        length |= usize::from(second & 0x7f) << 7;
        if second & MORE != 0 {
            length |= usize::from(reader.u8()?) << 14;
        }
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compact_lengths() {
        for (bytes, length) in [
            (&[0x7f][..], Some(127)),
            (&[0x80, 0x01], Some(128)),
            (&[0xff, 0x7f], Some(16383)),
            (&[0x80, 0x80, 0x01], Some(16384)),
            (&[0xff, 0xff, 0xff], Some((4 << 20) - 1)),
            (&[0xff, 0xff], None),
            (&[], None),
        ] {
            assert_eq!(compact_length(&mut Reader::new(bytes)), length);
        }
    }
}
