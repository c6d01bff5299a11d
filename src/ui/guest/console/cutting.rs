//! Copies what has changed of a session's picture, tile by tile, on the session's task: the main loop copies no pixel.
//!
//! It knows no GTK; [`super::rendering`] makes textures of it.

use std::sync::Arc;

use super::{
    tile_memory::{Pixels, TileMemory},
    tiles::Grid,
};
use crate::model::rfb::{Damage, Framebuffer, NextFrame, Painter, Rect};

/// The most pixels of tiles whose memory waits to be used again: those of a large window that is dragged.
const SPARE: usize = 1_500_000;

/// What has changed between two frames.
#[derive(Debug)]
pub(super) struct Cut {
    /// The whole picture's.
    pub(super) grid: Grid,
    pub(super) tiles: Vec<Tile>,
}

/// A tile of which something has changed.
#[derive(Debug)]
pub(super) struct Tile {
    pub(super) index: usize,
    pub(super) pixels: Pixels,
    /// What has changed in the picture.
    pub(super) changed: Arc<[Rect]>,
}

/// Makes a painter that hands over one cut, of tiles of this side, each time it is asked for a frame.
pub(super) fn painter(tile_side: u16, hand_over: impl Fn(Cut) + Send + 'static) -> Painter {
    let mut cutter = Cutter::new(tile_side);
    Box::new(move |picture, damage| {
        hand_over(cutter.cut(picture, damage));
        NextFrame::WhenAsked
    })
}

struct Cutter {
    side: u16,
    grid: Grid,
    memory: TileMemory,
}

impl Cutter {
    fn new(side: u16) -> Self {
        Self {
            side,
            grid: Grid::default(),
            memory: TileMemory::default(),
        }
    }

    fn spare_tiles(&self) -> usize {
        SPARE / usize::from(self.side).pow(2)
    }

    fn cut(&mut self, picture: &Framebuffer, damage: &Damage) -> Cut {
        let grid = Grid::new(picture.size(), self.side);
        let is_other = grid != self.grid;
        if is_other {
            self.grid = grid;
            self.memory = TileMemory::new(grid.len(), self.spare_tiles());
        }
        let mut marks = vec![is_other; self.grid.len()];
        for rect in damage.rects() {
            self.grid.mark(*rect, &mut marks);
        }
        let changed: Arc<[Rect]> = damage.rects().into();
        let marked = (0..marks.len()).filter(|index| marks[*index]);
        let tiles = marked.map(|index| {
            let held = grid.held(index);
            let parts = changed.iter().map(|rect| rect.intersection(held));
            let part = parts.reduce(Rect::union).unwrap_or_default();
            let copy = |part, pixels: &mut _| picture.copy_changed_opaque(held, part, pixels);
            Tile {
                index,
                pixels: self.memory.fill(index, part, held, copy),
                changed: Arc::clone(&changed),
            }
        });
        Cut {
            grid,
            tiles: tiles.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rfb::Size;

    fn damage(rect: Rect) -> Damage {
        let mut damage = Damage::default();
        damage.add(rect);
        damage
    }

    fn indexes(cut: &Cut) -> Vec<usize> {
        cut.tiles.iter().map(|tile| tile.index).collect()
    }

    #[test]
    fn what_has_changed_is_cut_and_all_of_another_size() {
        let mut cutter = Cutter::new(256);
        let picture = Framebuffer::new(Size::new(600, 300));
        let dot = damage(Rect::new(300, 9, 1, 1));
        assert_eq!(indexes(&cutter.cut(&picture, &dot)), [0, 1, 2, 3, 4, 5]);
        let cut = cutter.cut(&picture, &dot);
        assert_eq!(indexes(&cut), [1]);
        assert_eq!(cut.tiles[0].pixels.as_ref().len(), 258 * 257 * 4);
        assert_eq!(*cut.tiles[0].changed, *dot.rects());
        let smaller = Framebuffer::new(Size::new(300, 300));
        assert_eq!(indexes(&cutter.cut(&smaller, &dot)), [0, 1, 2, 3]);
    }
}
