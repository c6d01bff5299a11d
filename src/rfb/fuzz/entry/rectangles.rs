//! Rectangles of each encoding, compressed here, so that the fuzzer meets what lies behind the compression.
//!
//! An input is a series of rectangles: a byte for the encoding, four for place and size, two for the length of what is
//! in it (the lower one first), and that. Tight begins with its control byte, filter and palette.

use flate2::{Compress, Compression, FlushCompress};

const WIDTH: u16 = 200;
const HEIGHT: u16 = 160;

/// Runs one input.
pub(crate) fn run(input: &[u8]) {
    let mut input = Input(input);
    let mut server = Server::default();
    let mut rects = Vec::new();
    let mut count = 0;
    while let Some(rect) = server.rect(&mut input) {
        rects.extend(rect);
        count += 1;
    }
    let bytes = [super::desktop(WIDTH, HEIGHT), super::update(count), rects].concat();
    super::push(&bytes);
}

/// What is left of the input.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    /// Takes up to so many bytes.
    fn take(&mut self, count: usize) -> &'a [u8] {
        let (head, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        head
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N).try_into().ok()
    }
}

/// A server's zlib streams: those of tight, and one each of zlib and ZRLE.
#[derive(Default)]
struct Server {
    streams: [Option<Compress>; 6],
}

const ZLIB: usize = 4;
const ZRLE: usize = 5;

impl Server {
    fn rect(&mut self, input: &mut Input<'_>) -> Option<Vec<u8>> {
        let [kind, x, y, width, height, low, high] = input.array()?;
        let body = input.take(u16::from_le_bytes([low, high]).into());
        let x = u16::from(x) % WIDTH;
        let y = u16::from(y) % HEIGHT;
        let width = u16::from(width) % (WIDTH - x + 1);
        let height = u16::from(height) % (HEIGHT - y + 1);
        let (encoding, body) = match kind % 6 {
            0 => (0, body.to_vec()),
            1 => (1, body.to_vec()),
            2 => (5, body.to_vec()),
            3 => (6, sized(&self.deflate(ZLIB, body))),
            4 => (16, sized(&self.deflate(ZRLE, body))),
            _ => (7, self.tight(body, width, height)),
        };
        Some([super::header(x, y, width, height, encoding), body].concat())
    }

    /// Compresses what follows control byte, filter and palette, filled up or cut to the length that it must have.
    fn tight(&mut self, body: &[u8], width: u16, height: u16) -> Vec<u8> {
        let mut body = Input(body);
        let [control] = body.array().unwrap_or_default();
        let mut head = vec![control];
        if control & 0x80 != 0 {
            return [&head, body.0].concat();
        }
        let mut stride = usize::from(width) * 3;
        if control & 0x40 != 0 {
            let [filter] = body.array().unwrap_or_default();
            head.push(filter);
            if filter == 1 {
                let [last] = body.array().unwrap_or([1]);
                head.push(last);
                head.extend(body.take((usize::from(last) + 1) * 3));
                stride = if last == 1 {
                    usize::from(width).div_ceil(8)
                } else {
                    width.into()
                };
            }
        }
        let mut pixels = body.0.to_vec();
        pixels.resize(stride * usize::from(height), 0x5a);
        if pixels.len() < 12 {
            return [head, pixels].concat();
        }
        for (bit, stream) in self.streams.iter_mut().enumerate().take(4) {
            if control >> bit & 1 != 0 {
                *stream = None;
            }
        }
        let stream = usize::from(control >> 4 & 3);
        [head, compact(&self.deflate(stream, &pixels))].concat()
    }

    fn deflate(&mut self, stream: usize, bytes: &[u8]) -> Vec<u8> {
        let stream =
            self.streams[stream].get_or_insert_with(|| Compress::new(Compression::fast(), true));
        let mut out = Vec::with_capacity(bytes.len() * 2 + 256);
        stream
            .compress_vec(bytes, &mut out, FlushCompress::Sync)
            .expect("there is room");
        out
    }
}

fn sized(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat()
}

/// A payload with its length as tight has it; three bytes always, which is allowed.
fn compact(bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len();
    let head = [
        length as u8 | 0x80,
        (length >> 7) as u8 | 0x80,
        (length >> 14) as u8,
    ];
    [&head, bytes].concat()
}
