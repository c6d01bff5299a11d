//! A login of its own for one command: where a master cannot be had, or does not let a second command in.
//!
//! What was answered for an earlier login is not asked again; see [`super::asker::Memory`].

use std::{os::fd::OwnedFd, process::Stdio};

use rustix::pipe::{PipeFlags, pipe_with};
use tokio::{
    net::unix::pipe,
    process::{Child, Command},
    sync::oneshot,
};
use tokio_util::sync::CancellationToken;

use super::{
    asker::{Asker, Person},
    channel::{Channel, Source},
    effective::Effective,
    far_socket::MARK,
    folder::PrivateFolder,
    login::Login,
    master::{add_options, watch_login},
    start::{self, Starter},
    words::{self, Words},
};
use crate::{Error, ErrorKind, Options};

/// The status with which ssh tells of its own failures, rather than of the command's.
const SSH_FAILED: i32 = 255;

/// Logs in and runs a command that tells on its error stream, behind [`MARK`], that it runs.
///
/// # Cancel safety
/// When dropped, ssh is ended.
pub(super) async fn execute(
    starter: &Starter,
    login: &Login,
    effective: Option<&Effective>,
    options: &Options,
    person: Person,
    command: &str,
) -> Result<(Channel, Words), Error> {
    let folder = PrivateFolder::make().map_err(failed)?;
    let asker = Asker::start(folder.path(), person).map_err(failed)?;
    let mut ssh = starter.command(login, &asker);
    // A program that is not OpenSSH gets what libvirt gives it, and no more.
    if let Some(effective) = effective {
        add_options(&mut ssh, effective, options);
        start::option(&mut ssh, "ControlMaster", "no");
        start::option(&mut ssh, "ControlPath", "none");
    }
    ssh.args(login.destination()).arg(command);
    let (mut child, read, write) = begin(ssh).await?;
    let words = match child.stderr.take() {
        Some(stream) => Words::of(stream),
        None => Words::of(tokio::io::empty()),
    };
    let runs = words.until(0, |line| line.starts_with(MARK).then_some(()));
    tokio::select! {
        biased;
        Some(()) = runs => asker.accepted(),
        error = watch_login(&mut child, &words, login, &asker) => {
            return Err(far_or_near(&mut child, &words, error));
        }
    }
    let source = keep(child, words.clone(), (folder, asker));
    Ok((Channel::new(read, write, source), words))
}

/// Starts ssh with pipes for its input and output.
async fn begin(mut ssh: Command) -> Result<(Child, pipe::Receiver, pipe::Sender), Error> {
    let (far_in, write) = new_pipe()?;
    let (read, far_out) = new_pipe()?;
    ssh.stdin(far_in).stdout(far_out).stderr(Stdio::piped());
    let child = start::spawn(ssh).await.map_err(failed)?;
    let nonblocking = |fd: OwnedFd| rustix::io::ioctl_fionbio(&fd, true).map(|()| fd);
    let read = nonblocking(read).map_err(std::io::Error::from);
    let write = nonblocking(write).map_err(std::io::Error::from);
    let read = read
        .and_then(pipe::Receiver::from_owned_fd)
        .map_err(failed)?;
    let write = write
        .and_then(pipe::Sender::from_owned_fd)
        .map_err(failed)?;
    Ok((child, read, write))
}

fn new_pipe() -> Result<(OwnedFd, OwnedFd), Error> {
    pipe_with(PipeFlags::CLOEXEC).map_err(|error| failed(error.into()))
}

/// The command's failure where it was the command that failed, and else ssh's.
fn far_or_near(child: &mut Child, words: &Words, near: Error) -> Error {
    let status = child
        .try_wait()
        .ok()
        .flatten()
        .and_then(|status| status.code());
    match status {
        Some(status) if status != SSH_FAILED => {
            words::far_error(&words.text(), Some(status.cast_unsigned()))
        }
        _ => near,
    }
}

/// Keeps ssh until it ends, or nobody reads from it any more.
fn keep<T: Send + 'static>(mut child: Child, words: Words, needs: T) -> Source {
    let end = CancellationToken::new();
    let unwanted = end.clone();
    let (told, status) = oneshot::channel();
    tokio::spawn(async move {
        let status = tokio::select! {
            status = child.wait() => status.ok().and_then(|status| status.code()),
            () = unwanted.cancelled() => {
                // Its folder and its asker stay until it is gone.
                let _ = child.kill().await;
                None
            }
        };
        let _ = told.send(status.map(i32::cast_unsigned));
        drop(needs);
    });
    let guard = end.drop_guard();
    let status = Box::pin(async move {
        let status = status.await.ok().flatten();
        drop(guard);
        status
    });
    Source {
        words: Some(words),
        status,
        judge: words::far_error,
    }
}

fn failed(error: std::io::Error) -> Error {
    Error::new(ErrorKind::SshFailed, error.to_string())
}
