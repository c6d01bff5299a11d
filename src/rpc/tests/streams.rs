//! Streams against a scripted daemon.

mod support;

use std::time::Duration;

use bytes::Bytes;
use support::peer::{Peer, answer, domain, pair, stream, wire};
use tokio::io::DuplexStream;
use tokio::time::timeout;
use virt_rpc::procedure::types::StorageVol;
use virt_rpc::procedure::*;
use virt_rpc::wire::packet::{Header, Kind, STREAM_CHUNK_MAX, Status, build};
use virt_rpc::{
    CloseReason, Connection, Error, Events, Options, RemoteError, Stream, StreamItem, code,
};

const SCREENSHOT: i32 = 211;
const UPLOAD: i32 = 208;

fn screenshot() -> DomainScreenshot {
    DomainScreenshot {
        dom: domain("vm"),
        screen: 0,
        flags: 0,
    }
}

fn mime() -> ret::DomainScreenshot {
    ret::DomainScreenshot {
        mime: Some("image/png".into()),
    }
}

fn upload() -> StorageVolUpload {
    StorageVolUpload {
        vol: StorageVol {
            pool: "p".into(),
            name: "v".into(),
            key: "k".into(),
        },
        offset: 0,
        length: 0,
        flags: 1,
    }
}

/// Opens an upload and gives both ends of it.
async fn open_upload(options: Options) -> (Connection, Events, Peer<DuplexStream>, Stream, Header) {
    let (conn, events, mut peer) = pair(options);
    let script = async {
        let call = peer.expect(UPLOAD).await;
        peer.reply(&call, &()).await;
        call
    };
    let (opened, call) = tokio::join!(conn.open_stream(upload()), script);
    let ((), stream) = opened.expect("opened");
    (conn, events, peer, stream, call)
}

fn data(bytes: &'static [u8]) -> StreamItem {
    StreamItem::Data(Bytes::from_static(bytes))
}

fn full() -> RemoteError {
    RemoteError {
        code: code::SYSTEM,
        message: Some("no space left".into()),
        ..RemoteError::default()
    }
}

#[tokio::test]
async fn data_right_behind_the_reply_is_not_lost() {
    let (conn, _events, mut peer) = pair(Options::default());
    let script = async {
        let call = peer.expect(SCREENSHOT).await;
        let mut all = answer(&call, Status::Ok, &wire(&mime())).to_vec();
        all.extend(stream(&call, Status::Continue, b"one"));
        all.extend(stream(&call, Status::Continue, b"two"));
        all.extend(stream(&call, Status::Continue, b""));
        peer.send(&all).await;
        let end = peer.next().await.expect("the client ends it").header;
        assert_eq!(
            (end.kind, end.status, end.serial),
            (Kind::Stream, Status::Ok, call.serial)
        );
        peer.send(&stream(&call, Status::Ok, b"")).await;
        // Too late: it must be passed over.
        peer.send(&stream(&call, Status::Continue, b"late")).await;
        let call = peer.expect(3).await;
        peer.reply(
            &call,
            &ret::ConnectGetType {
                kind: "QEMU".into(),
            },
        )
        .await;
    };
    let client = async {
        let (ret, mut stream) = conn.open_stream(screenshot()).await.expect("opened");
        assert_eq!(ret, mime());
        assert_eq!(stream.recv().await, Ok(Some(data(b"one"))));
        assert_eq!(stream.recv().await, Ok(Some(data(b"two"))));
        assert_eq!(stream.recv().await, Ok(None));
        assert_eq!(stream.recv().await, Ok(None));
        stream.finish().await.expect("confirmed");
        conn.call(ConnectGetType).await.expect("still whole");
    };
    tokio::join!(client, script);
    assert_eq!(conn.stats().ignored, 1);
}

#[tokio::test]
async fn holes_are_told_from_data() {
    let (_conn, _events, mut peer, mut stream_, call) = open_upload(Options::default()).await;
    let hole = |length: i64| {
        let header = Header {
            kind: Kind::StreamHole,
            status: Status::Continue,
            ..call
        };
        build(&header, 0, &[&wire(&length)[..], &[0; 4]].concat()).expect("small")
    };
    peer.send(&hole(1 << 40)).await;
    assert_eq!(stream_.recv().await, Ok(Some(StreamItem::Hole(1 << 40))));
    stream_.send_hole(5).await.expect("open");
    let sent = peer.next().await.expect("a hole");
    assert_eq!(
        (sent.header.kind, sent.header.status),
        (Kind::StreamHole, Status::Continue)
    );
    assert_eq!(sent.payload, &b"\0\0\0\0\0\0\0\x05\0\0\0\0"[..]);
    peer.send(&hole(-1)).await;
    assert!(matches!(stream_.recv().await, Err(Error::Protocol { .. })));
    // The daemon is told that the stream is of no use any more.
    drop(stream_);
    let abort = peer.next().await.expect("an abort").header;
    assert_eq!((abort.kind, abort.status), (Kind::Stream, Status::Error));
}

#[tokio::test]
async fn an_upload_goes_in_pieces_that_every_daemon_takes() {
    let (_conn, _events, mut peer, mut stream_, call) = open_upload(Options::default()).await;
    let size = 2 * STREAM_CHUNK_MAX + 5;
    let script = async {
        for expected in [STREAM_CHUNK_MAX, STREAM_CHUNK_MAX, 5] {
            let piece = peer.next().await.expect("data");
            assert_eq!(
                (piece.header.status, piece.header.serial),
                (Status::Continue, call.serial)
            );
            assert_eq!(piece.payload.len(), expected);
        }
        let end = peer.next().await.expect("the end").header;
        assert_eq!((end.kind, end.status), (Kind::Stream, Status::Ok));
        peer.send(&stream(&call, Status::Ok, b"")).await;
    };
    let client = async {
        stream_.send(vec![7; size].into()).await.expect("open");
        stream_.finish().await
    };
    let (finished, ()) = tokio::join!(client, script);
    assert_eq!(finished, Ok(()));
}

#[tokio::test]
async fn a_failing_upload_says_why() {
    let (conn, _events, mut peer, mut stream_, call) = open_upload(Options::default()).await;
    let script = async {
        peer.next().await.expect("data");
        peer.send(&stream(&call, Status::Error, &wire(&full())))
            .await;
        // The client's queue drains, but nothing more is sent for this stream.
        while peer.next().await.is_some() {}
    };
    let client = async {
        let failed = loop {
            if let Err(error) = stream_.send(vec![7; STREAM_CHUNK_MAX].into()).await {
                break error;
            }
        };
        assert_eq!(failed.code(), Some(code::SYSTEM));
        assert_eq!(
            stream_.recv().await.expect_err("failed").code(),
            Some(code::SYSTEM)
        );
        drop((stream_, conn));
    };
    tokio::join!(client, script);
}

#[tokio::test]
async fn the_confirmation_can_be_a_failure() {
    let (_conn, _events, mut peer, mut stream_, call) = open_upload(Options::default()).await;
    let script = async {
        peer.next().await.expect("data");
        peer.next().await.expect("the end");
        peer.send(&stream(&call, Status::Error, &wire(&full())))
            .await;
    };
    let client = async {
        stream_.send("x".into()).await.expect("open");
        stream_.finish().await
    };
    let (finished, ()) = tokio::join!(client, script);
    assert_eq!(
        finished.err().and_then(|error| error.code()),
        Some(code::SYSTEM)
    );
}

#[tokio::test]
async fn a_dropped_stream_is_aborted_once() {
    let (conn, _events, mut peer, stream_, call) = open_upload(Options::default()).await;
    let (receiver, mut sender) = stream_.split();
    drop(receiver);
    sender
        .send("still open".into())
        .await
        .expect("one half is left");
    assert_eq!(peer.next().await.expect("data").payload, "still open");
    peer.send(&stream(&call, Status::Continue, b"nobody wants this"))
        .await;
    drop(sender);
    let abort = peer.next().await.expect("an abort");
    assert_eq!(
        (abort.header.kind, abort.header.status),
        (Kind::Stream, Status::Error)
    );
    assert!(abort.payload.is_empty());
    peer.send(&stream(&call, Status::Ok, b"")).await;
    drop(conn);
    assert_eq!(peer.next().await, None);
}

#[tokio::test]
async fn a_stream_given_up_before_it_opened_is_aborted_when_it_opens() {
    let (conn, _events, mut peer) = pair(Options::default());
    for refuse in [true, false] {
        let given_up = timeout(Duration::ZERO, conn.open_stream(screenshot())).await;
        assert!(given_up.is_err());
        let call = peer.expect(SCREENSHOT).await;
        if refuse {
            peer.refuse(&call, &full()).await;
            continue;
        }
        let mut all = answer(&call, Status::Ok, &wire(&mime())).to_vec();
        all.extend(stream(&call, Status::Continue, b"data"));
        peer.send(&all).await;
        let abort = peer.next().await.expect("an abort").header;
        assert_eq!((abort.kind, abort.status), (Kind::Stream, Status::Error));
        assert_eq!(abort.serial, call.serial);
    }
    assert_eq!(conn.stats().late_replies, 2);
}

#[tokio::test]
async fn a_stream_that_is_refused_is_an_error() {
    let (conn, _events, mut peer) = pair(Options::default());
    let script = async {
        let call = peer.expect(SCREENSHOT).await;
        peer.refuse(&call, &full()).await;
    };
    let (opened, ()) = tokio::join!(conn.open_stream(screenshot()), script);
    assert_eq!(
        opened.err().and_then(|error| error.code()),
        Some(code::SYSTEM)
    );
    drop(conn);
    assert_eq!(peer.next().await, None, "no abort for what was never open");
}

#[tokio::test]
async fn a_slow_consumer_holds_up_the_daemon_and_loses_nothing() {
    const PIECES: u32 = 5_000;
    let options = Options::default().with_backlog(1 << 20, 64 * 1024);
    let (conn, _events, mut peer, mut stream_, call) = open_upload(options).await;
    let script = tokio::spawn(async move {
        for number in 0..PIECES {
            let piece = [number.to_be_bytes(); 256].concat();
            peer.send(&stream(&call, Status::Continue, &piece)).await;
        }
        peer.send(&stream(&call, Status::Continue, b"")).await;
        peer
    });
    let full = 64 * 1024;
    while conn.stats().bytes_in < full {
        tokio::task::yield_now().await;
    }
    for number in 0..PIECES {
        let Ok(Some(StreamItem::Data(piece))) = stream_.recv().await else {
            panic!("piece {number} is missing");
        };
        assert_eq!(piece, [number.to_be_bytes(); 256].concat());
        // The window, one read, and the packets' heads.
        let taken = u64::from(number + 1) * 1052;
        assert!(
            conn.stats().bytes_in < taken + 3 * full,
            "the backlog grows"
        );
    }
    assert_eq!(stream_.recv().await, Ok(None));
    drop(script.await.expect("no panic"));
}

#[tokio::test]
async fn a_lost_connection_ends_streams() {
    let (conn, _events, mut peer, mut stream_, call) = open_upload(Options::default()).await;
    peer.send(&stream(&call, Status::Continue, b"last words"))
        .await;
    drop(peer);
    assert_eq!(conn.closed().await, CloseReason::Peer);
    assert_eq!(stream_.recv().await, Ok(Some(data(b"last words"))));
    assert_eq!(stream_.recv().await, Err(Error::Closed(CloseReason::Peer)));
    let refused = stream_.send("x".into()).await;
    assert_eq!(refused, Err(Error::Closed(CloseReason::Peer)));
    assert_eq!(
        stream_.finish().await,
        Err(Error::Closed(CloseReason::Peer))
    );
}

#[tokio::test]
async fn a_stream_keeps_the_connection_up() {
    let (conn, _events, mut peer, mut stream_, call) = open_upload(Options::default()).await;
    drop(conn);
    peer.send(&stream(&call, Status::Continue, b"here")).await;
    assert_eq!(stream_.recv().await, Ok(Some(data(b"here"))));
    drop(stream_);
    while peer.next().await.is_some() {}
}
