//! A VNC server for what it costs to show a screen: it sends pictures at a pace, counts what it is asked and sends, and
//! notes where it is pointed.
//!
//! It knows as much of the protocol as pictures need (RFC 6143): no security, and whatever the client chooses besides
//! pixels and input ends the connection. What the pictures are, [`Pictures`] says.

use std::{
    io::{self, BufReader, Read, Write},
    net::{Ipv4Addr, Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

const VERSION: &[u8; 12] = b"RFB 003.008\n";
/// One type of security: none.
const SECURITY: &[u8] = &[1, 1];
const ACCEPTED: &[u8] = &[0; 4];

/// 32 bits a pixel, depth 24, little-endian, blue first: what all clients of today ask for (RFC 6143 §7.4).
pub(super) const PIXEL_FORMAT: [u8; 13] = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0];

/// What a server shows to one client.
pub trait Pictures: Send {
    /// The description of the desktop (RFC 6143 §7.3.2).
    fn desktop(&self) -> Vec<u8>;

    /// The next update, whole or of what has changed; `None` leaves the client waiting.
    fn update(&mut self, whole: bool) -> Option<Vec<u8>>;
}

/// A listening server; it ends with its value.
#[derive(Debug)]
pub struct VncServer {
    port: u16,
    state: Arc<State>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct State {
    stopped: AtomicBool,
    asked: AtomicU64,
    updates: AtomicU64,
    bytes: AtomicU64,
    pointed: Mutex<Vec<Pointed>>,
    open: Mutex<Vec<TcpStream>>,
}

/// Where the pointer was said to be, and the buttons that were held there, the first of them in the lowest bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointed {
    /// Pixels from the left.
    pub x: u16,
    /// Pixels from the top.
    pub y: u16,
    /// The buttons.
    pub buttons: u8,
}

impl VncServer {
    /// Listens on a free port of 127.0.0.1. Each client gets pictures of its own, no two of them closer than `pace`.
    ///
    /// # Panics
    /// When there is no port.
    pub fn start<P: Pictures>(
        pace: Duration,
        pictures: impl Fn() -> P + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(State::default());
        let pictures = Arc::new(pictures);
        let accepting = thread::spawn({
            let state = Arc::clone(&state);
            move || {
                for stream in listener.incoming().map_while(Result::ok) {
                    if state.stopped.load(Relaxed) {
                        break;
                    }
                    let (state, pictures) = (Arc::clone(&state), Arc::clone(&pictures));
                    thread::spawn(move || {
                        // However a client goes, it is gone.
                        let _ = serve(stream, &mut pictures(), pace, &state);
                    });
                }
            }
        });
        Self {
            port,
            state,
            accepting: Some(accepting),
        }
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How many updates were asked for.
    pub fn asked(&self) -> u64 {
        self.state.asked.load(Relaxed)
    }

    /// How many updates were sent.
    pub fn updates(&self) -> u64 {
        self.state.updates.load(Relaxed)
    }

    /// What was said of the pointer, from the beginning.
    pub fn pointed(&self) -> Vec<Pointed> {
        let pointed = self.state.pointed.lock();
        pointed.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many bytes passed, in both directions.
    pub fn bytes(&self) -> u64 {
        self.state.bytes.load(Relaxed)
    }
}

impl Drop for VncServer {
    fn drop(&mut self) {
        self.state.stopped.store(true, Relaxed);
        for stream in self.state.open().iter() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        // A connection of our own ends the wait for one.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

impl State {
    fn open(&self) -> std::sync::MutexGuard<'_, Vec<TcpStream>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn point(&self, pointed: Pointed) {
        let all = self.pointed.lock();
        all.unwrap_or_else(PoisonError::into_inner).push(pointed);
    }
}

/// Serves one client until it goes.
fn serve(
    stream: TcpStream,
    pictures: &mut impl Pictures,
    pace: Duration,
    state: &State,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    state.open().push(stream.try_clone()?);
    let mut client = Client {
        reader: BufReader::new(stream.try_clone()?),
        writer: stream,
        state,
    };
    client.greet(&pictures.desktop())?;
    let mut due = Instant::now();
    loop {
        let Some(whole) = client.request()? else {
            continue;
        };
        state.asked.fetch_add(1, Relaxed);
        // This is the pace of the pictures themselves, not a wait for something.
        thread::sleep(due.saturating_duration_since(Instant::now()));
        if let Some(update) = pictures.update(whole) {
            due = Instant::now() + pace;
            client.send(&update)?;
            state.updates.fetch_add(1, Relaxed);
        }
    }
}

struct Client<'a> {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
    state: &'a State,
}

impl Client<'_> {
    /// Agrees on version 3.8 without security, and describes the desktop.
    fn greet(&mut self, desktop: &[u8]) -> io::Result<()> {
        self.send(VERSION)?;
        self.read::<12>()?;
        self.send(SECURITY)?;
        self.read::<1>()?;
        self.send(ACCEPTED)?;
        self.read::<1>()?;
        self.send(desktop)
    }

    /// Reads a message; one that asks for an update gives whether it is to be whole.
    fn request(&mut self) -> io::Result<Option<bool>> {
        let [kind] = self.read()?;
        match kind {
            0 => {
                let told: [u8; 19] = self.read()?;
                if told[3..16] != PIXEL_FORMAT {
                    return Err(io::Error::other("another pixel format"));
                }
            }
            2 => {
                let [_, high, low] = self.read()?;
                self.skip(4 * usize::from(u16::from_be_bytes([high, low])))?;
            }
            3 => {
                let told: [u8; 9] = self.read()?;
                return Ok(Some(told[0] == 0));
            }
            4 => self.skip(7)?,
            5 => {
                let [buttons, left, right, upper, lower] = self.read()?;
                let (x, y) = ([left, right], [upper, lower]);
                self.state.point(Pointed {
                    x: u16::from_be_bytes(x),
                    y: u16::from_be_bytes(y),
                    buttons,
                });
            }
            6 => {
                self.skip(3)?;
                let length = u32::from_be_bytes(self.read()?);
                self.skip(length as usize)?;
            }
            other => return Err(io::Error::other(format!("message {other}"))),
        }
        Ok(None)
    }

    fn read<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.reader.read_exact(&mut bytes)?;
        self.state.bytes.fetch_add(N as u64, Relaxed);
        Ok(bytes)
    }

    fn skip(&mut self, count: usize) -> io::Result<()> {
        for _ in 0..count {
            self.read::<1>()?;
        }
        Ok(())
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes)?;
        self.state.bytes.fetch_add(bytes.len() as u64, Relaxed);
        Ok(())
    }
}
