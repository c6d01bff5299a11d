//! A peer with bad manners.

use std::{
    io::Write,
    os::unix::net::{UnixListener, UnixStream},
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

/// A listening socket that is no libvirt daemon.
#[derive(Debug)]
pub struct Peer {
    stop: Arc<Stop>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Stop {
    path: std::path::PathBuf,
    stopped: AtomicBool,
    open: Mutex<Vec<UnixStream>>,
}

impl Peer {
    /// Takes connections and never says a word.
    ///
    /// # Panics
    /// When the socket cannot be made.
    pub fn silent(path: &Path) -> Self {
        Self::listen(path, |_| {})
    }

    /// Answers with what is no RPC packet.
    ///
    /// # Panics
    /// When the socket cannot be made.
    pub fn talking_garbage(path: &Path) -> Self {
        Self::listen(path, |stream| {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
        })
    }

    /// Closes each connection at once.
    ///
    /// # Panics
    /// When the socket cannot be made.
    pub fn closing(path: &Path) -> Self {
        Self::listen(path, |stream| {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        })
    }

    /// Leaves a socket behind on which nobody listens, as a daemon that crashed does.
    ///
    /// # Panics
    /// When the socket cannot be made.
    pub fn refusing(path: &Path) {
        drop(UnixListener::bind(path).expect("a socket"));
    }

    fn listen(path: &Path, greet: fn(&mut UnixStream)) -> Self {
        let listener = UnixListener::bind(path).expect("a socket");
        let stop = Arc::new(Stop {
            path: path.to_owned(),
            stopped: AtomicBool::new(false),
            open: Mutex::default(),
        });
        let accepting = thread::spawn({
            let stop = Arc::clone(&stop);
            move || {
                for mut stream in listener.incoming().map_while(Result::ok) {
                    if stop.stopped.load(Ordering::Acquire) {
                        break;
                    }
                    greet(&mut stream);
                    let mut open = stop.open.lock().unwrap_or_else(PoisonError::into_inner);
                    open.push(stream);
                }
            }
        });
        Self {
            stop,
            accepting: Some(accepting),
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.stop.stopped.store(true, Ordering::Release);
        // A connection of our own ends the wait for one.
        let _ = UnixStream::connect(&self.stop.path);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}
