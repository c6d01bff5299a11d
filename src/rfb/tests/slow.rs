//! A server that is slow on purpose: at every byte before the picture, the session ends with a reason and in time.
//!
//! The clock is tokio's own, which goes on by itself while everybody waits.

mod support;

use std::{sync::Arc, time::Duration};

use link_security::{
    credentials::FixedPassword,
    pki::{PkiFiles, PkiRoots},
    sasl::Policy,
};
use rfb::{Anonymous, Error, Event, Options, VeNCrypt};
use support::{Peer, desktop, session};
use tokio::{io::AsyncWriteExt, time::Instant};

/// What a server says until it has described its desktop, each part up to where it waits for an answer.
fn without_password() -> Vec<Vec<u8>> {
    vec![
        b"RFB 003.008\n".to_vec(),
        vec![2, 1, 16],
        vec![0; 4],
        desktop(4, 2, b"guest"),
    ]
}

fn with_password() -> Vec<Vec<u8>> {
    vec![
        b"RFB 003.008\n".to_vec(),
        vec![1, 2],
        vec![7; 16],
        vec![0; 4],
        desktop(4, 2, b"guest"),
    ]
}

/// Up to the first bytes of TLS, which are a handshake's and say nothing.
#[cfg(feature = "anonymous-tls")]
fn without_certificate() -> Vec<u8> {
    let mut bytes = b"RFB 003.008\n\x01\x13\0\x02\0\x01\0\0\x01\x01\x01".to_vec();
    bytes.extend([0x16, 3, 3, 0, 90, 2, 0, 0, 86, 3, 3]);
    bytes
}

fn refusing() -> Vec<Vec<u8>> {
    let reason = b"\0\0\0\x01\0\0\0\x04away";
    vec![b"RFB 003.008\n".to_vec(), vec![1, 1], reason.to_vec()]
}

fn options() -> Options {
    let mut options = Options::default();
    options.credentials = Arc::new(FixedPassword::new("sesame"));
    let mut vencrypt = VeNCrypt::new("localhost", PkiFiles::vnc(&PkiRoots::of_this_user()));
    vencrypt.anonymous = Some(Anonymous {
        policy: Policy::Bare,
        only_with_login: false,
    });
    options.security.push(Arc::new(vencrypt));
    options
}

/// Says some bytes and then nothing; tells how the session ended and how long that took.
async fn falls_silent(bytes: &[u8]) -> (Error, Duration) {
    let (_session, mut events, mut peer) = session(options());
    let begun = Instant::now();
    peer.send(bytes).await;
    let error = closed(&mut events).await;
    drop(peer);
    (error, begun.elapsed())
}

async fn closed(events: &mut rfb::Events) -> Error {
    loop {
        if let Event::Closed(error) = events.recv().await.expect("an end is told") {
            return error;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn silence_at_every_byte_is_noticed() {
    for script in [without_password(), with_password()] {
        let bytes = script.concat();
        for end in 0..bytes.len() {
            let (error, took) = falls_silent(&bytes[..end]).await;
            assert!(matches!(error, Error::TimedOut { .. }), "{end}: {error:?}");
            assert!(took <= Duration::from_secs(31), "{end}: {took:?}");
        }
    }
}

#[cfg(feature = "anonymous-tls")]
#[tokio::test(start_paused = true)]
async fn silence_at_every_byte_of_tls_without_certificates_is_noticed() {
    let bytes = without_certificate();
    for end in 0..=bytes.len() {
        let (error, took) = falls_silent(&bytes[..end]).await;
        assert!(matches!(error, Error::TimedOut { .. }), "{end}: {error:?}");
        assert!(took <= Duration::from_secs(31), "{end}: {took:?}");

        let (_session, mut events, mut peer) = session(options());
        peer.send(&bytes[..end]).await;
        peer.hang_up().await;
        let error = closed(&mut events).await;
        let is_lost = matches!(error, Error::Lost(_) | Error::Tls(_));
        assert!(is_lost, "{end}: {error:?}");
    }
    let (_session, mut events, peer) = session(options());
    let begun = Instant::now();
    let dripping = tokio::spawn(drip(peer, bytes, Duration::from_secs(5)));
    let error = closed(&mut events).await;
    assert!(matches!(error, Error::TimedOut { .. }), "{error:?}");
    assert!(begun.elapsed() <= Duration::from_secs(31));
    dripping.abort();
}

#[tokio::test(start_paused = true)]
async fn silence_within_a_refusal_leaves_the_refusal() {
    let bytes = refusing().concat();
    for end in 18..bytes.len() {
        let (error, took) = falls_silent(&bytes[..end]).await;
        assert!(
            matches!(error, Error::Authentication { .. }),
            "{end}: {error:?}"
        );
        assert!(took <= Duration::from_secs(61), "{end}: {took:?}");
    }
}

/// Sends byte by byte, with a pause after each, until the client has had enough.
async fn drip(mut peer: Peer, bytes: Vec<u8>, pause: Duration) {
    for byte in bytes {
        if peer.stream.write_all(&[byte]).await.is_err() {
            return;
        }
        tokio::time::sleep(pause).await;
    }
}

#[tokio::test(start_paused = true)]
async fn drops_do_not_keep_a_handshake_alive() {
    for script in [without_password(), with_password()] {
        let (_session, mut events, peer) = session(options());
        let begun = Instant::now();
        // Each drop comes within the time that a step may take, the step does not.
        let dripping = tokio::spawn(drip(peer, script.concat(), Duration::from_secs(5)));
        let error = closed(&mut events).await;
        assert!(matches!(error, Error::TimedOut { .. }), "{error:?}");
        assert!(begun.elapsed() <= Duration::from_secs(31));
        dripping.abort();
    }
}

#[tokio::test(start_paused = true)]
async fn the_end_at_every_byte_is_a_lost_connection() {
    for script in [without_password(), with_password()] {
        let bytes = script.concat();
        for end in 0..bytes.len() {
            let (_session, mut events, mut peer) = session(options());
            peer.send(&bytes[..end]).await;
            peer.hang_up().await;
            let error = closed(&mut events).await;
            assert!(matches!(error, Error::Lost(_)), "{end}: {error:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_picture_is_no_failure_and_can_be_left() {
    let (handle, mut events, mut peer) = session(Options::default());
    peer.welcome(64, 64).await;
    let update = [
        support::update(1),
        support::rect(0, 0, 64, 64, 0, &[9; 64 * 64 * 4]),
    ]
    .concat();
    let dripping = tokio::spawn(drip(peer, update, Duration::from_mins(1)));
    tokio::time::sleep(Duration::from_hours(10)).await;
    while let Some(event) = events.try_recv() {
        assert!(!matches!(event, Event::Closed(_)), "{event:?}");
    }
    // The handle is as quick as ever.
    handle.key(0x61, 0, true);
    assert!(handle.statistics().bytes_received > 500);
    handle.close();
    assert!(matches!(closed(&mut events).await, Error::Closed));
    dripping.abort();
}
