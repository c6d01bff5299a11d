//! libvncserver by itself: a program of ours (`library.c`) as its own examples are, with a picture in memory. x11vnc, which
//! is built on it, has no screen that takes another size, no UTF-8 and nothing that moves.

use std::{
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Write},
    os::unix::fs::FileExt,
    path::Path,
    process::{ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
};

use rfb::{DesktopSizeStatus, Encoding, Options};
use tempfile::TempDir;

use super::{
    Input, LARGER, Running, Shown, clipboard_works, follows, input_arrives, pattern::Canvas,
    preferring, shows, stream, takes_another_size,
};

/// The program, and what it was told.
struct Library {
    _process: Running,
    orders: ChildStdin,
    news: Receiver<String>,
    port: u16,
    /// What is on the screen.
    file: File,
    _folder: TempDir,
    size: (u16, u16),
    seed: u32,
    canvas: Canvas,
    buttons: u8,
    input: Vec<Input>,
    text: Option<String>,
}

impl Library {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("library");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/other_servers/library.c");
        let built = Command::new("cc")
            .args(["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-o"])
            .args([&program, &source])
            .arg("-lvncserver")
            .status();
        assert!(built.is_ok_and(|status| status.success()), "cc");
        let (port, picture) = (
            lab::own_port().expect("a port"),
            folder.path().join("picture"),
        );
        let (width, height) = (640, 480);
        let mut process = Running::start(
            Command::new(program)
                .arg(port.to_string())
                .arg(&picture)
                .args([width, height].map(|count| count.to_string()))
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        );
        let mut file = OpenOptions::new();
        let file = file.create(true).truncate(false).write(true).open(&picture);
        Self {
            orders: process.0.stdin.take().expect("a pipe"),
            news: news(&mut process),
            _process: process,
            port,
            file: file.expect("a file"),
            _folder: folder,
            size: (width, height),
            seed: 0,
            canvas: Canvas::default(),
            buttons: 0,
            input: Vec::new(),
            text: None,
        }
    }

    async fn connect(&self, options: Options) -> (rfb::Session, rfb::Events) {
        rfb::Session::connect(stream(self.port).await, options)
    }

    fn order(&mut self, what: &str) {
        writeln!(self.orders, "{what}").expect("a living server");
    }

    /// Hears what the server has said until now.
    fn look(&mut self) {
        while let Ok(line) = self.news.try_recv() {
            let (what, rest) = line.split_once(' ').expect("two words");
            match what {
                "text" => self.text = Some(rest.to_owned()),
                "key" => self.input.push(key(rest)),
                "pointer" => self.point(rest),
                "size" => {
                    let [width, height] = numbers(rest);
                    self.size = (width, height);
                    self.draw(self.seed);
                }
                _ => panic!("{line}"),
            }
        }
    }

    /// Takes a pointer's buttons and place; each button that changed is news.
    fn point(&mut self, told: &str) {
        let [buttons, x, y] = numbers::<3>(told);
        let buttons = buttons as u8;
        for number in (1..=8).filter(|number| (buttons ^ self.buttons) >> (number - 1) & 1 == 1) {
            self.input.push(Input::Button {
                number,
                down: buttons >> (number - 1) & 1 == 1,
                at: (x.cast_signed(), y.cast_signed()),
            });
        }
        self.buttons = buttons;
    }
}

/// Reads a program's lines as they come.
fn news(process: &mut Running) -> Receiver<String> {
    let output = BufReader::new(process.0.stdout.take().expect("a pipe"));
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

fn numbers<const N: usize>(words: &str) -> [u16; N] {
    let numbers: Vec<u16> = words
        .split(' ')
        .map(|word| word.parse().expect("a number"))
        .collect();
    numbers.try_into().expect("so many numbers")
}

fn key(told: &str) -> Input {
    let (symbol, down) = told.split_once(' ').expect("two words");
    Input::Key {
        key: symbol.parse().expect("a symbol"),
        down: down == "1",
    }
}

impl Shown for Library {
    fn size(&mut self) -> (u16, u16) {
        self.look();
        self.size
    }

    fn picture(&mut self) -> Vec<[u8; 3]> {
        self.look();
        self.canvas.colours()
    }

    fn draw(&mut self, seed: u32) {
        self.seed = seed;
        self.canvas.draw(self.size, seed);
        let written = self.file.write_all_at(&self.canvas.rgbx(), 0);
        written.expect("the picture’s file");
        self.order("drawn");
    }

    fn scroll(&mut self) {
        self.canvas.scroll(40);
        self.order("up 40");
    }

    fn input(&mut self) -> Vec<Input> {
        self.look();
        std::mem::take(&mut self.input)
    }

    fn copy(&mut self, text: &str) {
        self.order(&format!("copy {text}"));
    }

    fn paste(&mut self) -> Option<String> {
        self.look();
        self.text.clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn libvncserver_shows_what_it_has() {
    let mut server = Library::start();
    for (seed, encoding) in (1..).zip(Encoding::ALL) {
        let (session, _events) = server.connect(preferring(encoding)).await;
        follows(&session, &mut server, seed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn libvncserver_takes_keys_clicks_and_text_and_another_size() {
    let mut server = Library::start();
    let (session, mut events) = server.connect(Options::default()).await;
    follows(&session, &mut server, 1).await;
    input_arrives(&session, &mut server).await;
    let texts = ["Grüße, 世界", "Käse, 日本"];
    clipboard_works(&session, &mut events, &mut server, texts).await;
    takes_another_size(&session, &mut events, &mut server, DesktopSizeStatus::Done).await;
    shows(&session, &mut server).await;
    assert_eq!(session.size(), LARGER);
}
