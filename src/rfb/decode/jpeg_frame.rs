//! What a JPEG says of itself before its first scan, as far as it decides whether it is decoded.
//!
//! Encoders thin out the colours, never the brightness (ITU-T T.81 §A.1.1). zune-jpeg 0.5.15 panics over some pictures
//! that do it the other way round; they are refused, and so is whatever is not put together as the standard says.

use crate::wire::Reader;

/// Tells whether all frame headers before the first scan are of a kind that encoders make.
pub(super) fn is_usual(jpeg: &[u8]) -> bool {
    look(jpeg).unwrap_or(false)
}

/// Reads segment by segment; `None` where the bytes end.
fn look(jpeg: &[u8]) -> Option<bool> {
    let mut reader = Reader::new(jpeg);
    if reader.take(2)? != [0xff, 0xd8] {
        return Some(false);
    }
    let mut frames = 0;
    loop {
        if reader.u8()? != 0xff {
            return Some(false);
        }
        let mut marker = reader.u8()?;
        while marker == 0xff {
            // Fill bytes (§B.1.1.2).
            marker = reader.u8()?;
        }
        let length = usize::from(reader.u16()?);
        let body = reader.take(length.checked_sub(2)?)?;
        match marker {
            // The first scan.
            0xda => return Some(frames == 1),
            0xc4 | 0xcc => {}
            0xc0..=0xcf if !is_usual_frame(body)? => return Some(false),
            0xc0..=0xcf => frames += 1,
            _ => {}
        }
    }
}

/// Reads a frame header: precision, height, width, and for each component its name, its sampling and its table (§B.2.2).
fn is_usual_frame(body: &[u8]) -> Option<bool> {
    let mut reader = Reader::new(body);
    reader.skip(5)?;
    let count = reader.u8()?;
    let mut is_usual = true;
    for component in 0..count {
        reader.skip(1)?;
        let sampling = reader.u8()?;
        reader.skip(1)?;
        let (across, down) = (sampling >> 4, sampling & 15);
        is_usual &= match component {
            0 => matches!(across, 1 | 2 | 4) && matches!(down, 1 | 2 | 4),
            _ => (across, down) == (1, 1),
        };
    }
    Some(is_usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of 16×16 up to its first scan, with these samplings.
    fn jpeg(samplings: &[u8]) -> Vec<u8> {
        let mut frame = vec![8, 0, 16, 0, 16, samplings.len() as u8];
        for (name, sampling) in (1..).zip(samplings) {
            frame.extend([name, *sampling, 0]);
        }
        let length = (frame.len() as u16 + 2).to_be_bytes();
        [
            &[0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc0],
            &length[..],
            &frame,
            &[0xff, 0xda, 0, 2],
        ]
        .concat()
    }

    #[test]
    fn colours_may_be_thinned_out_and_brightness_may_not() {
        for usual in [
            &[0x11, 0x11, 0x11],
            &[0x22, 0x11, 0x11],
            &[0x21, 0x11, 0x11],
        ] {
            assert!(is_usual(&jpeg(usual)), "{usual:x?}");
        }
        assert!(is_usual(&jpeg(&[0x11])));
        for other in [
            &[0x11, 0x12, 0x41],
            &[0x22, 0x21, 0x11],
            &[0x31, 0x11, 0x11],
        ] {
            assert!(!is_usual(&jpeg(other)), "{other:x?}");
        }
    }

    #[test]
    fn what_is_cut_or_garbled_is_refused() {
        let whole = jpeg(&[0x22, 0x11, 0x11]);
        for end in 0..whole.len() {
            assert!(!is_usual(&whole[..end]), "{end}");
        }
        assert!(!is_usual(b"no picture"));
        assert!(!is_usual(&[0xff, 0xd8, 0xff, 0xe0, 0, 1, 0xff, 0xda, 0, 2]));
    }
}
