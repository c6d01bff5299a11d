//! What has changed since somebody last looked: a short list of rectangles.
//!
//! It never grows beyond [`MAX_DAMAGE`]: when it is full, a new rectangle is merged with the one
//! that grows least by it. It knows nothing of the framebuffer.

use crate::{Rect, limits::MAX_DAMAGE};

/// A bounded list of damaged rectangles, which may overlap.
#[derive(Clone, Debug, Default)]
pub struct Damage {
    rects: [Rect; MAX_DAMAGE],
    count: usize,
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
        if let Some(last) = known.last_mut()
            && joins(*last, rect)
        {
            *last = last.union(rect);
            return;
        }
        if known.iter().any(|other| other.contains(rect)) {
            return;
        }
        if let Some(free) = self.rects.get_mut(self.count) {
            *free = rect;
            self.count += 1;
        } else if let Some(nearest) = self
            .rects
            .iter_mut()
            .min_by_key(|other| growth(**other, rect))
        {
            *nearest = nearest.union(rect);
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

/// Tells whether two rectangles together form a rectangle: encoders send a surface strip by strip.
fn joins(a: Rect, b: Rect) -> bool {
    let stacked = a.x == b.x && a.width == b.width && a.bottom() == u32::from(b.y);
    let beside = a.y == b.y && a.height == b.height && a.right() == u32::from(b.x);
    stacked || beside || b.contains(a)
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
