//! Copies what has changed of a session's picture, tile by tile, on the session's task: the main loop copies no pixel.
//!
//! The memory of tiles that GTK has done with is used again. It knows no GTK; [`super::rendering`] makes textures of it.

use std::sync::{Arc, Mutex, PoisonError};

use super::tiles::Grid;
use crate::model::rfb::{Damage, Framebuffer, NextFrame, OpaquePixels, Painter, Rect, Size};

/// The most tiles whose memory waits to be used again: as many as a window that is dragged makes new in a frame.
const SPARE: usize = 16;

/// What has changed between two frames.
#[derive(Debug)]
pub(super) struct Cut {
    /// The whole picture's.
    pub(super) size: Size,
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

/// Pixels that go back where they came from.
#[derive(Debug)]
pub(super) struct Pixels {
    pixels: OpaquePixels,
    home: Spare,
}

impl AsRef<[u8]> for Pixels {
    fn as_ref(&self) -> &[u8] {
        self.pixels.as_ref()
    }
}

impl Drop for Pixels {
    fn drop(&mut self) {
        self.home.give(std::mem::take(&mut self.pixels));
    }
}

/// Memory for tiles.
#[derive(Clone, Debug, Default)]
struct Spare(Arc<Mutex<Vec<OpaquePixels>>>);

impl Spare {
    fn take(&self) -> OpaquePixels {
        let mut spare = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        spare.pop().unwrap_or_default()
    }

    fn give(&self, pixels: OpaquePixels) {
        let mut spare = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.len() < SPARE {
            spare.push(pixels);
        }
    }
}

/// Makes a painter that hands over one cut each time it is asked for a frame.
pub(super) fn painter(hand_over: impl Fn(Cut) + Send + 'static) -> Painter {
    let mut cutter = Cutter::default();
    Box::new(move |picture, damage| {
        hand_over(cutter.cut(picture, damage));
        NextFrame::WhenAsked
    })
}

#[derive(Default)]
struct Cutter {
    grid: Grid,
    spare: Spare,
}

impl Cutter {
    fn cut(&mut self, picture: &Framebuffer, damage: &Damage) -> Cut {
        let size = picture.size();
        let is_other = size != self.grid.size();
        if is_other {
            self.grid = Grid::new(size);
        }
        let mut marks = vec![is_other; self.grid.len()];
        for rect in damage.rects() {
            self.grid.mark(*rect, &mut marks);
        }
        let changed: Arc<[Rect]> = damage.rects().into();
        let marked = (0..marks.len()).filter(|index| marks[*index]);
        let tiles = marked.map(|index| {
            let mut pixels = self.spare.take();
            picture.copy_opaque(self.grid.held(index), &mut pixels);
            Tile {
                index,
                pixels: Pixels {
                    pixels,
                    home: self.spare.clone(),
                },
                changed: Arc::clone(&changed),
            }
        });
        Cut {
            size,
            tiles: tiles.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let mut cutter = Cutter::default();
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

    #[test]
    fn memory_is_used_again_and_little_of_it_is_kept() {
        let mut cutter = Cutter::default();
        let picture = Framebuffer::new(Size::new(5120, 2160));
        let whole = damage(picture.size().rect());
        let cut = cutter.cut(&picture, &whole);
        assert!(cut.tiles.len() > SPARE);
        drop(cut);
        assert_eq!(cutter.spare.0.lock().unwrap().len(), SPARE);
        let again = cutter.cut(&picture, &damage(Rect::new(9, 9, 1, 1)));
        assert_eq!(cutter.spare.0.lock().unwrap().len(), SPARE - 1);
        assert_eq!(again.tiles[0].pixels.as_ref().len(), 257 * 257 * 4);
    }
}
