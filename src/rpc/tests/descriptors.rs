//! File descriptors over a local socket, both ways, and a daemon that lies about them.

mod support;

use std::io::{IoSlice, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream as StdStream;
use std::time::Duration;

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use support::peer::{domain, message, started, wire};
use tokio::net::UnixStream;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use virt_rpc::procedure::*;
use virt_rpc::wire::packet::{Deframer, Header, Kind, Packet, build};
use virt_rpc::{CloseReason, Connection, Error, Events, Options};

const PATIENCE: Duration = Duration::from_secs(20);

/// A client, and the daemon's end of its socket for a blocking script.
fn pair() -> (Connection, Events, StdStream) {
    let (ours, theirs) = StdStream::pair().expect("a socket pair");
    ours.set_nonblocking(true).expect("a socket");
    theirs.set_read_timeout(Some(PATIENCE)).expect("a socket");
    let ours = UnixStream::from_std(ours).expect("a runtime");
    let (conn, events) = Connection::from_unix(ours, Options::default());
    (conn, events, theirs)
}

fn graphics() -> DomainOpenGraphicsFd {
    DomainOpenGraphicsFd {
        dom: domain("vm"),
        idx: 0,
        flags: 1,
    }
}

/// Reads one packet without descriptors.
fn next(socket: &mut StdStream) -> Packet {
    let mut deframer = Deframer::default();
    loop {
        if let Some(packet) = deframer.next_packet().expect("the client is sane") {
            return packet;
        }
        let mut byte = [0];
        socket.read_exact(&mut byte).expect("a call comes");
        deframer.buffer().extend_from_slice(&byte);
    }
}

/// Sends `bytes`, with descriptors on the first of them.
fn send(socket: &StdStream, bytes: &[u8], fds: &[&OwnedFd]) {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(32))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    let fds: Vec<_> = fds.iter().map(|fd| fd.as_fd()).collect();
    if !fds.is_empty() {
        assert!(control.push(SendAncillaryMessage::ScmRights(&fds)));
    }
    let sent = sendmsg(
        socket,
        &[IoSlice::new(bytes)],
        &mut control,
        SendFlags::NOSIGNAL,
    );
    assert_eq!(sent, Ok(bytes.len()));
}

fn head(call: &Header, fds: usize) -> Vec<u8> {
    let header = Header {
        kind: Kind::ReplyWithFds,
        ..*call
    };
    build(&header, fds, &[]).expect("small").to_vec()
}

/// A pipe: whoever holds `end` can be told from its being closed.
fn pipe() -> (std::io::PipeReader, OwnedFd) {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    (reader, writer.into())
}

#[tokio::test]
async fn descriptors_arrive_with_their_answer() {
    let (conn, mut events, mut peer) = pair();
    let script = spawn_blocking(move || {
        let call = next(&mut peer).header;
        let (mut one, one_end) = pipe();
        let (mut two, two_end) = pipe();
        // The head in pieces, an event before and behind, and each carrier on its own.
        send(&peer, &message(&started(1)), &[]);
        let head = head(&call, 2);
        send(&peer, &head[..10], &[]);
        send(&peer, &head[10..], &[]);
        send(&peer, &[0], &[&one_end]);
        send(&peer, &[0], &[&two_end]);
        send(&peer, &message(&started(2)), &[]);
        drop((one_end, two_end));
        let (mut first, mut second) = (String::new(), String::new());
        one.read_to_string(&mut first).expect("a pipe");
        two.read_to_string(&mut second).expect("a pipe");
        (first, second)
    });
    let ((), fds) = conn
        .call_with_fds(graphics(), Vec::new())
        .await
        .expect("answered");
    let [one, two] = <[OwnedFd; 2]>::try_from(fds).expect("two descriptors");
    std::fs::File::from(one).write_all(b"one").expect("a pipe");
    std::fs::File::from(two).write_all(b"two").expect("a pipe");
    let read = script.await.expect("the script runs");
    assert_eq!(read, ("one".to_owned(), "two".to_owned()));
    assert_eq!(events.recv().await, Ok(started(1)));
    assert_eq!(events.recv().await, Ok(started(2)));
}

#[tokio::test]
async fn descriptors_nobody_wants_are_closed() {
    let (conn, _events, mut peer) = pair();
    let given_up = timeout(Duration::ZERO, conn.call_with_fds(graphics(), Vec::new())).await;
    assert!(given_up.is_err());
    let script = spawn_blocking(move || {
        let call = next(&mut peer).header;
        let (mut pipe, end) = pipe();
        send(&peer, &head(&call, 1), &[]);
        send(&peer, &[0], &[&end]);
        drop(end);
        // Ends as soon as the client has closed its copy.
        let mut rest = Vec::new();
        pipe.read_to_end(&mut rest).expect("a pipe");
        peer
    });
    let waited = timeout(PATIENCE, script).await.expect("closed");
    drop(waited.expect("the script runs"));
    assert_eq!(conn.stats().late_replies, 1);
}

/// Reads a packet and the descriptors behind it, each on a byte of its own.
fn next_with_fds(socket: &StdStream) -> (Packet, Vec<OwnedFd>) {
    let mut deframer = Deframer::default();
    let mut fds = Vec::new();
    loop {
        if let Some(packet) = deframer.next_packet().expect("the client is sane") {
            return (packet, fds);
        }
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(32))];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let mut byte = [0];
        let slices = &mut [IoSliceMut::new(&mut byte)];
        let received = recvmsg(socket, slices, &mut control, RecvFlags::empty());
        assert_eq!(received.expect("a call comes").bytes, 1);
        for message in control.drain() {
            if let RecvAncillaryMessage::ScmRights(rights) = message {
                fds.extend(rights);
            }
        }
        deframer.buffer().extend_from_slice(&byte);
    }
}

#[tokio::test]
async fn descriptors_go_with_a_call() {
    let (conn, _events, peer) = pair();
    let script = spawn_blocking(move || {
        let (call, fds) = next_with_fds(&peer);
        assert_eq!((call.header.kind, call.fds), (Kind::CallWithFds, 2));
        assert_eq!(call.payload, wire(&associate()));
        for (text, fd) in ["one", "two"].into_iter().zip(&fds) {
            std::fs::File::from(fd.try_clone().expect("open"))
                .write_all(text.as_bytes())
                .expect("a pipe");
        }
        assert_eq!(fds.len(), 2);
        let header = Header {
            kind: Kind::Reply,
            ..call.header
        };
        send(&peer, &build(&header, 0, &[]).expect("small"), &[]);
        // What follows is in its right place.
        let call = next_with_fds(&peer).0;
        assert_eq!((call.header.procedure, call.header.kind), (3, Kind::Call));
        let header = Header {
            kind: Kind::Reply,
            ..call.header
        };
        let kind = ret::ConnectGetType { kind: "Q".into() };
        send(&peer, &build(&header, 0, &wire(&kind)).expect("small"), &[]);
        peer
    });
    let (mut one, one_end) = pipe();
    let (mut two, two_end) = pipe();
    let answer = conn
        .call_with_fds(associate(), vec![one_end, two_end])
        .await;
    assert!(answer.is_ok_and(|((), fds)| fds.is_empty()));
    assert_eq!(conn.call(ConnectGetType).await.expect("answered").kind, "Q");
    script.await.expect("the script runs");
    let (mut first, mut second) = (String::new(), String::new());
    one.read_to_string(&mut first).expect("a pipe");
    two.read_to_string(&mut second).expect("a pipe");
    assert_eq!((first.as_str(), second.as_str()), ("one", "two"));
}

fn associate() -> DomainFdAssociate {
    DomainFdAssociate {
        dom: domain("vm"),
        name: "disk".into(),
        flags: 0,
    }
}

#[tokio::test]
async fn a_missing_descriptor_ends_the_connection() {
    let (conn, _events, mut peer) = pair();
    let script = spawn_blocking(move || {
        let call = next(&mut peer).header;
        send(&peer, &head(&call, 1), &[]);
        // The carrier comes, but it carries nothing.
        send(&peer, &[0], &[]);
        peer
    });
    let answer = conn.call_with_fds(graphics(), Vec::new()).await;
    let reason = CloseReason::MissingDescriptors;
    assert_eq!(answer.err(), Some(Error::Closed(reason)));
    drop(script.await);
}

#[tokio::test]
async fn a_flood_of_descriptors_ends_the_connection() {
    let (conn, _events, peer) = pair();
    let script = spawn_blocking(move || {
        let (_pipe, end) = pipe();
        let bytes = message(&started(1));
        // Packets that have no use for them; the client hangs up in between.
        for _ in 0..10 {
            let fds = [&end; 32].to_vec();
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(32))];
            let mut control = SendAncillaryBuffer::new(&mut space);
            let fds: Vec<_> = fds.iter().map(|fd| fd.as_fd()).collect();
            control.push(SendAncillaryMessage::ScmRights(&fds));
            let slices = [IoSlice::new(&bytes)];
            let _ = sendmsg(&peer, &slices, &mut control, SendFlags::NOSIGNAL);
        }
        peer
    });
    let reason = timeout(PATIENCE, conn.closed()).await.expect("it ends");
    assert!(matches!(reason, CloseReason::Io { .. }), "{reason:?}");
    drop(script.await);
}

#[tokio::test]
async fn only_a_local_socket_passes_descriptors() {
    let (ours, _theirs) = tokio::io::duplex(1024);
    let (conn, _events) = Connection::from_stream(ours, Options::default());
    let (_pipe, end) = pipe();
    let refused = conn.call_with_fds(associate(), vec![end]).await;
    assert_eq!(refused.err(), Some(Error::NoDescriptors));
    assert_eq!(conn.stats().calls, 0);
}
