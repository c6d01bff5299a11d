//! Raw: plain pixels in the order in which they lie in the framebuffer (RFC 6143 §7.7.1).
//!
//! Pixels go to their place as they arrive; no rectangle is ever held back as a whole.

use super::Job;
use crate::{Framebuffer, Rect, wire::Step};

/// Takes as many pixels as have arrived. `job.progress` counts pixels.
pub(super) fn step(job: &mut Job, input: &[u8], picture: &mut Framebuffer) -> Step {
    let total = job.rect.area();
    let (mut rest, _) = input.split_at(input.len().min((total - job.progress) * 4));
    let before = job.progress;
    while rest.len() >= 4 {
        let taken = take_row(job, rest, picture);
        rest = rest.get(taken * 4..).unwrap_or_default();
        job.progress += taken;
    }
    let used = (job.progress - before) * 4;
    match used {
        _ if job.progress == total => Step::Done(used),
        0 => Step::Need,
        _ => Step::More(used),
    }
}

/// Copies up to the end of the present row; returns the pixels.
fn take_row(job: &Job, input: &[u8], picture: &mut Framebuffer) -> usize {
    let width = usize::from(job.rect.width);
    let (row, column) = (job.progress / width, job.progress % width);
    let count = (width - column).min(input.len() / 4);
    let place = Rect::new(
        job.rect.x + column as u16,
        job.rect.y + row as u16,
        count as u16,
        1,
    );
    for target in picture.rows_mut(place) {
        let target: &mut [u8] = bytemuck::cast_slice_mut(target);
        if let Some(source) = input.get(..target.len()) {
            target.copy_from_slice(source);
        }
    }
    count
}
