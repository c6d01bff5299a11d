//! Starts the user's own daemon as libvirt's client does (src/rpc/virnetsocket.c, virNetSocketNewConnectUNIX):
//! under an exclusive lock, so that clients that come at the same time start one, and with an end of its own after two
//! minutes without clients.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    process::Stdio,
    time::Duration,
};

use rustix::fs::{FlockOperation, fcntl_lock};
use tokio::{
    net::UnixStream,
    process::{Child, Command},
    sync::Mutex,
    time::{Instant, sleep, timeout_at},
};

use super::{local::Autostart, reach::connect};
use crate::{Error, ErrorKind};

/// The time between two looks at a lock or a socket; libvirt's client takes the same.
const PAUSE: Duration = Duration::from_millis(10);

/// How much of what a failing daemon says is kept.
const COMPLAINT_MAX: usize = 4_096;

/// One start at a time in this process: a record lock keeps out other processes only.
static STARTING: Mutex<()> = Mutex::const_new(());

/// Starts the daemon unless somebody else just did, and connects to it.
///
/// The daemon survives this process; it ends by itself when it has had no client for two minutes.
pub(super) async fn start(autostart: &Autostart, deadline: Instant) -> Result<UnixStream, Error> {
    let patience = timeout_at(deadline, STARTING.lock());
    let _one_here = patience
        .await
        .map_err(|_| failure(autostart, "another start takes too long"))?;
    let _lock = lock(&autostart.lock, deadline)
        .await
        .map_err(|error| failure(autostart, &error.to_string()))?;
    if let Ok(stream) = connect(&autostart.socket, deadline).await {
        return Ok(stream);
    }
    tracing::info!(program = %autostart.program.display(), "starting the user's daemon");
    let mut child =
        spawn(&autostart.program).map_err(|error| failure(autostart, &error.to_string()))?;
    let complaint = tokio::spawn(read_complaint(child.stderr.take()));
    loop {
        if let Ok(stream) = connect(&autostart.socket, deadline).await {
            return Ok(stream);
        }
        let exit = child.try_wait().ok().flatten();
        if let Some(status) = exit.filter(|status| !status.success()) {
            let words = complaint.await.unwrap_or_default();
            return Err(failure(autostart, &format!("{status}: {}", words.trim())));
        }
        if Instant::now() >= deadline {
            return Err(failure(autostart, "it does not answer"));
        }
        sleep(PAUSE).await;
    }
}

fn failure(autostart: &Autostart, why: &str) -> Error {
    let program = autostart.program.display();
    Error::new(ErrorKind::DaemonStart, format!("{program}: {why}"))
}

/// Takes the lock file's record lock; it goes with the file.
async fn lock(path: &Path, deadline: Instant) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)?;
    loop {
        match fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(file),
            Err(rustix::io::Errno::AGAIN | rustix::io::Errno::ACCESS)
                if Instant::now() < deadline =>
            {
                sleep(PAUSE).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Runs the daemon so that it puts itself into the background once it listens.
fn spawn(program: &Path) -> io::Result<Child> {
    Command::new(program)
        .args(["--daemon", "--timeout=120"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
}

/// Collects the first words of what the daemon says before it is in the background.
async fn read_complaint(stderr: Option<tokio::process::ChildStderr>) -> String {
    use tokio::io::AsyncReadExt;
    let mut bytes = Vec::new();
    if let Some(stderr) = stderr {
        let mut limited = stderr.take(COMPLAINT_MAX as u64);
        let patience = Instant::now() + Duration::from_secs(1);
        // What was read before an error is as good as all of it.
        let _ = timeout_at(patience, limited.read_to_end(&mut bytes)).await;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn script(folder: &Path, body: &str) -> Autostart {
        let program = folder.join("libvirtd");
        std::fs::write(&program, format!("#!/bin/sh\n{body}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        Autostart {
            program,
            socket: folder.join("run/libvirt-sock"),
            lock: folder.join("run/libvirtd.lock"),
        }
    }

    #[tokio::test]
    async fn a_daemon_that_fails_is_quoted() {
        let folder = tempfile::tempdir().unwrap();
        let autostart = script(folder.path(), "echo 'no such luck' >&2; exit 3");
        let deadline = Instant::now() + Duration::from_secs(20);
        let error = start(&autostart, deadline).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::DaemonStart);
        assert!(error.message.contains("no such luck"), "{}", error.message);
        assert!(Instant::now() < deadline);
    }

    #[tokio::test]
    async fn a_daemon_that_never_listens_ends_at_the_deadline() {
        let folder = tempfile::tempdir().unwrap();
        let autostart = script(folder.path(), "exit 0");
        let deadline = Instant::now() + Duration::from_millis(300);
        let error = start(&autostart, deadline).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::DaemonStart);
    }

    #[tokio::test]
    async fn two_starts_at_once_start_one_daemon() {
        let folder = tempfile::tempdir().unwrap();
        // As libvirtd: a second one beside a running one fails. It "listens" half a second after it was started.
        let body = "mkdir \"$0.pid\" || { echo twice >&2; exit 1; }; sleep 0.5; mv \"$0.sock\" \"$(dirname $0)/run/libvirt-sock\"";
        let autostart = script(folder.path(), body);
        let ready = folder.path().join("libvirtd.sock");
        let listener = tokio::net::UnixListener::bind(&ready).unwrap();
        let deadline = Instant::now() + Duration::from_secs(20);
        let (one, other) = tokio::join!(start(&autostart, deadline), start(&autostart, deadline));
        one.unwrap();
        other.unwrap();
        drop(listener);
    }

    #[tokio::test]
    async fn a_socket_that_is_there_by_then_is_used() {
        let folder = tempfile::tempdir().unwrap();
        let autostart = script(folder.path(), "touch \"$0.ran\"");
        std::fs::create_dir(folder.path().join("run")).unwrap();
        let _listener = tokio::net::UnixListener::bind(&autostart.socket).unwrap();
        let deadline = Instant::now() + Duration::from_secs(20);
        start(&autostart, deadline).await.unwrap();
        assert!(!folder.path().join("libvirtd.ran").exists());
    }
}
