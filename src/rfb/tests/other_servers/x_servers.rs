//! X servers: `TigerVNC`'s Xvnc, which is a VNC server as well, and x11vnc in front of an Xvfb.

use std::process::{Command, Stdio};

use rfb::{DesktopSizeStatus, Encoding, Events, Options, Session};
use tempfile::TempDir;
use tokio::net::UnixStream;

use super::{
    LARGER, Running, SCREEN, clipboard_works, display::Display, eventually, follows, input_arrives,
    preferring, shows, stream, takes_another_size,
};

/// An X server, and its display's name.
struct XServer {
    _process: Running,
    display: String,
}

impl XServer {
    /// Starts one on a display of its own choice.
    fn start(program: &str, words: &[&str]) -> Self {
        let mut process = Running::start(
            Command::new(program)
                .args(["-displayfd", "1", "-nolisten", "tcp"])
                .args(words)
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        );
        let display = format!(":{}", process.first_line(""));
        Self {
            _process: process,
            display,
        }
    }
}

/// Xvnc: an X server and a VNC server in one.
struct Xvnc {
    server: XServer,
    folder: TempDir,
}

impl Xvnc {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("vnc");
        let words = [
            "-rfbport",
            "-1",
            "-rfbunixpath",
            socket.to_str().unwrap(),
            "-SecurityTypes",
            "None",
            "-geometry",
            "640x480",
            "-depth",
            "24",
        ];
        let server = XServer::start("Xvnc", &words);
        Self { server, folder }
    }

    async fn connect(&self, options: Options) -> (Session, Events) {
        let stream = UnixStream::connect(self.folder.path().join("vnc")).await;
        Session::connect(stream.expect("Xvnc listens"), options)
    }
}

/// x11vnc in front of an Xvfb.
struct X11vnc {
    _process: Running,
    port: u16,
    server: XServer,
}

impl X11vnc {
    fn start() -> Self {
        let server = XServer::start("Xvfb", &["-screen", "0", "640x480x24"]);
        // A port of our own: of two that look for one at a time, both take the same.
        let port = lab::own_port().expect("a port").to_string();
        let mut process = Running::start(
            Command::new("x11vnc")
                .args(["-display", &server.display, "-localhost", "-nopw"])
                .args(["-rfbport", &port, "-shared", "-forever", "-quiet"])
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        );
        let port = process.first_line("PORT=").parse().expect("a port");
        Self {
            _process: process,
            port,
            server,
        }
    }

    async fn connect(&self, options: Options) -> (Session, Events) {
        Session::connect(stream(self.port).await, options)
    }
}

/// Follows a display that changes, in one session for each encoding.
async fn shows_in_every_encoding(
    display: &str,
    connect: impl AsyncFn(Options) -> (Session, Events),
) {
    let mut display = Display::open(display);
    for (seed, encoding) in (1..).zip(Encoding::ALL) {
        let (session, _events) = connect(preferring(encoding)).await;
        follows(&session, &mut display, seed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn xvnc_shows_what_its_display_has() {
    let server = Xvnc::start();
    let connect = async |options| server.connect(options).await;
    shows_in_every_encoding(&server.server.display, connect).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x11vnc_shows_what_its_display_has() {
    let server = X11vnc::start();
    let connect = async |options| server.connect(options).await;
    shows_in_every_encoding(&server.server.display, connect).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn xvnc_takes_keys_clicks_and_text_and_another_size() {
    let server = Xvnc::start();
    let mut display = Display::open(&server.server.display);
    let (session, mut events) = server.connect(Options::default()).await;
    shows(&session, &mut display).await;
    input_arrives(&session, &mut display).await;
    let texts = ["Grüße, 世界", "Käse, 日本"];
    clipboard_works(&session, &mut events, &mut display, texts).await;
    takes_another_size(&session, &mut events, &mut display, DesktopSizeStatus::Done).await;
    shows(&session, &mut display).await;
    assert_eq!(session.size(), LARGER);
}

#[tokio::test(flavor = "multi_thread")]
async fn x11vnc_takes_keys_clicks_and_text() {
    let server = X11vnc::start();
    let mut display = Display::open(&server.server.display);
    let (session, _events) = server.connect(Options::default()).await;
    shows(&session, &mut display).await;
    assert_eq!(session.size(), SCREEN);
    input_arrives(&session, &mut display).await;
    // It looks at clipboards only when it has run for 15 seconds; until then text comes by the older way.
    session.clipboard_offer("Grüße".to_owned());
    eventually("our text is there", || {
        (display.cut_buffer() == "Grüße").then_some(())
    })
    .await;
}
