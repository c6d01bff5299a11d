//! A client of an OpenSSH master: asks over its control socket for channels, and gets them as pipes.
//!
//! Each channel has a control connection of its own; when that is closed the master closes the channel. No process is
//! started for a channel. Knows no libvirt and no login: [`super::master`] has the master.

mod wire;

use std::{
    io::{self, IoSlice},
    mem::MaybeUninit,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    path::Path,
};

use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, Interest},
    net::{UnixStream, unix::pipe},
};

use super::Far;
use wire::Reply;

/// How much a pipe holds, in bytes, where the system allows it: a list of a thousand guests in a few steps.
const PIPE_SIZE: usize = 1_024 * 1_024;

/// Why a channel is not there.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The master says no, in these words: the other side does not want it, or cannot.
    Refused(String),
    /// The master does not answer, or not as a master does.
    Broken(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
}

/// A connection to a master.
#[derive(Debug)]
pub(super) struct Control {
    socket: UnixStream,
}

/// A channel's near ends.
#[derive(Debug)]
pub(super) struct Ends {
    pub(super) read: pipe::Receiver,
    pub(super) write: pipe::Sender,
    /// What a command says about its errors; a forwarded channel has none.
    pub(super) errors: Option<pipe::Receiver>,
    pub(super) control: Control,
}

impl Control {
    /// Connects to a master and finds out that it is one.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub(super) async fn connect(path: &Path) -> Result<Self, Refusal> {
        let socket = UnixStream::connect(path).await?;
        let mut control = Self { socket };
        control.socket.write_all(&wire::hello()).await?;
        match control.reply().await? {
            Reply::Hello => Ok(control),
            other => Err(unexpected(&other)),
        }
    }

    /// Asks whether the master lives.
    pub(super) async fn check(mut self) -> Result<(), Refusal> {
        self.socket.write_all(&wire::alive_check()).await?;
        match self.reply().await? {
            Reply::Alive => Ok(()),
            Reply::Refused(why) => Err(Refusal::Refused(why)),
            other => Err(unexpected(&other)),
        }
    }

    /// Asks for a channel to a place as the other host sees it.
    pub(super) async fn forward(self, far: &Far) -> Result<Ends, Refusal> {
        let request = match far {
            Far::Tcp { host, port } => wire::forward_to_port(host, *port),
            Far::Unix(path) => wire::forward_to_socket(path),
        };
        self.open(&request, false).await
    }

    /// Runs a command over there.
    pub(super) async fn execute(self, command: &str) -> Result<Ends, Refusal> {
        self.open(&wire::new_session(command), true).await
    }

    /// Waits for the status with which the command ended; `None` when the master tells none.
    pub(super) async fn exit_status(&mut self) -> Option<u32> {
        loop {
            match self.reply().await {
                Ok(Reply::Exit(status)) => return Some(status),
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }

    async fn open(mut self, request: &[u8], with_errors: bool) -> Result<Ends, Refusal> {
        let (far_in, write) =
            rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).map_err(io::Error::from)?;
        let (read, far_out) = near_pipe()?;
        let errors = with_errors.then(near_pipe).transpose()?;
        self.socket.write_all(request).await?;
        self.send(far_in.as_fd()).await?;
        self.send(far_out.as_fd()).await?;
        if let Some((_, far_errors)) = &errors {
            self.send(far_errors.as_fd()).await?;
        }
        widen(&write);
        let write = pipe::Sender::from_owned_fd(nonblocking(write)?)?;
        // Only the master may hold the far ends: their end is the channel's.
        drop((far_in, far_out));
        let errors = errors.map(|(near, _)| near);
        match self.reply().await? {
            Reply::Opened => Ok(Ends {
                read,
                write,
                errors,
                control: self,
            }),
            Reply::Refused(why) => Err(Refusal::Refused(why)),
            other => Err(unexpected(&other)),
        }
    }

    /// Passes a descriptor, with the one byte that carries it.
    async fn send(&self, fd: BorrowedFd<'_>) -> io::Result<()> {
        let fds = [fd];
        let pass = || {
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
            let mut control = SendAncillaryBuffer::new(&mut space);
            control.push(SendAncillaryMessage::ScmRights(&fds));
            let flags = SendFlags::NOSIGNAL;
            let sent = sendmsg(&self.socket, &[IoSlice::new(&[0])], &mut control, flags);
            sent.map_err(io::Error::from)
        };
        self.socket.async_io(Interest::WRITABLE, pass).await?;
        Ok(())
    }

    async fn reply(&mut self) -> io::Result<Reply> {
        let length = self.socket.read_u32().await? as usize;
        if length > wire::PACKET_MAX {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a packet is too long",
            ));
        }
        let mut body = vec![0; length];
        self.socket.read_exact(&mut body).await?;
        Reply::decode(&body).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
}

fn unexpected(reply: &Reply) -> Refusal {
    Refusal::Broken(io::Error::other(format!(
        "the ssh master answered {reply:?}"
    )))
}

/// A pipe whose near end is read.
fn near_pipe() -> io::Result<(pipe::Receiver, OwnedFd)> {
    let (read, write) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
    widen(&read);
    Ok((pipe::Receiver::from_owned_fd(nonblocking(read)?)?, write))
}

fn nonblocking(fd: OwnedFd) -> io::Result<OwnedFd> {
    rustix::io::ioctl_fionbio(&fd, true)?;
    Ok(fd)
}

/// Makes a pipe hold more. Where the user has too many of them already it stays as it is.
fn widen(fd: &OwnedFd) {
    let _ = rustix::pipe::fcntl_setpipe_size(fd, PIPE_SIZE);
}
