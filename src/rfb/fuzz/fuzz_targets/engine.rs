//! Any bytes of a server, whole and in pieces: an error or a picture, the same in both cases.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rfb::{EncodingPolicy, Engine};

/// Large framebuffers only slow the fuzzer down; the bounds on them have tests of their own.
const MAX_SIDE: u16 = 512;

fuzz_target!(|bytes: &[u8]| {
    let sides =
        [bytes.get(..2), bytes.get(2..4)].map(|side| side.and_then(|side| side.try_into().ok()));
    if sides
        .into_iter()
        .flatten()
        .any(|side: [u8; 2]| u16::from_be_bytes(side) > MAX_SIDE)
    {
        return;
    }
    let (whole, first) = run(bytes, usize::MAX);
    let (pieces, second) = run(bytes, 13);
    assert_eq!(whole, pieces);
    assert!(!whole || first.framebuffer().bytes() == second.framebuffer().bytes());
});

fn run(bytes: &[u8], piece: usize) -> (bool, Engine) {
    let mut engine = Engine::new(EncodingPolicy::LAN);
    for bytes in bytes.chunks(piece) {
        if engine.push(bytes).is_err() {
            return (false, engine);
        }
        while engine.poll_event().is_some() {}
    }
    (true, engine)
}
