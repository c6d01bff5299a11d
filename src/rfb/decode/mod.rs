//! Turns the payload of rectangles into pixels, one file for each encoding.
//!
//! A decoder sees the bytes that have arrived from the start of what it has not used; it answers
//! how many it has used or that it needs more. State that outlives a rectangle (zlib streams, scratch
//! memory) lives in [`Decoders`]. Nothing here knows messages, events or sockets.

mod copyrect;
mod hextile;
mod inflate;
mod jpeg;
mod jpeg_frame;
mod payload;
mod pixels;
mod raw;
mod tight;
mod tight_filter;
mod zlib;
mod zrle;
mod zrle_tile;

use self::{hextile::Hextile, inflate::Scratch, tight::Tight, zlib::Zlib, zrle::Zrle};
use crate::{Encoding, Framebuffer, Rect, Result, wire::Step};

/// A rectangle that is being decoded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job {
    pub(crate) encoding: Encoding,
    pub(crate) rect: Rect,
    /// What is done already, in a unit of the decoder's choice; 0 at first.
    pub(crate) progress: usize,
}

/// The decoders with what they keep between rectangles.
#[derive(Debug, Default)]
pub(crate) struct Decoders {
    hextile: Hextile,
    zlib: Zlib,
    zrle: Zrle,
    tight: Tight,
    scratch: Scratch,
}

impl Decoders {
    /// Decodes as much of a rectangle as the input allows. The rectangle lies within the framebuffer.
    #[inline]
    pub(crate) fn step(
        &mut self,
        job: &mut Job,
        input: &[u8],
        picture: &mut Framebuffer,
    ) -> Result<Step> {
        let scratch = &mut self.scratch;
        match job.encoding {
            Encoding::Raw => Ok(raw::step(job, input, picture)),
            Encoding::CopyRect => copyrect::step(job, input, picture),
            Encoding::Hextile => self.hextile.step(job, input, picture),
            Encoding::Zlib => self.zlib.step(job, input, picture, scratch),
            Encoding::Zrle => self.zrle.step(job, input, picture, scratch),
            Encoding::Tight => self.tight.step(job.rect, input, picture, scratch),
        }
    }
}
