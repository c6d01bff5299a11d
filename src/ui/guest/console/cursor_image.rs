//! Brings the guest's pointer to the size of its picture. Pure numbers, no GTK.
//!
//! Each new pixel is the mean of what it covers of the old ones, so that a pointer that shrinks loses no line, and one
//! that grows by a whole number stays sharp.

use crate::model::rfb::Cursor;

/// Bytes of a pixel: red, green, blue, alpha; the colours multiplied by alpha, so that means are right.
const PIXEL: usize = 4;
/// Below this share of its size nobody finds a pointer.
const LEAST: f64 = 0.5;
/// The longest side in application pixels: display servers refuse larger ones.
const LONGEST: f64 = 256.0;

/// How large a pointer is shown, in application pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) hot_spot: (i32, i32),
}

/// Gives the size of a pointer whose picture has `step` application pixels for each pixel of the guest.
pub(super) fn shown(cursor: &Cursor, step: f64) -> Shown {
    let (width, height) = (f64::from(cursor.size.width), f64::from(cursor.size.height));
    let step = step.max(LEAST).min(LONGEST / width.max(height));
    let length = |pixels: f64| (pixels * step).round().max(1.0) as i32;
    let (shown_width, shown_height) = (length(width), length(height));
    // The middle of the pixel that points, where its pixels have become more or fewer.
    let point = |at: u16, pixels: f64, shown: i32| {
        let middle = (f64::from(at) + 0.5) / pixels * f64::from(shown);
        (middle.floor() as i32).clamp(0, shown - 1)
    };
    let exact = |at: u16| f64::from(at) * step;
    let hot = |at: u16, pixels: f64, shown: i32| {
        // A tip at a pixel's corner stays at the corner when it grows.
        if step >= 1.0 {
            (exact(at).floor() as i32).clamp(0, shown - 1)
        } else {
            point(at, pixels, shown)
        }
    };
    Shown {
        width: shown_width,
        height: shown_height,
        hot_spot: (
            hot(cursor.hot_spot.0, width, shown_width),
            hot(cursor.hot_spot.1, height, shown_height),
        ),
    }
}

/// Gives the pointer's pixels at another size, row by row.
pub(super) fn resized(cursor: &Cursor, width: usize, height: usize) -> Vec<u8> {
    let (from_width, from_height) = (
        usize::from(cursor.size.width),
        usize::from(cursor.size.height),
    );
    if (from_width, from_height) == (width, height) {
        return cursor.rgba.clone();
    }
    let columns = shares(from_width, width);
    let rows = shares(from_height, height);
    let mut out = Vec::with_capacity(width * height * PIXEL);
    for row in &rows {
        for column in &columns {
            out.extend(mean(&cursor.rgba, from_width, column, row));
        }
    }
    out
}

/// For each new line the old ones that it covers, with how much of each.
fn shares(from: usize, to: usize) -> Vec<Vec<(usize, f64)>> {
    let step = from as f64 / to as f64;
    let cover = |line: usize| {
        let (start, end) = (line as f64 * step, (line + 1) as f64 * step);
        let covered = start.floor() as usize..(end.ceil() as usize).min(from);
        covered
            .map(|old| {
                let part = (old as f64 + 1.0).min(end) - (old as f64).max(start);
                (old, part)
            })
            .filter(|(_, part)| *part > 1e-9)
            .collect()
    };
    (0..to).map(cover).collect()
}

fn mean(rgba: &[u8], width: usize, columns: &[(usize, f64)], rows: &[(usize, f64)]) -> [u8; PIXEL] {
    let mut sums = [0.0; PIXEL];
    let mut area = 0.0;
    for (y, high) in rows {
        for (x, wide) in columns {
            let at = (y * width + x) * PIXEL;
            let part = high * wide;
            area += part;
            for (sum, value) in sums.iter_mut().zip(&rgba[at..at + PIXEL]) {
                *sum += f64::from(*value) * part;
            }
        }
    }
    sums.map(|sum| (sum / area).round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rfb::Size;

    fn arrow(width: u16, height: u16, hot_spot: (u16, u16)) -> Cursor {
        let count = usize::from(width) * usize::from(height);
        Cursor {
            size: Size::new(width, height),
            hot_spot,
            rgba: (0..count).flat_map(|i| [i as u8, 0, 0, 255]).collect(),
        }
    }

    #[test]
    fn a_pointer_has_the_size_of_its_picture() {
        let cursor = arrow(24, 32, (4, 31));
        let at = |step: f64| {
            let shown = shown(&cursor, step);
            (shown.width, shown.height, shown.hot_spot)
        };
        assert_eq!(at(1.0), (24, 32, (4, 31)));
        assert_eq!(at(2.0), (48, 64, (8, 62)));
        assert_eq!(at(0.5), (12, 16, (2, 15)));
        assert_eq!(at(0.75), (18, 24, (3, 23)));
        // It stays to be found, and stays one that display servers take.
        assert_eq!(at(0.1), at(0.5));
        assert_eq!(at(100.0).1, 256);
    }

    #[test]
    fn the_hot_spot_stays_inside() {
        for (width, height) in [(1, 1), (7, 3), (64, 64)] {
            let cursor = arrow(width, height, (width - 1, height - 1));
            for step in [0.3, 0.8, 1.0, 1.25, 1.5, 3.0, 9.9] {
                let shown = shown(&cursor, step);
                assert!(shown.hot_spot.0 < shown.width, "{width} {step}");
                assert!(shown.hot_spot.1 < shown.height, "{height} {step}");
            }
        }
    }

    #[test]
    fn whole_multiples_repeat_pixels() {
        let cursor = arrow(2, 1, (0, 0));
        let reds = |bytes: &[u8]| -> Vec<u8> { bytes.iter().step_by(4).copied().collect() };
        assert_eq!(reds(&resized(&cursor, 4, 2)), [0, 0, 1, 1, 0, 0, 1, 1]);
        assert_eq!(resized(&cursor, 2, 1), cursor.rgba);
    }

    #[test]
    fn smaller_ones_are_means_with_alpha() {
        let cursor = Cursor {
            size: Size::new(2, 2),
            hot_spot: (0, 0),
            rgba: [[200, 100, 0, 200], [0; 4], [0; 4], [0, 0, 100, 200]].concat(),
        };
        assert_eq!(resized(&cursor, 1, 1), [50, 25, 25, 100]);
        // Two thirds: each new column has all of one old and half of another.
        let cursor = arrow(3, 1, (0, 0));
        assert_eq!(resized(&cursor, 2, 1), [0, 0, 0, 255, 2, 0, 0, 255]);
    }
}
