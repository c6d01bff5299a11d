//! A server that lies, cuts off or exaggerates: errors, never a panic, never memory for a mere announcement.

mod support;

use rfb::{EncodingPolicy, Engine, EngineEvent, Error, Leds, Result, Size};
use support::{
    desktop, recording, rect,
    server::{Deflate, compact, sized},
    update,
};

const RAW: i32 = 0;
const COPY: i32 = 1;
const HEXTILE: i32 = 5;
const ZLIB: i32 = 6;
const TIGHT: i32 = 7;
const ZRLE: i32 = 16;
const PIXELS: [i32; 6] = [RAW, COPY, HEXTILE, ZLIB, TIGHT, ZRLE];

const WIDTH: u16 = 100;
const HEIGHT: u16 = 80;

fn engine() -> Engine {
    let mut engine = Engine::new(EncodingPolicy::LAN);
    engine.push(&desktop(WIDTH, HEIGHT, b"guest")).unwrap();
    engine
}

/// Sends one update of these rectangles.
fn send(rects: &[Vec<u8>]) -> Result<Engine> {
    let mut engine = engine();
    engine.push(&update(rects.len() as u16))?;
    engine.push(&rects.concat())?;
    Ok(engine)
}

/// Keeps an update as a seed for the fuzzer, one for each place that sends some:
/// `RFB_SEEDS=src/rfb/fuzz/corpus/engine cargo test -p rfb --test hostile`.
#[track_caller]
fn keep(rects: &[Vec<u8>]) {
    let Some(folder) = std::env::var_os("RFB_SEEDS") else {
        return;
    };
    let bytes = [
        desktop(WIDTH, HEIGHT, b"guest"),
        update(rects.len() as u16),
        rects.concat(),
    ]
    .concat();
    if bytes.len() <= 4096 {
        let line = std::panic::Location::caller().line();
        // Tests run in the package's folder, the command in the workspace's.
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(folder);
        std::fs::write(folder.join(format!("hostile-{line:03}")), bytes).unwrap();
    }
}

/// Sends one update and expects it to be used up.
#[track_caller]
fn accept(rects: &[Vec<u8>]) -> Engine {
    keep(rects);
    let engine = send(rects).unwrap();
    assert!(engine.is_idle(), "something is left");
    engine
}

#[track_caller]
fn breaks(rects: &[Vec<u8>]) {
    keep(rects);
    let error = send(rects).map(|engine| engine.is_idle());
    assert!(matches!(error, Err(Error::Protocol(_))), "{error:?}");
}

#[track_caller]
fn exceeds(rects: &[Vec<u8>]) {
    keep(rects);
    let error = send(rects).map(|engine| engine.is_idle());
    assert!(matches!(error, Err(Error::Limit { .. })), "{error:?}");
}

fn zrle(deflated: &[u8]) -> Vec<u8> {
    rect(0, 0, 10, 10, ZRLE, &sized(deflated))
}

fn zrle_tile(tile: &[u8]) -> Vec<u8> {
    zrle(&Deflate::default().flush(tile))
}

fn events(mut engine: Engine) -> Vec<EngineEvent> {
    std::iter::from_fn(|| engine.poll_event()).collect()
}

#[test]
fn rectangles_outside_the_framebuffer() {
    for encoding in PIXELS {
        for (x, y, width, height) in [
            (91, 0, 10, 1),
            (0, 71, 1, 10),
            (0, 0, 65535, 65535),
            (65535, 65535, 1, 1),
            (65535, 65535, 65535, 65535),
            (101, 0, 0, 1),
        ] {
            breaks(&[rect(x, y, width, height, encoding, &[0; 64])]);
        }
    }
}

#[test]
fn rectangles_without_pixels_change_nothing() {
    for (width, height) in [(0, 0), (0, 5), (5, 0)] {
        let empty = Deflate::default().flush(&[]);
        let rects = [
            rect(3, 4, width, height, RAW, &[]),
            rect(3, 4, width, height, COPY, &[0; 4]),
            rect(3, 4, width, height, HEXTILE, &[]),
            rect(3, 4, width, height, ZLIB, &sized(&empty)),
            rect(3, 4, width, height, ZRLE, &sized(&empty)),
            rect(3, 4, width, height, TIGHT, &[0]),
            rect(3, 4, width, height, TIGHT, &[0x80, 1, 2, 3]),
            rect(3, 4, 1, 1, RAW, &[1, 2, 3, 4]),
        ];
        let mut engine = accept(&rects);
        assert_eq!(engine.framebuffer().colour(3, 4), Some([3, 2, 1]));
        assert!(!engine.take_damage().is_empty());
    }
}

#[test]
fn sizes_of_the_desktop() {
    for (width, height) in [(0, 0), (0, 10), (10, 0)] {
        breaks(&[rect(0, 0, width, height, -223, &[])]);
        breaks(&[rect(0, 0, width, height, -308, &[0; 4])]);
        assert!(
            Engine::new(EncodingPolicy::LAN)
                .push(&desktop(width, height, b""))
                .is_err()
        );
    }
    for (width, height) in [(65535, 65535), (16384, 16384), (16385, 1)] {
        exceeds(&[rect(0, 0, width, height, -223, &[])]);
        assert!(
            Engine::new(EncodingPolicy::LAN)
                .push(&desktop(width, height, b""))
                .is_err()
        );
    }
    let engine = accept(&[rect(0, 0, 5120, 2160, -223, &[])]);
    assert_eq!(engine.framebuffer().size(), Size::new(5120, 2160));
}

#[test]
fn a_size_that_changes_within_an_update() {
    let old = rect(90, 70, 10, 10, TIGHT, &[0x80, 1, 2, 3]);
    breaks(&[rect(0, 0, 50, 40, -223, &[]), old.clone()]);
    let engine = accept(&[
        old,
        rect(0, 0, 200, 100, -223, &[]),
        rect(199, 99, 1, 1, TIGHT, &[0x80, 4, 5, 6]),
    ]);
    assert_eq!(engine.framebuffer().colour(95, 75), Some([1, 2, 3]));
    assert_eq!(engine.framebuffer().colour(199, 99), Some([4, 5, 6]));
}

#[test]
fn extended_sizes_with_any_number_of_screens_and_any_status() {
    for screens in [0u8, 1, 255] {
        let body = [
            vec![screens, 0, 0, 0],
            vec![0xff; usize::from(screens) * 16],
        ]
        .concat();
        let engine = accept(&[rect(1, 0xbeef, WIDTH, HEIGHT, -308, &body)]);
        let status = rfb::DesktopSizeStatus::Other(0xbeef);
        assert!(events(engine).contains(&EngineEvent::DesktopSizeStatus(status)));
    }
}

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

#[test]
fn cursors() {
    let hidden = accept(&[rect(0, 0, 0, 0, -239, &[]), rect(7, 7, 0, 0, -314, &[0; 4])]);
    let hidden = events(hidden)
        .into_iter()
        .filter(|event| *event == EngineEvent::Cursor(None));
    assert_eq!(hidden.count(), 2);
    for encoding in [-239, -314] {
        exceeds(&[rect(0, 0, 65535, 65535, encoding, &[])]);
        exceeds(&[rect(0, 0, 1025, 1, encoding, &[])]);
    }
    breaks(&[rect(0, 0, 1, 1, -314, &[0, 0, 0, 7, 0, 0, 0, 0])]);
    // Nine columns have a mask of two bytes; the hot spot is moved into the picture.
    let body = [[3, 2, 1, 0].repeat(9), vec![0x80, 0x80]].concat();
    let shown = events(accept(&[rect(500, 500, 9, 1, -239, &body)]));
    let Some(EngineEvent::Cursor(Some(cursor))) = shown
        .into_iter()
        .find(|event| matches!(event, EngineEvent::Cursor(_)))
    else {
        panic!("no cursor");
    };
    assert_eq!(cursor.hot_spot, (8, 0));
    assert_eq!(
        cursor.rgba,
        [&[1, 2, 3, 255][..], &[0; 28], &[1, 2, 3, 255]].concat()
    );
    // Colours above their alpha would overflow when painted.
    let bright = [&[0; 4][..], &[255, 255, 255, 16]].concat();
    let shown = events(accept(&[rect(0, 0, 1, 1, -314, &bright)]));
    assert!(
        shown.iter().any(
            |event| matches!(event, EngineEvent::Cursor(Some(cursor)) if cursor.rgba == [16; 4])
        )
    );
}

#[test]
fn clipboard_lengths() {
    for length in [0xffff_ffffu32, 0x8000_0000, (16 << 20) + 1] {
        let message = [&[3, 0, 0, 0][..], &length.to_be_bytes()].concat();
        assert!(matches!(engine().push(&message), Err(Error::Limit { .. })));
    }
    let mut engine = engine();
    engine.push(&[3, 0, 0, 0, 0, 0, 0, 2, 0xe9, b'a']).unwrap();
    assert!(events(engine).contains(&EngineEvent::ClipboardText("éa".into())));
}

#[test]
fn names_lamps_and_colour_maps() {
    exceeds(&[rect(0, 0, 0, 0, -307, &[0xff; 4])]);
    let named = accept(&[
        rect(0, 0, 0, 0, -307, &sized(b"\xff\xfename")),
        rect(0, 0, 1, 1, -261, &[0xff]),
    ]);
    let named = events(named);
    assert!(named.contains(&EngineEvent::Name("\u{fffd}\u{fffd}name".into())));
    let all = Leds {
        scroll: true,
        num: true,
        caps: true,
    };
    assert!(named.contains(&EngineEvent::Leds(all)));
    let mut long = desktop(4, 4, b"");
    long[20..].fill(0xff);
    assert!(matches!(
        Engine::new(EncodingPolicy::LAN).push(&long),
        Err(Error::Limit { .. })
    ));
    let mut engine = engine();
    let map = [
        &[1, 0, 0xff, 0xff, 0xff, 0xff][..],
        &vec![0; 6 * 65535],
        &[2],
    ]
    .concat();
    engine.push(&map).unwrap();
    assert!(events(engine).contains(&EngineEvent::Bell));
}

#[test]
fn what_was_not_asked_for() {
    for message in 4..=255 {
        let error = engine().push(&[message]);
        assert!(
            matches!(
                error,
                Err(Error::Unexpected {
                    what: "message",
                    ..
                })
            ),
            "{error:?}"
        );
    }
    for encoding in [2, 4, 15, 17, 50, -260, -259, -312, i32::MIN, i32::MAX] {
        let error = send(&[rect(0, 0, 1, 1, encoding, &[0; 99])]).map(|_| ());
        assert!(
            matches!(
                error,
                Err(Error::Unexpected {
                    what: "encoding",
                    ..
                })
            ),
            "{error:?}"
        );
    }
}

#[test]
fn an_update_that_says_its_end_itself() {
    let mut engine = engine();
    engine.push(&update(0xffff)).unwrap();
    let fill = rect(0, 0, 1, 1, TIGHT, &[0x80, 1, 2, 3]);
    for _ in 0..70_000 {
        engine.push(&fill).unwrap();
    }
    assert!(!engine.is_idle());
    engine.push(&rect(0, 0, 0, 0, -224, &[])).unwrap();
    assert!(engine.is_idle());
    assert_eq!(
        events(engine)
            .iter()
            .filter(|event| **event == EngineEvent::FrameEnd)
            .count(),
        1
    );
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

#[test]
fn the_end_anywhere_is_only_an_unfinished_message() {
    for name in ["everything", "hextile", "zrle"] {
        let bytes = recording(&format!("pattern-{name}"));
        for end in (0..bytes.len()).step_by(997).chain(0..200) {
            let mut engine = Engine::new(EncodingPolicy::LAN);
            engine.push(&bytes[..end]).unwrap();
        }
    }
}

#[test]
fn damaged_recordings_end_in_errors_or_pictures() {
    for name in ["everything", "hextile", "zlib", "zrle", "tight"] {
        let bytes = recording(&format!("pattern-{name}"));
        for at in (24..bytes.len()).step_by(4999) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x55;
            let _ = Engine::new(EncodingPolicy::LAN).push(&damaged);
        }
    }
}
