//! The fuzzer's seeds as a plain test: what `cargo fuzz run engine` starts from must never panic.

use std::path::Path;

use rfb::{EncodingPolicy, Engine};

#[test]
fn seeds_end_in_pictures_or_errors() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/engine");
    let mut seeds = 0;
    for entry in std::fs::read_dir(folder).expect("the corpus is in the repository") {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for piece in [1, 16, usize::MAX] {
            let mut engine = Engine::new(EncodingPolicy::LAN);
            for bytes in bytes.chunks(piece) {
                if engine.push(bytes).is_err() {
                    break;
                }
                while engine.poll_event().is_some() {}
            }
        }
        seeds += 1;
    }
    assert!(seeds > 30, "only {seeds} seeds");
}
