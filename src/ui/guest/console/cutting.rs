//! Copies what has changed of a session's picture, tile by tile, on the session's task: the main loop copies no pixel.
//!
//! A tile that has never been anything but black is not copied: black is what is behind the picture, and so begins every
//! picture. It knows no GTK; [`super::rendering`] makes textures of it.

use std::sync::Arc;

use super::{
    tile_memory::{Pixels, TileMemory},
    tiles::{Grain, Grid},
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

/// Makes a painter that hands over one cut each time it is asked for a frame.
pub(super) fn painter(grain: Grain, hand_over: impl Fn(Cut) + Send + 'static) -> Painter {
    let mut cutter = Cutter::new(grain);
    Box::new(move |picture, damage| {
        hand_over(cutter.cut(picture, damage));
        NextFrame::WhenAsked
    })
}

struct Cutter {
    grain: Grain,
    grid: Grid,
    memory: TileMemory,
}

impl Cutter {
    fn new(grain: Grain) -> Self {
        Self {
            grain,
            grid: Grid::default(),
            memory: TileMemory::default(),
        }
    }

    fn cut(&mut self, picture: &Framebuffer, damage: &Damage) -> Cut {
        let grid = Grid::new(picture.size(), self.grain);
        let is_other = grid != self.grid;
        if is_other {
            self.grid = grid;
            self.memory = TileMemory::new(grid.len(), grid.tiles_of(SPARE));
        }
        let mut marks = vec![is_other; self.grid.len()];
        for rect in damage.rects() {
            self.grid.mark(*rect, &mut marks);
        }
        let changed: Arc<[Rect]> = damage.rects().into();
        let mut tiles = Vec::new();
        for index in (0..marks.len()).filter(|index| marks[*index]) {
            let held = grid.held(index);
            if !self.memory.knows(index) && picture.is_black(held) {
                continue;
            }
            let parts = changed.iter().map(|rect| rect.intersection(held));
            let part = parts.reduce(Rect::union).unwrap_or_default();
            let copy = |part, pixels: &mut _| picture.copy_changed_opaque(held, part, pixels);
            tiles.push(Tile {
                index,
                pixels: self.memory.fill(index, part, held, copy),
                changed: Arc::clone(&changed),
            });
        }
        Cut { grid, tiles }
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

    const WHITE: u32 = 0x00ff_ffff;

    #[test]
    fn what_has_changed_is_cut_and_all_of_another_size() {
        let mut cutter = Cutter::new(Grain::Coarse);
        let mut picture = Framebuffer::new(Size::new(600, 300));
        picture.fill(picture.size().rect(), WHITE);
        let dot = damage(Rect::new(300, 9, 1, 1));
        assert_eq!(indexes(&cutter.cut(&picture, &dot)), [0, 1, 2, 3, 4, 5]);
        let cut = cutter.cut(&picture, &dot);
        assert_eq!(indexes(&cut), [1]);
        assert_eq!(cut.tiles[0].pixels.as_ref().len(), 258 * 257 * 4);
        assert_eq!(*cut.tiles[0].changed, *dot.rects());
        let mut smaller = Framebuffer::new(Size::new(300, 300));
        smaller.fill(smaller.size().rect(), WHITE);
        assert_eq!(indexes(&cutter.cut(&smaller, &dot)), [0, 1, 2, 3]);
    }

    #[test]
    fn what_was_never_anything_but_black_is_left_out() {
        let mut cutter = Cutter::new(Grain::Coarse);
        let mut picture = Framebuffer::new(Size::new(600, 300));
        let whole = damage(picture.size().rect());
        let cut = cutter.cut(&picture, &whole);
        assert_eq!((cut.grid.len(), indexes(&cut)), (6, vec![]));
        // In the margin of the tile beside it as well.
        let dot = Rect::new(256, 9, 1, 1);
        picture.fill(dot, WHITE);
        assert_eq!(indexes(&cutter.cut(&picture, &whole)), [0, 1]);
        picture.fill(dot, 0);
        let cut = cutter.cut(&picture, &damage(dot));
        assert_eq!(indexes(&cut), [0, 1]);
        let black = [0, 0, 0, 255];
        assert!(cut.tiles[1].pixels.as_ref().chunks(4).all(|p| p == black));
    }

    #[test]
    fn memory_that_is_used_again_holds_the_picture() {
        let mut cutter = Cutter::new(Grain::Fine);
        let mut picture = Framebuffer::new(Size::new(600, 300));
        picture.fill(picture.size().rect(), WHITE);
        let whole = damage(picture.size().rect());
        let first = cutter.cut(&picture, &whole).tiles;
        let mut shown: Vec<Option<Tile>> = first.into_iter().map(Some).collect();
        let mut held_back = Vec::new();
        for step in 0..300u16 {
            let rect = Rect::new(step * 37 % 560, step * 11 % 270, 40, 30);
            picture.fill(rect, u32::from(step) * 7919);
            let cut = cutter.cut(&picture, &damage(rect));
            held_back.clear();
            for tile in cut.tiles {
                let index = tile.index;
                let before = shown[index].replace(tile);
                // Now and then somebody still has what was replaced while the next frame is cut.
                held_back.extend(before.filter(|_| step % 3 == 0));
            }
            for tile in Cutter::new(Grain::Fine).cut(&picture, &whole).tiles {
                let shown = shown[tile.index].as_ref().unwrap();
                assert_eq!(shown.pixels.as_ref(), tile.pixels.as_ref(), "{step}");
            }
        }
    }
}
