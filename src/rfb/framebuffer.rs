//! The guest's picture: one block of pixels without padding between rows.
//!
//! A pixel is four bytes, blue, green, red and one that means nothing (GDK's B8G8R8X8, DRM's
//! XRGB8888). The framebuffer knows neither encodings nor painters.

use crate::{Rect, Size};

/// The fourth byte of a pixel that hides what is behind it, where toolkits take that byte for its opacity.
const OPAQUE: u32 = u32::from_ne_bytes([0, 0, 0, 255]);

/// Makes a pixel of its three colours.
#[inline]
pub(crate) const fn pixel(red: u8, green: u8, blue: u8) -> u32 {
    u32::from_ne_bytes([blue, green, red, 0])
}

/// A picture in B8G8R8X8.
#[derive(Clone, Debug, Default)]
pub struct Framebuffer {
    size: Size,
    pixels: Vec<u32>,
}

/// Pixels of blue, green, red and an opacity of 255, four bytes each, without padding.
#[derive(Clone, Debug, Default)]
pub struct OpaquePixels(Vec<u32>);

impl AsRef<[u8]> for OpaquePixels {
    fn as_ref(&self) -> &[u8] {
        bytemuck::cast_slice(&self.0)
    }
}

impl Framebuffer {
    /// Makes a black picture.
    pub fn new(size: Size) -> Self {
        Self {
            size,
            pixels: vec![0; size.area()],
        }
    }

    /// Returns its size.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Returns the bytes from one row to the next.
    pub fn stride(&self) -> usize {
        usize::from(self.size.width) * 4
    }

    /// Returns all rows, top to bottom, [`stride`](Self::stride) bytes each.
    pub fn bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.pixels)
    }

    /// Returns one colour as `[red, green, blue]`, or `None` outside the picture.
    pub fn colour(&self, x: u16, y: u16) -> Option<[u8; 3]> {
        if x >= self.size.width {
            return None;
        }
        let at = usize::from(y) * usize::from(self.size.width) + usize::from(x);
        let [blue, green, red, _] = self.pixels.get(at)?.to_ne_bytes();
        Some([red, green, blue])
    }

    /// Copies the part of `rect` that lies in the picture, row after row, for toolkits that take the fourth byte for opacity.
    /// What was in `pixels` goes; its memory is used again.
    pub fn copy_opaque(&self, rect: Rect, pixels: &mut OpaquePixels) {
        let rect = rect.intersection(self.size.rect());
        pixels.0.clear();
        pixels.0.reserve_exact(rect.area());
        for row in self.rows(rect) {
            pixels.0.extend(row.iter().map(|pixel| pixel | OPAQUE));
        }
    }

    /// Copies what of `rect` lies in `changed` over pixels that [`copy_opaque`](Self::copy_opaque) once made of the same `rect`:
    /// memory that is not written costs nothing. Pixels of another area are made anew.
    pub fn copy_changed_opaque(&self, rect: Rect, changed: Rect, pixels: &mut OpaquePixels) {
        let rect = rect.intersection(self.size.rect());
        if pixels.0.len() != rect.area() {
            return self.copy_opaque(rect, pixels);
        }
        let changed = changed.intersection(rect);
        let (column, row) = (changed.x - rect.x, changed.y - rect.y);
        let rows = pixels.0.chunks_exact_mut(usize::from(rect.width.max(1)));
        for (to, from) in rows.skip(row.into()).zip(self.rows(changed)) {
            for (to, from) in to.iter_mut().skip(column.into()).zip(from) {
                *to = from | OPAQUE;
            }
        }
    }

    /// Changes the size; what both sizes share keeps its pixels, the rest is black.
    pub fn resize(&mut self, size: Size) {
        if size == self.size {
            return;
        }
        let mut larger = Self::new(size);
        larger.copy_from(self, size.rect().intersection(self.size.rect()));
        *self = larger;
    }

    /// Copies the part of `rect` that lies in both pictures from another one.
    pub fn copy_from(&mut self, other: &Self, rect: Rect) {
        let rect = rect
            .intersection(self.size.rect())
            .intersection(other.size.rect());
        for (to, from) in self.rows_mut(rect).zip(other.rows(rect)) {
            copy_row(to, from);
        }
    }

    /// Returns the rows of a rectangle. Rows outside the picture are left out.
    pub(crate) fn rows(&self, rect: Rect) -> impl Iterator<Item = &[u32]> {
        let columns = usize::from(rect.x)..rect.right() as usize;
        self.pixels
            .chunks_exact(usize::from(self.size.width.max(1)))
            .skip(rect.y.into())
            .take(rect.height.into())
            .filter_map(move |row| row.get(columns.clone()))
    }

    /// Returns the rows of a rectangle for writing. Rows outside the picture are left out.
    #[inline]
    pub(crate) fn rows_mut(&mut self, rect: Rect) -> impl Iterator<Item = &mut [u32]> {
        let columns = usize::from(rect.x)..rect.right() as usize;
        self.pixels
            .chunks_exact_mut(usize::from(self.size.width.max(1)))
            .skip(rect.y.into())
            .take(rect.height.into())
            .filter_map(move |row| row.get_mut(columns.clone()))
    }

    /// Returns one row and, unless it is the first, the row above it, both whole.
    pub(crate) fn row_with_above(&mut self, y: usize) -> Option<(&[u32], &mut [u32])> {
        let width = usize::from(self.size.width);
        let (above, here) = self.pixels.split_at_mut_checked(y * width)?;
        let above = above
            .len()
            .checked_sub(width)
            .and_then(|from| above.get(from..));
        Some((above.unwrap_or_default(), here.get_mut(..width)?))
    }

    /// Tells whether the part of `rect` that lies in the picture is black.
    pub fn is_black(&self, rect: Rect) -> bool {
        let rect = rect.intersection(self.size.rect());
        let is_black = |pixel: &u32| pixel & !OPAQUE == 0;
        self.rows(rect).all(|row| row.iter().all(is_black))
    }

    /// Fills a rectangle with one pixel: blue, green, red and a byte that means nothing, as they lie in memory. Rows
    /// that do not fit into the picture are left out.
    #[inline]
    pub fn fill(&mut self, rect: Rect, value: u32) {
        self.rows_mut(rect).for_each(|row| row.fill(value));
    }

    /// Copies a rectangle within the picture; source and target may overlap, both must fit.
    pub(crate) fn copy_within(&mut self, from: (u16, u16), to: Rect) {
        let width = usize::from(self.size.width);
        let at = |x: u16, y: usize| y * width + usize::from(x);
        let rows = usize::from(to.height);
        let mut copy = |row: usize| {
            let source = at(from.0, usize::from(from.1) + row);
            let target = at(to.x, usize::from(to.y) + row);
            self.pixels
                .copy_within(source..source + usize::from(to.width), target);
        };
        if from.1 < to.y {
            (0..rows).rev().for_each(&mut copy);
        } else {
            (0..rows).for_each(&mut copy);
        }
    }
}

/// Copies a row of the same length. Encoders cut pictures into pieces of 16 pixels: such rows are copied in place, longer
/// ones by the C library.
#[inline]
pub(crate) fn copy_row(to: &mut [u32], from: &[u32]) {
    const SHORT: usize = 64;
    const PIECE: usize = 16;
    if to.len() > SHORT || !to.len().is_multiple_of(PIECE) {
        return to.copy_from_slice(from);
    }
    let (to, _) = to.as_chunks_mut::<PIECE>();
    let (from, _) = from.as_chunks::<PIECE>();
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_lie_in_memory_as_blue_green_red() {
        let mut picture = Framebuffer::new(Size::new(2, 2));
        picture.fill(Rect::new(1, 1, 1, 1), pixel(1, 2, 3));
        assert_eq!(picture.bytes()[12..], [3, 2, 1, 0]);
        assert_eq!(picture.colour(1, 1), Some([1, 2, 3]));
        assert_eq!(picture.colour(2, 0), None);
        assert_eq!(picture.colour(0, 2), None);
    }

    #[test]
    fn overlapping_copies_go_both_ways() {
        let mut picture = Framebuffer::new(Size::new(4, 4));
        for y in 0..4u16 {
            for x in 0..4u16 {
                picture.fill(Rect::new(x, y, 1, 1), u32::from(y * 4 + x));
            }
        }
        picture.copy_within((0, 0), Rect::new(1, 1, 3, 3));
        assert_eq!(
            picture.pixels,
            [0, 1, 2, 3, 4, 0, 1, 2, 8, 4, 5, 6, 12, 8, 9, 10]
        );
        picture.copy_within((1, 1), Rect::new(0, 0, 3, 3));
        assert_eq!(picture.pixels[..3], [0, 1, 2]);
        assert_eq!(picture.pixels[8..11], [8, 9, 10]);
    }

    #[test]
    fn resizing_keeps_what_both_sizes_share() {
        let mut picture = Framebuffer::new(Size::new(4, 2));
        picture.fill(Size::new(4, 2).rect(), 7);
        picture.resize(Size::new(2, 3));
        assert_eq!(picture.pixels, [7, 7, 7, 7, 0, 0]);
    }

    #[test]
    fn what_is_copied_for_a_toolkit_hides_what_is_behind_it() {
        let mut picture = Framebuffer::new(Size::new(2, 2));
        picture.fill(Rect::new(1, 1, 1, 1), pixel(1, 2, 3));
        let mut pixels = OpaquePixels::default();
        for _ in 0..2 {
            picture.copy_opaque(Rect::new(1, 0, 5, 5), &mut pixels);
            assert_eq!(pixels.as_ref(), [0, 0, 0, 255, 3, 2, 1, 255]);
        }
    }

    #[test]
    fn black_is_what_has_no_colour() {
        let mut picture = Framebuffer::new(Size::new(4, 2));
        assert!(picture.is_black(picture.size().rect()));
        picture.fill(Rect::new(0, 0, 4, 2), OPAQUE);
        picture.fill(Rect::new(3, 1, 1, 1), pixel(0, 0, 1));
        assert!(picture.is_black(Rect::new(0, 0, 3, 9)));
        assert!(!picture.is_black(Rect::new(2, 0, 9, 9)));
    }

    #[test]
    fn what_has_changed_is_copied_over_what_was_copied_before() {
        let mut picture = Framebuffer::new(Size::new(5, 4));
        let (held, whole) = (Rect::new(1, 1, 3, 3), picture.size().rect());
        let mut pixels = OpaquePixels::default();
        picture.copy_changed_opaque(held, Rect::default(), &mut pixels);
        assert_eq!(pixels.0, [OPAQUE; 9]);
        picture.fill(whole, 7);
        picture.copy_changed_opaque(held, Rect::default(), &mut pixels);
        assert_eq!(pixels.0, [OPAQUE; 9]);
        picture.copy_changed_opaque(held, Rect::new(2, 2, 9, 1), &mut pixels);
        let (old, new) = (OPAQUE, 7 | OPAQUE);
        assert_eq!(pixels.0, [old, old, old, old, new, new, old, old, old]);
        picture.copy_changed_opaque(held, Rect::new(0, 0, 2, 3), &mut pixels);
        assert_eq!(pixels.0, [new, old, old, new, new, new, old, old, old]);
        picture.copy_changed_opaque(held, Rect::new(4, 0, 1, 4), &mut pixels);
        assert_eq!(pixels.0, [new, old, old, new, new, new, old, old, old]);
        picture.copy_changed_opaque(Rect::new(1, 1, 2, 2), Rect::default(), &mut pixels);
        assert_eq!(pixels.0, [new; 4]);
    }
}
