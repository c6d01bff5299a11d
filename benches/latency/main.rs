//! From a key to the changed pixel: Innkeeper, gvncviewer and vncviewer on one display, with one QEMU whose guest answers
//! keys at once.
//!
//! `build-aux/dev cargo bench --bench latency --features e2e [-- --rounds N] [--presses N]`
//!
//! The X server is given a key (XTEST) and reports when the watched pixel is drawn (DAMAGE). Most of the time between is
//! QEMU's, which looks at the guest's screen every 30 to 80 ms: a tap on the connection tells when the key went to QEMU
//! and when its answer came, so that each viewer's own share is known for each press. The floor is our session without a
//! window on the same connection. Viewers take turns; none runs beside another.

mod floor;
mod guest;
#[path = "../support/overlay.rs"]
mod overlay;
mod report;
#[path = "../support/settled.rs"]
mod settled;
mod stage;
mod tap;
#[path = "../support/viewers.rs"]
mod viewers;

use std::time::Duration;

use floor::Floor;
use guest::Guest;
use stage::Stage;
use tap::{Press, Tap};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(30);

fn main() {
    let (rounds, presses) = wishes();
    let folder = tempfile::tempdir().expect("a folder");
    let guest = Guest::boot(folder.path());
    let tap = Tap::start(guest.socket());
    let viewers = viewers::all();
    let stage = Stage::set(tap.port());
    let mut measured: Vec<Vec<Press>> = vec![Vec::new(); viewers.len() + 1];
    for _ in 0..rounds {
        measured[0].extend(stage::floor(&tap, presses));
        for (viewer, all) in viewers.iter().zip(&mut measured[1..]) {
            all.extend(stage.turn(viewer, &tap, presses));
        }
    }
    let names = viewers.iter().map(|viewer| viewer.name);
    report::table(std::iter::once("floor").chain(names).zip(&measured));
}

/// Rounds, and presses of each viewer in a round.
fn wishes() -> (usize, usize) {
    let (mut rounds, mut presses) = (5, 30);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || words.next().and_then(|n| n.parse().ok()).expect("a number");
        match word.as_str() {
            "--rounds" => rounds = number(),
            "--presses" => presses = number(),
            "--bench" => {}
            other => panic!("{other} is not known"),
        }
    }
    (rounds, presses)
}
