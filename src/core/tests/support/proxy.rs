//! A proxy on a TCP port in front of a daemon: freezes, delays and cuts as networks do.

use std::{
    collections::hash_map::RandomState,
    hash::BuildHasher,
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split},
    net::{TcpListener, TcpStream, UnixStream},
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
    pub(crate) address: SocketAddr,
    weather: watch::Sender<Weather>,
    cut: watch::Sender<u32>,
    /// Each new connection is cut after a random number of bytes to the client, at most so many; 0 for never.
    pub(crate) cut_within: Arc<AtomicU64>,
    /// How many connections came.
    pub(crate) accepted: Arc<AtomicU64>,
    /// How many are there now.
    present: watch::Sender<u64>,
    task: JoinHandle<()>,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

impl Proxy {
    pub(crate) async fn start(target: Target) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (weather, cut) = (watch::Sender::default(), watch::Sender::new(0));
        let (cut_within, accepted) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let present = watch::Sender::new(0);
        let (weathers, cuts, there) = (weather.clone(), cut.clone(), present.clone());
        let (budget, count) = (Arc::clone(&cut_within), Arc::clone(&accepted));
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // As a router would: what came goes on.
                let _ = client.set_nodelay(true);
                count.fetch_add(1, Ordering::Relaxed);
                let daemon: Option<Box<dyn Stream>> = match &target {
                    Target::Socket(path) => {
                        let stream = UnixStream::connect(path).await;
                        stream.ok().map(|stream| Box::new(stream) as _)
                    }
                    Target::Port(address) => {
                        let stream = TcpStream::connect(address).await;
                        stream.ok().map(|stream| {
                            let _ = stream.set_nodelay(true);
                            Box::new(stream) as _
                        })
                    }
                };
                let Some(daemon) = daemon else { continue };
                let weather = weathers.subscribe();
                let mut cut = cuts.subscribe();
                let budget = random_below(budget.load(Ordering::Relaxed));
                let there = there.clone();
                there.send_modify(|count| *count += 1);
                tokio::spawn(async move {
                    let (client_in, client_out) = split(client);
                    let (daemon_in, daemon_out) = split(daemon);
                    tokio::select! {
                        () = pass(client_in, daemon_out, weather.clone(), |w| w.frozen_out, 0) => {}
                        () = pass(daemon_in, client_out, weather, |w| w.frozen_in, budget) => {}
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
            accepted,
            present,
            task,
        }
    }

    pub(crate) fn set(&self, weather: Weather) {
        self.weather.send_replace(weather);
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

async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut weather: watch::Receiver<Weather>,
    frozen: impl Fn(&Weather) -> bool,
    budget: u64,
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
        let count = count.min(usize::try_from(left).unwrap_or(usize::MAX));
        left -= count as u64;
        if to.write_all(&buffer[..count]).await.is_err() || left == 0 {
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
