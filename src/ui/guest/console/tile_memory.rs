//! The memory of tiles: what GTK has done with is used again, for the same tile where that can be, so that only what has
//! changed since is copied into it.
//!
//! It knows neither GTK nor where tiles lie.

use std::sync::{Arc, Mutex, PoisonError};

use crate::model::rfb::{OpaquePixels, Rect};

/// Cuts of a tile whose changes are remembered. Its memory comes back after the next cut, or the one after that where GTK
/// still paints when the next frame is copied.
const REMEMBERED: usize = 3;

/// Pixels of a tile, which go back where they came from.
#[derive(Debug)]
pub(super) struct Pixels {
    held: Held,
    home: Spare,
}

/// What pixels hold: a tile, as it was at one of its cuts.
#[derive(Debug, Default)]
struct Held {
    pixels: OpaquePixels,
    tile: usize,
    /// Counted from one; none at zero.
    cut: u64,
}

impl AsRef<[u8]> for Pixels {
    fn as_ref(&self) -> &[u8] {
        self.held.pixels.as_ref()
    }
}

impl Drop for Pixels {
    fn drop(&mut self) {
        self.home.give(std::mem::take(&mut self.held));
    }
}

/// The memory of a picture's tiles.
#[derive(Debug, Default)]
pub(super) struct TileMemory {
    histories: Vec<History>,
    spare: Spare,
}

impl TileMemory {
    /// Has memory for so many tiles, all of which are unknown; that of at most `spare` waits to be used again.
    pub(super) fn new(tiles: usize, spare: usize) -> Self {
        Self {
            histories: vec![History::default(); tiles],
            spare: Spare {
                most: spare,
                held: Arc::default(),
            },
        }
    }

    /// Says whether a tile has ever been filled.
    pub(super) fn knows(&self, tile: usize) -> bool {
        self.histories
            .get(tile)
            .is_some_and(|history| history.cuts > 0)
    }

    /// Fills pixels with a tile of which a part has changed since it was filled the last time.
    ///
    /// `copy` brings a part of the tile into pixels; of such as have another length it makes the whole tile.
    pub(super) fn fill(
        &mut self,
        tile: usize,
        changed: Rect,
        whole: Rect,
        copy: impl FnOnce(Rect, &mut OpaquePixels),
    ) -> Pixels {
        let mut held = self.spare.take(tile);
        let mut part = whole;
        if let Some(history) = self.histories.get_mut(tile) {
            history.note(changed);
            part = history.changed_since(held.cut).unwrap_or(whole);
            held.cut = history.cuts;
        }
        held.tile = tile;
        copy(part, &mut held.pixels);
        Pixels {
            held,
            home: self.spare.clone(),
        }
    }
}

/// What has changed in a tile, cut by cut.
#[derive(Clone, Copy, Debug, Default)]
struct History {
    cuts: u64,
    /// The newest first.
    changes: [Rect; REMEMBERED],
}

impl History {
    fn note(&mut self, changed: Rect) {
        self.cuts += 1;
        self.changes.rotate_right(1);
        self.changes[0] = changed;
    }

    /// Gives what has changed since a cut; `None` when that is not remembered.
    fn changed_since(&self, cut: u64) -> Option<Rect> {
        let missing = usize::try_from(self.cuts - cut).ok()?;
        let changes = self.changes.get(..missing).filter(|_| cut > 0)?;
        changes.iter().copied().reduce(Rect::union)
    }
}

/// Memory that nobody shows.
#[derive(Clone, Debug, Default)]
struct Spare {
    most: usize,
    held: Arc<Mutex<Vec<Held>>>,
}

impl Spare {
    /// Gives what a tile was last in, or else what has waited longest, which is then nobody's.
    fn take(&self, tile: usize) -> Held {
        let mut spare = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let own = spare.iter().rposition(|held| held.tile == tile);
        match own {
            Some(at) => spare.remove(at),
            None if spare.len() == self.most => Held {
                cut: 0,
                ..spare.remove(0)
            },
            None => Held::default(),
        }
    }

    fn give(&self, held: Held) {
        let mut spare = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.len() < self.most {
            spare.push(held);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Rect = Rect::new(0, 0, 9, 9);

    fn at(x: u16) -> Rect {
        Rect::new(x, 0, 1, 1)
    }

    /// Fills a tile's pixels; gives them and the part that had to be copied.
    fn fill(memory: &mut TileMemory, tile: usize, changed: Rect) -> (Pixels, Rect) {
        let mut copied = Rect::default();
        let pixels = memory.fill(tile, changed, WHOLE, |part, _| copied = part);
        (pixels, copied)
    }

    #[test]
    fn what_has_changed_since_is_copied_and_all_that_is_not_known() {
        let mut memory = TileMemory::new(2, 9);
        let (first, copied) = fill(&mut memory, 0, at(0));
        assert_eq!(copied, WHOLE);
        let (second, copied) = fill(&mut memory, 0, at(1));
        assert_eq!(copied, WHOLE, "the first is still shown");
        drop(first);
        let (third, copied) = fill(&mut memory, 0, at(3));
        assert_eq!(copied, Rect::new(1, 0, 3, 1), "two cuts are missing");
        drop(third);
        let (third, copied) = fill(&mut memory, 0, at(4));
        assert_eq!(copied, at(4), "one is missing");
        drop((second, third));
        let (_, copied) = fill(&mut memory, 1, at(5));
        assert_eq!(copied, WHOLE, "another tile");
    }

    #[test]
    fn changes_that_are_forgotten_make_the_whole_tile_new() {
        let mut memory = TileMemory::new(1, 9);
        let (old, _) = fill(&mut memory, 0, at(0));
        let others: Vec<_> = (0..REMEMBERED)
            .map(|_| fill(&mut memory, 0, at(1)))
            .collect();
        drop(old);
        let (last, copied) = fill(&mut memory, 0, at(2));
        assert_eq!(copied, WHOLE);
        drop((others, last));
    }

    #[test]
    fn little_memory_waits_and_what_waited_longest_is_taken_first() {
        let (tiles, most) = (20, 9);
        let mut memory = TileMemory::new(tiles, most);
        let all: Vec<_> = (0..tiles)
            .map(|tile| fill(&mut memory, tile, WHOLE))
            .collect();
        drop(all);
        let waiting = |memory: &TileMemory| -> Vec<usize> {
            let spare = memory.spare.held.lock().unwrap();
            spare.iter().map(|held| held.tile).collect()
        };
        assert!(waiting(&memory).into_iter().eq(0..most));
        let (other, copied) = fill(&mut memory, most, at(1));
        assert_eq!(copied, WHOLE);
        assert!(waiting(&memory).into_iter().eq(1..most));
        let (own, copied) = fill(&mut memory, 5, at(1));
        assert_eq!(copied, at(1));
        drop((own, other));
        assert_eq!(waiting(&memory).len(), most);
    }
}
