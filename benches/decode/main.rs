//! How much of a processor VNC clients need to decode what QEMU sends: ours against vnc-rs, libvncclient, gvnc and
//! `TigerVNC`.
//!
//! `build-aux/dev cargo bench -p rfb --bench decode [-- --rounds N] [--only NAME,NAME] [--clients NAME,NAME]`
//!
//! The recordings are made by the first run, of guests that show a terminal, a window that is dragged, a start, a film
//! and photographs at 1920×1080 (src/rfb/tests/guests/record.sh). Each client is a process that gets a recording
//! through a Unix socket, from the version on, and ends with a picture; what counts is its processor time, user and
//! system, of all its threads. Clients take turns; in one round each has decoded the same bytes. All pictures must be
//! the same. The C and C++ libraries are installed on demand into an overlay of the private root (peers.sh).

mod client;
mod content;
mod ours;
mod report;

#[path = "../../src/rfb/tests/support/oracle.rs"]
mod oracle;

use std::time::Duration;

use client::{Client, Stage};
use content::Content;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [role, name, socket, count, encoding, pixels] = words.as_slice()
        && role == client::ROLE
    {
        let number = |text: &String| text.parse().expect("a number");
        let encoding = content::encoding(encoding);
        ours::run(
            name,
            socket.as_ref(),
            number(count),
            encoding,
            number(pixels),
        );
        return;
    }
    let wishes = Wishes::read(words);
    let stage = Stage::new();
    let clients: Vec<Client> = client::all(&wishes.clients);
    report::head(&clients, wishes.rounds);
    for content in content::all(&wishes.only) {
        report::row(
            &content,
            &clients,
            &measure(&stage, &clients, &content, wishes.rounds),
        );
    }
    report::foot();
}

/// The median processor time that each client needs for a content; `None` where it does not know the encoding.
fn measure(
    stage: &Stage,
    clients: &[Client],
    content: &Content,
    rounds: usize,
) -> Vec<Option<Duration>> {
    let mut times = vec![Vec::new(); clients.len()];
    let mut pictures = Vec::new();
    for _ in 0..rounds {
        for (client, times) in clients.iter().zip(&mut times) {
            if client.decodes(content.wire) {
                let sample = stage.play(client, content);
                times.push(sample.time);
                pictures.push((client.name, sample.picture));
            }
        }
    }
    // JPEG may be rounded one way or another; everything else is exact.
    let (_, first) = pictures.first().expect("somebody decodes it").clone();
    for (name, picture) in pictures {
        assert!(
            content.wire.is_lossy() || picture == first,
            "{name} ends {} with another picture",
            content.name
        );
    }
    times.into_iter().map(median).collect()
}

fn median(mut times: Vec<Duration>) -> Option<Duration> {
    times.sort();
    times.get(times.len() / 2).copied()
}

/// What the command line asks for.
struct Wishes {
    rounds: usize,
    only: Vec<String>,
    clients: Vec<String>,
}

impl Wishes {
    fn read(words: Vec<String>) -> Self {
        let mut wishes = Self {
            rounds: 9,
            only: Vec::new(),
            clients: Vec::new(),
        };
        let list = |text: String| text.split(',').map(str::to_owned).collect();
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().expect("a value");
            match word.as_str() {
                "--rounds" => wishes.rounds = value().parse().expect("a number"),
                "--only" => wishes.only = list(value()),
                "--clients" => wishes.clients = list(value()),
                "--bench" => {}
                other => panic!("{other} is not known"),
            }
        }
        wishes
    }
}
