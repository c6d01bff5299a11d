//! A relay between a socket and a daemon: it delays each direction and shows every byte to a counter.

use std::{
    io::{Read, Write},
    net::Shutdown,
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::count::Count;

/// What is read at a time.
const PIECE: usize = 64 * 1024;

/// A listening socket whose connections end at another one.
#[derive(Debug)]
pub struct Relay {
    path: PathBuf,
    stopped: Arc<AtomicBool>,
    count: Arc<Count>,
    accepting: Option<JoinHandle<()>>,
}

impl Relay {
    /// Listens at `path` and passes everything on to `target`, each byte `delay` later.
    ///
    /// # Panics
    /// When the socket cannot be made.
    pub fn start(path: &Path, target: &Path, delay: Duration) -> Self {
        let listener = UnixListener::bind(path).expect("a socket");
        let stopped = Arc::new(AtomicBool::new(false));
        let count = Arc::new(Count::default());
        let accepting = thread::spawn({
            let (target, stopped, count) =
                (target.to_owned(), Arc::clone(&stopped), Arc::clone(&count));
            move || {
                for client in listener.incoming().map_while(Result::ok) {
                    if stopped.load(Ordering::Acquire) {
                        break;
                    }
                    // A client that is not served sees its connection close, as with a daemon that is down.
                    if let Ok(server) = UnixStream::connect(&target) {
                        join(client, server, delay, &count);
                    }
                }
            }
        });
        Self {
            path: path.to_owned(),
            stopped,
            count,
            accepting: Some(accepting),
        }
    }

    /// What the clients have asked so far.
    pub fn count(&self) -> &Count {
        &self.count
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Release);
        let _ = UnixStream::connect(&self.path);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Joins two connections, a pair of threads for each direction.
fn join(client: UnixStream, server: UnixStream, delay: Duration, count: &Arc<Count>) {
    let (Ok(client_out), Ok(server_out)) = (client.try_clone(), server.try_clone()) else {
        return;
    };
    let counter = Arc::clone(count);
    let mut calls = super::count::Reader::default();
    pass(client, server_out, delay, move |bytes| {
        calls.read(bytes, &counter);
    });
    pass(server, client_out, delay, |_| {});
}

/// Passes bytes in one direction, each at its time: a reader stamps them, a writer waits for the stamp.
fn pass(
    mut from: UnixStream,
    mut to: UnixStream,
    delay: Duration,
    mut see: impl FnMut(&[u8]) + Send + 'static,
) {
    let (send, due) = mpsc::channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        let mut piece = vec![0; PIECE];
        while let Ok(len @ 1..) = from.read(&mut piece) {
            see(&piece[..len]);
            if send
                .send((Instant::now() + delay, piece[..len].to_vec()))
                .is_err()
            {
                break;
            }
        }
    });
    thread::spawn(move || {
        for (at, bytes) in due {
            // This is the link's own time, not a wait for something.
            thread::sleep(at.saturating_duration_since(Instant::now()));
            if to.write_all(&bytes).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    });
}
