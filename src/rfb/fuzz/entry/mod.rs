//! What the fuzz targets do with an input; `tests/corpus.rs` does the same with the inputs that are kept.
//!
//! Each panics when something is wrong: a server's bytes lead to a picture or to an error, the same in pieces.

pub(crate) mod clipboard;
pub(crate) mod engine;
pub(crate) mod jpeg;
pub(crate) mod rectangles;
pub(crate) mod security;

use rfb::{EncodingPolicy, Engine};

/// Pushes a server's bytes whole and in small pieces; both must come to the same. Of several faults in one payload it
/// depends on the pieces which is met first.
fn push(bytes: &[u8]) {
    let (whole, mut first) = run(bytes, usize::MAX);
    let (pieces, mut second) = run(bytes, 13);
    assert_eq!(whole.is_some(), pieces.is_some(), "{whole:?}, {pieces:?}");
    if whole.is_none() {
        assert!(first.framebuffer().bytes() == second.framebuffer().bytes());
        assert_eq!(first.output(), second.output());
    }
}

/// Returns the error's text, if there was one.
fn run(bytes: &[u8], piece: usize) -> (Option<String>, Engine) {
    let mut engine = Engine::new(EncodingPolicy::LAN);
    for bytes in bytes.chunks(piece) {
        if let Err(error) = engine.push(bytes) {
            return (Some(error.to_string()), engine);
        }
        while engine.poll_event().is_some() {}
        for rect in engine.take_damage().rects() {
            assert!(rect.fits(engine.framebuffer().size()), "{rect:?}");
        }
    }
    (None, engine)
}

/// A server's description of its desktop.
fn desktop(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = [width.to_be_bytes(), height.to_be_bytes()].concat();
    bytes.extend([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]);
    bytes.extend([0, 0, 0, 1, b'x']);
    bytes
}

/// An update's header.
fn update(rects: u16) -> Vec<u8> {
    let [high, low] = rects.to_be_bytes();
    vec![0, 0, high, low]
}

/// A rectangle's header.
fn header(x: u16, y: u16, width: u16, height: u16, encoding: i32) -> Vec<u8> {
    let mut bytes = [x, y, width, height].map(u16::to_be_bytes).concat();
    bytes.extend(encoding.to_be_bytes());
    bytes
}
