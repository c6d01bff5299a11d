//! The largest screen that QEMU has, 5120×2160: every encoding reaches its last pixel, and a session keeps one picture
//! and a few MiB, whatever is sent.

mod support;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use rfb::{Event, Options};
use support::{
    Peer, next, rect,
    server::{Deflate, compact, sized},
    session, update,
};

const WIDTH: u16 = 5120;
const HEIGHT: u16 = 2160;
const PIXELS: usize = WIDTH as usize * HEIGHT as usize;

/// Beside the picture: what has arrived and is not decoded, and the decoders' own.
const BESIDE: usize = 16 << 20;

/// Counts the bytes that the whole process holds, and the most of the present measurement.
struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

fn more(bytes: usize) {
    MOST.fetch_max(HELD.fetch_add(bytes, Relaxed) + bytes, Relaxed);
}

// SAFETY: everything is left to the system's allocator; the counters allocate nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        more(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        more(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Noise, which does not compress: the largest payload that an honest server sends.
fn noise(bytes: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut out = Vec::with_capacity(bytes + 8);
    while out.len() < bytes {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        out.extend(state.to_le_bytes());
    }
    out.truncate(bytes);
    out
}

/// The whole picture in each encoding, with the colour of its last pixel.
fn pictures() -> Vec<(&'static str, Vec<u8>, [u8; 3])> {
    let plain = noise(PIXELS * 4);
    let [blue, green, red, _] = *plain.last_chunk().unwrap();
    // One plain tile after the other, each three bytes a pixel.
    let tiles = usize::from(WIDTH.div_ceil(64)) * usize::from(HEIGHT.div_ceil(64));
    let mut packed = noise(PIXELS * 3 + tiles);
    let mut at = 0;
    for top in (0..HEIGHT).step_by(64) {
        for _ in 0..WIDTH / 64 {
            packed[at] = 0;
            at += 1 + 64 * usize::from(64.min(HEIGHT - top)) * 3;
        }
    }
    let [b, g, r] = *packed.last_chunk().unwrap();
    let strips: Vec<u8> = (0..HEIGHT)
        .step_by(16)
        .flat_map(|top| rect(0, top, WIDTH, 16, 7, &[0x80, 1, 2, top as u8]))
        .collect();
    let whole =
        |encoding, body: &[u8]| [update(1), rect(0, 0, WIDTH, HEIGHT, encoding, body)].concat();
    vec![
        ("raw", whole(0, &plain), [red, green, blue]),
        (
            "zlib",
            whole(6, &sized(&Deflate::default().flush(&plain))),
            [red, green, blue],
        ),
        (
            "zrle",
            whole(16, &sized(&Deflate::default().flush(&packed))),
            [r, g, b],
        ),
        ("tight", whole(7, &[0x80, 7, 8, 9]), [7, 8, 9]),
        (
            "tight in strips",
            [update(HEIGHT.div_ceil(16)), strips].concat(),
            [1, 2, (HEIGHT - 16) as u8],
        ),
        ("tight, plain", whole_tight(), [0, 0, 0]),
    ]
}

/// Black, in the longest rectangle that tight can compress so.
fn whole_tight() -> Vec<u8> {
    let body = [
        vec![0],
        compact(&Deflate::default().flush(&vec![0; PIXELS * 3])),
    ]
    .concat();
    [update(1), rect(0, 0, WIDTH, HEIGHT, 7, &body)].concat()
}

async fn frame(events: &mut rfb::Events) {
    while !matches!(next(events).await, Event::Bell) {}
}

/// Sends a picture and a bell while the session takes it.
async fn show(peer: &mut Peer, events: &mut rfb::Events, bytes: &[u8]) {
    let sending = async {
        peer.send(bytes).await;
        peer.send(&[2]).await;
    };
    tokio::join!(sending, frame(events));
}

#[tokio::test]
async fn the_largest_screen_costs_one_picture() {
    let pictures = pictures();
    let before = HELD.load(Relaxed);
    let (session, mut events, mut peer) = session(Options::default());
    peer.welcome(WIDTH, HEIGHT).await;
    for (name, bytes, last) in &pictures {
        MOST.store(HELD.load(Relaxed), Relaxed);
        show(&mut peer, &mut events, bytes).await;
        let most = MOST.load(Relaxed) - before;
        assert!(most <= PIXELS * 4 + BESIDE, "{name}: {} MiB", most >> 20);
        let shown = session.picture().await.expect("a picture");
        assert_eq!(shown.colour(WIDTH - 1, HEIGHT - 1), Some(*last), "{name}");
    }
}
