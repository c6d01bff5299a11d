//! VNC servers other than QEMU: what they show is what their display has, in each encoding; keys, clicks and text arrive;
//! who offers another size takes it.
//!
//! | server | its display | |
//! |---|---|---|
//! | `TigerVNC`'s Xvnc, x11vnc | X | [`x_servers`], [`display`] |
//! | wayvnc in sway, weston | Wayland | [`wayland_servers`], [`compositors`], [`window`] |
//! | libvncserver | memory | [`library`], `library.c` |
//!
//! Needs all of them: `build-aux/dev cargo test -p rfb --features qemu-tests --test other_servers`.
#![cfg(feature = "qemu-tests")]

mod compositors;
mod display;
mod library;
mod pattern;
#[path = "../support/mod.rs"]
mod support;
mod wayland_servers;
mod window;
mod x_servers;

use std::{
    io::{BufRead, BufReader},
    net::Ipv4Addr,
    process::{Child, Command},
    time::{Duration, Instant},
};

use rfb::{
    DesktopSizeStatus, Encoding, EncodingPolicy, Event, Events, Options, Session, Size, keys,
};
use support::{PATIENCE, colours, eventually, mirror::Mirror, until};
use tokio::net::TcpStream;

const SCREEN: Size = Size::new(640, 480);
/// What a screen is asked to have later.
const LARGER: Size = Size::new(800, 600);

/// The left button in the wire's numbers.
const LEFT: u16 = 1;

/// What a display's window was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Input {
    /// A key by its symbol, or on Wayland by Linux' number.
    Key { key: u32, down: bool },
    /// A button from 1 on, and where the pointer was.
    Button {
        number: u8,
        down: bool,
        at: (i16, i16),
    },
}

/// What a server has in front of it.
trait Shown {
    fn size(&mut self) -> (u16, u16);
    /// What there is to see, as red, green and blue.
    fn picture(&mut self) -> Vec<[u8; 3]>;
    /// Draws the picture of a seed.
    fn draw(&mut self, seed: u32);
    /// Moves a part of the picture, as one that scrolls does.
    fn scroll(&mut self);
    /// What was typed and clicked since the last call. Answers who asks for the clipboard, too.
    fn input(&mut self) -> Vec<Input>;
    /// Puts text into the clipboard.
    fn copy(&mut self, text: &str);
    /// The clipboard's text, if there is any.
    fn paste(&mut self) -> Option<String>;
}

/// A program that ends with the test.
struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Self {
        let program = command.get_program().to_owned();
        let child = command.spawn();
        Self(child.unwrap_or_else(|error| panic!("{}: {error}", program.display())))
    }

    fn has_ended(&mut self) -> bool {
        self.0.try_wait().is_ok_and(|ended| ended.is_some())
    }

    /// Waits for the first line that it writes and that begins so; returns what follows.
    fn first_line(&mut self, beginning: &str) -> String {
        let output = self.0.stdout.take().expect("a pipe");
        let mut lines = BufReader::new(output).lines();
        lines
            .find_map(|line| {
                line.expect("a line")
                    .strip_prefix(beginning)
                    .map(str::to_owned)
            })
            .unwrap_or_else(|| panic!("it ends without a line {beginning}…"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Connects to a server that is about to listen.
async fn stream(port: u16) -> TcpStream {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await {
            Ok(stream) => return stream,
            Err(error) => assert!(Instant::now() < deadline, "nobody listens: {error}"),
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn preferring(encoding: Encoding) -> Options {
    let mut options = Options::default();
    options.encodings = EncodingPolicy::new(encoding).compress(2);
    options
}

/// Waits until the session shows what the display has.
async fn shows(session: &Session, display: &mut impl Shown) {
    let mirror = Mirror::of(session);
    eventually("the pictures are the same", || {
        let wanted = display.picture();
        (session.is_complete() && colours(mirror.lock().bytes()) == wanted).then_some(())
    })
    .await;
}

/// Draws and scrolls and compares each time.
async fn follows(session: &Session, display: &mut impl Shown, seed: u32) {
    display.draw(seed);
    shows(session, display).await;
    for _ in 0..3 {
        display.scroll();
    }
    shows(session, display).await;
}

/// Gathers input until there is so much.
async fn hears(display: &mut impl Shown, count: usize) -> Vec<Input> {
    let mut found = Vec::new();
    eventually("input arrives", || {
        found.extend(display.input());
        (found.len() >= count).then_some(())
    })
    .await;
    found
}

/// Waits for what was sent.
async fn arrives(display: &mut impl Shown, wanted: &[Input]) {
    assert_eq!(hears(display, wanted.len()).await, wanted);
}

/// Presses a key by its symbol and Linux' number, and says what is to arrive where keys have symbols.
fn press(session: &Session, keysym: u32, evdev: u32) -> [Input; 2] {
    let qnum = keys::qnum_from_evdev(evdev).unwrap_or(0);
    [true, false].map(|down| {
        session.key(keysym, qnum, down);
        Input::Key { key: keysym, down }
    })
}

/// Clicks, and says what is to arrive.
fn click(session: &Session) -> [Input; 2] {
    session.pointer(123, 45, LEFT);
    session.pointer(123, 45, 0);
    [true, false].map(|down| Input::Button {
        number: 1,
        down,
        at: (123, 45),
    })
}

/// Keys with and without a place on the keyboard, and a click.
async fn input_arrives(session: &Session, display: &mut impl Shown) {
    const E_ACUTE: u32 = 0xe9;
    for (keysym, evdev) in [(0x61, 30), (0xff0d, 28), (0xff51, 105), (E_ACUTE, 0)] {
        let sent = press(session, keysym, evdev);
        arrives(display, &sent).await;
    }
    let sent = click(session);
    arrives(display, &sent).await;
}

/// Text goes to the display and comes from it.
async fn clipboard_works(
    session: &Session,
    events: &mut Events,
    display: &mut impl Shown,
    [to, from]: [&str; 2],
) {
    session.clipboard_offer(to.to_owned());
    eventually("our text is there to paste", || {
        display.paste().filter(|text| text == to)
    })
    .await;
    // Whoever copies has pressed a key for it: Wayland wants to know by which.
    press(session, 0x63, 46);
    hears(display, 2).await;
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

/// Asks for another size and is told this; the display takes it.
async fn takes_another_size(
    session: &Session,
    events: &mut Events,
    display: &mut impl Shown,
    told: DesktopSizeStatus,
) {
    session.set_desktop_size(LARGER.width, LARGER.height);
    let status = until(events, |event| match event {
        Event::DesktopSizeStatus(status) => Some(status),
        _ => None,
    });
    assert_eq!(status.await, told);
    eventually("the display has another size", || {
        (display.size() == (LARGER.width, LARGER.height)).then_some(())
    })
    .await;
}
