//! A hostile server behind each kind of link: TCP, a Unix socket, TLS and a SASL layer. Whatever it sends, the session
//! ends with a typed error or stays alive, the handle answers at once, and memory stays bounded.
//!
//! What the cases are made of is tested byte by byte in `hostile` and `hostile_pixels`; here they go the whole way.
//! TLS needs certtool and the SASL layer a real QEMU: `build-aux/dev cargo test -p rfb --features qemu-tests`.

mod support;

use std::{future::Future, time::Instant};

use rfb::{Event, Events, Options, Session};
use support::{PATIENCE, cases, cases::Case, desktop};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixListener, UnixStream},
};

/// Megabytes that an endless server sends.
const FLOOD: usize = 48;
/// Memory that the process may grow by meanwhile, in bytes: below what is sent.
const GROWTH: usize = 24 << 20;

/// Plays a server from the version on: version 3.8, no security, a desktop, and then the case.
async fn attack(mut stream: impl AsyncRead + AsyncWrite + Unpin, case: Case) {
    let login = async {
        stream.write_all(b"RFB 003.008\n\x01\x01\0\0\0\0").await?;
        stream.read_exact(&mut [0; 14]).await?;
        after_login(&mut stream, case).await
    };
    // A client that has had enough is gone.
    let _: std::io::Result<()> = login.await;
}

/// Goes on where security has ended.
async fn after_login(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    case: Case,
) -> std::io::Result<()> {
    stream.write_all(&desktop(100, 80, b"guest")).await?;
    stream.write_all(&case.bytes).await?;
    stream.flush().await?;
    if case.again.is_empty() {
        // Waits for the client to go, and reads what it says meanwhile.
        tokio::io::copy(stream, &mut tokio::io::sink()).await?;
        return Ok(());
    }
    let mut sent = case.bytes.len();
    while sent < FLOOD << 20 {
        stream.write_all(&case.again).await?;
        sent += case.again.len();
    }
    stream.flush().await?;
    tokio::io::copy(stream, &mut tokio::io::sink()).await?;
    Ok(())
}

/// Watches a session under attack to its end, or until it has taken all of a flood.
async fn watch(session: Session, mut events: Events, case: &Case) {
    let begun = Instant::now();
    let memory = resident();
    let wanted = if case.again.is_empty() {
        0
    } else {
        (FLOOD as u64) << 20
    };
    loop {
        assert!(begun.elapsed() < PATIENCE, "{}: nothing happens", case.name);
        // Whatever goes on, each of these returns at once.
        session.key(0x61, 0, true);
        session.key(0x61, 0, false);
        let taken = session.statistics().bytes_received;
        match events.try_recv() {
            Some(Event::Closed(error)) => {
                assert!((case.ends)(&error), "{}: {error:?}", case.name);
                return;
            }
            Some(_) => {}
            None if wanted > 0 && taken >= wanted => break,
            None if wanted == 0 && case.lives && taken > case.bytes.len() as u64 => break,
            None => tokio::time::sleep(std::time::Duration::from_millis(1)).await,
        }
    }
    assert!(case.lives, "{}: it lives on", case.name);
    let grown = resident().saturating_sub(memory);
    assert!(grown < GROWTH, "{}: {grown} bytes", case.name);
    session.close();
    let ended = async { while !matches!(events.recv().await, Some(Event::Closed(_)) | None) {} };
    tokio::time::timeout(PATIENCE, ended).await.expect("an end");
}

/// The memory of this process, in bytes.
fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: usize = text.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

/// Runs all cases over a kind of link.
async fn all<C, S, A>(connect: C, options: Options, accept: A)
where
    C: AsyncFn() -> S,
    S: AsyncRead + AsyncWrite + Send + 'static,
    A: Fn(Case) -> tokio::task::JoinHandle<()>,
{
    for case in cases::all() {
        let attack = accept(case.clone());
        let (session, events) = Session::connect(connect().await, options.clone());
        watch(session, events, &case).await;
        attack.abort();
    }
}

fn spawn(attack: impl Future<Output = ()> + Send + 'static) -> tokio::task::JoinHandle<()> {
    tokio::spawn(attack)
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tcp() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let listener = std::sync::Arc::new(listener);
    all(
        async || TcpStream::connect(address).await.unwrap(),
        Options::default(),
        |case| {
            let listener = listener.clone();
            spawn(async move { attack(listener.accept().await.unwrap().0, case).await })
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_a_unix_socket() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vnc");
    let listener = std::sync::Arc::new(UnixListener::bind(&path).unwrap());
    let mut options = Options::default();
    options.local = true;
    all(
        async || UnixStream::connect(&path).await.unwrap(),
        options,
        |case| {
            let listener = listener.clone();
            spawn(async move { attack(listener.accept().await.unwrap().0, case).await })
        },
    )
    .await;
}

#[cfg(feature = "qemu-tests")]
#[path = "support/hostile_layers.rs"]
mod layers;
