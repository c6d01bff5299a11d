//! Rectangles of each encoding, well compressed. `build-aux/dev build-aux/lib/fuzz.sh run rfb/rectangles 60`.
#![no_main]

#[allow(dead_code)]
#[path = "../entry/mod.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|input: &[u8]| entry::rectangles::run(input));
