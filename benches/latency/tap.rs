//! Between a viewer and QEMU: passes every byte on, and remembers when bytes went by, so that what QEMU needs for its
//! answer can be told from what the viewer needs.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, Shutdown, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// QEMU looks at the guest's screen every 30 ms at most (`ui/vnc.h`, `VNC_REFRESH_INTERVAL_BASE`): what comes closer
/// together is one answer.
const PAUSE: Duration = Duration::from_millis(10);

/// A port whose connections end at QEMU's socket.
pub(crate) struct Tap {
    port: u16,
    seen: Arc<Mutex<Seen>>,
}

/// When bytes went by since the last time that this was taken.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    to_guest: Vec<Instant>,
    to_viewer: Vec<Instant>,
}

/// A viewer's part of one press.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Press {
    /// From the key to the changed pixel.
    pub(crate) whole: Duration,
    /// From the key until it is on the wire.
    pub(crate) key: Duration,
    /// From the first byte of the answer to the changed pixel.
    pub(crate) picture: Duration,
}

impl Press {
    /// The time that was not the guest's and QEMU's.
    pub(crate) fn share(self) -> Duration {
        self.key + self.picture
    }
}

impl Tap {
    /// Listens on a free port; one viewer at a time is expected.
    pub(crate) fn start(socket: &Path) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        thread::spawn({
            let (seen, socket) = (Arc::clone(&seen), socket.to_owned());
            move || {
                for viewer in listener.incoming().map_while(Result::ok) {
                    let guest = UnixStream::connect(&socket).expect("QEMU’s socket");
                    join(viewer, guest, &seen);
                }
            }
        });
        Self { port, seen }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Takes what was seen and begins anew.
    pub(crate) fn take(&self) -> Seen {
        std::mem::take(&mut *lock(&self.seen))
    }

    /// Waits until nothing has gone by for a while, and forgets what was.
    pub(crate) fn calm(&self, calm: Duration) {
        loop {
            self.take();
            // This is the calm itself.
            thread::sleep(calm);
            let seen = self.take();
            if seen.to_guest.is_empty() && seen.to_viewer.is_empty() {
                return;
            }
        }
    }
}

impl Seen {
    /// Tells a viewer's part of a press from the rest; `None` when no answer to the key went by before `changed`.
    pub(crate) fn press(&self, pressed: Instant, changed: Instant) -> Option<Press> {
        let sent = *self.to_guest.iter().find(|at| **at >= pressed)?;
        let mut answers = self
            .to_viewer
            .iter()
            .rev()
            .skip_while(|at| **at > changed)
            .take_while(|at| **at > sent);
        let mut answer = *answers.next()?;
        for at in answers {
            if answer.duration_since(*at) > PAUSE {
                break;
            }
            answer = *at;
        }
        Some(Press {
            whole: changed.duration_since(pressed),
            key: sent.duration_since(pressed),
            picture: changed.duration_since(answer),
        })
    }
}

fn lock(seen: &Mutex<Seen>) -> std::sync::MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn join(viewer: TcpStream, guest: UnixStream, seen: &Arc<Mutex<Seen>>) {
    viewer.set_nodelay(true).expect("a socket");
    let (viewer_out, guest_out) = (
        viewer.try_clone().expect("a second handle"),
        guest.try_clone().expect("a second handle"),
    );
    let ends = (
        viewer.try_clone().expect("a third handle"),
        guest.try_clone().expect("a third handle"),
    );
    let upwards = Arc::clone(seen);
    thread::spawn(move || {
        pass(viewer, guest_out, |at| lock(&upwards).to_guest.push(at));
        let _ = ends.1.shutdown(Shutdown::Both);
    });
    let downwards = Arc::clone(seen);
    thread::spawn(move || {
        pass(guest, viewer_out, |at| lock(&downwards).to_viewer.push(at));
        let _ = ends.0.shutdown(Shutdown::Both);
    });
}

fn pass(mut from: impl Read, mut to: impl Write, mut see: impl FnMut(Instant)) {
    let mut piece = vec![0; 256 << 10];
    while let Ok(len @ 1..) = from.read(&mut piece) {
        see(Instant::now());
        if to.write_all(&piece[..len]).is_err() {
            break;
        }
    }
}
