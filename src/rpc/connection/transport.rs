//! The two ends of the byte stream, with and without file descriptors. Knows no packet.
//!
//! tokio's own reads drop descriptors, so a local socket is read with recvmsg.

use std::collections::VecDeque;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::pin::Pin;
use std::sync::Arc;

use bytes::BytesMut;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, Interest};
use tokio::net::UnixStream;

use crate::wire::packet::FDS_MAX;

/// How much is read at a time: memory grows with what arrived, never with what a length claims.
const READ_STEP: usize = 64 * 1024;
/// A peer that sends more descriptors than this without a packet for them is not one of libvirt's.
const FDS_WAITING_MAX: usize = 2 * FDS_MAX;

/// Where bytes come from.
pub(super) enum ReadHalf {
    /// Any byte stream.
    Stream(Pin<Box<dyn AsyncRead + Send>>),
    /// A local socket.
    Unix {
        socket: Arc<UnixStream>,
        scratch: Box<[u8]>,
    },
}

/// Where bytes go.
pub(super) enum WriteHalf {
    /// Any byte stream.
    Stream(Pin<Box<dyn AsyncWrite + Send>>),
    /// A local socket.
    Unix(Arc<UnixStream>),
}

impl ReadHalf {
    pub(super) fn unix(socket: Arc<UnixStream>) -> Self {
        let scratch = vec![0; READ_STEP].into_boxed_slice();
        Self::Unix { socket, scratch }
    }

    /// Appends what has arrived; waits until something has. Zero means the end.
    ///
    /// # Cancel safety
    /// Nothing is lost when dropped.
    pub(super) async fn fill(
        &mut self,
        buffer: &mut BytesMut,
        fds: &mut VecDeque<OwnedFd>,
    ) -> io::Result<usize> {
        match self {
            Self::Stream(stream) => {
                buffer.reserve(READ_STEP);
                stream.read_buf(buffer).await
            }
            Self::Unix { socket, scratch } => {
                let read = || receive(socket, scratch, fds);
                let len = socket.async_io(Interest::READABLE, read).await?;
                buffer.extend_from_slice(scratch.get(..len).unwrap_or_default());
                Ok(len)
            }
        }
    }
}

fn receive(
    socket: &UnixStream,
    scratch: &mut [u8],
    fds: &mut VecDeque<OwnedFd>,
) -> io::Result<usize> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(FDS_MAX))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received = recvmsg(
        socket,
        &mut [IoSliceMut::new(scratch)],
        &mut control,
        RecvFlags::CMSG_CLOEXEC,
    )?;
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(rights) = message {
            fds.extend(rights);
        }
    }
    if received.flags.contains(ReturnFlags::CTRUNC) || fds.len() > FDS_WAITING_MAX {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "the peer sent more file descriptors than the protocol allows",
        ));
    }
    Ok(received.bytes)
}

impl WriteHalf {
    /// Writes all of `bytes`.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Stream(stream) => {
                stream.write_all(bytes).await?;
                stream.flush().await
            }
            Self::Unix(socket) => {
                let mut rest = bytes;
                while !rest.is_empty() {
                    socket.writable().await?;
                    match socket.try_write(rest) {
                        Ok(len) => rest = rest.get(len..).unwrap_or_default(),
                        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                        Err(error) => return Err(error),
                    }
                }
                Ok(())
            }
        }
    }

    /// Sends descriptors, each on a byte of its own, as libvirt's `virNetSocketSendFD` does.
    pub(super) async fn send_fds(&mut self, fds: &[OwnedFd]) -> io::Result<()> {
        let Self::Unix(socket) = self else {
            return Err(io::ErrorKind::Unsupported.into());
        };
        for fd in fds {
            let send = || send_one(socket, fd);
            socket.async_io(Interest::WRITABLE, send).await?;
        }
        Ok(())
    }

    /// Tells the peer that nothing more comes. Failure does not matter any more.
    pub(super) async fn shutdown(&mut self) {
        match self {
            Self::Stream(stream) => {
                let _ = stream.shutdown().await;
            }
            Self::Unix(socket) => {
                let _ = rustix::net::shutdown(&**socket, rustix::net::Shutdown::Both);
            }
        }
    }
}

fn send_one(socket: &UnixStream, fd: &OwnedFd) -> io::Result<()> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    let rights = [fd.as_fd()];
    if !control.push(SendAncillaryMessage::ScmRights(&rights)) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    sendmsg(
        socket,
        &[IoSlice::new(&[0])],
        &mut control,
        SendFlags::NOSIGNAL,
    )?;
    Ok(())
}
