//! What showing a guest's screen costs: processor time for a picture against gvncviewer and vncviewer; a screen that
//! nobody sees; memory; twenty screens at once.
//!
//! `build-aux/dev cargo bench --bench consoles --features e2e [-- --only drag,hidden,memory,many] [--rounds N]
//! [--encodings tight,zrle] [--screens N]`
//!
//! The pictures come from a server of our own, the same bytes for each viewer: a recording of a real QEMU whose guest drags
//! a window (src/rfb/tests/guests/window.asm), one update at a time as viewers ask for them, 15 a second; for the
//! rest a band that changes its colour. Innkeeper shows them as screens of the test driver's guests.

mod drag;
mod live;
#[path = "../support/overlay.rs"]
mod overlay;
#[path = "../support/processor.rs"]
mod processor;
mod recording;
#[path = "../support/settled.rs"]
mod settled;
#[path = "../support/viewers.rs"]
mod viewers;

use std::time::Duration;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_mins(1);

fn main() {
    let wishes = Wishes::read();
    let wants = |part: &str| wishes.only.iter().any(|word| word == part);
    if wants("drag") {
        drag::compare(&wishes.encodings, wishes.rounds);
    }
    if wants("hidden") {
        live::hidden();
    }
    if wants("memory") {
        live::memory();
    }
    if wants("many") {
        live::many(wishes.screens);
    }
}

/// What the command line asks for.
struct Wishes {
    only: Vec<String>,
    encodings: Vec<String>,
    rounds: usize,
    screens: usize,
}

impl Wishes {
    fn read() -> Self {
        let list = |text: &str| text.split(',').map(str::to_owned).collect();
        let mut wishes = Self {
            only: list("drag,hidden,memory,many"),
            encodings: list("tight,zrle"),
            rounds: 3,
            screens: 20,
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut value = || words.next().expect("a value");
            match word.as_str() {
                "--only" => wishes.only = list(&value()),
                "--encodings" => wishes.encodings = list(&value()),
                "--rounds" => wishes.rounds = value().parse().expect("a number"),
                "--screens" => wishes.screens = value().parse().expect("a number"),
                "--bench" => {}
                other => panic!("{other} is not known"),
            }
        }
        wishes
    }
}
