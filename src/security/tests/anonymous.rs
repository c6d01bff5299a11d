//! TLS without certificates: with whom it is agreed on, and how it ends when the other side cuts, lies or babbles.
//!
//! The other side is OpenSSL's own server. A real QEMU, whose TLS is GnuTLS', is in the tests of the crate `rfb`.
#![cfg(feature = "anonymous-tls")]

#[path = "support/harm.rs"]
mod harm;

use std::{
    io,
    time::{Duration, Instant},
};

use harm::{Harm, Way};
use lab::AnonymousTls;
use link_security::tls::{
    AnonymousReport, AnonymousStream, HandshakeProblem as Problem, TlsError, connect_anonymous,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    time::timeout,
};
use tokio_openssl::SslStream;

/// How many handshakes may take how long together, generously: none waits for anything.
const DEADLINE: Duration = Duration::from_mins(2);

type Agreed = Result<(AnonymousStream<Way>, AnonymousReport), TlsError>;

/// One handshake.
async fn shake(host: &AnonymousTls, harm: Harm) -> (Agreed, io::Result<SslStream<DuplexStream>>) {
    let (near, far) = duplex(1 << 20);
    let both = async { tokio::join!(connect_anonymous(Way::new(near, harm)), host.accept(far)) };
    // Both may wait for each other when a length was changed. The clock stands still until nobody can go on.
    timeout(Duration::from_secs(1), both)
        .await
        .unwrap_or_else(|_| {
            let silence = || "silence".to_owned();
            let ours = TlsError::Handshake(Problem::Io(silence()));
            (Err(ours), Err(io::Error::other(silence())))
        })
}

/// How many bytes a host sends in a handshake.
async fn length(host: &AnonymousTls) -> usize {
    let (agreed, theirs) = shake(host, Harm::None).await;
    let ((mut ours, _), mut theirs) = (agreed.unwrap(), theirs.unwrap());
    theirs.write_all(b"behind it").await.unwrap();
    ours.read_exact(&mut [0; 9]).await.unwrap();
    // One record of nine bytes, in AES-GCM: 5 + 8 + 9 + 16.
    ours.below().seen - 38
}

#[tokio::test(start_paused = true)]
async fn what_is_said_inside_comes_out_whole_and_ends_properly() {
    let host = AnonymousTls::new().unwrap();
    let (agreed, theirs) = shake(&host, Harm::None).await;
    let ((mut ours, report), mut theirs) = (agreed.unwrap(), theirs.unwrap());
    assert_eq!(report.version, "TLS 1.2");
    assert_eq!(report.cipher, "TLS_DH_anon_WITH_AES_256_GCM_SHA384");
    let picture: Vec<u8> = (0..3_000_000u32).map(|at| (at % 251) as u8).collect();
    let sent = picture.clone();
    let echo = tokio::spawn(async move {
        let mut taken = vec![0; sent.len()];
        theirs.write_all(&sent).await.unwrap();
        theirs.read_exact(&mut taken).await.unwrap();
        theirs.shutdown().await.unwrap();
        (taken, theirs)
    });
    let mut taken = vec![0; picture.len()];
    ours.read_exact(&mut taken).await.unwrap();
    assert!(taken == picture);
    ours.write_all(&picture).await.unwrap();
    ours.flush().await.unwrap();
    let (echoed, mut theirs) = echo.await.unwrap();
    assert!(echoed == picture);
    assert_eq!(ours.read(&mut [0; 1]).await.unwrap(), 0);
    ours.shutdown().await.unwrap();
    assert_eq!(theirs.read(&mut [0; 1]).await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_cut_or_changed_is_no_proper_end() {
    let host = AnonymousTls::new().unwrap();
    let handshake = length(&host).await;
    for (harm, kind) in [
        (Harm::CutAfter(handshake), io::ErrorKind::UnexpectedEof),
        (Harm::CutAfter(handshake + 20), io::ErrorKind::UnexpectedEof),
        (Harm::FlipAt(handshake + 20), io::ErrorKind::InvalidData),
    ] {
        let (agreed, theirs) = shake(&host, harm).await;
        let ((mut ours, _), mut theirs) = (agreed.unwrap(), theirs.unwrap());
        theirs.write_all(&[7; 100]).await.unwrap();
        let error = ours.read_exact(&mut [0; 100]).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_weak_key_exchange_is_refused_before_anything_is_said() {
    let weak = AnonymousTls::weak().unwrap();
    let (agreed, _) = shake(&weak, Harm::None).await;
    let refused = Err(TlsError::Handshake(Problem::WeakExchange { bits: 1024 }));
    assert_eq!(agreed.map(|(_, report)| report), refused);
}

#[tokio::test(start_paused = true)]
async fn a_handshake_cut_at_any_byte_ends_as_cut() {
    let host = AnonymousTls::new().unwrap();
    let begun = Instant::now();
    for end in 0..length(&host).await {
        let (agreed, _) = shake(&host, Harm::CutAfter(end)).await;
        let cut = Err(TlsError::Handshake(Problem::Cut));
        assert_eq!(agreed.map(|(_, report)| report), cut, "{end}");
    }
    assert!(begun.elapsed() < DEADLINE);
}

#[tokio::test(start_paused = true)]
async fn a_handshake_with_any_byte_changed_fails() {
    let host = AnonymousTls::new().unwrap();
    let begun = Instant::now();
    let mut agreed = 0;
    for at in 0..length(&host).await {
        let (answer, _) = shake(&host, Harm::FlipAt(at)).await;
        match answer {
            Err(TlsError::Handshake(_)) => {}
            Err(error) => panic!("{at}: {error:?}"),
            Ok(_) => agreed += 1,
        }
    }
    // All but the records' versions is under the checksum of the handshake.
    assert!(agreed <= 8, "{agreed} bytes do not count");
    assert!(begun.elapsed() < DEADLINE);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_tls_ends_with_its_name() {
    for (said, expected) in [
        (
            &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..],
            Some(Problem::NotTls),
        ),
        (b"RFB 003.008\n", Some(Problem::NotTls)),
        (&[0; 600], Some(Problem::NotTls)),
        // An alert: 40, handshake failure.
        (b"\x15\x03\x03\0\x02\x02\x28", None),
        (&vec![0xff; 70_000], None),
        (b"\x16\x03\x03\xff\xff", None),
        // A message of 16 MiB in records that never end it.
        (
            &[&b"\x16\x03\x03\x40\0\x02\xff\xff\xff"[..], &[0; 16_380]].concat(),
            None,
        ),
    ] {
        let (near, mut far) = duplex(1 << 20);
        far.write_all(said).await.unwrap();
        far.shutdown().await.unwrap();
        let answer = connect_anonymous(near).await.map(|(_, report)| report);
        let Err(TlsError::Handshake(problem)) = answer else {
            panic!("{answer:?}");
        };
        if said[0] == 0x15 {
            let alert = matches!(problem, Problem::Alert(alert) if alert.code() == 40);
            assert!(alert, "{problem:?}");
        } else if let Some(expected) = expected {
            assert_eq!(problem, expected, "{said:?}");
        }
    }
}
