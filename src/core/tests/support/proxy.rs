//! A proxy on a TCP port or a socket in front of a daemon: freezes, delays and cuts as networks do.

use std::{
    collections::hash_map::RandomState,
    hash::BuildHasher,
    io,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split},
    net::{TcpListener, TcpStream, UnixListener, UnixStream},
    sync::watch,
    task::JoinHandle,
    time::sleep,
};

/// What the proxy leads to.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    Socket(PathBuf),
    Port(SocketAddr),
}

/// What the proxy does to the bytes; both ends stay open whatever it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Weather {
    /// Nothing passes from the client.
    pub(crate) frozen_out: bool,
    /// Nothing passes to the client.
    pub(crate) frozen_in: bool,
    /// How much later what is read passes.
    pub(crate) delay: Duration,
}

/// A proxy that listens until it is dropped.
pub(crate) struct Proxy {
    /// Where it listens; port 0 of one that listens on a socket.
    pub(crate) address: SocketAddr,
    weather: watch::Sender<Weather>,
    cut: watch::Sender<u32>,
    /// Each new connection is cut after a random number of bytes to the client, at most so many; 0 for never.
    pub(crate) cut_within: Arc<AtomicU64>,
    /// After how many more bytes, whichever way they go, the connection that carries them is cut.
    fuse: Fuse,
    /// How many connections came.
    pub(crate) accepted: Arc<AtomicU64>,
    /// How many are there now.
    present: watch::Sender<u64>,
    task: JoinHandle<()>,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

impl Proxy {
    /// Listens on a free port of 127.0.0.1.
    pub(crate) async fn start(target: Target) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        Self::behind(Door::Port(listener), address, target)
    }

    /// Listens on a socket at a path.
    pub(crate) fn at(path: &Path, target: Target) -> Self {
        let listener = UnixListener::bind(path).expect("a fresh path");
        let nowhere = (Ipv4Addr::LOCALHOST, 0).into();
        Self::behind(Door::Socket(listener), nowhere, target)
    }

    fn behind(door: Door, address: SocketAddr, target: Target) -> Self {
        let (weather, cut) = (watch::Sender::default(), watch::Sender::new(0));
        let (cut_within, accepted) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let (present, fuse) = (watch::Sender::new(0), Fuse::default());
        let (weathers, cuts, there) = (weather.clone(), cut.clone(), present.clone());
        let (budget, count) = (Arc::clone(&cut_within), Arc::clone(&accepted));
        let sparks = fuse.clone();
        let task = tokio::spawn(async move {
            while let Ok(client) = door.accept().await {
                count.fetch_add(1, Ordering::Relaxed);
                let Ok(daemon) = target.connect().await else {
                    continue;
                };
                let weather = weathers.subscribe();
                let mut cut = cuts.subscribe();
                let budget = random_below(budget.load(Ordering::Relaxed));
                let (there, fuse) = (there.clone(), sparks.clone());
                there.send_modify(|count| *count += 1);
                tokio::spawn(async move {
                    let (client_in, client_out) = split(client);
                    let (daemon_in, daemon_out) = split(daemon);
                    let outwards = weather.clone();
                    tokio::select! {
                        () = pass(client_in, daemon_out, outwards, |w| w.frozen_out, 0, &fuse) => {}
                        () = pass(daemon_in, client_out, weather, |w| w.frozen_in, budget, &fuse) => {}
                        _ = cut.changed() => {}
                    }
                    there.send_modify(|count| *count -= 1);
                });
            }
        });
        Self {
            address,
            weather,
            cut,
            cut_within,
            fuse,
            accepted,
            present,
            task,
        }
    }

    pub(crate) fn set(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }

    /// Cuts the connection that carries the byte after so many more, whichever way they go.
    pub(crate) fn cut_after_bytes(&self, count: u32) {
        self.fuse.0.store(i64::from(count), Ordering::Relaxed);
    }

    /// Waits until no connection is left.
    pub(crate) async fn all_gone(&self) {
        let mut present = self.present.subscribe();
        present
            .wait_for(|count| *count == 0)
            .await
            .expect("the proxy lives");
    }

    /// Cuts the connections that there are.
    pub(crate) fn cut(&self) {
        self.cut.send_modify(|count| *count += 1);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
        self.cut();
    }
}

/// Where clients come in.
enum Door {
    Port(TcpListener),
    Socket(UnixListener),
}

impl Door {
    async fn accept(&self) -> io::Result<Box<dyn Stream>> {
        Ok(match self {
            Self::Port(listener) => Box::new(at_once(listener.accept().await?.0)),
            Self::Socket(listener) => Box::new(listener.accept().await?.0),
        })
    }
}

impl Target {
    async fn connect(&self) -> io::Result<Box<dyn Stream>> {
        Ok(match self {
            Self::Socket(path) => Box::new(UnixStream::connect(path).await?),
            Self::Port(address) => Box::new(at_once(TcpStream::connect(address).await?)),
        })
    }
}

/// As a router would: what came goes on.
fn at_once(stream: TcpStream) -> TcpStream {
    let _ = stream.set_nodelay(true);
    stream
}

/// Counts bytes down to a cut.
#[derive(Clone)]
struct Fuse(Arc<AtomicI64>);

/// A fuse that is not lit: no run carries so many bytes.
const UNLIT: i64 = i64::MAX / 2;

impl Default for Fuse {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(UNLIT)))
    }
}

impl Fuse {
    /// Says how many of so many bytes may pass. With fewer than all it has burnt down, and is whole again.
    fn burn(&self, count: usize) -> usize {
        let left = self.0.fetch_sub(count as i64, Ordering::Relaxed);
        if left >= count as i64 {
            return count;
        }
        self.0.store(UNLIT, Ordering::Relaxed);
        usize::try_from(left).unwrap_or(0)
    }
}

async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut weather: watch::Receiver<Weather>,
    frozen: impl Fn(&Weather) -> bool,
    budget: u64,
    fuse: &Fuse,
) {
    let mut buffer = vec![0; 64 * 1024];
    let mut left = if budget == 0 { u64::MAX } else { budget };
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        let Ok(now) = weather
            .wait_for(|weather| !frozen(weather))
            .await
            .map(|w| *w)
        else {
            return;
        };
        if now.delay > Duration::ZERO {
            sleep(now.delay).await;
        }
        let spared = fuse.burn(count);
        let is_cut = spared < count;
        let count = spared.min(usize::try_from(left).unwrap_or(usize::MAX));
        left -= count as u64;
        if to.write_all(&buffer[..count]).await.is_err() || left == 0 || is_cut {
            return;
        }
    }
}

/// A number from 1 to `most` that nobody can foretell; 0 for 0.
fn random_below(most: u64) -> u64 {
    // The standard library's hasher is seeded at random: enough of it for this.
    let random = RandomState::new().hash_one(most);
    if most == 0 { 0 } else { 1 + random % most }
}
