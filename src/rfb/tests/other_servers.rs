//! VNC servers other than QEMU: `TigerVNC`'s Xvnc, and x11vnc, which is libvncserver in front of an X display. What they
//! show is what their display has, in each encoding; keys, clicks and text arrive.
//!
//! Needs both, and Xvfb: `build-aux/dev cargo test -p rfb --features qemu-tests --test other_servers`.
#![cfg(feature = "qemu-tests")]

mod support;

use std::{
    net::{Ipv4Addr, TcpListener},
    process::{Child, Command, Stdio},
};

use rfb::{
    DesktopSizeStatus, Encoding, EncodingPolicy, Event, Events, Options, Session, Size, keys,
};
use support::{
    colours,
    display::{Display, Input, XServer, first_line},
    eventually,
    mirror::Mirror,
    until,
};
use tempfile::TempDir;
use tokio::net::{TcpStream, UnixStream};

const SCREEN: Size = Size::new(640, 480);

/// The left button in the wire's numbers.
const LEFT: u16 = 1;

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
    process: Child,
    port: u16,
    server: XServer,
}

impl Drop for X11vnc {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl X11vnc {
    fn start() -> Self {
        let server = XServer::start("Xvfb", &["-screen", "0", "640x480x24"]);
        let mut process = Command::new("x11vnc")
            .args(["-display", &server.display, "-localhost", "-nopw"])
            // A port of our own: of two that look for one at a time, both take the same.
            .args(["-rfbport", &free_port(), "-shared", "-forever", "-quiet"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("x11vnc runs");
        let port = first_line(&mut process, "PORT=").parse().expect("a port");
        Self {
            process,
            port,
            server,
        }
    }

    async fn connect(&self, options: Options) -> (Session, Events) {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await;
        Session::connect(stream.expect("x11vnc listens"), options)
    }
}

fn free_port() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = listener.local_addr().expect("an address");
    address.port().to_string()
}

fn preferring(encoding: Encoding) -> Options {
    let mut options = Options::default();
    options.encodings = EncodingPolicy::new(encoding).compress(2);
    options
}

/// Waits until the session shows what the display has.
async fn shows(session: &Session, display: &Display) {
    let mirror = Mirror::of(session);
    eventually("the pictures are the same", || {
        let wanted = display.picture();
        (session.is_complete() && colours(mirror.lock().bytes()) == wanted).then_some(())
    })
    .await;
}

/// Draws and scrolls and compares each time.
async fn follows(session: &Session, display: &Display, seed: u32) {
    display.draw(seed);
    shows(session, display).await;
    for _ in 0..3 {
        display.scroll();
    }
    shows(session, display).await;
}

/// Gathers input until there is as much as was sent.
async fn arrives(display: &mut Display, wanted: &[Input]) {
    let mut found = Vec::new();
    eventually("input arrives", || {
        found.extend(display.input());
        (found.len() >= wanted.len()).then_some(())
    })
    .await;
    assert_eq!(found, wanted);
}

fn key(session: &Session, keysym: u32, evdev: u32) -> [Input; 2] {
    let qnum = keys::qnum_from_evdev(evdev).unwrap_or(0);
    [true, false].map(|down| {
        session.key(keysym, qnum, down);
        Input::Key { keysym, down }
    })
}

/// Keys with and without a place on the keyboard, and a click.
async fn input_arrives(session: &Session, display: &mut Display) {
    const E_ACUTE: u32 = 0xe9;
    for (keysym, evdev) in [(0x61, 30), (0xff0d, 28), (0xff51, 105), (E_ACUTE, 0)] {
        let sent = key(session, keysym, evdev);
        arrives(display, &sent).await;
    }
    session.pointer(123, 45, LEFT);
    session.pointer(123, 45, 0);
    let click = [true, false].map(|down| Input::Button {
        number: 1,
        down,
        at: (123, 45),
    });
    arrives(display, &click).await;
}

/// Text goes to the display and comes from it.
async fn clipboard_works(
    session: &Session,
    events: &mut Events,
    display: &mut Display,
    [to, from]: [&str; 2],
) {
    session.clipboard_offer(to.to_owned());
    eventually("our text is there to paste", || {
        display.paste().filter(|text| text == to)
    })
    .await;
    display.copy(from);
    eventually("the display’s text comes", || {
        // Whoever wants the text is answered here.
        display.input();
        match events.try_recv() {
            Some(Event::ClipboardText(text)) if text == from => Some(()),
            Some(Event::Closed(error)) => panic!("{error}"),
            _ => None,
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn xvnc_shows_what_its_display_has() {
    let server = Xvnc::start();
    let display = Display::open(&server.server.display);
    for (seed, encoding) in (1..).zip(Encoding::ALL) {
        let (session, _events) = server.connect(preferring(encoding)).await;
        follows(&session, &display, seed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn x11vnc_shows_what_its_display_has() {
    let server = X11vnc::start();
    let display = Display::open(&server.server.display);
    for (seed, encoding) in (1..).zip(Encoding::ALL) {
        let (session, _events) = server.connect(preferring(encoding)).await;
        follows(&session, &display, seed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn xvnc_takes_keys_clicks_and_text_and_another_size() {
    let server = Xvnc::start();
    let mut display = Display::open(&server.server.display);
    let (session, mut events) = server.connect(Options::default()).await;
    shows(&session, &display).await;
    input_arrives(&session, &mut display).await;
    let texts = ["Grüße, 世界", "Käse, 日本"];
    clipboard_works(&session, &mut events, &mut display, texts).await;
    session.set_desktop_size(800, 600);
    let status = until(&mut events, |event| match event {
        Event::DesktopSizeStatus(status) => Some(status),
        _ => None,
    });
    assert_eq!(status.await, DesktopSizeStatus::Done);
    assert_eq!(display.size(), (800, 600));
    shows(&session, &display).await;
    assert_eq!(session.size(), Size::new(800, 600));
}

#[tokio::test(flavor = "multi_thread")]
async fn x11vnc_takes_keys_clicks_and_text() {
    let server = X11vnc::start();
    let mut display = Display::open(&server.server.display);
    let (session, _events) = server.connect(Options::default()).await;
    shows(&session, &display).await;
    assert_eq!(session.size(), SCREEN);
    input_arrives(&session, &mut display).await;
    // It looks at clipboards only when it has run for 15 seconds; until then text comes by the older way.
    session.clipboard_offer("Grüße".to_owned());
    eventually("our text is there", || {
        (display.cut_buffer() == "Grüße").then_some(())
    })
    .await;
}
