//! Another program on the desktop, which copies as ours does, and pastes: this test's own executable, started once more.
//!
//! It obeys lines on its standard input and answers each with one: `copy FILE` takes a file's text into the clipboard,
//! `paste FILE` writes the clipboard's text into a file, `lost` says whether somebody else has copied since.

use std::{
    env, fs,
    io::{self, BufRead, BufReader, Write},
    path::Path,
    pin::pin,
    process::{Child, ChildStdout, ExitCode, Stdio},
    time::Duration,
};

use futures_util::future::{Either, select};
use gtk::{gdk, glib, prelude::*};
use innkeeper::widgets::copy_text;
use testbed::Desktop;

/// In the environment of the program that is to be the neighbour.
const ROLE: &str = "INNKEEPER_E2E_NEIGHBOUR";
/// How long the clipboard's owner may take to hand over a text.
const OWNER_PATIENCE: Duration = Duration::from_secs(3);

/// Is the neighbour, where that is asked for.
pub(crate) fn serve() -> Option<ExitCode> {
    env::var_os(ROLE)?;
    gtk::init().expect("a display");
    let clipboard = gdk::Display::default().expect("a display").clipboard();
    let main_loop = glib::MainLoop::new(None, false);
    let (orders, waiting) = async_channel::unbounded();
    std::thread::spawn(move || {
        for line in io::stdin().lines().map_while(Result::ok) {
            let _ = orders.send_blocking(line);
        }
    });
    let ended = main_loop.clone();
    glib::MainContext::default().spawn_local(async move {
        obey(clipboard, waiting).await;
        ended.quit();
    });
    main_loop.run();
    Some(ExitCode::SUCCESS)
}

async fn obey(clipboard: gdk::Clipboard, orders: async_channel::Receiver<String>) {
    while let Ok(order) = orders.recv().await {
        let answer = match order.split_once(' ') {
            Some(("copy", file)) => {
                copy_text(&clipboard, &fs::read_to_string(file).expect("a text"));
                "copied"
            }
            Some(("paste", file)) => match text_of(&clipboard).await {
                Some(text) => {
                    fs::write(file, text).expect("a file");
                    "pasted"
                }
                None => "nothing",
            },
            _ if clipboard.is_local() => "kept",
            _ => "lost",
        };
        println!("{answer}");
    }
}

/// Reads the text, unless its owner does not hand it over: one that has just lost the clipboard may never answer.
async fn text_of(clipboard: &gdk::Clipboard) -> Option<String> {
    let reading = pin!(clipboard.read_text_future());
    let waiting = pin!(glib::timeout_future(OWNER_PATIENCE));
    match select(reading, waiting).await {
        Either::Left((text, _)) => text.ok().flatten().map(Into::into),
        Either::Right(_) => None,
    }
}

/// The handle to it. It ends with its value.
pub(crate) struct Neighbour {
    child: Child,
    answers: BufReader<ChildStdout>,
    folder: tempfile::TempDir,
}

impl Neighbour {
    /// Starts it on a desktop.
    pub(crate) fn on(desktop: &Desktop) -> Self {
        let mut command = desktop.command(env::current_exe().expect("this program"));
        command.env(ROLE, "1").env("GTK_A11Y", "none");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("this program again");
        let answers = BufReader::new(child.stdout.take().expect("a pipe"));
        Self {
            child,
            answers,
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    /// Copies a text.
    pub(crate) fn copy(&mut self, text: &str) {
        let file = self.folder.path().join("copied");
        fs::write(&file, text).expect("a file");
        assert_eq!(self.order("copy", &file), "copied");
    }

    /// What would be pasted; `None` where there is no text.
    pub(crate) fn paste(&mut self) -> Option<String> {
        let file = self.folder.path().join("pasted");
        let answer = self.order("paste", &file);
        (answer == "pasted").then(|| fs::read_to_string(&file).expect("a text"))
    }

    /// Whether what it has copied is still what would be pasted.
    pub(crate) fn has_kept_it(&mut self) -> bool {
        self.order("lost", Path::new("")) == "kept"
    }

    fn order(&mut self, what: &str, file: &Path) -> String {
        let input = self.child.stdin.as_mut().expect("a pipe");
        writeln!(input, "{what} {}", file.display()).expect("the neighbour");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("an answer");
        answer.trim_end().to_owned()
    }
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
