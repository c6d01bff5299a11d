//! Notices that a socket's file appears, so that a daemon that comes back is found at once and not at the next try.

use std::{
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use rustix::fs::inotify;
use tokio::net::unix::pipe;

use super::local::Surroundings;
use crate::Uri;

/// The sockets of a URI as they were at one moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sockets(Vec<(PathBuf, Option<Identity>)>);

/// A watch on the folders in which a URI's sockets lie.
pub(crate) struct SocketWatch {
    /// The inotify descriptor. tokio reads it as it does a pipe; what happened is not looked at, only that it did.
    inotify: pipe::Receiver,
    before: Sockets,
}

/// What tells a new socket from an old one at the same path: device, number and time of change.
type Identity = (u64, u64, i64, i64);

impl Sockets {
    /// Looks at a local URI's sockets; at none where the URI leads elsewhere.
    pub(crate) fn look(uri: &Uri, read_only: bool) -> Self {
        let route = Surroundings::of_this_process().route(uri, read_only);
        Self::at(route.map(|route| route.sockets).unwrap_or_default())
    }

    /// Looks at files.
    pub(crate) fn at(paths: Vec<PathBuf>) -> Self {
        let looked = paths.into_iter().map(|path| {
            let identity = identity(&path);
            (path, identity)
        });
        Self(looked.collect())
    }
}

impl SocketWatch {
    /// Watches for sockets to become others than they were; `None` where the system cannot, or there are none.
    pub(crate) fn since(before: Sockets) -> Option<Self> {
        let flags = inotify::CreateFlags::CLOEXEC | inotify::CreateFlags::NONBLOCK;
        let inotify = inotify::init(flags).ok()?;
        let watch = Self {
            inotify: pipe::Receiver::from_owned_fd_unchecked(inotify).ok()?,
            before,
        };
        watch.watch_folders().then_some(watch)
    }

    /// Waits until one of the sockets is another than it was. Never ends if the system's watch breaks.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub(crate) async fn appeared(&self) {
        let mut events = [0; 4_096];
        while !self.has_appeared() {
            if self.inotify.readable().await.is_err() {
                return std::future::pending().await;
            }
            while self.inotify.try_read(&mut events).is_ok_and(|n| n > 0) {}
            // A folder on the way may have come: watch what is nearer now.
            self.watch_folders();
        }
    }

    fn has_appeared(&self) -> bool {
        self.before.0.iter().any(|(path, before)| {
            let now = identity(path);
            now.is_some() && now != *before
        })
    }

    /// Watches for each socket its folder, or the nearest one above that exists.
    fn watch_folders(&self) -> bool {
        let flags = inotify::WatchFlags::CREATE
            | inotify::WatchFlags::MOVED_TO
            | inotify::WatchFlags::ATTRIB
            | inotify::WatchFlags::ONLYDIR;
        let mut any = false;
        for (socket, _) in &self.before.0 {
            let folder = socket.ancestors().skip(1).find(|folder| folder.is_dir());
            any |= folder
                .is_some_and(|folder| inotify::add_watch(&self.inotify, folder, flags).is_ok());
        }
        any
    }
}

fn identity(path: &Path) -> Option<Identity> {
    let meta = path.metadata().ok()?;
    Some((meta.dev(), meta.ino(), meta.ctime(), meta.ctime_nsec()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn a_socket_is_noticed_when_it_comes_and_other_files_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("deep/libvirt-sock");
        let watch = SocketWatch::since(Sockets::at(vec![socket.clone()])).unwrap();
        std::fs::create_dir(folder.path().join("deep")).unwrap();
        std::fs::write(folder.path().join("other"), "").unwrap();
        let early = timeout(Duration::from_millis(50), watch.appeared()).await;
        assert!(early.is_err(), "nothing has come yet");
        std::fs::write(&socket, "").unwrap();
        timeout(Duration::from_secs(20), watch.appeared())
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn a_socket_that_takes_an_old_ones_place_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("libvirt-sock");
        std::fs::write(&socket, "").unwrap();
        let watch = SocketWatch::since(Sockets::at(vec![socket.clone()])).unwrap();
        assert!(!watch.has_appeared());
        let fresh = folder.path().join("fresh");
        std::fs::write(&fresh, "").unwrap();
        std::fs::rename(&fresh, &socket).unwrap();
        timeout(Duration::from_secs(20), watch.appeared())
            .await
            .unwrap();
    }
}
