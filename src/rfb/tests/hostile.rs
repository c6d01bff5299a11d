//! A server that lies, cuts off or exaggerates, message by message: errors, never a panic.
//! For what it may do to pixels see `hostile_pixels`, for memory `allocation`.

mod support;

use rfb::{EncodingPolicy, Engine, EngineEvent, Error, Leds, Size};
use support::{
    desktop,
    hostile::{
        COPY, HEIGHT, HEXTILE, PIXELS, RAW, TIGHT, WIDTH, ZLIB, ZRLE, accept, breaks, engine,
        events, exceeds, send,
    },
    recording, rect,
    server::{Deflate, sized},
    update,
};

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
    for length in [i32::MIN, -(16 << 20) - 1, (16 << 20) + 1, i32::MAX] {
        let message = [&[3, 0, 0, 0][..], &length.to_be_bytes()].concat();
        assert!(matches!(engine().push(&message), Err(Error::Limit { .. })));
    }
    // A word of the extended clipboard has flags.
    for length in [-1i32, -3] {
        let message = [&[3, 0, 0, 0][..], &length.to_be_bytes(), &[0; 3]].concat();
        assert!(matches!(engine().push(&message), Err(Error::Protocol(_))));
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
    // Sound among them: it has not been offered.
    let asked_for = [150, 248, 250];
    for message in (4..=255).filter(|message| !asked_for.contains(message)) {
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
    for encoding in [
        2,
        4,
        15,
        17,
        50,
        -260,
        -312,
        0x574d_5669,
        i32::MIN,
        i32::MAX,
    ] {
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
