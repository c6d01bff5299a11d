//! The clients that are written in Rust: our session, our decoder alone, and vnc-rs. One thread each.

use std::{
    io::{Read, Write},
    os::unix::net::UnixStream,
    path::Path,
    time::Duration,
};

use rfb::{
    Encoding, EncodingPolicy, Engine, Event, NextFrame, OpaquePixels, Options, Painter, Session,
};
use rustix::time::{ClockId, clock_gettime};

use crate::oracle::{self, PROLOGUE};

/// How often a desktop paints.
const FRAME: Duration = Duration::from_micros(16_667);

/// Is one of these clients: connects `count` times and writes a line each time.
pub(crate) fn run(name: &str, socket: &Path, count: usize, encoding: Encoding, pixels: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("tokio starts");
    for _ in 0..count {
        let mut stream = UnixStream::connect(socket).expect("a server");
        let before = processor_time();
        let (after, sum) = match name {
            "session" | "painted" => runtime.block_on(async {
                let session = session(stream, name == "painted").await;
                let after = processor_time();
                let picture = session.picture().await.expect("a picture");
                (after, sum(picture.bytes()))
            }),
            "decoder" => {
                let engine = decoder(&mut stream);
                (processor_time(), sum(engine.framebuffer().bytes()))
            }
            "vnc-rs" => runtime.block_on(async {
                let picture = vnc_rs(stream, encoding, pixels).await;
                (processor_time(), sum(&picture.bytes))
            }),
            other => panic!("{other} is no client"),
        };
        println!("{} {sum:016x}", after - before);
    }
    std::io::stdout().flush().expect("a reader");
}

/// Nanoseconds of processor time of this process.
fn processor_time() -> i64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// A sum of all colours (FNV-1a), which the programs in peers/ make in the same way.
fn sum(bytes: &[u8]) -> u64 {
    let colours = bytes.as_chunks::<4>().0.iter();
    colours
        .flat_map(|[blue, green, red, _]| [*blue, *green, *red])
        .fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
            (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

/// The whole session, with or without a painter that copies what has changed 60 times a second. The others paint nothing.
async fn session(stream: UnixStream, is_painted: bool) -> Session {
    stream.set_nonblocking(true).expect("a socket");
    let stream = tokio::net::UnixStream::from_std(stream).expect("a socket");
    let (session, mut events) = Session::connect(stream, Options::default());
    if is_painted {
        session.set_painter(Some(painter()));
    }
    let mut clock = tokio::time::interval(FRAME);
    loop {
        let event = tokio::select! {
            event = events.recv() => event.expect("an end"),
            _ = clock.tick(), if is_painted => {
                session.want_frame();
                continue;
            }
        };
        match event {
            Event::Bell => return session,
            Event::Closed(error) => panic!("{error}"),
            _ => {}
        }
    }
}

fn painter() -> Painter {
    let mut pixels = OpaquePixels::default();
    Box::new(move |picture, damage| {
        for rect in damage.rects() {
            picture.copy_opaque(*rect, &mut pixels);
        }
        NextFrame::WhenAsked
    })
}

/// The engine, reading from the socket into its own memory.
fn decoder(stream: &mut UnixStream) -> Engine {
    let mut prologue = vec![0; PROLOGUE.len()];
    stream.read_exact(&mut prologue).expect("a prologue");
    let mut engine = Engine::new(EncodingPolicy::LAN);
    loop {
        let count = stream.read(engine.space()).expect("bytes");
        assert!(count > 0, "a bell comes before the end");
        engine.filled(count).expect("a good recording");
        while let Some(event) = engine.poll_event() {
            if event == rfb::EngineEvent::Bell {
                return engine;
            }
        }
        let _ = (engine.take_damage(), engine.take_request());
        engine.output().clear();
    }
}

/// vnc-rs, which hands over pieces of a picture; they are put together, as every viewer must.
async fn vnc_rs(stream: UnixStream, encoding: Encoding, pixels: usize) -> oracle::Picture {
    stream.set_nonblocking(true).expect("a socket");
    let stream = tokio::net::UnixStream::from_std(stream).expect("a socket");
    // It decodes only what it has asked for.
    let picture = oracle::decode(stream, encoding, pixels).await;
    picture.expect("vnc-rs decodes the recording")
}
