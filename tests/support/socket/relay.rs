//! A relay between a socket or a port and a daemon: it delays each direction and shows every byte to a counter.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::count::Count;

/// What is read at a time.
const PIECE: usize = 64 * 1024;

/// A listening socket, or port of the loopback address, whose connections end at another one.
#[derive(Debug)]
pub struct Relay {
    place: Place,
    stopped: Arc<AtomicBool>,
    frozen: Arc<Frozen>,
    count: Arc<Count>,
    accepting: Option<JoinHandle<()>>,
}

/// Where a socket is.
#[derive(Clone, Debug)]
enum Place {
    Path(PathBuf),
    Port(SocketAddr),
}

impl Relay {
    /// Listens at `path` and passes everything on to `target`, each byte `delay` later.
    ///
    /// # Panics
    /// When the socket cannot be made.
    pub fn start(path: &Path, target: &Path, delay: Duration) -> Self {
        let listener = UnixListener::bind(path).expect("a socket");
        let accept = move || Ok(Stream::Path(listener.accept()?.0));
        let (place, target) = (Place::Path(path.to_owned()), Place::Path(target.to_owned()));
        Self::serve(place, accept, target, delay, Duration::ZERO)
    }

    /// Listens on a free port of 127.0.0.1 and passes everything on to another port there, each byte `delay` later.
    ///
    /// The system takes a connection at once; what a client says first is held back for the round trip that taking it
    /// would have cost over such a link.
    ///
    /// # Panics
    /// When there is no port.
    pub fn to_port(port: u16, delay: Duration) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let accept = move || Ok(Stream::Port(listener.accept()?.0));
        let target = Place::Port((Ipv4Addr::LOCALHOST, port).into());
        Self::serve(Place::Port(address), accept, target, delay, 2 * delay)
    }

    fn serve(
        place: Place,
        accept: impl Fn() -> io::Result<Stream> + Send + 'static,
        target: Place,
        delay: Duration,
        greeting: Duration,
    ) -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        let (frozen, count) = (Arc::new(Frozen::default()), Arc::new(Count::default()));
        let accepting = thread::spawn({
            let (stopped, frozen) = (Arc::clone(&stopped), Arc::clone(&frozen));
            let count = Arc::clone(&count);
            move || {
                while let Ok(client) = accept() {
                    if stopped.load(Ordering::Acquire) {
                        break;
                    }
                    let link = Link {
                        delay,
                        opened: Instant::now() + greeting,
                        frozen: Arc::clone(&frozen),
                    };
                    // A client that is not served sees its connection close, as with a daemon that is down.
                    if let Ok(server) = target.connect() {
                        join(client, server, &link, &count);
                    }
                }
            }
        });
        Self {
            place,
            stopped,
            frozen,
            count,
            accepting: Some(accepting),
        }
    }

    /// What the clients have asked so far.
    pub fn count(&self) -> &Count {
        &self.count
    }

    /// The port that it listens on.
    ///
    /// # Panics
    /// When it listens on a socket.
    pub fn port(&self) -> u16 {
        match &self.place {
            Place::Port(address) => address.port(),
            Place::Path(path) => panic!("{} is no port", path.display()),
        }
    }

    /// Passes nothing more in either direction, or lets it pass again; every connection stays open, and new ones are
    /// taken.
    pub fn freeze(&self, freeze: bool) {
        self.frozen.set(freeze);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Release);
        self.frozen.set(false);
        let _ = self.place.connect();
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
        if let Place::Path(path) = &self.place {
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Place {
    fn connect(&self) -> io::Result<Stream> {
        Ok(match self {
            Self::Path(path) => Stream::Path(UnixStream::connect(path)?),
            Self::Port(address) => {
                let stream = TcpStream::connect(address)?;
                stream.set_nodelay(true)?;
                Stream::Port(stream)
            }
        })
    }
}

/// Whether anything passes.
#[derive(Debug, Default)]
struct Frozen {
    now: Mutex<bool>,
    changed: Condvar,
}

impl Frozen {
    fn set(&self, frozen: bool) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = frozen;
        self.changed.notify_all();
    }

    fn wait_for_thaw(&self) {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let thawed = self.changed.wait_while(now, |frozen| *frozen);
        drop(thawed);
    }
}

/// A connection of either kind.
#[derive(Debug)]
enum Stream {
    Path(UnixStream),
    Port(TcpStream),
}

impl Stream {
    fn try_clone(&self) -> io::Result<Self> {
        Ok(match self {
            Self::Path(stream) => Self::Path(stream.try_clone()?),
            Self::Port(stream) => {
                stream.set_nodelay(true)?;
                Self::Port(stream.try_clone()?)
            }
        })
    }

    fn shutdown(&self) {
        let _ = match self {
            Self::Path(stream) => stream.shutdown(Shutdown::Both),
            Self::Port(stream) => stream.shutdown(Shutdown::Both),
        };
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Path(stream) => stream.read(buffer),
            Self::Port(stream) => stream.read(buffer),
        }
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Path(stream) => stream.write_all(bytes),
            Self::Port(stream) => stream.write_all(bytes),
        }
    }
}

/// How bytes pass.
#[derive(Clone, Debug)]
struct Link {
    delay: Duration,
    /// When the first may start.
    opened: Instant,
    frozen: Arc<Frozen>,
}

/// Joins two connections, a pair of threads for each direction.
fn join(client: Stream, server: Stream, link: &Link, count: &Arc<Count>) {
    let (Ok(client_out), Ok(server_out)) = (client.try_clone(), server.try_clone()) else {
        return;
    };
    let counter = Arc::clone(count);
    let mut calls = super::count::Reader::default();
    pass(client, server_out, link.clone(), move |bytes| {
        calls.read(bytes, &counter);
    });
    pass(server, client_out, link.clone(), |_| {});
}

/// Passes bytes in one direction, each at its time: a reader stamps them, a writer waits for the stamp.
fn pass(mut from: Stream, mut to: Stream, link: Link, mut see: impl FnMut(&[u8]) + Send + 'static) {
    let (send, due) = mpsc::channel::<(Instant, Vec<u8>)>();
    let (delay, opened) = (link.delay, link.opened);
    thread::spawn(move || {
        let mut piece = vec![0; PIECE];
        while let Ok(len @ 1..) = from.read(&mut piece) {
            see(&piece[..len]);
            let at = Instant::now().max(opened) + delay;
            if send.send((at, piece[..len].to_vec())).is_err() {
                break;
            }
        }
    });
    thread::spawn(move || {
        for (at, bytes) in due {
            // This is the link's own time, not a wait for something.
            thread::sleep(at.saturating_duration_since(Instant::now()));
            link.frozen.wait_for_thaw();
            if to.write_all(&bytes).is_err() {
                break;
            }
        }
        to.shutdown();
    });
}
