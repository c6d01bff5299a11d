//! Zlib: plain pixels through one zlib stream (rfbproto, "Zlib Encoding").

use super::{
    inflate::{Inflate, Scratch},
    payload,
};
use crate::{
    Framebuffer, Rect, Result,
    wire::{Reader, Step},
};

#[derive(Debug, Default)]
pub(super) struct Zlib {
    stream: Inflate,
}

impl Zlib {
    /// Decodes a whole rectangle once its payload is there.
    pub(super) fn step(
        &mut self,
        rect: Rect,
        input: &[u8],
        picture: &mut Framebuffer,
        scratch: &mut Scratch,
    ) -> Result<Step> {
        let mut reader = Reader::new(input);
        let Some(mut data) = payload(&mut reader, rect)? else {
            return Ok(Step::Need);
        };
        let stride = usize::from(rect.width) * 4;
        let scratch = scratch.bytes();
        let at_once = (scratch.len() / stride.max(1)).min(rect.height.into());
        let mut rows = picture.rows_mut(rect);
        let mut left = if stride == 0 {
            0
        } else {
            usize::from(rect.height)
        };
        while left > 0 {
            let now = left.min(at_once);
            let (bytes, _) = scratch.split_at_mut(now * stride);
            self.stream.fill(&mut data, bytes)?;
            for (source, target) in bytes.chunks_exact(stride).zip(&mut rows) {
                bytemuck::cast_slice_mut(target).copy_from_slice(source);
            }
            left -= now;
        }
        self.stream.finish(data)?;
        Ok(Step::Done(reader.used()))
    }
}
