//! A scripted server, for what a real one cannot be made to do.
#![allow(dead_code, unreachable_pub)]

pub mod cases;
#[cfg(feature = "qemu-tests")]
pub mod guest;
pub mod hostile;
pub mod mirror;
pub mod oracle;
#[cfg(feature = "qemu-tests")]
pub mod pki;
pub mod server;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use rfb::{Event, Events, Options, Session};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

/// The end of a test's patience.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The server's end of a connection.
pub struct Peer {
    pub stream: DuplexStream,
}

/// Starts a session whose server is the test itself.
pub fn session(options: Options) -> (Session, Events, Peer) {
    let (ours, theirs) = duplex(1 << 20);
    let (session, events) = Session::connect(ours, options);
    (session, events, Peer { stream: theirs })
}

impl Peer {
    pub async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// Sends nothing more, but goes on to take what the client sends.
    pub async fn hang_up(&mut self) {
        self.stream.shutdown().await.unwrap();
    }

    /// Reads exactly these bytes.
    pub async fn expect(&mut self, bytes: &[u8]) {
        let mut read = vec![0; bytes.len()];
        let reading = self.stream.read_exact(&mut read);
        tokio::time::timeout(PATIENCE, reading)
            .await
            .expect("the client sends")
            .unwrap();
        assert_eq!(read, bytes);
    }

    /// Plays version 3.8 with security None and a desktop of this size.
    pub async fn welcome(&mut self, width: u16, height: u16) {
        self.welcome_after(width, height, Duration::ZERO).await;
    }

    /// The same; the desktop's description takes a while.
    pub async fn welcome_after(&mut self, width: u16, height: u16, pause: Duration) {
        self.send(b"RFB 003.008\n\x01\x01\0\0\0\0").await;
        self.expect(b"RFB 003.008\n\x01\x01").await;
        tokio::time::sleep(pause).await;
        self.send(&desktop(width, height, b"guest")).await;
        self.expect(&[
            0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0,
        ])
        .await;
        self.encodings().await;
        self.expect(&request(false, width, height)).await;
    }

    /// Reads a number of bytes.
    pub async fn read<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        let reading = self.stream.read_exact(&mut bytes);
        tokio::time::timeout(PATIENCE, reading)
            .await
            .expect("the client sends")
            .unwrap();
        bytes
    }

    /// Reads a SetEncodings message.
    pub async fn encodings(&mut self) -> Vec<i32> {
        let [kind, _, high, low] = self.read().await;
        assert_eq!(kind, 2);
        let mut numbers = Vec::new();
        for _ in 0..u16::from_be_bytes([high, low]) {
            numbers.push(i32::from_be_bytes(self.read().await));
        }
        numbers
    }

    /// Reads messages up to the next request for an update; gives the encodings if they were asked for before it.
    pub async fn encodings_among_requests(&mut self) -> Option<Vec<i32>> {
        let [kind] = self.read().await;
        if kind == 3 {
            let _: [u8; 9] = self.read().await;
            return None;
        }
        assert_eq!(kind, 2);
        let [_, high, low] = self.read().await;
        let mut numbers = Vec::new();
        for _ in 0..u16::from_be_bytes([high, low]) {
            numbers.push(i32::from_be_bytes(self.read().await));
        }
        Some(numbers)
    }

    /// Reads a message of a kind whose length, negative or not, stands behind three bytes of padding.
    pub async fn message_of(&mut self, kind: u8) -> Vec<u8> {
        let [found, _, _, _] = self.read().await;
        assert_eq!(found, kind);
        let length = i32::from_be_bytes(self.read().await).unsigned_abs();
        let mut body = vec![0; length as usize];
        self.stream.read_exact(&mut body).await.unwrap();
        body
    }
}

/// A server's description of its desktop.
pub fn desktop(width: u16, height: u16, name: &[u8]) -> Vec<u8> {
    let mut bytes = [width.to_be_bytes(), height.to_be_bytes()].concat();
    bytes.extend([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]);
    bytes.extend((name.len() as u32).to_be_bytes());
    bytes.extend(name);
    bytes
}

/// A client's request for everything.
pub fn request(incremental: bool, width: u16, height: u16) -> Vec<u8> {
    let mut bytes = vec![3, u8::from(incremental), 0, 0, 0, 0];
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes
}

/// An update's header.
pub fn update(rects: u16) -> Vec<u8> {
    let [high, low] = rects.to_be_bytes();
    vec![0, 0, high, low]
}

/// A rectangle's header with its body.
pub fn rect(x: u16, y: u16, width: u16, height: u16, encoding: i32, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for value in [x, y, width, height] {
        bytes.extend(value.to_be_bytes());
    }
    bytes.extend(encoding.to_be_bytes());
    bytes.extend(body);
    bytes
}

/// Waits for a condition that is looked at again and again.
pub async fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Waits for news.
pub async fn next(events: &mut Events) -> Event {
    tokio::time::timeout(PATIENCE, events.recv())
        .await
        .expect("news come")
        .expect("news go on")
}

/// Waits for news of one kind and passes over the others.
pub async fn until<T>(events: &mut Events, mut wanted: impl FnMut(Event) -> Option<T>) -> T {
    loop {
        let event = next(events).await;
        assert!(
            !matches!(event, Event::Closed(_)) || wanted_closed(&event),
            "{event:?}"
        );
        if let Some(found) = wanted(event) {
            return found;
        }
    }
}

fn wanted_closed(event: &Event) -> bool {
    matches!(event, Event::Closed(_))
}

/// Reads a recording of a real server.
pub fn recording(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    std::fs::read(folder.join(name).with_extension("rfb"))
        .expect("the recording is in the repository")
}

/// The colours of a picture, without the byte that means nothing.
pub fn colours(bytes: &[u8]) -> Vec<[u8; 3]> {
    let pixels = bytes.as_chunks::<4>().0.iter();
    pixels.map(|[b, g, r, _]| [*r, *g, *b]).collect()
}

/// Counts the pixels of all rectangles in a recording.
pub fn pixels(recording: &[u8]) -> usize {
    let mut engine = rfb::Engine::new(rfb::EncodingPolicy::LAN);
    engine.push(recording).unwrap();
    usize::try_from(engine.pixels_received()).unwrap()
}
