//! A picture that no encoding finds easy: boxes of one colour, a slope, and noise.

/// A colour for each place, as `0x00rrggbb`; `seed` makes another picture.
pub(crate) fn pixel(x: u32, y: u32, seed: u32) -> u32 {
    let box_of = (x / 40 + y / 30 * 16 + seed).wrapping_mul(0x9e37_79b1);
    match (x / 160 + y / 120) % 3 {
        0 => box_of >> 8,
        1 => (x & 0xff) << 16 | (y & 0xff) << 8 | seed & 0xff,
        _ => (x * 7919 + y * 104_729 + seed).wrapping_mul(box_of | 1) >> 8,
    }
}

/// The picture of one who keeps it in memory.
#[derive(Debug, Default)]
pub(crate) struct Canvas {
    width: usize,
    pixels: Vec<u32>,
}

impl Canvas {
    /// Draws all of it, in another size if need be.
    pub(crate) fn draw(&mut self, (width, height): (u16, u16), seed: u32) {
        let row = |y: u32| (0..u32::from(width)).map(move |x| pixel(x, y, seed));
        self.pixels = (0..height.into()).flat_map(row).collect();
        self.width = width.into();
    }

    /// Moves it up by so many rows; those at the bottom stay as they are.
    pub(crate) fn scroll(&mut self, rows: usize) {
        self.pixels.copy_within(self.width * rows.., 0);
    }

    /// Its colours as red, green and blue.
    pub(crate) fn colours(&self) -> Vec<[u8; 3]> {
        let colour = |pixel: &u32| {
            let [blue, green, red, _] = pixel.to_le_bytes();
            [red, green, blue]
        };
        self.pixels.iter().map(colour).collect()
    }

    /// Its pixels, blue first, in four bytes each.
    pub(crate) fn bgrx(&self) -> Vec<u8> {
        self.pixels
            .iter()
            .copied()
            .flat_map(u32::to_le_bytes)
            .collect()
    }

    /// Its pixels, red first, in four bytes each.
    pub(crate) fn rgbx(&self) -> Vec<u8> {
        let four = |[red, green, blue]: [u8; 3]| [red, green, blue, 0];
        self.colours().into_iter().flat_map(four).collect()
    }
}
