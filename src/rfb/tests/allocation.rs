//! Memory: none for each rectangle in the steady state, none for what a server merely announces.

mod support;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use rfb::{EncodingPolicy, Engine};
use support::{desktop, recording, rect, update};

/// Counts what the present thread asks for.
struct Counting;

thread_local! {
    static CALLS: Cell<usize> = const { Cell::new(0) };
    static BYTES: Cell<usize> = const { Cell::new(0) };
}

fn count(bytes: usize) {
    CALLS.set(CALLS.get() + 1);
    BYTES.set(BYTES.get() + bytes);
}

// SAFETY: everything is left to the system's allocator; the counters allocate nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        unsafe { System.realloc(memory, layout, size) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Feeds bytes as a session does; returns how often and how much memory was asked for.
fn feed(engine: &mut Engine, bytes: &[u8]) -> (usize, usize) {
    let (calls, memory) = (CALLS.get(), BYTES.get());
    for piece in bytes.chunks(64 << 10) {
        engine.push(piece).unwrap();
        while engine.poll_event().is_some() {}
        let _ = (engine.take_damage(), engine.take_request());
        engine.output().clear();
    }
    (CALLS.get() - calls, BYTES.get() - memory)
}

#[test]
fn the_counter_counts() {
    let before = CALLS.get();
    drop(std::hint::black_box(vec![1u8; 100]));
    assert_eq!(CALLS.get(), before + 1);
}

#[test]
fn decoding_allocates_nothing_in_the_steady_state() {
    for name in [
        "pattern-raw",
        "pattern-hextile",
        "pattern-zlib",
        "pattern-zrle",
        "pattern-tight",
        "terminal-zrle",
        "terminal-tight",
        "window-zrle",
        "window-tight",
    ] {
        let bytes = recording(name);
        let mut engine = Engine::new(EncodingPolicy::LAN);
        // The first picture and the first changes, which use every stream and buffer.
        let (warm, steady) = bytes.split_at(bytes.len() * 9 / 10);
        assert!(feed(&mut engine, warm).0 > 0);
        let before = engine.pixels_received();
        assert_eq!(feed(&mut engine, steady), (0, 0), "{name}");
        assert!(engine.pixels_received() > before, "{name}");
    }
}

#[test]
fn what_is_merely_announced_costs_nothing() {
    const LARGE: u16 = 8192;
    // The length, and a stream that begins with plain zeros.
    let zlib_head = [0x0f, 0, 0, 0, 0x78, 0x01, 0, 0xff, 0xff, 0, 0];
    for head in [
        rect(0, 0, LARGE, LARGE, 0, &[0; 4]),
        rect(0, 0, LARGE, LARGE, 5, &[8, 255]),
        rect(0, 0, LARGE, LARGE, 6, &zlib_head),
        rect(0, 0, LARGE, LARGE, 16, &zlib_head),
        rect(0, 0, LARGE, LARGE, 7, &[0, 0xff, 0xff, 0xff]),
        rect(0, 0, LARGE, LARGE, 7, &[0x90, 0xff, 0xff, 0xff]),
        rect(0, 0, 1024, 1024, -239, &[]),
        rect(0, 0, 1024, 1024, -314, &[0; 4]),
        rect(0, 0, 0, 0, -307, &[0, 0, 0xff, 0xff]),
        rect(0, 0, 4, 4, -308, &[255, 0, 0, 0]),
    ] {
        let mut engine = Engine::new(EncodingPolicy::LAN);
        feed(&mut engine, &desktop(LARGE, LARGE, b""));
        let (_, bytes) = feed(&mut engine, &[update(1), head, vec![0; 100]].concat());
        assert!(bytes < 1 << 20, "{bytes} bytes");
        assert!(!engine.is_idle());
    }
    let mut engine = Engine::new(EncodingPolicy::LAN);
    feed(&mut engine, &desktop(4, 4, b""));
    let (_, bytes) = feed(&mut engine, &[3, 0, 0, 0, 0, 0xff, 0xff, 0xff, b'x']);
    assert!(bytes < 1 << 20 && !engine.is_idle());
}

#[test]
fn an_update_without_end_and_updates_without_end_stay_small() {
    let mut engine = Engine::new(EncodingPolicy::LAN);
    feed(&mut engine, &desktop(64, 64, b""));
    let fill = rect(1, 1, 9, 9, 7, &[0x80, 1, 2, 3]).repeat(4000);
    feed(&mut engine, &update(0xffff));
    feed(&mut engine, &fill);
    for _ in 0..100 {
        assert_eq!(feed(&mut engine, &fill), (0, 0));
    }
    feed(&mut engine, &rect(0, 0, 0, 0, -224, &[]));
    let empty = update(0).repeat(10_000);
    feed(&mut engine, &empty);
    for _ in 0..100 {
        assert_eq!(feed(&mut engine, &empty), (0, 0));
    }
}
