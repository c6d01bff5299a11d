//! Zlib: plain pixels through one zlib stream (rfbproto, "Zlib Encoding").
//!
//! Rows are painted as their bytes arrive; no payload is ever held back as a whole.

use super::{
    Job,
    inflate::{Inflate, Scratch},
    payload::Payload,
};
use crate::{
    Framebuffer, Rect, Result,
    wire::{Reader, Step},
};

#[derive(Debug, Default)]
pub(super) struct Zlib {
    stream: Inflate,
    payload: Payload,
    /// Inflated bytes of a row that is not complete, at the front of the scratch memory.
    held: usize,
}

impl Zlib {
    /// Paints every row that is complete. `job.progress` counts rows, the reading of the length as one.
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
            self.held = 0;
            job.progress = 1;
        }
        let mut data = self.payload.take(&mut reader);
        self.rows(job, &mut data, picture, scratch.bytes())?;
        if job.progress > height(job) {
            self.stream.finish(data)?;
        }
        self.payload.step(&reader, job.progress > height(job))
    }

    fn rows(
        &mut self,
        job: &mut Job,
        data: &mut &[u8],
        picture: &mut Framebuffer,
        scratch: &mut [u8],
    ) -> Result<()> {
        let stride = usize::from(job.rect.width) * 4;
        let at_once = scratch.len() / stride.max(1);
        while job.progress <= height(job) {
            let wanted = at_once.min(height(job) + 1 - job.progress) * stride;
            let free = scratch.get_mut(self.held..wanted).unwrap_or_default();
            let filled = self.held + self.stream.read(data, free)?;
            let rows = filled / stride;
            let bytes = scratch.get(..rows * stride).unwrap_or_default();
            paint(job, rows, bytes, picture);
            scratch.copy_within(rows * stride..filled, 0);
            self.held = filled - rows * stride;
            job.progress += rows;
            if filled < wanted {
                break;
            }
        }
        Ok(())
    }
}

/// The rows to paint: none where there is no width.
fn height(job: &Job) -> usize {
    if job.rect.width == 0 {
        0
    } else {
        job.rect.height.into()
    }
}

fn paint(job: &Job, rows: usize, bytes: &[u8], picture: &mut Framebuffer) {
    let top = job.rect.y + (job.progress - 1) as u16;
    let place = Rect::new(job.rect.x, top, job.rect.width, rows as u16);
    let sources = bytes.chunks_exact(usize::from(job.rect.width) * 4);
    for (source, target) in sources.zip(picture.rows_mut(place)) {
        bytemuck::cast_slice_mut(target).copy_from_slice(source);
    }
}
