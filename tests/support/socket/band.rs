//! Pictures that never stand still: a band that changes its colour.

use super::vnc::{PIXEL_FORMAT, Pictures};

/// A grey desktop on whose left side a band takes another colour with each update, in plain pixels.
#[derive(Clone, Copy, Debug)]
pub struct Band {
    size: (u16, u16),
    turn: usize,
}

impl Band {
    /// The colours that the band has in turn, as `0x00rrggbb`.
    pub const COLOURS: [u32; 3] = [0x00e0_1b24, 0x0033_d17a, 0x0035_84e4];
    /// What does not change.
    const GROUND: u32 = 0x0077_767b;

    /// Makes one of a size; the band takes an eighth of it.
    pub fn of(size: (u16, u16)) -> Self {
        Self { size, turn: 0 }
    }

    fn rect(&self, width: u16, colour: impl Fn(u16) -> u32) -> Vec<u8> {
        let rows = usize::from(self.size.1);
        // One rectangle: its place, its size, encoding 0.
        let mut bytes = vec![0, 0, 0, 1, 0, 0, 0, 0];
        bytes.extend(width.to_be_bytes());
        bytes.extend(self.size.1.to_be_bytes());
        bytes.extend([0; 4]);
        let row: Vec<u8> = (0..width).flat_map(|x| colour(x).to_le_bytes()).collect();
        bytes.extend(row.repeat(rows));
        bytes
    }
}

impl Pictures for Band {
    fn desktop(&self) -> Vec<u8> {
        let mut bytes = [self.size.0.to_be_bytes(), self.size.1.to_be_bytes()].concat();
        bytes.extend(PIXEL_FORMAT);
        bytes.extend([0; 3]);
        bytes.extend(4_u32.to_be_bytes());
        bytes.extend(b"band");
        bytes
    }

    fn update(&mut self, whole: bool) -> Option<Vec<u8>> {
        let band = self.size.0 / 8;
        let colour = Self::COLOURS[self.turn % Self::COLOURS.len()];
        self.turn += 1;
        Some(if whole {
            self.rect(
                self.size.0,
                |x| if x < band { colour } else { Self::GROUND },
            )
        } else {
            self.rect(band, |_| colour)
        })
    }
}
