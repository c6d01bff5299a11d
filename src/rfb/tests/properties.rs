//! Properties: any bytes end in a picture or an error, in pieces of any size; what is encoded is decoded.

mod support;

use flate2::{Compress, Compression, FlushCompress};
use proptest::{collection::vec, prelude::*};
use rfb::{EncodingPolicy, Engine};
use support::{
    desktop, rect,
    server::{Deflate, compact, sized},
    update,
};

const SIDE: u16 = 150;

/// A rectangle of any kind whose body is noise, sometimes in a good zlib stream.
fn any_rect() -> impl Strategy<Value = Vec<u8>> {
    let encoding = prop::sample::select(vec![
        0, 1, 5, 6, 7, 16, -223, -224, -239, -257, -258, -261, -307, -308, -314,
    ]);
    let body = vec(any::<u8>(), 0..400);
    (encoding, any::<[u8; 4]>(), body, any::<bool>()).prop_map(|(encoding, place, body, packed)| {
        let [x, y, width, height] = place.map(|value| u16::from(value % 80));
        let body = match encoding {
            6 | 16 if packed => sized(&Deflate::default().flush(&body)),
            7 if packed => [
                vec![body.first().map_or(0, |byte| byte & 0x7f)],
                compact(&Deflate::default().flush(&body)),
            ]
            .concat(),
            _ => body,
        };
        rect(x, y, width, height, encoding, &body)
    })
}

fn outcome(bytes: &[u8], pieces: &[usize]) -> (Result<(), String>, Engine) {
    let mut engine = Engine::new(EncodingPolicy::LAN);
    let mut rest = bytes;
    let mut sizes = pieces.iter().cycle();
    while !rest.is_empty() {
        let size = sizes
            .next()
            .copied()
            .unwrap_or(usize::MAX)
            .clamp(1, rest.len());
        let (piece, later) = rest.split_at(size);
        if let Err(error) = engine.push(piece) {
            return (Err(error.to_string()), engine);
        }
        rest = later;
    }
    (Ok(()), engine)
}

proptest! {
    #[test]
    fn any_bytes_in_any_pieces(
        rects in vec(any_rect(), 0..6),
        tail in vec(any::<u8>(), 0..100),
        pieces in vec(1usize..50, 1..8),
    ) {
        let bytes = [desktop(SIDE, SIDE, b"x"), update(rects.len() as u16), rects.concat(), tail].concat();
        let (whole, engine) = outcome(&bytes, &[usize::MAX]);
        let (pieced, other) = outcome(&bytes, &pieces);
        prop_assert_eq!(&whole, &pieced);
        prop_assert_eq!(engine.framebuffer().size(), other.framebuffer().size());
        if whole.is_ok() {
            prop_assert!(engine.framebuffer().bytes() == other.framebuffer().bytes());
        }
    }

    #[test]
    fn zrle_decodes_what_is_encoded(picture in picture(), kind in 0usize..4) {
        let body: Vec<u8> = picture.tiles(64).flat_map(|tile| zrle_tile(&tile, kind)).collect();
        let data = sized(&Deflate::default().flush(&body));
        picture.check(16, &data)?;
    }

    #[test]
    fn tight_decodes_what_is_encoded(picture in picture(), filter in 0u8..3) {
        let (head, body) = tight(&picture, filter);
        let stream = filter;
        let data = if body.len() < 12 { body } else { compact(&Deflate::default().flush(&body)) };
        picture.check(7, &[vec![0x40 | stream << 4], head, data].concat())?;
    }

    #[test]
    fn zlib_decodes_what_is_encoded(picture in picture(), level in 0u32..10) {
        let bytes: Vec<u8> = picture.pixels.iter().flat_map(|[r, g, b]| [*b, *g, *r, 0]).collect();
        let mut out = Vec::with_capacity(bytes.len() * 2 + 1000);
        Compress::new(Compression::new(level), true).compress_vec(&bytes, &mut out, FlushCompress::Sync).unwrap();
        picture.check(6, &sized(&out))?;
    }
}

type Colour = [u8; 3];

/// A picture with few colours or many.
#[derive(Clone, Debug)]
struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<Colour>,
}

fn picture() -> impl Strategy<Value = Picture> {
    (1usize..150, 1usize..100, 1usize..300, any::<u64>()).prop_map(
        |(width, height, colours, seed)| {
            let mut state = seed | 1;
            let mut random = || {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state >> 20) as usize
            };
            let palette: Vec<Colour> = (0..colours)
                .map(|_| (random() as u32).to_le_bytes())
                .map(|[r, g, b, _]| [r, g, b])
                .collect();
            let mut pixels = Vec::new();
            while pixels.len() < width * height {
                let run = 1 + random() % 7 * (random() % 60);
                let colour = palette[random() % colours];
                pixels.extend(std::iter::repeat_n(
                    colour,
                    run.min(width * height - pixels.len()),
                ));
            }
            Picture {
                width,
                height,
                pixels,
            }
        },
    )
}

impl Picture {
    fn tiles(&self, side: usize) -> impl Iterator<Item = Self> {
        let places = (0..self.height)
            .step_by(side)
            .flat_map(move |y| (0..self.width).step_by(side).map(move |x| (x, y)));
        places.map(move |(x, y)| {
            let (width, height) = (side.min(self.width - x), side.min(self.height - y));
            let row = |row: usize| &self.pixels[(y + row) * self.width + x..][..width];
            Self {
                width,
                height,
                pixels: (0..height).flat_map(|at| row(at).to_vec()).collect(),
            }
        })
    }

    fn palette(&self) -> Vec<Colour> {
        let mut palette = self.pixels.clone();
        palette.sort_unstable();
        palette.dedup();
        palette
    }

    /// Sends it at an odd place and looks at every pixel.
    fn check(&self, encoding: i32, body: &[u8]) -> Result<(), TestCaseError> {
        let mut engine = Engine::new(EncodingPolicy::LAN);
        engine.push(&desktop(SIDE + 20, SIDE, b"")).unwrap();
        engine.push(&update(1)).unwrap();
        engine
            .push(&rect(
                3,
                5,
                self.width as u16,
                self.height as u16,
                encoding,
                body,
            ))
            .unwrap();
        prop_assert!(engine.is_idle());
        for (at, colour) in self.pixels.iter().enumerate() {
            let (x, y) = ((3 + at % self.width) as u16, (5 + at / self.width) as u16);
            prop_assert_eq!(
                engine.framebuffer().colour(x, y),
                Some(*colour),
                "at {},{}",
                x,
                y
            );
        }
        Ok(())
    }
}

fn bgr([red, green, blue]: Colour) -> [u8; 3] {
    [blue, green, red]
}

/// Encodes a tile: plain, packed palette, plain runs or palette runs, where its colours allow.
fn zrle_tile(tile: &Picture, kind: usize) -> Vec<u8> {
    let palette = tile.palette();
    let colours = || palette.iter().flat_map(|colour| bgr(*colour));
    let index = |colour: &Colour| palette.binary_search(colour).unwrap() as u8;
    let mut out = Vec::new();
    match (kind, palette.len()) {
        (1, 1) => {
            out.push(1);
            out.extend(colours());
        }
        (1, size @ 2..=16) => {
            out.push(size as u8);
            out.extend(colours());
            let bits = if size == 2 {
                1
            } else if size <= 4 {
                2
            } else {
                4
            };
            for row in tile.pixels.chunks(tile.width) {
                for group in row.chunks(8 / bits) {
                    let byte = group
                        .iter()
                        .enumerate()
                        .map(|(at, colour)| index(colour) << (8 - bits * (at + 1)));
                    out.push(byte.sum());
                }
            }
        }
        (2, _) => {
            out.push(128);
            for run in tile.pixels.chunk_by(|a, b| a == b) {
                out.extend(bgr(run[0]));
                out.extend(length(run.len()));
            }
        }
        (3, size @ 2..=127) => {
            out.push(128 + size as u8);
            out.extend(colours());
            for run in tile.pixels.chunk_by(|a, b| a == b) {
                if run.len() == 1 {
                    out.push(index(&run[0]));
                } else {
                    out.push(index(&run[0]) | 128);
                    out.extend(length(run.len()));
                }
            }
        }
        _ => {
            out.push(0);
            out.extend(tile.pixels.iter().flat_map(|colour| bgr(*colour)));
        }
    }
    out
}

fn length(run: usize) -> Vec<u8> {
    let mut bytes = vec![255; (run - 1) / 255];
    bytes.push(((run - 1) % 255) as u8);
    bytes
}

/// Encodes a picture with a filter: its number with its palette, and the filtered bytes.
fn tight(picture: &Picture, filter: u8) -> (Vec<u8>, Vec<u8>) {
    let palette = picture.palette();
    let index = |colour: &Colour| palette.binary_search(colour).unwrap() as u8;
    match (filter, palette.len()) {
        (1, size @ 2..=256) => {
            let head = [&[1, (size - 1) as u8][..], palette.as_flattened()].concat();
            let body = if size > 2 {
                picture.pixels.iter().map(index).collect()
            } else {
                let rows = picture
                    .pixels
                    .chunks(picture.width)
                    .flat_map(|row| row.chunks(8));
                rows.map(|group| {
                    group
                        .iter()
                        .enumerate()
                        .map(|(at, colour)| index(colour) << (7 - at))
                        .sum()
                })
                .collect()
            };
            (head, body)
        }
        (2, _) => (vec![2], gradient(picture)),
        _ => (vec![0], picture.pixels.as_flattened().to_vec()),
    }
}

fn gradient(picture: &Picture) -> Vec<u8> {
    let at = |x: isize, y: isize, channel: usize| -> i32 {
        if x < 0 || y < 0 {
            0
        } else {
            picture.pixels[y as usize * picture.width + x as usize][channel].into()
        }
    };
    let mut out = Vec::new();
    for y in 0..picture.height as isize {
        for x in 0..picture.width as isize {
            for channel in 0..3 {
                let guess =
                    at(x - 1, y, channel) + at(x, y - 1, channel) - at(x - 1, y - 1, channel);
                out.push((at(x, y, channel) - guess.clamp(0, 255)) as u8);
            }
        }
    }
    out
}
