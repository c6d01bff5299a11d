//! Starts ssh so that it has no terminal and does not outlive us.
//!
//! Both can only be said by the process that becomes ssh, after it was started and before it is another program. So our
//! own program is started, says it and becomes ssh: no process more, and nothing unsafe.

use std::{
    ffi::{OsStr, OsString},
    os::unix::process::CommandExt,
    process::{Command, ExitCode},
};

use rustix::process::{Signal, getppid, set_parent_process_death_signal, setsid};

/// Holds the process id of who starts ssh.
const LAUNCH: &str = "INNKEEPER_LAUNCH";

/// What a shell says when a program cannot be run.
const CANNOT_RUN: u8 = 126;

/// Prepares a command that becomes `program` by way of `launcher`.
///
/// It must be started from a thread that lives as long as the process: the kernel takes the end of that thread for ours.
pub(crate) fn launched(launcher: &OsStr, program: &OsStr) -> Command {
    let mut command = Command::new(launcher);
    command
        .env(LAUNCH, std::process::id().to_string())
        .arg(program);
    command
}

pub(super) fn is_wanted() -> bool {
    std::env::var_os(LAUNCH).is_some()
}

/// Becomes the program that the arguments name. Returns only when that fails.
pub(super) fn launch() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(program) = arguments.next() else {
        return ExitCode::from(CANNOT_RUN);
    };
    // It fails where we lead a session already, which is as good.
    let _ = setsid();
    let tied = set_parent_process_death_signal(Some(Signal::TERM));
    if tied.is_err() || !is_child_of(std::env::var_os(LAUNCH)) {
        return ExitCode::from(CANNOT_RUN);
    }
    let error = Command::new(&program)
        .args(arguments)
        .env_remove(LAUNCH)
        .exec();
    eprintln!("{}: {error}", program.display());
    ExitCode::from(CANNOT_RUN)
}

/// Says whether the starter still lives: it could have died before the tie was made.
fn is_child_of(starter: Option<OsString>) -> bool {
    let starter = starter.and_then(|pid| pid.into_string().ok());
    let parent = getppid().map(|pid| pid.as_raw_nonzero().to_string());
    starter == parent
}
