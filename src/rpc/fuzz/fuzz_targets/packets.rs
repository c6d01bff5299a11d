//! `cargo fuzz run packets` in `src/rpc`: whatever a daemon could send.

#![no_main]

#[path = "../entry.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|input: &[u8]| entry::packets(input));
