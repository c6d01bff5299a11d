//! Opens a local socket, the best of those that a URI may mean.

use std::{io, path::Path, time::Duration};

use tokio::{
    net::UnixStream,
    time::{Instant, sleep, timeout_at},
};

use super::{Reached, Shield, Wire, daemon, local::Surroundings};
use crate::{
    CheckStep, Error, ErrorKind, LogEvent, Options, Step, Transport, Uri, progress::Progress,
};

/// How often a socket whose queue of waiting connections is full is tried again.
const QUEUE_FULL_PAUSE: Duration = Duration::from_millis(20);

/// Opens a connection to the daemon of a local URI, starting the user's own daemon if that is what it takes.
///
/// `progress` hears when it comes to starting one.
pub(super) async fn reach(
    uri: &Uri,
    options: &Options,
    progress: &Progress,
) -> Result<Reached, Error> {
    progress.begin(CheckStep::Socket);
    let route = Surroundings::of_this_process().route(uri, options.read_only)?;
    let deadline = Instant::now() + options.reach;
    let mut worst: Option<Error> = None;
    for socket in &route.sockets {
        match connect(socket, deadline).await {
            Ok(stream) => return Ok(reached(socket, stream, progress)),
            Err(error) => {
                progress.log(LogEvent::Tried {
                    what: socket.display().to_string(),
                    why: error.message.clone(),
                });
                worst = Some(more_telling(worst, error));
            }
        }
    }
    let Some(autostart) = &route.autostart else {
        return Err(worst.unwrap_or_else(|| Error::new(ErrorKind::BadUri, "no socket")));
    };
    progress.step(Step::StartingDaemon);
    let stream = daemon::start(autostart, Instant::now() + options.start_daemon).await?;
    Ok(reached(&autostart.socket, stream, progress))
}

fn reached(socket: &Path, stream: UnixStream, progress: &Progress) -> Reached {
    let peer = socket.display().to_string();
    progress.passed(CheckStep::Socket, peer.clone());
    let shield = Shield::Protected { strength: 0 };
    Reached::plain(Wire::Unix(stream), Transport::Unix, peer, shield)
}

/// Connects to one socket.
pub(crate) async fn connect(socket: &Path, deadline: Instant) -> Result<UnixStream, Error> {
    loop {
        let error = match timeout_at(deadline, UnixStream::connect(socket)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => error,
            Err(_) => io::ErrorKind::TimedOut.into(),
        };
        // Linux answers so when a local socket's queue of waiting connections is full.
        if error.kind() != io::ErrorKind::WouldBlock || Instant::now() >= deadline {
            return Err(refusal(socket, &error));
        }
        sleep(QUEUE_FULL_PAUSE).await;
    }
}

fn refusal(socket: &Path, error: &io::Error) -> Error {
    let path = socket.display().to_string();
    let message = format!("{path}: {error}");
    let kind = match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            ErrorKind::DaemonMissing { socket: path }
        }
        io::ErrorKind::PermissionDenied => ErrorKind::SocketForbidden { socket: path },
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => ErrorKind::TimedOut,
        _ => ErrorKind::DaemonDown { socket: path },
    };
    Error::new(kind, message)
}

/// Keeps of two failures the one that says more: that a socket is there tells more than that another is not.
fn more_telling(one: Option<Error>, other: Error) -> Error {
    match one {
        Some(one) if !matches!(one.kind, ErrorKind::DaemonMissing { .. }) => one,
        _ => other,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    async fn try_socket(path: &Path) -> ErrorKind {
        let deadline = Instant::now() + Duration::from_millis(200);
        connect(path, deadline).await.unwrap_err().kind
    }

    #[tokio::test]
    async fn every_kind_of_closed_door_is_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sock");
        let socket = path.display().to_string();
        assert_eq!(
            try_socket(&path).await,
            ErrorKind::DaemonMissing {
                socket: socket.clone()
            }
        );
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        assert_eq!(
            try_socket(&path).await,
            ErrorKind::DaemonDown {
                socket: socket.clone()
            }
        );
        let forbidden = refusal(&path, &io::ErrorKind::PermissionDenied.into());
        assert_eq!(forbidden.kind, ErrorKind::SocketForbidden { socket });
    }

    #[tokio::test]
    async fn a_full_queue_ends_at_the_deadline() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sock");
        let socket = rustix::net::socket(
            rustix::net::AddressFamily::UNIX,
            rustix::net::SocketType::STREAM,
            None,
        )
        .unwrap();
        let address = rustix::net::SocketAddrUnix::new(&path).unwrap();
        rustix::net::bind(&socket, &address).unwrap();
        rustix::net::listen(&socket, 0).unwrap();
        let _first = UnixStream::connect(&path).await.unwrap();
        assert_eq!(try_socket(&path).await, ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn the_socket_that_exists_tells_more_than_the_one_that_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("libvirt-sock");
        drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
        let missing = folder.path().join("virtqemud-sock");
        let down = refusal(&socket, &io::ErrorKind::ConnectionRefused.into());
        let gone = refusal(&missing, &io::ErrorKind::NotFound.into());
        let told = more_telling(Some(gone.clone()), down.clone());
        assert_eq!(told.kind, down.kind);
        assert_eq!(more_telling(Some(down.clone()), gone).kind, down.kind);
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    }
}
