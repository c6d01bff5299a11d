//! Sizes and rectangles in framebuffer pixels.
//!
//! Pure values: they know no framebuffer and no wire.

use crate::{
    Error, Result,
    limits::{MAX_AXIS, MAX_FRAMEBUFFER},
};

/// A framebuffer's or cursor's size, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Size {
    /// Pixels in a row.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Size {
    /// Makes a size.
    pub const fn new(width: u16, height: u16) -> Self {
        Self { width, height }
    }

    /// Counts the pixels.
    pub const fn area(self) -> usize {
        self.width as usize * self.height as usize
    }

    /// Returns the rectangle that covers everything.
    pub const fn rect(self) -> Rect {
        Rect::new(0, 0, self.width, self.height)
    }

    /// Checks that a framebuffer of this size is not empty and within [`limits`](crate::limits).
    pub(crate) fn check_framebuffer(self) -> Result<Self> {
        if self.area() == 0 {
            return Err(Error::Protocol("the framebuffer has no pixels"));
        }
        let longest = self.width.max(self.height);
        Error::check_limit("a framebuffer side", longest.into(), MAX_AXIS.into())?;
        Error::check_limit("a framebuffer", self.area() * 4, MAX_FRAMEBUFFER)?;
        Ok(self)
    }
}

/// A rectangle in framebuffer pixels. Its right and lower edge may exceed 65535.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rect {
    /// Left edge.
    pub x: u16,
    /// Upper edge.
    pub y: u16,
    /// Pixels in a row.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Rect {
    /// Makes a rectangle.
    pub const fn new(x: u16, y: u16, width: u16, height: u16) -> Self {
        Self {
            x,
            y,
            width,
            height,
        }
    }

    /// Returns its size.
    pub const fn size(self) -> Size {
        Size::new(self.width, self.height)
    }

    /// Counts the pixels.
    pub const fn area(self) -> usize {
        self.size().area()
    }

    /// Tells whether it covers no pixel.
    pub const fn is_empty(self) -> bool {
        self.width == 0 || self.height == 0
    }

    /// Returns the first column to the right of it.
    pub const fn right(self) -> u32 {
        self.x as u32 + self.width as u32
    }

    /// Returns the first row below it.
    pub const fn bottom(self) -> u32 {
        self.y as u32 + self.height as u32
    }

    /// Tells whether it lies wholly within a framebuffer of this size.
    pub const fn fits(self, size: Size) -> bool {
        self.right() <= size.width as u32 && self.bottom() <= size.height as u32
    }

    /// Tells whether `other` lies wholly within it.
    pub const fn contains(self, other: Self) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && self.right() >= other.right()
            && self.bottom() >= other.bottom()
    }

    /// Returns the smallest rectangle that covers both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        if self.is_empty() {
            return other;
        }
        if other.is_empty() {
            return self;
        }
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let width = self.right().max(other.right()) - u32::from(x);
        let height = self.bottom().max(other.bottom()) - u32::from(y);
        Self::new(x, y, clamp(width), clamp(height))
    }

    /// Returns what both cover; empty where they do not meet.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let width = self.right().min(other.right()).saturating_sub(x.into());
        let height = self.bottom().min(other.bottom()).saturating_sub(y.into());
        Self::new(x, y, clamp(width), clamp(height))
    }
}

fn clamp(value: u32) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_beyond_sixteen_bits_do_not_wrap() {
        let rect = Rect::new(65535, 65535, 65535, 65535);
        assert_eq!(rect.right(), 131_070);
        assert!(!rect.fits(Size::new(65535, 65535)));
    }

    #[test]
    fn union_and_intersection() {
        let (a, b) = (Rect::new(0, 0, 10, 10), Rect::new(5, 5, 10, 10));
        assert_eq!(a.union(b), Rect::new(0, 0, 15, 15));
        assert_eq!(a.intersection(b), Rect::new(5, 5, 5, 5));
        assert!(a.intersection(Rect::new(20, 20, 5, 5)).is_empty());
        assert_eq!(a.union(Rect::default()), a);
    }

    #[test]
    fn five_k_is_allowed_and_the_bounds_hold() {
        assert!(Size::new(5120, 2160).check_framebuffer().is_ok());
        assert!(Size::new(16384, 8192).check_framebuffer().is_ok());
        for (width, height) in [(0, 0), (0, 5), (65535, 65535), (16385, 1), (16384, 16384)] {
            assert!(Size::new(width, height).check_framebuffer().is_err());
        }
    }
}
