//! CopyRect: a part of the picture appears at another place (RFC 6143 §7.7.2).

use super::Job;
use crate::{
    Error, Framebuffer, Rect, Result,
    wire::{Reader, Step},
};

/// Copies the whole rectangle at once; the source must lie within the picture.
pub(super) fn step(job: &Job, input: &[u8], picture: &mut Framebuffer) -> Result<Step> {
    let mut reader = Reader::new(input);
    let (Some(x), Some(y)) = (reader.u16(), reader.u16()) else {
        return Ok(Step::Need);
    };
    let source = Rect::new(x, y, job.rect.width, job.rect.height);
    if !source.fits(picture.size()) {
        return Err(Error::Protocol(
            "a CopyRect source lies outside the framebuffer",
        ));
    }
    picture.copy_within((x, y), job.rect);
    Ok(Step::Done(4))
}
