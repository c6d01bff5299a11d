//! What this program is when ssh runs it: a messenger that carries a question to the process that started ssh, and the
//! answer back.
//!
//! ssh asks through a program of its own (`SSH_ASKPASS` in ssh(1)). That program is this one again: it finds in its
//! environment the private socket on which [`crate::transport`]'s side waits, and speaks [`wire`] over it. The same
//! program also starts ssh ([`launch`]), in a session without a terminal and tied to our life.

mod launch;
mod wire;

use std::{
    ffi::OsString,
    io::{self, Write},
    net::Shutdown,
    os::unix::net::UnixStream,
    path::PathBuf,
    process::ExitCode,
    sync::atomic::{AtomicBool, Ordering},
};

pub(crate) use launch::launched;
pub(crate) use wire::{MESSAGE_MAX, Message, answered, refused};

/// Names the socket on which the answer is to be had.
pub(crate) const SOCKET: &str = "INNKEEPER_ASKPASS";

/// Holds what proves that the question comes from the ssh that was started with it.
pub(crate) const TOKEN: &str = "INNKEEPER_ASKPASS_TOKEN";

/// Whether this process's own program can be run for this.
static READY: AtomicBool = AtomicBool::new(false);

/// Does what ssh, or the starting of ssh, runs this program for, if it does; otherwise `None`, at once.
///
/// To be called first thing in `main`, before anything else is set up. A program that does not call it cannot be asked
/// questions by ssh: then ssh asks none.
pub fn run_if_asked() -> Option<ExitCode> {
    if launch::is_wanted() {
        return Some(launch::launch());
    }
    if let (Some(socket), Some(token)) = (std::env::var_os(SOCKET), std::env::var_os(TOKEN)) {
        return Some(carry(socket, &token));
    }
    READY.store(true, Ordering::Relaxed);
    None
}

/// This process's own program, where it can be run for questions.
pub(crate) fn own_program() -> Option<PathBuf> {
    let ready = READY.load(Ordering::Relaxed);
    ready.then(std::env::current_exe).and_then(Result::ok)
}

fn carry(socket: OsString, token: &std::ffi::OsStr) -> ExitCode {
    let prompt = std::env::args_os().nth(1).unwrap_or_default();
    let hint = std::env::var_os("SSH_ASKPASS_PROMPT").unwrap_or_default();
    let message = Message {
        token: token.to_string_lossy().into_owned(),
        hint: hint.to_string_lossy().into_owned(),
        prompt: prompt.to_string_lossy().into_owned(),
    };
    // ssh takes a failure for no answer.
    match ask(socket, &message) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn ask(socket: OsString, message: &Message) -> io::Result<()> {
    let mut stream = UnixStream::connect(socket)?;
    stream.write_all(&message.encode())?;
    let answer = wire::read_answer(&mut stream)?;
    stream.shutdown(Shutdown::Both)?;
    let mut out = io::stdout().lock();
    out.write_all(answer.reveal().as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()
}
