//! Whatever a daemon could send. In `src/rpc`, on the stable toolchain and without a sanitizer (there is no unsafe code):
//! `RUSTC_BOOTSTRAP=1 cargo fuzz run -s none packets NEW_CORPUS fuzz/corpus/packets -- -max_total_time=300`.

#![no_main]

#[path = "../entry.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|input: &[u8]| entry::packets(input));
