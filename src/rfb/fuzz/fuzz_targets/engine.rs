//! Any bytes of a server, whole and in pieces. `build-aux/dev build-aux/lib/fuzz.sh run rfb/engine 60`.
#![no_main]

#[allow(dead_code)]
#[path = "../entry/mod.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|input: &[u8]| entry::engine::run(input));
