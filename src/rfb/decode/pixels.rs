//! Turns rows of three-byte colours into pixels, four at a time.
//!
//! Values are computed as little-endian numbers, which is how the framebuffer lies in memory on
//! every machine that matters; `to_le` keeps the others right.

/// Reads a colour as ZRLE has it: blue, green, red (RFC 6143 §7.7.5, CPIXEL).
#[inline]
pub(super) fn from_bgr([blue, green, red]: [u8; 3]) -> u32 {
    crate::framebuffer::pixel(red, green, blue)
}

/// Reads a colour as tight has it: red, green, blue (rfbproto, "TPIXEL").
#[inline]
pub(super) fn from_rgb([red, green, blue]: [u8; 3]) -> u32 {
    crate::framebuffer::pixel(red, green, blue)
}

/// Paints a row of blue, green, red.
#[inline]
pub(super) fn bgr_row(source: &[u8], target: &mut [u32]) {
    let (quads, rest) = source.as_chunks::<12>();
    let (targets, last) = target.as_chunks_mut::<4>();
    for (source, target) in quads.iter().zip(targets) {
        let [a, b, c] = words(source).map(u32::from_le_bytes);
        let values = [a, (a >> 24) | (b << 8), (b >> 16) | (c << 16), c >> 8];
        *target = values.map(|value| (value & 0x00ff_ffff).to_le());
    }
    for (source, target) in rest.as_chunks::<3>().0.iter().zip(last) {
        *target = from_bgr(*source);
    }
}

/// Paints a row of red, green, blue.
#[inline]
pub(super) fn rgb_row(source: &[u8], target: &mut [u32]) {
    let (quads, rest) = source.as_chunks::<12>();
    let (targets, last) = target.as_chunks_mut::<4>();
    for (source, target) in quads.iter().zip(targets) {
        let [a, b, c] = words(source).map(u32::from_be_bytes);
        let values = [a >> 8, (a << 16) | (b >> 16), (b << 8) | (c >> 24), c];
        *target = values.map(|value| (value & 0x00ff_ffff).to_le());
    }
    for (source, target) in rest.as_chunks::<3>().0.iter().zip(last) {
        *target = from_rgb(*source);
    }
}

#[inline]
fn words(bytes: &[u8; 12]) -> [[u8; 4]; 3] {
    let mut words = [[0; 4]; 3];
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks::<4>().0) {
        *word = *bytes;
    }
    words
}

/// Paints a row of one bit for each pixel, the leftmost in the highest bit.
#[inline]
pub(super) fn one_bit_row(source: &[u8], colours: [u32; 2], target: &mut [u32]) {
    let [clear, set] = colours;
    let paint = |byte: u8, target: &mut [u32]| {
        for (bit, target) in target.iter_mut().enumerate() {
            *target = if byte & (0x80 >> bit) == 0 {
                clear
            } else {
                set
            };
        }
    };
    let (octets, last) = target.as_chunks_mut::<8>();
    for (byte, target) in source.iter().zip(octets.iter_mut()) {
        paint(*byte, target);
    }
    if let Some(byte) = source.get(octets.len()) {
        paint(*byte, last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_every_length_equal_pixels_one_by_one() {
        let bytes: Vec<u8> = (0..120).map(|i| (i * 37 + 11) as u8).collect();
        for length in 0..40 {
            let source = &bytes[..length * 3];
            let single = source.as_chunks::<3>().0;
            let mut row = vec![0; length];
            bgr_row(source, &mut row);
            assert!(
                row.iter()
                    .copied()
                    .eq(single.iter().map(|colour| from_bgr(*colour)))
            );
            rgb_row(source, &mut row);
            assert!(
                row.iter()
                    .copied()
                    .eq(single.iter().map(|colour| from_rgb(*colour)))
            );
            one_bit_row(&bytes, [5, 9], &mut row);
            for (i, value) in row.iter().enumerate() {
                let set = bytes[i / 8] >> (7 - i % 8) & 1 == 1;
                assert_eq!(*value, if set { 9 } else { 5 });
            }
        }
    }

    #[test]
    fn colours_take_their_places() {
        assert_eq!(from_rgb([1, 2, 3]).to_ne_bytes(), [3, 2, 1, 0]);
        assert_eq!(from_bgr([3, 2, 1]).to_ne_bytes(), [3, 2, 1, 0]);
    }
}
