//! What a server would send, built by hand: rectangles of each encoding, good and bad.

use flate2::{Compress, Compression, FlushCompress};

/// One zlib stream of a server, flushed after each rectangle.
pub struct Deflate(Compress);

impl Default for Deflate {
    fn default() -> Self {
        Self(Compress::new(Compression::fast(), true))
    }
}

impl Deflate {
    /// Compresses a rectangle's bytes and flushes.
    pub fn flush(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.run(bytes, FlushCompress::Sync)
    }

    /// Compresses a rectangle's bytes and ends the stream.
    pub fn end(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.run(bytes, FlushCompress::Finish)
    }

    fn run(&mut self, bytes: &[u8], how: FlushCompress) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len() * 2 + 1024);
        self.0.compress_vec(bytes, &mut out, how).unwrap();
        out
    }
}

/// A payload with its length in four bytes.
pub fn sized(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat()
}

/// A payload with its length as tight has it.
pub fn compact(bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len();
    let mut out = vec![(length & 0x7f) as u8];
    if length > 0x7f {
        out[0] |= 0x80;
        out.push((length >> 7 & 0x7f) as u8);
    }
    if length > 0x3fff {
        out[1] |= 0x80;
        out.push((length >> 14) as u8);
    }
    out.extend(bytes);
    out
}
