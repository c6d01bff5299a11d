//! The inputs that fuzzing has kept, as a plain test: what the targets start from must pass in every run.

#[path = "../fuzz/entry/mod.rs"]
mod entry;

use std::path::Path;

/// Runs all inputs of a target; returns how many there are.
fn run(target: &str, entry: fn(&[u8])) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let inputs = std::fs::read_dir(folder.join(target)).expect("the corpus is in the repository");
    inputs
        .map(|input| input.expect("a file").path())
        .map(|path| entry(&std::fs::read(path).expect("a file")))
        .count()
}

#[test]
fn kept_inputs_end_in_pictures_or_errors() {
    assert!(run("clipboard", entry::clipboard::run) > 10);
    assert!(run("engine", entry::engine::run) > 60);
    assert!(run("rectangles", entry::rectangles::run) > 10);
    assert!(run("jpeg", entry::jpeg::run) > 4);
}

#[test]
fn kept_handshakes_end() {
    assert!(run("security", entry::security::run) > 10);
}
