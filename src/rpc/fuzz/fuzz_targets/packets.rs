//! Whatever a daemon could send. `build-aux/dev build-aux/lib/fuzz.sh run rpc/packets 60`.

#![no_main]

#[path = "../entry.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|input: &[u8]| entry::packets(input));
