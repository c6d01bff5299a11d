//! A daemon that cuts, lies and babbles: every connection ends with a reason, or goes on as if nothing had been.

mod support;

use std::time::Duration;

use proptest::prelude::*;
use support::peer::{Peer, answer, message, pair, started, wire};
use tokio::io::DuplexStream;
use tokio::time::timeout;
use virt_rpc::procedure::*;
use virt_rpc::wire::packet::{FrameError, Header, Kind, PACKET_MAX, Status, build};
use virt_rpc::{CloseReason, Connection, Error, Keepalive, Options};

/// No step of these tests takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

fn kind() -> ret::ConnectGetType {
    ret::ConnectGetType {
        kind: "QEMU".into(),
    }
}

/// Makes a call, answers it with `bytes`, hangs up, and gives what became of call and connection.
async fn answered_with(
    bytes: impl FnOnce(&Header) -> Vec<u8>,
) -> (Result<ret::ConnectGetType, Error>, CloseReason) {
    let options = Options::default().with_keepalive(Keepalive::Off);
    let (conn, mut events, mut peer): (Connection, _, Peer<DuplexStream>) = pair(options);
    let script = async {
        let call = peer.expect(3).await;
        peer.send(&bytes(&call)).await;
        drop(peer);
    };
    let client = async {
        let answer = conn.call(ConnectGetType).await;
        while events.recv().await.is_ok() {}
        (answer, conn.closed().await)
    };
    let both = async { tokio::join!(client, script).0 };
    timeout(PATIENCE, both).await.expect("nothing hangs")
}

#[tokio::test]
async fn a_cut_at_any_byte_ends_the_call_with_a_reason() {
    let whole = |call: &Header| {
        let mut all = message(&started(1)).to_vec();
        all.extend(answer(call, Status::Ok, &wire(&kind())));
        all
    };
    let (answer, _) = answered_with(whole).await;
    assert_eq!(answer, Ok(kind()));
    let mut len = 0;
    let (answer, _) = answered_with(|call| {
        len = whole(call).len();
        Vec::new()
    })
    .await;
    assert!(answer.is_err());
    assert!(len > 100);
    for cut in 0..len {
        let (answer, reason) = answered_with(|call| whole(call)[..cut].to_vec()).await;
        assert_eq!(
            answer,
            Err(Error::Closed(CloseReason::Peer)),
            "cut at {cut}"
        );
        assert_eq!(reason, CloseReason::Peer);
    }
}

#[tokio::test]
async fn lying_lengths_end_the_connection() {
    for length in [0u32, 1, 4, 27, PACKET_MAX as u32 + 1, 0x8000_0000, u32::MAX] {
        let (answer, reason) = answered_with(|call| {
            let mut packet = answer(call, Status::Ok, &wire(&kind())).to_vec();
            packet[..4].copy_from_slice(&length.to_be_bytes());
            packet
        })
        .await;
        let garbage = CloseReason::Garbage(FrameError::Length(length));
        assert_eq!(reason, garbage);
        assert_eq!(answer, Err(Error::Closed(garbage)));
    }
}

#[tokio::test]
async fn a_length_that_never_comes_ends_with_the_connection() {
    let (answer, _) = answered_with(|call| {
        let mut packet = answer(call, Status::Ok, &wire(&kind())).to_vec();
        packet[..4].copy_from_slice(&(PACKET_MAX as u32).to_be_bytes());
        packet
    })
    .await;
    assert_eq!(answer, Err(Error::Closed(CloseReason::Peer)));
}

#[tokio::test]
async fn a_text_protocol_is_not_libvirts() {
    let (_, reason) = answered_with(|_| b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()).await;
    assert!(matches!(reason, CloseReason::Garbage(_)), "{reason:?}");
    let (_, reason) = answered_with(|_| b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()).await;
    assert!(matches!(reason, CloseReason::Garbage(_)), "{reason:?}");
}

#[tokio::test]
async fn descriptors_cannot_come_over_a_plain_stream() {
    let (_, reason) = answered_with(|call| {
        let header = Header {
            kind: Kind::ReplyWithFds,
            ..*call
        };
        let mut packet = build(&header, 1, &wire(&kind())).expect("small").to_vec();
        packet.push(0);
        packet
    })
    .await;
    assert_eq!(reason, CloseReason::MissingDescriptors);
}

#[tokio::test]
async fn a_ping_storm_costs_nothing() {
    let (conn, _events, mut peer) = pair(Options::default());
    for _ in 0..50_000 {
        peer.send(&support::peer::keepalive(1)).await;
    }
    let script = async {
        let mut pongs = 0;
        loop {
            let packet = peer.next().await.expect("still there");
            if packet.header.kind == Kind::Call {
                peer.reply(&packet.header, &kind()).await;
                return pongs;
            }
            pongs += 1;
        }
    };
    let (answer, pongs) = tokio::join!(conn.call(ConnectGetType), script);
    assert_eq!(answer, Ok(kind()));
    assert!(pongs >= 1);
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn garbage_ends_the_connection_and_nothing_else(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let (answer, _) = runtime().block_on(answered_with(|_| bytes));
        prop_assert!(matches!(answer, Err(Error::Closed(_))));
    }

    /// Packets that look right, with anything in header and payload.
    #[test]
    fn well_framed_garbage_is_survived(
        packets in prop::collection::vec(
            (any::<u32>(), 0i32..460, 0i32..9, 0u32..4, 0i32..4,
             prop::collection::vec(any::<u8>(), 0..80), any::<bool>()),
            0..20,
        ),
    ) {
        let (answer, reason) = runtime().block_on(answered_with(|call| {
            let mut all = Vec::new();
            for (program, procedure, kind, serial, status, payload, right) in packets {
                let program = if right { call.program } else { program };
                all.extend((28 + payload.len() as u32).to_be_bytes());
                all.extend(program.to_be_bytes());
                all.extend(1u32.to_be_bytes());
                for word in [procedure, kind] {
                    all.extend(word.to_be_bytes());
                }
                all.extend(serial.to_be_bytes());
                all.extend(status.to_be_bytes());
                all.extend(payload);
            }
            all.extend(answer(call, Status::Ok, &wire(&kind())));
            all
        }));
        // Garbage may have answered the call, or promised descriptors; otherwise the true answer arrives.
        match answer {
            Ok(answer) => prop_assert_eq!(answer, kind()),
            Err(Error::Closed(at_once)) => prop_assert_eq!(at_once, reason),
            Err(Error::Protocol { .. } | Error::Decode { .. } | Error::Remote(_)) => {}
            Err(other) => prop_assert!(false, "{:?}", other),
        }
    }
}
