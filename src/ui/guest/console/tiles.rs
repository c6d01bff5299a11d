//! The picture cut into tiles, so that what changes little costs little. Pure numbers, no GTK.
//!
//! Each tile's texture also holds one line of its neighbours on every side: when the picture is scaled, colours at
//! its edges are mixed from the right pixels and no seam shows.

use crate::model::rfb::{Rect, Size};

/// How large tiles are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grain {
    /// 256 pixels wide and high: 256 KiB, small against a screen and large against what a texture costs.
    Coarse,
    /// 128 pixels, for a renderer that copies all of a tile in which anything has changed; pictures that would be more
    /// than 256 of such tiles are cut coarsely, because GTK's renderer looks at each tile in every frame, and so many
    /// small blocks of memory are not given back to the system.
    Fine,
}

/// The most pixels of a picture that is cut finely: a screen of 2560×1440 is.
const FINE: usize = 256 * 128 * 128;

/// Lines of the neighbours that a tile holds.
const MARGIN: u16 = 1;

/// A picture's tiles, row by row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Grid {
    size: Size,
    /// A tile’s width and height.
    length: u16,
}

impl Grid {
    /// Cuts a picture into squares.
    pub(super) fn new(size: Size, grain: Grain) -> Self {
        let length = match grain {
            Grain::Fine if size.area() <= FINE => 128,
            _ => 256,
        };
        Self { size, length }
    }

    /// Gives how many tiles have so many pixels.
    pub(super) fn tiles_of(self, pixels: usize) -> usize {
        pixels / usize::from(self.length.max(1)).pow(2)
    }

    /// Gives the picture's size.
    pub(super) fn size(self) -> Size {
        self.size
    }

    /// Counts the tiles.
    pub(super) fn len(self) -> usize {
        self.columns() * self.rows()
    }

    /// Gives the part of the picture that a tile shows.
    pub(super) fn shown(self, index: usize) -> Rect {
        let columns = self.columns().max(1);
        let side = usize::from(self.length);
        let (x, y) = (index % columns * side, index / columns * side);
        Rect::new(x as u16, y as u16, self.length, self.length).intersection(self.size.rect())
    }

    /// Gives the part of the picture that a tile holds: what it shows, and a margin.
    pub(super) fn held(self, index: usize) -> Rect {
        grow(self.shown(index)).intersection(self.size.rect())
    }

    /// Marks the tiles that hold a changed pixel.
    pub(super) fn mark(self, changed: Rect, marks: &mut [bool]) {
        let changed = grow(changed).intersection(self.size.rect());
        if changed.is_empty() {
            return;
        }
        let tile = |pixel: u32| (pixel / u32::from(self.length)) as usize;
        for row in tile(changed.y.into())..=tile(changed.bottom() - 1) {
            for column in tile(changed.x.into())..=tile(changed.right() - 1) {
                marks[row * self.columns() + column] = true;
            }
        }
    }

    fn columns(self) -> usize {
        self.size.width.div_ceil(self.length.max(1)).into()
    }

    fn rows(self) -> usize {
        self.size.height.div_ceil(self.length.max(1)).into()
    }
}

/// Adds the margin on each side; what leaves the picture is cut later.
fn grow(rect: Rect) -> Rect {
    let (x, y) = (rect.x.saturating_sub(MARGIN), rect.y.saturating_sub(MARGIN));
    let right = rect.right() + u32::from(MARGIN);
    let bottom = rect.bottom() + u32::from(MARGIN);
    Rect::new(
        x,
        y,
        u16::try_from(right - u32::from(x)).unwrap_or(u16::MAX),
        u16::try_from(bottom - u32::from(y)).unwrap_or(u16::MAX),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(grid: Grid, changed: Rect) -> Vec<usize> {
        let mut marks = vec![false; grid.len()];
        grid.mark(changed, &mut marks);
        (0..grid.len()).filter(|index| marks[*index]).collect()
    }

    #[test]
    fn tiles_cover_the_picture_once() {
        for size in [(800, 600), (256, 256), (257, 255), (1, 1), (5120, 2160)] {
            for grain in [Grain::Coarse, Grain::Fine] {
                let grid = Grid::new(Size::new(size.0, size.1), grain);
                let area: usize = (0..grid.len()).map(|index| grid.shown(index).area()).sum();
                assert_eq!(area, grid.size().area());
                for index in 0..grid.len() {
                    assert!(grid.held(index).contains(grid.shown(index)));
                    assert!(grid.held(index).fits(grid.size()));
                }
            }
        }
        assert_eq!(Grid::new(Size::new(0, 0), Grain::Coarse).len(), 0);
    }

    #[test]
    fn no_picture_is_cut_into_very_many_tiles() {
        let tiles = |width, height, grain| Grid::new(Size::new(width, height), grain).len();
        assert_eq!(tiles(1920, 1080, Grain::Coarse), 40);
        assert_eq!(tiles(1920, 1080, Grain::Fine), 135);
        assert_eq!(tiles(2560, 1440, Grain::Fine), 240);
        assert_eq!(tiles(3840, 2160, Grain::Fine), 135);
    }

    #[test]
    fn only_tiles_that_hold_the_change_are_marked() {
        let grid = Grid::new(Size::new(1000, 700), Grain::Coarse);
        assert_eq!(marked(grid, Rect::new(10, 10, 16, 16)), [0]);
        assert_eq!(marked(grid, Rect::new(300, 300, 1, 1)), [5]);
        assert_eq!(marked(grid, Rect::new(250, 250, 20, 20)), [0, 1, 4, 5]);
        // Beside an edge, the neighbour holds the pixel in its margin.
        assert_eq!(marked(grid, Rect::new(255, 10, 1, 1)), [0, 1]);
        assert_eq!(marked(grid, Rect::new(256, 10, 1, 1)), [0, 1]);
        assert_eq!(marked(grid, Rect::new(257, 10, 1, 1)), [1]);
        assert_eq!(marked(grid, grid.size().rect()).len(), grid.len());
    }

    #[test]
    fn every_tile_that_holds_a_pixel_is_marked_by_it() {
        let grid = Grid::new(Size::new(520, 300), Grain::Coarse);
        for (x, y) in [
            (0, 0),
            (254, 254),
            (255, 255),
            (256, 256),
            (257, 1),
            (511, 299),
            (519, 299),
        ] {
            let pixel = Rect::new(x, y, 1, 1);
            let holders: Vec<usize> = (0..grid.len())
                .filter(|index| grid.held(*index).contains(pixel))
                .collect();
            assert_eq!(marked(grid, pixel), holders, "{x},{y}");
        }
    }

    #[test]
    fn a_change_outside_marks_nothing() {
        let grid = Grid::new(Size::new(100, 100), Grain::Coarse);
        assert_eq!(marked(grid, Rect::new(200, 200, 5, 5)), [0; 0]);
        assert_eq!(marked(grid, Rect::new(65535, 0, 65535, 65535)), [0; 0]);
    }
}
