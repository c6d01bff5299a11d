//! JPEG pictures in tight rectangles. `build-aux/dev build-aux/lib/fuzz.sh run rfb/jpeg 60`.
#![no_main]

#[allow(dead_code)]
#[path = "../entry/mod.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|input: &[u8]| entry::jpeg::run(input));
