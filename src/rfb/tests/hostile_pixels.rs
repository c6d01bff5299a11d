//! Rectangles whose pixels are damaged, too many, too few or of a kind that does not exist.

mod support;

use support::{
    hostile::{
        COPY, HEIGHT, HEXTILE, TIGHT, WIDTH, ZLIB, ZRLE, accept, breaks, exceeds, send, zrle,
        zrle_tile,
    },
    rect,
    server::{Deflate, compact, sized},
};

#[test]
fn copies_from_outside_and_onto_themselves() {
    breaks(&[rect(0, 0, 10, 10, COPY, &[0, 91, 0, 0])]);
    breaks(&[rect(0, 0, 10, 10, COPY, &[0xff, 0xff, 0xff, 0xff])]);
    let fill = rect(0, 0, 10, 10, TIGHT, &[0x80, 1, 2, 3]);
    let engine = accept(&[fill, rect(5, 5, 10, 10, COPY, &[0, 0, 0, 0])]);
    assert_eq!(engine.framebuffer().colour(14, 14), Some([1, 2, 3]));
}

#[test]
fn hextile_parts() {
    breaks(&[rect(0, 0, 8, 8, HEXTILE, &[8, 1, 0x00, 0x80])]);
    breaks(&[rect(0, 0, 8, 8, HEXTILE, &[8, 1, 0x88, 0x00])]);
    breaks(&[rect(0, 0, 16, 16, HEXTILE, &[8, 1, 0xff, 0x11])]);
    let many = [&[8 | 16, 255][..], &[9, 8, 7, 0, 0xff, 0x00].repeat(255)].concat();
    let engine = accept(&[rect(0, 0, 16, 16, HEXTILE, &many)]);
    assert_eq!(engine.framebuffer().colour(15, 15), Some([7, 8, 9]));
    // Colours that were never given are black, not those of an earlier rectangle.
    let coloured = rect(0, 0, 16, 16, HEXTILE, &[2, 9, 9, 9, 9]);
    let engine = accept(&[coloured, rect(0, 0, 16, 16, HEXTILE, &[0])]);
    assert_eq!(engine.framebuffer().colour(0, 0), Some([0, 0, 0]));
}

#[test]
fn zrle_tiles() {
    breaks(&[zrle_tile(&[128, 1, 2, 3, 100])]); // 101 pixels of 100
    breaks(&[zrle_tile(&[128, 1, 2, 3, 255, 255, 255])]); // and the length goes on
    breaks(&[zrle_tile(&[130, 1, 2, 3, 4, 5, 6, 2 | 128, 99])]); // the third colour of two
    breaks(&[zrle_tile(&[130, 1, 2, 3, 4, 5, 6, 0, 0x81, 99])]); // 101 pixels by palette
    for kind in (17..=127).chain([129]) {
        breaks(&[zrle_tile(&[vec![kind], vec![0; 1000]].concat())]);
    }
    breaks(&[zrle_tile(&[])]);
    breaks(&[zrle_tile(&[0; 300])]); // a byte short
    breaks(&[zrle_tile(&[0; 302])]); // a byte too many
    breaks(&[zrle_tile(&[1, 1, 2, 3, 4])]);
    let engine = accept(&[zrle_tile(&[128, 3, 2, 1, 99])]);
    assert_eq!(engine.framebuffer().colour(9, 9), Some([1, 2, 3]));
    // Indices of a packed tile beyond its palette are black.
    let engine = accept(&[zrle_tile(&[vec![3], vec![9; 9], vec![0xff; 30]].concat())]);
    assert_eq!(engine.framebuffer().colour(5, 5), Some([0, 0, 0]));
}

#[test]
fn compressed_data_that_are_damaged_short_or_long() {
    let good = Deflate::default().flush(&[&[0][..], &[5; 300]].concat());
    for length in 0..good.len() - 5 {
        breaks(&[zrle(&good[..length])]);
    }
    breaks(&[zrle(b"this is no zlib stream")]);
    breaks(&[rect(
        0,
        0,
        10,
        10,
        ZLIB,
        &sized(&Deflate::default().flush(&[0; 399])),
    )]);
    breaks(&[rect(
        0,
        0,
        10,
        10,
        ZLIB,
        &sized(&Deflate::default().flush(&[0; 401])),
    )]);
    breaks(&[rect(
        0,
        0,
        10,
        10,
        TIGHT,
        &[vec![0], compact(&Deflate::default().flush(&[0; 299]))].concat(),
    )]);
    breaks(&[rect(
        0,
        0,
        10,
        10,
        TIGHT,
        &[vec![0], compact(&Deflate::default().flush(&[0; 301]))].concat(),
    )]);
}

#[test]
fn a_stream_that_ends_begins_anew() {
    let pixels = |value: u8| vec![value; 400];
    let rects = [
        rect(
            0,
            0,
            10,
            10,
            ZLIB,
            &sized(&Deflate::default().end(&pixels(1))),
        ),
        rect(
            0,
            0,
            10,
            10,
            ZLIB,
            &sized(&Deflate::default().end(&pixels(2))),
        ),
        // Half of it in one stream, half in another.
        rect(
            0,
            0,
            10,
            10,
            ZLIB,
            &sized(
                &[
                    Deflate::default().end(&pixels(3)[..200]),
                    Deflate::default().flush(&pixels(3)[200..]),
                ]
                .concat(),
            ),
        ),
    ];
    let engine = accept(&rects);
    assert_eq!(engine.framebuffer().colour(9, 9), Some([3, 3, 3]));
}

#[test]
fn a_bomb_is_cut_off() {
    let bomb = Deflate::default().flush(&vec![0; 40_000_000]);
    assert!(bomb.len() < 1_000_000);
    breaks(&[rect(0, 0, WIDTH, HEIGHT, ZLIB, &sized(&bomb[..60_000]))]);
    breaks(&[rect(0, 0, WIDTH, HEIGHT, ZRLE, &sized(&bomb[..60_000]))]);
    breaks(&[rect(
        0,
        0,
        WIDTH,
        HEIGHT,
        TIGHT,
        &[vec![0], compact(&bomb[..60_000])].concat(),
    )]);
}

#[test]
fn payloads_longer_than_any_encoder_makes_them() {
    for encoding in [ZLIB, ZRLE] {
        exceeds(&[rect(0, 0, 10, 10, encoding, &[0xff; 4])]);
        exceeds(&[rect(0, 0, 0, 0, encoding, &[0, 1, 0, 1])]);
    }
    exceeds(&[rect(0, 0, 10, 10, TIGHT, &[0, 0xff, 0xff, 0xff])]);
    exceeds(&[rect(0, 0, 10, 10, TIGHT, &[0x90, 0xff, 0xff, 0xff])]);
}

#[test]
fn tight_kinds_and_filters() {
    for kind in 10..=15 {
        breaks(&[rect(0, 0, 10, 10, TIGHT, &[kind << 4])]);
    }
    for filter in 3..=255 {
        breaks(&[rect(0, 0, 10, 10, TIGHT, &[0x40, filter])]);
    }
    breaks(&[rect(0, 0, 10, 10, TIGHT, &[0x40, 1, 0, 1, 2, 3])]);
    assert!(
        !send(&[rect(0, 0, 10, 10, TIGHT, &[0x80, 1, 2])])
            .unwrap()
            .is_idle()
    );
}

#[test]
fn tight_rows_are_padded_to_bytes() {
    // Nine pixels in two colours: two bytes for each of five rows, ten in all, uncompressed.
    let bits = [0b1000_0000, 0b1000_0000].repeat(5);
    let body = [vec![0x40, 1, 1, 1, 1, 1, 9, 8, 7], bits].concat();
    let engine = accept(&[rect(0, 0, 9, 5, TIGHT, &body)]);
    for y in 0..5 {
        assert_eq!(engine.framebuffer().colour(0, y), Some([9, 8, 7]));
        assert_eq!(engine.framebuffer().colour(7, y), Some([1, 1, 1]));
        assert_eq!(engine.framebuffer().colour(8, y), Some([9, 8, 7]));
    }
}

#[test]
fn tight_wider_than_2048() {
    let wide = rect(0, 0, 5000, 3, -223, &[]);
    let fill = rect(0, 0, 5000, 3, TIGHT, &[0x80, 1, 2, 3]);
    let copy = [vec![0], compact(&Deflate::default().flush(&vec![7; 45000]))].concat();
    let gradient = [
        vec![0x60, 2],
        compact(&Deflate::default().flush(&[1; 15000])),
    ]
    .concat();
    let engine = accept(&[
        wide,
        fill,
        rect(0, 0, 5000, 3, TIGHT, &copy),
        rect(0, 2, 5000, 1, TIGHT, &gradient),
    ]);
    assert_eq!(engine.framebuffer().colour(4999, 1), Some([7, 7, 7]));
    // Each pixel is one more than the one to its left.
    assert_eq!(
        engine.framebuffer().colour(4999, 2),
        Some([(5000 % 256) as u8; 3])
    );
}

#[test]
fn tight_streams_are_reset_when_the_server_says_so() {
    let pixels = vec![4; 300];
    let fresh = || compact(&Deflate::default().flush(&pixels));
    let rects = [
        rect(0, 0, 10, 10, TIGHT, &[vec![0x00], fresh()].concat()),
        // A second stream in the place of the first needs its reset.
        rect(0, 0, 10, 10, TIGHT, &[vec![0x01], fresh()].concat()),
        // Reset by a fill, and all at once without use.
        rect(0, 0, 10, 10, TIGHT, &[0x8f, 0, 0, 0]),
        rect(0, 0, 10, 10, TIGHT, &[vec![0x00], fresh()].concat()),
    ];
    accept(&rects);
    breaks(&[rects[0].clone(), rects[3].clone()]);
}

/// JPEGs of 16×16, made by guests/jpegs.sh.
fn jpeg(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    std::fs::read(path.join(name).with_extension("jpg")).unwrap()
}

fn jpeg_rect(width: u16, height: u16, data: &[u8]) -> Vec<u8> {
    rect(
        0,
        0,
        width,
        height,
        TIGHT,
        &[vec![0x90], compact(data)].concat(),
    )
}

#[test]
fn jpegs_of_every_kind() {
    for name in ["baseline", "progressive"] {
        let data = jpeg(name);
        let engine = accept(&[jpeg_rect(16, 16, &data)]);
        let near = |found: u8, wanted: u8| found.abs_diff(wanted) < 12;
        let [red, green, blue] = engine.framebuffer().colour(3, 3).unwrap();
        assert!(
            near(red, 200) && near(green, 40) && near(blue, 90),
            "{name}: {red} {green} {blue}"
        );
        breaks(&[jpeg_rect(15, 16, &data)]);
        breaks(&[jpeg_rect(16, 17, &data)]);
        breaks(&[jpeg_rect(16, 16, &data[..20])]);
        // Garbage behind the end is no reason to fail.
        accept(&[jpeg_rect(16, 16, &[&data[..], &[0xff; 50]].concat())]);
        // A header that claims 65500 pixels.
        let mut large = data.clone();
        let at = large
            .windows(2)
            .position(|two| two == [0xff, 0xc0] || two == [0xff, 0xc2])
            .unwrap();
        large[at + 5..at + 9].copy_from_slice(&[0xff, 0xdc, 0xff, 0xdc]);
        breaks(&[jpeg_rect(16, 16, &large)]);
        // Every cut and every flipped byte ends in a picture or an error.
        for at in 0..data.len() {
            let _ = send(&[jpeg_rect(16, 16, &data[..at])]);
            let mut flipped = data.clone();
            flipped[at] ^= 0xff;
            let _ = send(&[jpeg_rect(16, 16, &flipped)]);
        }
    }
    for name in ["grey", "cmyk"] {
        // What QEMU never sends may be refused or shown.
        let _ = send(&[jpeg_rect(16, 16, &jpeg(name))]);
    }
    breaks(&[jpeg_rect(16, 16, b"no picture")]);
    breaks(&[jpeg_rect(16, 16, b"")]);
}
