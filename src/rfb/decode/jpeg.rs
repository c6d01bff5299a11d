//! JPEG inside tight rectangles, decoded by zune-jpeg.
//!
//! The picture's own header is read first: only one that has exactly its rectangle's size, and is of a kind that encoders
//! make ([`jpeg_frame`]), is decoded.

use std::panic::{AssertUnwindSafe, catch_unwind};

use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::JpegDecoder;

use super::jpeg_frame;
use crate::{Error, Framebuffer, Rect, Result};

const DAMAGED: Error = Error::Protocol("a JPEG rectangle is damaged");

/// Progressive pictures with more passes than this only waste time.
const MAX_SCANS: usize = 64;

/// Memory for decoded pixels, reused.
#[derive(Debug, Default)]
pub(super) struct Jpeg {
    pixels: Vec<u8>,
}

impl Jpeg {
    /// Decodes a picture and paints it over the whole rectangle.
    pub(super) fn paint(
        &mut self,
        rect: Rect,
        data: &[u8],
        picture: &mut Framebuffer,
    ) -> Result<()> {
        if !jpeg_frame::is_usual(data) {
            return Err(Error::Protocol("a JPEG is of a kind that no server makes"));
        }
        // A library's fault must end the session with a reason, not its task without one.
        catch_unwind(AssertUnwindSafe(|| self.decode(rect, data))).unwrap_or(Err(DAMAGED))?;
        let rows = self
            .pixels
            .chunks_exact((usize::from(rect.width) * 4).max(1));
        for (target, source) in picture.rows_mut(rect).zip(rows) {
            bytemuck::cast_slice_mut(target).copy_from_slice(source);
        }
        Ok(())
    }

    fn decode(&mut self, rect: Rect, data: &[u8]) -> Result<()> {
        let options = DecoderOptions::default()
            .set_max_width(rect.width.into())
            .set_max_height(rect.height.into())
            .jpeg_set_max_scans(MAX_SCANS)
            .jpeg_set_out_colorspace(ColorSpace::BGRA);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(data), options);
        decoder.decode_headers().map_err(|_| DAMAGED)?;
        let size = decoder.info().map(|info| (info.width, info.height));
        let bytes = rect.area() * 4;
        if size != Some((rect.width, rect.height)) || decoder.output_buffer_size() != Some(bytes) {
            return Err(Error::Protocol("a JPEG is not as large as its rectangle"));
        }
        self.pixels.resize(bytes, 0);
        decoder.decode_into(&mut self.pixels).map_err(|_| DAMAGED)
    }
}
