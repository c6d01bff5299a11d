//! A program of the user's as transport: `qemu+ext://…?command=…`.
//!
//! As libvirt's client does (`src/remote/remote_driver.c`): the program is run with `command` as its name and no
//! arguments, its standard input and output are the stream, and what it writes to standard error explains its end.

use std::{
    os::fd::OwnedFd,
    pin::Pin,
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::AsyncReadExt,
    net::UnixStream,
    process::{Child, ChildStderr, Command},
    sync::watch,
    time::timeout,
};

use super::{Carrier, Reached, Shield, Wire};
use crate::{CheckStep, Error, ErrorKind, Transport, Uri, progress::Progress};

/// How many of the program's last bytes are kept.
const WORDS_MAX: usize = 4_096;

/// How long a program that closed its stream may take to end.
const DYING: Duration = Duration::from_secs(1);

/// Runs the program that the URI names.
pub(super) fn reach(uri: &Uri, progress: &Progress) -> Result<Reached, Error> {
    let command = uri.parameter("command").filter(|text| !text.is_empty());
    let command = command.ok_or_else(|| {
        let text = format!("{uri}: the transport ext needs the parameter command");
        Error::new(ErrorKind::BadUri, text)
    })?;
    progress.begin(CheckStep::Socket);
    let (stream, program) = run(command)
        .map_err(|error| Error::new(ErrorKind::CommandFailed, format!("{command}: {error}")))?;
    progress.passed(CheckStep::Socket, command.to_owned());
    let wire = Wire::Stream(Box::new(stream));
    Ok(Reached {
        carrier: Some(Arc::new(program)),
        ..Reached::plain(wire, Transport::Ext, command.to_owned(), Shield::Unknown)
    })
}

fn run(command: &str) -> std::io::Result<(UnixStream, Program)> {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    let input = OwnedFd::from(theirs.try_clone()?);
    let child = Command::new(command)
        .stdin(Stdio::from(input))
        .stdout(Stdio::from(OwnedFd::from(theirs)))
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    Ok((UnixStream::from_std(ours)?, Program::watch(command, child)))
}

/// A running program; it is ended with its stream.
struct Program {
    name: String,
    words: Arc<Mutex<Vec<u8>>>,
    /// What became of it; `None` while it runs.
    end: watch::Receiver<Option<String>>,
    life: tokio::task::JoinHandle<()>,
}

impl Program {
    fn watch(name: &str, mut child: Child) -> Self {
        let words = Arc::default();
        let heard = Arc::clone(&words);
        let (told, end) = watch::channel(None);
        let life = tokio::spawn(async move {
            if let Some(stderr) = child.stderr.take() {
                listen(stderr, &heard).await;
            }
            let end = match child.wait().await {
                Ok(status) => status.to_string(),
                Err(error) => error.to_string(),
            };
            told.send_replace(Some(end));
        });
        let name = name.to_owned();
        Self {
            name,
            words,
            end,
            life,
        }
    }

    async fn ended(&self) -> Option<Error> {
        let mut end = self.end.clone();
        let ended = timeout(DYING, end.wait_for(Option::is_some)).await;
        let status = ended.ok()?.ok()?.clone()?;
        let words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        let words = String::from_utf8_lossy(&words).trim().to_owned();
        let message = format!("{}: {status}: {words}", self.name);
        Some(Error::new(ErrorKind::CommandFailed, message))
    }
}

impl Carrier for Program {
    fn obituary(&self) -> Pin<Box<dyn Future<Output = Option<Error>> + Send + '_>> {
        Box::pin(self.ended())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // The child is killed with the task that owns it.
        self.life.abort();
    }
}

/// Keeps the last of what the program says until it closes its standard error.
async fn listen(mut stderr: ChildStderr, words: &Mutex<Vec<u8>>) {
    let mut piece = [0; 1_024];
    while let Ok(length @ 1..) = stderr.read(&mut piece).await {
        let mut words = words.lock().unwrap_or_else(PoisonError::into_inner);
        words.extend_from_slice(piece.get(..length).unwrap_or_default());
        let too_many = words.len().saturating_sub(WORDS_MAX);
        words.drain(..too_many);
    }
}
