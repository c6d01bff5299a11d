//! A set of pixels as rectangles, from which others are taken away exactly.
//!
//! Unlike [`Damage`](crate::Damage), it holds no pixel that it was not given, until it is [collapsed](Region::collapse).
//! Nothing in it bounds its length: that is its owner's part.

use crate::{Rect, damage::joins};

/// A set of pixels. Rectangles may overlap.
#[derive(Debug, Default)]
pub(crate) struct Region {
    rects: Vec<Rect>,
}

impl Region {
    /// Returns the rectangles, in no particular order.
    pub(crate) fn rects(&self) -> &[Rect] {
        &self.rects
    }

    /// Forgets everything; keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.rects.clear();
    }

    /// Adds a rectangle; one that continues the last one is joined with it.
    pub(crate) fn add(&mut self, rect: Rect) {
        match self.rects.last_mut() {
            Some(last) if joins(*last, rect) => *last = last.union(rect),
            _ => self.rects.push(rect),
        }
    }

    /// Makes one rectangle of it that covers all.
    pub(crate) fn collapse(&mut self) {
        let all = self.rects.drain(..).fold(Rect::default(), Rect::union);
        self.rects.push(all);
    }

    /// Tells whether it has a pixel of a rectangle.
    pub(crate) fn meets(&self, rect: Rect) -> bool {
        self.rects
            .iter()
            .any(|own| !own.intersection(rect).is_empty())
    }

    /// Takes all pixels of a rectangle away.
    pub(crate) fn subtract(&mut self, hole: Rect) {
        let mut at = 0;
        while let Some(rect) = self.rects.get(at).copied() {
            if rect.intersection(hole).is_empty() {
                at += 1;
            } else {
                self.rects.swap_remove(at);
                // They do not meet the hole and are passed over when they are come to.
                self.rects.extend(around(rect, hole));
            }
        }
    }
}

/// Cuts a hole into a rectangle that it meets: what is above it, below it, left and right of it.
fn around(rect: Rect, hole: Rect) -> impl Iterator<Item = Rect> {
    let hole = rect.intersection(hole);
    let below = Rect {
        y: hole.y + hole.height,
        height: rect.height - (hole.y - rect.y) - hole.height,
        ..rect
    };
    let above = Rect {
        height: hole.y - rect.y,
        ..rect
    };
    let left = Rect {
        x: rect.x,
        width: hole.x - rect.x,
        ..hole
    };
    let right = Rect {
        x: hole.x + hole.width,
        width: rect.width - left.width - hole.width,
        ..hole
    };
    [above, below, left, right]
        .into_iter()
        .filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    const SIDE: u16 = 12;

    fn any_rect() -> impl Strategy<Value = Rect> {
        (0..SIDE, 0..SIDE, 1..=SIDE, 1..=SIDE).prop_map(|(x, y, width, height)| {
            Rect::new(x, y, width.min(SIDE - x), height.min(SIDE - y))
        })
    }

    fn has(rects: &[Rect], x: u16, y: u16) -> bool {
        let pixel = Rect::new(x, y, 1, 1);
        rects.iter().any(|rect| rect.contains(pixel))
    }

    proptest! {
        #[test]
        fn what_was_taken_away_is_gone_and_nothing_else(
            added in vec(any_rect(), 0..5),
            holes in vec(any_rect(), 0..6),
        ) {
            let mut region = Region::default();
            for rect in &added {
                region.add(*rect);
            }
            for hole in &holes {
                region.subtract(*hole);
                prop_assert!(!region.meets(*hole));
            }
            for (x, y) in (0..SIDE).flat_map(|x| (0..SIDE).map(move |y| (x, y))) {
                let wanted = has(&added, x, y) && !has(&holes, x, y);
                prop_assert_eq!(has(region.rects(), x, y), wanted, "{}, {}", x, y);
            }
        }
    }

    #[test]
    fn an_edge_beyond_sixteen_bits_does_not_wrap() {
        let mut region = Region::default();
        region.add(Rect::new(65000, 65000, 1000, 1000));
        region.subtract(Rect::new(0, 0, 65500, 65500));
        assert!(region.meets(Rect::new(65500, 65000, 1, 1)));
    }
}
