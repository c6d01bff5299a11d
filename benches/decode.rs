//! How fast the VNC engine decodes what QEMU sends, against vnc-rs and against copying memory.
//!
//! `cargo bench -p rfb --bench decode`. One run, interleaved rounds, medians, ratios. Each client gets
//! the same recording through a Unix socket, from the version on, and keeps a whole picture. "decoder"
//! is our engine alone, without socket and shared picture; "memcpy" copies as many pixels.

#[path = "../src/rfb/tests/support/oracle.rs"]
mod oracle;

use std::{
    hint::black_box,
    path::Path,
    time::{Duration, Instant},
};

use rfb::{Encoding, EncodingPolicy, Engine, Event, Options, Session};
use tokio::{net::UnixStream, runtime::Runtime};

const ROUNDS: usize = 15;
/// Connections in a round: recordings are short.
const CONNECTIONS: u32 = 4;
/// A bell behind a recording tells that all of it was decoded.
const BELL: u8 = 2;

struct Content {
    name: &'static str,
    encoding: Encoding,
    /// What vnc-rs' time divided by ours must reach.
    target: f64,
    bytes: Vec<u8>,
    pixels: usize,
}

fn main() {
    let runtime = Runtime::new().expect("tokio starts");
    println!("Mpx/s, median of {ROUNDS} rounds; ratio = ours / vnc-rs, both through a socket");
    println!(
        "{:<16}{:>9}{:>9}{:>9}{:>9}{:>8}",
        "content", "memcpy", "decoder", "ours", "vnc-rs", "ratio"
    );
    for (name, encoding, target) in [
        ("terminal-zrle", Encoding::Zrle, 5.0),
        ("window-zrle", Encoding::Zrle, 5.0),
        ("terminal-tight", Encoding::Tight, 3.5),
        ("window-tight", Encoding::Tight, 3.5),
        ("pattern-raw", Encoding::Raw, 1.0),
    ] {
        measure(&runtime, &Content::load(name, encoding, target));
    }
}

impl Content {
    fn load(name: &'static str, encoding: Encoding, target: f64) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
        let mut bytes =
            std::fs::read(folder.join(name).with_extension("rfb")).expect("a recording");
        let pixels = decode(&bytes);
        bytes.push(BELL);
        Self {
            name,
            encoding,
            target,
            bytes,
            pixels,
        }
    }

    fn rate(&self, time: Duration) -> f64 {
        self.pixels as f64 * f64::from(CONNECTIONS) / time.as_secs_f64() / 1e6
    }
}

fn measure(runtime: &Runtime, content: &Content) {
    let mut times = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        times[0].push(timed(|| copy(content.pixels)));
        times[1].push(timed(|| assert_eq!(decode(&content.bytes), content.pixels)));
        times[2].push(timed(|| runtime.block_on(ours(content))));
        times[3].push(timed(|| runtime.block_on(theirs(content))));
    }
    let [memcpy, decoder, ours, theirs] = times.map(|times| content.rate(median(times)));
    let ratio = ours / theirs;
    let verdict = if ratio >= content.target {
        "reached"
    } else {
        "missed"
    };
    println!(
        "{:<16}{memcpy:>9.0}{decoder:>9.0}{ours:>9.0}{theirs:>9.0}{ratio:>7.2}x  {} of {}x",
        content.name, verdict, content.target
    );
}

fn timed(mut run: impl FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..CONNECTIONS {
        run();
    }
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Copies as many pixels from one full-HD picture to another.
fn copy(pixels: usize) {
    const PICTURE: usize = 1920 * 1080;
    thread_local! {
        static PICTURES: std::cell::RefCell<[Vec<u32>; 2]> =
            std::cell::RefCell::new([vec![1; PICTURE], vec![2; PICTURE]]);
    }
    PICTURES.with_borrow_mut(|[from, to]| {
        let mut left = pixels;
        while left > 0 {
            let now = left.min(PICTURE);
            to[..now].copy_from_slice(&black_box(&*from)[..now]);
            black_box(&to);
            left -= now;
        }
    });
}

fn decode(bytes: &[u8]) -> usize {
    let mut engine = Engine::new(EncodingPolicy::LAN);
    for piece in bytes.chunks(256 << 10) {
        engine.push(piece).expect("a good recording");
        while engine.poll_event().is_some() {}
        black_box(engine.take_damage());
        engine.output().clear();
    }
    usize::try_from(engine.pixels_received()).expect("a short recording")
}

async fn ours(content: &Content) {
    let (client, server) = UnixStream::pair().expect("a socket pair");
    let playing = oracle::play(server, &content.bytes);
    let watching = async {
        let (session, mut events) = Session::connect(client, Options::default());
        loop {
            match events.recv().await {
                Some(Event::Bell) => break,
                Some(Event::Closed(error)) => panic!("{error}"),
                _ => {}
            }
        }
        drop((session, events));
    };
    tokio::join!(playing, watching);
}

async fn theirs(content: &Content) {
    let (client, server) = UnixStream::pair().expect("a socket pair");
    let recording = &content.bytes[..content.bytes.len() - 1];
    let playing = oracle::play(server, recording);
    let watching = async {
        let picture = oracle::decode(client, content.encoding, content.pixels).await;
        black_box(picture.expect("vnc-rs decodes the recording"));
    };
    tokio::join!(playing, watching);
}
