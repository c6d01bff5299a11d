//! Real QEMU: passwords, input, sizes, lossy pictures and the `shot` example.
//!
//! Needs QEMU and nasm: `build-aux/dev cargo test -p rfb --features qemu-tests`. With the feature on
//! a missing program is a failure.
#![cfg(feature = "qemu-tests")]

mod support;

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use link_security::credentials::FixedPassword;
use rfb::{
    DesktopSizeStatus, Encoding, EncodingPolicy, Error, Event, Events, Options, Session, Size, keys,
};
use support::{colours, eventually, guest::Guest, mirror::Mirror, recording, until};
use tokio::net::{TcpListener, UnixStream};

/// Enter, as Linux counts it.
const KEY_ENTER: u32 = 28;

fn password(password: &str) -> Options {
    let mut options = Options::default();
    options.credentials = Arc::new(FixedPassword::new(password));
    options
}

fn encoding(policy: EncodingPolicy) -> Options {
    let mut options = Options::default();
    options.encodings = policy;
    options
}

/// Waits until the guest has switched to this size and all of it has come.
async fn picture_of(size: Size, session: &Session, events: &mut Events) {
    eventually("a whole picture of this size", || {
        expect_open(events);
        (session.size() == size && session.is_complete()).then_some(())
    })
    .await;
}

/// Waits until the picture has these colours, give or take `slack` in each.
async fn picture_like(wanted: &[[u8; 3]], slack: u8, session: &Session, events: &mut Events) {
    let mirror = Mirror::of(session);
    eventually("the guest's picture", || {
        expect_open(events);
        let shown = colours(mirror.lock().bytes());
        let near = |(a, b): (&u8, &u8)| a.abs_diff(*b) <= slack;
        let (shown, wanted) = (shown.as_flattened(), wanted.as_flattened());
        let far = shown.iter().zip(wanted).filter(|pair| !near(*pair)).count();
        // JPEG may miss some pixels by more, at hard edges.
        let allowed = if slack == 0 { 0 } else { wanted.len() / 50 };
        (shown.len() == wanted.len() && far <= allowed).then_some(())
    })
    .await;
}

fn expect_open(events: &mut Events) {
    while let Some(event) = events.try_recv() {
        assert!(!matches!(event, Event::Closed(_)), "{event:?}");
    }
}

/// The picture with which the pattern guest ends, from the recording of it.
fn last_pattern() -> Vec<[u8; 3]> {
    let mut engine = rfb::Engine::new(EncodingPolicy::LAN);
    engine.push(&recording("pattern-raw")).unwrap();
    colours(engine.framebuffer().bytes())
}

fn press_enter(session: &Session) {
    let qnum = keys::qnum_from_evdev(KEY_ENTER).unwrap();
    session.key(0xff0d, qnum, true);
    session.key(0xff0d, qnum, false);
}

const PATTERN: Size = Size::new(320, 200);

/// Plays the pattern guest to its end in one encoding and looks at the picture.
async fn plays_to_its_end(policy: EncodingPolicy, vnc: &str, slack: u8) {
    let guest = Guest::boot("pattern", vnc, &["-vga", "std"]);
    let (session, mut events) = guest.connect(encoding(policy)).await;
    picture_of(PATTERN, &session, &mut events).await;
    press_enter(&session);
    picture_like(&last_pattern(), slack, &session, &mut events).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_makes_the_guest_draw_in_every_encoding() {
    for preferred in Encoding::ALL {
        plays_to_its_end(EncodingPolicy::new(preferred).compress(2), "", 0).await;
    }
    for policy in [
        EncodingPolicy::LOCAL,
        EncodingPolicy::LAN,
        EncodingPolicy::WAN,
    ] {
        plays_to_its_end(policy, "", 0).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lossy_pictures_look_alike() {
    plays_to_its_end(
        EncodingPolicy::new(Encoding::Tight).quality(9),
        ",lossy=on",
        48,
    )
    .await;
}

const SECRET: &[&str] = &["-vga", "std", "-object", "secret,id=pw,data=sesame"];

#[tokio::test(flavor = "multi_thread")]
async fn passwords() {
    let guest = Guest::boot("pattern", ",password-secret=pw", SECRET);
    let (session, mut events) = guest.connect(password("sesame")).await;
    picture_of(PATTERN, &session, &mut events).await;
    for (options, wanted) in [(password("open"), "wrong"), (Options::default(), "none")] {
        let (_session, mut events) = guest.connect(options).await;
        let error = until(&mut events, |event| match event {
            Event::Closed(error) => Some(error),
            _ => None,
        })
        .await;
        match wanted {
            "wrong" => {
                assert!(
                    matches!(&error, Error::Authentication { reason } if reason.contains("failed")),
                    "{error:?}"
                );
            }
            _ => assert!(matches!(error, Error::CredentialsUnavailable), "{error:?}"),
        }
    }
}

/// Asks for another size and returns QEMU's answer.
async fn resize(video: &str) -> DesktopSizeStatus {
    let guest = Guest::boot("pattern", "", &["-vga", video]);
    let (session, mut events) = guest.connect(Options::default()).await;
    picture_of(PATTERN, &session, &mut events).await;
    let status = async |events: &mut Events| {
        until(events, |event| match event {
            Event::DesktopSizeStatus(status) => Some(status),
            _ => None,
        })
        .await
    };
    session.set_desktop_size(1400, 900);
    let first = status(&mut events).await;
    // Nothing is latched: a second wish is answered as the first was.
    session.set_desktop_size(800, 600);
    assert_eq!(status(&mut events).await, first);
    first
}

#[tokio::test(flavor = "multi_thread")]
async fn sizes_are_forwarded_by_virtio_and_refused_by_standard_vga() {
    assert_eq!(resize("virtio").await, DesktopSizeStatus::Forwarded);
    assert_eq!(resize("std").await, DesktopSizeStatus::Invalid);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_session_sees_what_it_missed() {
    let guest = Guest::boot("pattern", "", &["-vga", "std"]);
    let (session, mut events) = guest.connect(Options::default()).await;
    picture_of(PATTERN, &session, &mut events).await;
    session.set_paused(true);
    press_enter(&session);
    session.set_paused(false);
    picture_like(&last_pattern(), 0, &session, &mut events).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_qemu_is_a_lost_connection() {
    let mut guest = Guest::boot("pattern", "", &["-vga", "std"]);
    let (session, mut events) = guest.connect(Options::default()).await;
    picture_of(PATTERN, &session, &mut events).await;
    guest.qemu.kill().unwrap();
    let error = until(&mut events, |event| match event {
        Event::Closed(error) => Some(error),
        _ => None,
    });
    assert!(matches!(error.await, Error::Lost(_)));
}

/// Makes a Unix socket reachable by TCP; returns the port.
async fn over_tcp(socket: PathBuf) -> (u16, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let proxy = tokio::spawn(async move {
        while let Ok((mut tcp, _)) = listener.accept().await {
            let mut unix = UnixStream::connect(&socket).await.unwrap();
            // It ends when either side does; which one is no matter here.
            let _ = tokio::io::copy_bidirectional(&mut tcp, &mut unix).await;
        }
    });
    (port, proxy)
}

/// The example beside this test in cargo's folder.
fn shot(address: &str, out: &Path, words: &[&str]) -> std::process::Output {
    let test = std::env::current_exe().unwrap();
    let program = test.ancestors().nth(2).unwrap().join("examples/shot");
    Command::new(&program)
        .arg(address)
        .arg(out)
        .args(words)
        .output()
        .unwrap_or_else(|error| {
            panic!(
                "{}: {error}; cargo build -p rfb --examples",
                program.display()
            )
        })
}

#[tokio::test(flavor = "multi_thread")]
async fn shots() {
    for (vnc, arguments, words) in [
        ("", &["-vga", "std"][..], &[][..]),
        (",password-secret=pw", SECRET, &["--password", "sesame"][..]),
    ] {
        let guest = Guest::boot("pattern", vnc, arguments);
        // The guest has drawn nothing yet; its mode tells that it waits for the key.
        let (session, mut events) = guest.connect(password("sesame")).await;
        picture_of(PATTERN, &session, &mut events).await;
        press_enter(&session);
        picture_like(&last_pattern(), 0, &session, &mut events).await;
        let address = format!("unix:{}", guest.socket().display());
        let out = guest.folder.path().join("shot.png");
        let result = shot(&address, &out, words);
        assert!(
            result.status.success(),
            "{}",
            String::from_utf8_lossy(&result.stderr)
        );
        let file = std::io::BufReader::new(std::fs::File::open(&out).unwrap());
        let mut reader = png::Decoder::new(file).read_info().unwrap();
        let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut rgb).unwrap();
        assert!(rgb == last_pattern().as_flattened());
        let (port, proxy) = over_tcp(guest.socket()).await;
        std::fs::remove_file(&out).unwrap();
        assert!(
            shot(&format!("vnc://127.0.0.1:{port}"), &out, words)
                .status
                .success()
        );
        assert!(out.exists());
        proxy.abort();
        let refused = shot(&address, &out, &["--password", "wrong"]);
        assert_eq!(refused.status.success(), words.is_empty());
    }
}

#[test]
fn a_server_that_nobody_listens_behind_is_told_at_once() {
    let result = shot(
        "unix:/nonexistent/socket",
        Path::new("/nonexistent/out.png"),
        &[],
    );
    assert!(!result.status.success());
    assert!(String::from_utf8_lossy(&result.stderr).contains("No such file"));
}
