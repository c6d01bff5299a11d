//! What was seen: pixels, what is the same in two of them, and how they are kept.

use std::{
    fs::File,
    io::{BufReader, BufWriter},
    path::Path,
};

/// A rectangle in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// The left edge.
    pub x: i32,
    /// The top edge.
    pub y: i32,
    /// The width.
    pub width: i32,
    /// The height.
    pub height: i32,
}

impl Area {
    /// The point in the middle.
    pub fn middle(self) -> (i32, i32) {
        (self.x + self.width / 2, self.y + self.height / 2)
    }
}

/// A picture: rows of pixels, each `0x00RRGGBB`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    pixels: Vec<u32>,
}

impl Picture {
    /// Takes pixels as the X server gives them: four bytes each, blue first.
    pub(crate) fn from_bgrx(width: usize, bytes: &[u8]) -> Self {
        let pixels = bytes
            .chunks_exact(4)
            .map(|p| u32::from_le_bytes([p[0], p[1], p[2], 0]))
            .collect();
        Self { width, pixels }
    }

    /// Its width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Its height in pixels.
    pub fn height(&self) -> usize {
        self.pixels.len() / self.width.max(1)
    }

    /// The part inside an area; what lies outside of the picture is left out.
    #[must_use]
    pub fn part(&self, area: Area) -> Self {
        let clamp = |at: i32, end: usize| usize::try_from(at).unwrap_or(0).min(end);
        let (left, right) = (
            clamp(area.x, self.width),
            clamp(area.x + area.width, self.width),
        );
        let (top, bottom) = (
            clamp(area.y, self.height()),
            clamp(area.y + area.height, self.height()),
        );
        let rows =
            (top..bottom).map(|y| &self.pixels[y * self.width + left..y * self.width + right]);
        Self {
            width: right - left,
            pixels: rows.flatten().copied().collect(),
        }
    }

    /// The share of pixels that are not the most frequent colour, 0.0 to 1.0.
    pub fn busy(&self) -> f64 {
        let mut sorted = self.pixels.clone();
        sorted.sort_unstable();
        let longest = sorted.chunk_by(|a, b| a == b).map(<[u32]>::len).max();
        1.0 - longest.unwrap_or(0) as f64 / self.pixels.len().max(1) as f64
    }

    /// How bright its darkest pixel is, 0 to 255.
    pub fn darkest(&self) -> u32 {
        let brightness =
            |pixel: &u32| ((pixel >> 16 & 255) + (pixel >> 8 & 255) + (pixel & 255)) / 3;
        self.pixels.iter().map(brightness).min().unwrap_or(0)
    }

    /// How many pixels differ from another picture of the same size; all of them when the sizes differ.
    pub fn differing(&self, other: &Self) -> usize {
        if self.width != other.width || self.pixels.len() != other.pixels.len() {
            return self.pixels.len().max(other.pixels.len());
        }
        self.pixels
            .iter()
            .zip(&other.pixels)
            .filter(|(a, b)| a != b)
            .count()
    }

    /// How many lines of text it shows one below the other, in any columns: stretches of rows with many changes of
    /// colour, as high as letters are.
    pub fn text_lines(&self) -> usize {
        const CHANGES: usize = 12;
        const LETTERS: std::ops::RangeInclusive<usize> = 5..=40;
        let busy: Vec<bool> = self
            .pixels
            .chunks(self.width.max(1))
            .map(|row| row.windows(2).filter(|pair| pair[0] != pair[1]).count() > CHANGES)
            .collect();
        let stretches = busy.chunk_by(|a, b| a == b);
        stretches
            .filter(|stretch| stretch[0] && LETTERS.contains(&stretch.len()))
            .count()
    }

    /// The pixels, row by row.
    pub fn pixels(&self) -> &[u32] {
        &self.pixels
    }

    /// Reads a PNG file of 8-bit red, green and blue, with or without transparency; `None` when it is none.
    pub fn load(path: &Path) -> Option<Self> {
        let decoder = png::Decoder::new(BufReader::new(File::open(path).ok()?));
        let mut reader = decoder.read_info().ok()?;
        let mut bytes = vec![0; reader.output_buffer_size()?];
        let frame = reader.next_frame(&mut bytes).ok()?;
        let samples = frame.color_type.samples();
        if frame.bit_depth != png::BitDepth::Eight || samples < 3 {
            return None;
        }
        let pixel = |p: &[u8]| u32::from_be_bytes([0, p[0], p[1], p[2]]);
        Some(Self {
            width: frame.width as usize,
            pixels: bytes[..frame.buffer_size()]
                .chunks_exact(samples)
                .map(pixel)
                .collect(),
        })
    }

    /// Keeps it as a PNG file.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn save(&self, path: &Path) {
        let file = File::create(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let (width, height) = (self.width as u32, self.height() as u32);
        let mut encoder = png::Encoder::new(BufWriter::new(file), width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let bytes: Vec<u8> = self
            .pixels
            .iter()
            .flat_map(|p| [(p >> 16) as u8, (p >> 8) as u8, *p as u8])
            .collect();
        encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(&bytes))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}
