//! Programs that connect, print every guest and end: ours, which is this benchmark started anew, and virsh.

use std::{
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use crate::list;

/// The argument with which this program lists.
const LIST: &str = "--list-guests-of";

/// Lists, where that is what this process was started for.
pub(crate) fn run_if_asked() -> Option<ExitCode> {
    // ssh starts this program again for its questions.
    if let Some(code) = innkeeper_core::askpass::run_if_asked() {
        return Some(code);
    }
    let mut arguments = env::args().skip(1);
    if arguments.next().as_deref() != Some(LIST) {
        return None;
    }
    Some(list::run(&arguments.next().expect("a URI")))
}

/// Ours: this program started anew, or another build of `list` that is named.
pub(crate) fn ours(program: Option<&Path>, uri: &str) -> Command {
    if let Some(program) = program {
        let mut command = Command::new(program);
        command.arg(uri);
        return command;
    }
    let mut command = Command::new(env::current_exe().expect("a program"));
    command.args([LIST, uri]);
    command
}

/// virsh of the same machine.
pub(crate) fn virsh(uri: &str) -> Command {
    let mut command = Command::new("virsh");
    command.args(["-q", "-c", uri, "list", "--all"]);
    command
}

/// From the process' start until it has printed every guest.
pub(crate) fn time(mut command: Command, guests: usize) -> Duration {
    let begun = Instant::now();
    let mut child = command
        .stdout(Stdio::piped())
        .stdin(Stdio::null())
        .spawn()
        .expect("a program");
    let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let found = lines
        .map_while(Result::ok)
        .filter(|line| line.contains("bench-"))
        .take(guests)
        .count();
    let took = begun.elapsed();
    let ended = child.wait().expect("an end");
    assert!(
        ended.success() && found == guests,
        "{command:?}: {found} of {guests} guests"
    );
    took
}
