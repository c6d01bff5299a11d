//! Greeting, leaving and dying, against a scripted daemon: authentication, ends of a connection, pings.

mod support;

use std::time::Duration;

use support::peer::{keepalive, message, pair, started};
use tokio::time::Instant;
use virt_rpc::procedure::*;
use virt_rpc::wire::packet::{Kind, Program};
use virt_rpc::{
    AuthType, Authentication, CloseReason, Connection, Error, Keepalive, Options, RemoteError,
};

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

#[tokio::test]
async fn events_before_the_end_are_delivered_before_the_reason() {
    let (conn, mut events, mut peer) = pair(Options::default());
    for number in 0..3 {
        peer.send(&message(&started(number))).await;
    }
    drop(peer);
    assert_eq!(conn.closed().await, CloseReason::Peer);
    for number in 0..3 {
        assert_eq!(events.recv().await, Ok(started(number)));
    }
    assert_eq!(events.recv().await, Err(CloseReason::Peer));
    let refused = conn.call(ConnectGetType).await;
    assert_eq!(refused, Err(Error::Closed(CloseReason::Peer)));
}

#[tokio::test]
async fn the_last_handle_cuts_the_connection() {
    let (conn, events, mut peer) = pair(Options::default());
    let clone = conn.clone();
    drop((conn, events));
    let script = async {
        let call = peer.expect(3).await;
        peer.reply(&call, &kind("QEMU")).await;
    };
    let (answer, ()) = tokio::join!(clone.call(ConnectGetType), script);
    assert_eq!(answer, Ok(kind("QEMU")));
    drop(clone);
    assert_eq!(peer.next().await, None);
}

#[tokio::test(start_paused = true)]
async fn leaving_is_polite_but_does_not_wait_for_ever() {
    let (conn, mut events, mut peer) = pair(Options::default().with_keepalive(Keepalive::Off));
    let before = Instant::now();
    let silent = async {
        peer.expect(2).await;
        peer.next().await
    };
    let ((), next) = tokio::join!(conn.close(), silent);
    assert_eq!((next, before.elapsed().as_secs()), (None, 5));
    assert_eq!(events.recv().await, Err(CloseReason::Local));
}

#[tokio::test(start_paused = true)]
async fn a_silent_daemon_is_noticed() {
    let (conn, _events, mut peer) = pair(Options::default());
    let before = Instant::now();
    let script = async {
        let mut pings = 0;
        while let Some(packet) = peer.next().await {
            assert_eq!(packet.header.program, Program::Keepalive.number());
            assert_eq!(packet.header.procedure, 1);
            pings += 1;
        }
        pings
    };
    let (reason, pings) = tokio::join!(conn.closed(), script);
    assert_eq!((reason, pings), (CloseReason::Silent, 6));
    assert_eq!(before.elapsed().as_secs(), 35);
}

/// Sends an event a second until the connection ends; answers pings or not.
async fn chatter(peer: &mut support::peer::Peer<tokio::io::DuplexStream>, answers: bool) {
    let mut number = 0;
    loop {
        peer.send(&message(&started(number))).await;
        number += 1;
        match tokio::time::timeout(Duration::from_secs(1), peer.next()).await {
            Ok(None) => return,
            Ok(Some(_)) if answers => peer.send(&keepalive(2)).await,
            _ => {}
        }
    }
}

async fn listen(mut events: virt_rpc::Events) {
    while events.recv().await.is_ok() {}
}

#[tokio::test(start_paused = true)]
async fn a_daemon_that_talks_but_does_not_hear_us_is_noticed() {
    let (conn, events, mut peer) = pair(Options::default());
    let before = Instant::now();
    let (reason, (), ()) = tokio::join!(conn.closed(), chatter(&mut peer, false), listen(events));
    assert_eq!(reason, CloseReason::Silent);
    assert_eq!(before.elapsed().as_secs(), 35);
}

#[tokio::test(start_paused = true)]
async fn a_daemon_that_talks_and_answers_pings_is_alive() {
    let (conn, events, mut peer) = pair(Options::default());
    let hour = tokio::time::sleep(Duration::from_hours(1));
    tokio::select! {
        () = hour => {}
        () = chatter(&mut peer, true) => {}
        () = listen(events) => {}
    }
    assert_eq!(conn.close_reason(), None);
}

#[tokio::test(start_paused = true)]
async fn a_daemon_that_is_too_busy_to_read_is_not_dead() {
    let (conn, events, mut peer) = pair(Options::default());
    let calls = async {
        let one = || conn.call(ConnectGetType);
        drop(tokio::join!(one(), one(), one(), one(), one()));
    };
    let minute = tokio::time::sleep(Duration::from_mins(1));
    tokio::select! {
        () = minute => {}
        () = calls => {}
        () = chatter(&mut peer, false) => {}
        () = listen(events) => {}
    }
    assert_eq!(conn.close_reason(), None);
}

#[tokio::test(start_paused = true)]
async fn an_answered_ping_keeps_the_connection_up() {
    let (conn, _events, mut peer) = pair(Options::default());
    let script = async {
        for _ in 0..100 {
            peer.next().await.expect("a ping");
            peer.send(&keepalive(2)).await;
        }
    };
    script.await;
    assert_eq!(conn.close_reason(), None);
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_of_events_is_no_dead_daemon() {
    let (conn, mut events, mut peer) = pair(Options::default().with_backlog(64, 64));
    for number in 0..10 {
        peer.send(&message(&started(number))).await;
    }
    tokio::time::sleep(Duration::from_hours(1)).await;
    assert_eq!(conn.close_reason(), None);
    for number in 0..10 {
        assert_eq!(events.recv().await, Ok(started(number)));
    }
}

#[tokio::test]
async fn pings_of_the_daemon_are_answered() {
    let (_conn, _events, mut peer) = pair(Options::default());
    peer.send(&keepalive(1)).await;
    let pong = peer.next().await.expect("a pong").header;
    assert_eq!(
        (pong.program, pong.procedure),
        (Program::Keepalive.number(), 2)
    );
    assert_eq!((pong.kind, pong.serial), (Kind::Message, 0));
}

/// Authenticates against a daemon that offers `types` and answers polkit so.
async fn authenticate(types: Vec<i32>, polkit: Option<RemoteError>) -> Result<AuthType, Error> {
    let (conn, _events, mut peer): (Connection, _, _) = pair(Options::default());
    let script = async {
        let call = peer.expect(66).await;
        peer.reply(&call, &ret::AuthList { types }).await;
        let Some(call) = peer.next().await.map(|packet| packet.header) else {
            return;
        };
        assert_eq!(call.procedure, 70);
        match polkit {
            Some(error) => peer.refuse(&call, &error).await,
            None => peer.reply(&call, &ret::AuthPolkit { complete: 1 }).await,
        }
    };
    let client = async {
        let outcome = conn.authenticate(Authentication::default()).await;
        drop(conn);
        outcome.map(|how| how.kind)
    };
    tokio::join!(client, script).0
}

#[tokio::test]
async fn polkits_answers_are_told_apart() {
    let refused = |code| Some(error(code, "authentication failed"));
    assert_eq!(authenticate(vec![0], None).await, Ok(AuthType::None));
    assert_eq!(authenticate(vec![2], None).await, Ok(AuthType::Polkit));
    let denied = authenticate(vec![2], refused(45)).await;
    assert!(matches!(denied, Err(Error::AuthDenied(_))), "{denied:?}");
    let cancelled = authenticate(vec![2], refused(79)).await;
    assert!(
        matches!(cancelled, Err(Error::AuthCancelled(_))),
        "{cancelled:?}"
    );
    let unavailable = authenticate(vec![2], refused(94)).await;
    assert!(
        matches!(unavailable, Err(Error::AuthUnavailable(_))),
        "{unavailable:?}"
    );
    let other = authenticate(vec![2], refused(1)).await;
    assert!(matches!(other, Err(Error::Remote(_))), "{other:?}");
    let sasl = Err(Error::AuthUnsupported(vec![AuthType::Sasl]));
    assert_eq!(authenticate(vec![1], None).await, sasl);
    let strange = Err(Error::AuthUnsupported(vec![AuthType::Other(9)]));
    assert_eq!(authenticate(vec![9], None).await, strange);
}

#[tokio::test(start_paused = true)]
async fn a_probe_ends_a_dead_link_and_spares_a_living_one() {
    let (conn, _events, mut peer) = pair(Options::default().with_keepalive(Keepalive::Off));
    let answer = async {
        let ping = peer.next().await.expect("a ping");
        assert_eq!(ping.header.program, Program::Keepalive.number());
        peer.send(&keepalive(2)).await;
    };
    let patience = Duration::from_secs(4);
    tokio::join!(conn.probe(patience), answer);
    assert_eq!(conn.close_reason(), None);
    let before = Instant::now();
    conn.probe(patience).await;
    assert_eq!(conn.close_reason(), Some(CloseReason::Silent));
    assert_eq!(before.elapsed(), patience);
}
