//! What has changed since somebody last looked: a short list of rectangles.
//!
//! It never grows beyond [`MAX_DAMAGE`]: when it is full, a new rectangle is merged with the one
//! that grows least by it. Encoders go from left to right and from the top to the bottom, in many small rectangles: one
//! that is near the one before it is merged with that at once, so that few of them are compared with all. It knows nothing
//! of the framebuffer.

use crate::{Rect, limits::MAX_DAMAGE};

/// So many pixels are painted as quickly as a rectangle is compared with all others.
const FEW: usize = 4096;

/// A bounded list of damaged rectangles, which may overlap.
#[derive(Clone, Debug, Default)]
pub struct Damage {
    rects: [Rect; MAX_DAMAGE],
    count: usize,
    /// The one that took the newest rectangle.
    newest: usize,
}

impl Damage {
    /// Returns the rectangles, in no particular order.
    pub fn rects(&self) -> &[Rect] {
        self.rects.get(..self.count).unwrap_or_default()
    }

    /// Tells whether nothing is damaged.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.count = 0;
    }

    /// Adds a rectangle; an empty one is ignored.
    pub fn add(&mut self, rect: Rect) {
        if rect.is_empty() {
            return;
        }
        let known = self.rects.get_mut(..self.count).unwrap_or_default();
        if let Some(newest) = known.get_mut(self.newest)
            && growth(*newest, rect) <= 2 * rect.area() + FEW
        {
            *newest = newest.union(rect);
            return;
        }
        if known.iter().any(|other| other.contains(rect)) {
            return;
        }
        if let Some(free) = self.rects.get_mut(self.count) {
            *free = rect;
            self.newest = self.count;
            self.count += 1;
        } else if let Some((at, nearest)) = self
            .rects
            .iter_mut()
            .enumerate()
            .min_by_key(|(_, other)| growth(**other, rect))
        {
            *nearest = nearest.union(rect);
            self.newest = at;
        }
    }

    /// Adds all rectangles of another list.
    pub fn extend(&mut self, other: &Self) {
        for rect in other.rects() {
            self.add(*rect);
        }
    }

    /// Returns the list and leaves an empty one.
    #[must_use]
    pub fn take(&mut self) -> Self {
        std::mem::take(self)
    }
}

fn growth(a: Rect, b: Rect) -> usize {
    a.union(b).area() - a.area()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_become_one_rectangle() {
        let mut damage = Damage::default();
        damage.add(Rect::new(0, 0, 100, 10));
        damage.add(Rect::new(0, 10, 100, 10));
        damage.add(Rect::new(3, 4, 2, 2));
        assert_eq!(damage.rects(), [Rect::new(0, 0, 100, 20)]);
    }

    #[test]
    fn letters_of_a_line_become_one_rectangle_and_far_ones_do_not() {
        let mut damage = Damage::default();
        for x in (0..160).step_by(32) {
            damage.add(Rect::new(x, 50, 16, 7));
        }
        damage.add(Rect::new(0, 300, 16, 7));
        let line = Rect::new(0, 50, 144, 7);
        assert_eq!(damage.rects(), [line, Rect::new(0, 300, 16, 7)]);
    }

    #[test]
    fn the_list_stays_short_and_covers_everything() {
        let mut damage = Damage::default();
        let added: Vec<_> = (0..500)
            .map(|i| Rect::new((i * 97) % 1000, (i * 31) % 700, 3, 2))
            .collect();
        for rect in &added {
            damage.add(*rect);
        }
        assert!(damage.rects().len() <= MAX_DAMAGE);
        for rect in added {
            assert!(damage.rects().iter().any(|other| other.contains(rect)));
        }
        assert!(!damage.take().is_empty());
        assert!(damage.is_empty());
    }
}
