//! A server's half of the handshake. `build-aux/dev build-aux/lib/fuzz.sh run rfb/security 60`.
#![no_main]

#[allow(dead_code)]
#[path = "../entry/mod.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|input: &[u8]| entry::security::run(input));
