//! Calls and events against a scripted daemon: late, out of order, refused, given up, never answered. How connections begin and end is in `liveness.rs`.

mod support;

use std::time::Duration;

use futures_util::future::join_all;
use support::peer::{answer, domain, message, pair, started, wire};
use tokio::time::{Instant, timeout};
use virt_rpc::procedure::*;
use virt_rpc::wire::packet::{Header, Kind, Program, Status, build};
use virt_rpc::{Deadline, Error, Keepalive, Options, RemoteError, code};

const READ_DEADLINE: Duration = Duration::from_secs(30);

fn kind(kind: &str) -> ret::ConnectGetType {
    ret::ConnectGetType { kind: kind.into() }
}

fn error(code: i32, message: &str) -> RemoteError {
    RemoteError {
        code,
        domain: 7,
        message: Some(message.into()),
        level: 2,
        ..RemoteError::default()
    }
}

fn xml(id: i32) -> DomainGetXmlDesc {
    let mut dom = domain("vm");
    dom.id = id;
    DomainGetXmlDesc { dom, flags: 0 }
}

fn slow() -> DomainCreate {
    DomainCreate { dom: domain("vm") }
}

#[tokio::test]
async fn answers_find_their_calls_in_any_order() {
    let (conn, _events, mut peer) = pair(Options::default());
    let script = async {
        let mut calls = Vec::new();
        for _ in 0..50 {
            calls.push(peer.expect_args::<DomainGetXmlDesc>().await);
        }
        for (call, args) in calls.iter().rev() {
            let xml = args.dom.id.to_string();
            peer.reply(call, &ret::DomainGetXmlDesc { xml }).await;
        }
    };
    let calls = join_all((0..50).map(|id| conn.call(xml(id))));
    let (answers, ()) = tokio::join!(calls, script);
    for (id, answer) in answers.into_iter().enumerate() {
        assert_eq!(answer.expect("answered").xml, id.to_string());
    }
    let stats = conn.stats();
    assert_eq!((stats.calls, stats.replies, stats.round_trips), (50, 50, 1));
}

#[tokio::test]
async fn an_answer_may_come_byte_by_byte() {
    let (conn, _events, mut peer) = pair(Options::default());
    let script = async {
        let call = peer.expect(3).await;
        for byte in answer(&call, Status::Ok, &wire(&kind("QEMU"))) {
            peer.send(&[byte]).await;
            tokio::task::yield_now().await;
        }
    };
    let (answer, ()) = tokio::join!(conn.call(ConnectGetType), script);
    assert_eq!(answer.expect("answered"), kind("QEMU"));
}

#[tokio::test(start_paused = true)]
async fn a_read_is_given_up_and_its_late_answer_discarded() {
    let (conn, _events, mut peer) = pair(Options::default().with_keepalive(Keepalive::Off));
    let before = Instant::now();
    let given_up = conn.call(ConnectGetType).await;
    let expected = Error::TimedOut {
        procedure: "ConnectGetType",
        after: READ_DEADLINE,
    };
    assert_eq!(given_up, Err(expected));
    assert_eq!(before.elapsed().as_secs(), 30);
    let late = peer.expect(3).await;
    let script = async {
        peer.reply(&late, &kind("late")).await;
        let call = peer.expect(3).await;
        assert_ne!(call.serial, late.serial);
        peer.reply(&call, &kind("in time")).await;
    };
    let (answer, ()) = tokio::join!(conn.call(ConnectGetType), script);
    assert_eq!(answer.expect("answered"), kind("in time"));
    assert_eq!((conn.stats().replies, conn.stats().late_replies), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn what_changes_something_waits_as_long_as_it_takes() {
    let (conn, _events, mut peer) = pair(Options::default().with_keepalive(Keepalive::Off));
    let script = async {
        let call = peer.expect(9).await;
        tokio::time::sleep(READ_DEADLINE * 100).await;
        peer.reply(&call, &()).await;
        // Unless the caller says otherwise.
        peer.expect(9).await;
    };
    let calls = async {
        conn.call(slow()).await.expect("after fifty minutes");
        let limit = Deadline::After(Duration::from_secs(1));
        conn.call_with(slow(), limit).await
    };
    let (limited, ()) = tokio::join!(calls, script);
    assert!(matches!(limited, Err(Error::TimedOut { .. })));
}

#[tokio::test]
async fn a_dropped_call_keeps_its_place_until_the_daemon_is_done() {
    let (conn, _events, mut peer) = pair(Options::default().with_windows(4, 1));
    let mut first = Box::pin(conn.call(slow()));
    assert!(timeout(Duration::ZERO, &mut first).await.is_err());
    let call = peer.expect(9).await;
    drop(first);
    let mut second = Box::pin(conn.call(slow()));
    assert!(timeout(Duration::ZERO, &mut second).await.is_err());
    assert_eq!(conn.stats().calls, 1, "the daemon still works on the first");
    let script = async {
        peer.reply(&call, &()).await;
        let call = peer.expect(9).await;
        peer.reply(&call, &()).await;
    };
    let (answer, ()) = tokio::join!(second, script);
    assert_eq!(answer, Ok(()));
}

#[tokio::test]
async fn slow_calls_leave_room_for_quick_ones() {
    let (conn, _events, mut peer) = pair(Options::default());
    let many = join_all((0..10).map(|_| conn.call(slow())));
    let script = async {
        let mut waiting = Vec::new();
        for _ in 0..3 {
            waiting.push(peer.expect(9).await);
        }
        // The fourth packet is no slow call, because three are under way.
        let call = peer.expect(3).await;
        peer.reply(&call, &kind("QEMU")).await;
        for _ in 0..7 {
            let done = waiting.remove(0);
            peer.reply(&done, &()).await;
            waiting.push(peer.expect(9).await);
        }
        for call in &waiting {
            peer.reply(call, &()).await;
        }
    };
    let quick = async {
        while conn.stats().calls < 3 {
            tokio::task::yield_now().await;
        }
        conn.call(ConnectGetType).await
    };
    let (slow, quick, ()) = tokio::join!(many, quick, script);
    assert!(slow.iter().all(Result::is_ok));
    assert_eq!(quick.expect("answered"), kind("QEMU"));
}

#[tokio::test(start_paused = true)]
async fn a_full_lane_has_a_deadline_as_well() {
    let options = Options::default().with_keepalive(Keepalive::Off);
    let (conn, _events, _peer) = pair(options.with_windows(1, 1));
    let (first, second) = tokio::join!(conn.call(ConnectGetType), conn.call(ConnectGetType));
    assert!(matches!(first, Err(Error::TimedOut { .. })));
    assert!(matches!(second, Err(Error::TimedOut { .. })));
    assert_eq!(conn.stats().calls, 1);
}

#[tokio::test]
async fn errors_are_data() {
    let (conn, _events, mut peer) = pair(Options::default());
    let refusals = [
        error(code::NO_DOMAIN, "no domain"),
        error(0, "the daemon lost the cause"),
        error(code::RPC, "unknown procedure: 3"),
    ];
    let script = async {
        for refusal in &refusals {
            let call = peer.expect(3).await;
            peer.refuse(&call, refusal).await;
        }
        let call = peer.expect(3).await;
        peer.send(&answer(&call, Status::Error, b"")).await;
        let call = peer.expect(3).await;
        peer.send(&answer(&call, Status::Ok, b"\0\0\0\x09shor"))
            .await;
        let call = peer.expect(3).await;
        peer.send(&answer(&call, Status::Continue, &wire(&kind("?"))))
            .await;
        let call = peer.expect(3).await;
        let other = Header {
            procedure: 4,
            ..call
        };
        peer.reply(&other, &kind("?")).await;
        let call = peer.expect(3).await;
        let longer = [&wire(&kind("QEMU"))[..], b"more"].concat();
        peer.send(&answer(&call, Status::Ok, &longer)).await;
    };
    let calls = async {
        let first = conn.call(ConnectGetType).await;
        assert_eq!(first.err().and_then(|error| error.code()), Some(42));
        let second = conn.call(ConnectGetType).await;
        assert_eq!(second.err().and_then(|error| error.code()), Some(0));
        let third = conn.call(ConnectGetType).await.expect_err("refused");
        assert!(
            matches!(third, Error::UnknownProcedure { number: 3, .. }) && third.is_unsupported()
        );
        for _ in 0..2 {
            let unreadable = conn.call(ConnectGetType).await;
            assert!(
                matches!(unreadable, Err(Error::Decode { .. })),
                "{unreadable:?}"
            );
        }
        for _ in 0..2 {
            let broken = conn.call(ConnectGetType).await;
            assert!(matches!(broken, Err(Error::Protocol { .. })), "{broken:?}");
        }
        assert_eq!(conn.call(ConnectGetType).await, Ok(kind("QEMU")));
    };
    tokio::join!(calls, script);
    assert_eq!(conn.stats().trailing, 1);
}

#[tokio::test]
async fn what_belongs_to_nobody_is_passed_over() {
    let (conn, mut events, mut peer) = pair(Options::default());
    let script = async {
        let call = peer.expect(3).await;
        let strays = [
            Header { serial: 99, ..call },
            Header { program: 1, ..call },
            Header { version: 2, ..call },
            Header {
                program: Program::Qemu.number(),
                ..call
            },
        ];
        for stray in &strays {
            peer.reply(stray, &kind("stray")).await;
        }
        for stray in [
            Kind::Call,
            Kind::Stream,
            Kind::StreamHole,
            Kind::Unknown(77),
        ] {
            let header = Header {
                kind: stray,
                ..call
            };
            peer.send(&build(&header, 0, b"\0\0\0\0").expect("small"))
                .await;
        }
        let unknown_event = Header {
            kind: Kind::Message,
            procedure: 5000,
            serial: 0,
            ..call
        };
        peer.send(&build(&unknown_event, 0, b"what").expect("small"))
            .await;
        let cut_event = Header {
            procedure: 318,
            ..unknown_event
        };
        peer.send(&build(&cut_event, 0, b"\0\0").expect("small"))
            .await;
        peer.send(&message(&started(1))).await;
        peer.reply(&call, &kind("QEMU")).await;
    };
    let (answer, ()) = tokio::join!(conn.call(ConnectGetType), script);
    assert_eq!(answer, Ok(kind("QEMU")));
    assert_eq!(events.recv().await, Ok(started(1)));
    assert_eq!(conn.stats().ignored, 10);
}

#[tokio::test]
async fn an_event_storm_loses_nothing() {
    const STORM: i32 = 20_000;
    let (conn, mut events, mut peer) = pair(Options::default().with_backlog(4096, 4096));
    let script = tokio::spawn(async move {
        for number in 0..STORM {
            peer.send(&message(&started(number))).await;
        }
        let call = peer.expect(3).await;
        peer.reply(&call, &kind("QEMU")).await;
        peer
    });
    let call = tokio::spawn({
        let conn = conn.clone();
        async move { conn.call(ConnectGetType).await }
    });
    // Nobody reads: the backlog stays small and the daemon is held up.
    while conn.stats().events < 20 {
        tokio::task::yield_now().await;
    }
    for number in 0..STORM {
        assert!(conn.stats().events < number as u64 + 100);
        assert_eq!(events.recv().await, Ok(started(number)));
    }
    assert_eq!(call.await.expect("no panic"), Ok(kind("QEMU")));
    let mut peer = script.await.expect("no panic");
    // When the receiver is gone, events cost nothing.
    drop(events);
    for number in 0..STORM {
        peer.send(&message(&started(number))).await;
    }
    let script = async {
        let call = peer.expect(3).await;
        peer.reply(&call, &kind("QEMU")).await;
    };
    let (answer, ()) = tokio::join!(conn.call(ConnectGetType), script);
    assert_eq!(answer, Ok(kind("QEMU")));
}
