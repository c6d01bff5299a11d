//! Starts ssh: which program, with which environment, and so that it ends with us.

use std::{
    ffi::{OsStr, OsString},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{OnceLock, mpsc},
};

use tokio::{
    process::{Child, Command},
    runtime::Handle,
    sync::oneshot,
};

use super::{asker::Asker, login::Login};
use crate::{Error, ErrorKind, Options, askpass};

/// How ssh is started for one login.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Starter {
    /// ssh itself.
    pub(super) program: PathBuf,
    /// Our program, which carries ssh's questions; without it ssh may ask none.
    messenger: Option<PathBuf>,
}

impl Starter {
    /// Finds the program that a login names, or `ssh` in `PATH`.
    ///
    /// # Errors
    /// [`ErrorKind::SshMissing`] when there is none.
    pub(super) fn find(login: &Login, options: &Options) -> Result<Self, Error> {
        let name = login.program.as_deref().unwrap_or("ssh");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let program = find_program(name, &path).ok_or_else(|| {
            let text = format!("{name}: no such program");
            Error::new(ErrorKind::SshMissing, text)
        })?;
        let messenger = options.askpass.clone().or_else(askpass::own_program);
        Ok(Self { program, messenger })
    }

    /// Prepares ssh with a login's options; the destination is still to be added.
    ///
    /// libvirt's client gives ssh a bare environment; the user's own is kept here, as a terminal would.
    pub(super) fn command(&self, login: &Login, asker: &Asker) -> Command {
        let mut command: Command = match &self.messenger {
            Some(program) => {
                askpass::launched(program.as_os_str(), self.program.as_os_str()).into()
            }
            None => Command::new(&self.program),
        };
        command
            .args(login.options())
            .env("LC_ALL", "C")
            .kill_on_drop(true);
        match &self.messenger {
            Some(program) if !login.silent => {
                command
                    .env("SSH_ASKPASS", program)
                    .env("SSH_ASKPASS_REQUIRE", "force")
                    .envs(asker.environment());
            }
            // Nothing may be asked, on no terminal either.
            Some(_) => drop(command.args(BATCH).env_remove("SSH_ASKPASS")),
            None => drop(
                command
                    .args(BATCH)
                    .env_remove("SSH_ASKPASS")
                    .process_group(0),
            ),
        }
        command
    }
}

/// Makes ssh fail where it would ask.
const BATCH: [&str; 2] = ["-o", "BatchMode=yes"];

fn find_program(name: &str, path: &OsStr) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(|program| is_program(program));
    }
    std::env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|program| is_program(program))
}

fn is_program(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

type Start = Box<dyn FnOnce() + Send>;

/// Starts a command from a thread that never ends, so that its tie to our life is one to the process.
pub(super) async fn spawn(mut command: Command) -> io::Result<Child> {
    let (answer, started) = oneshot::channel();
    let runtime = Handle::current();
    let start: Start = Box::new(move || {
        let _inside = runtime.enter();
        // Whoever asked may have gone: then the child is dropped and with it ended.
        let _ = answer.send(command.spawn());
    });
    let no_thread = || io::Error::other("no thread starts ssh");
    starting_thread().send(start).map_err(|_| no_thread())?;
    started.await.map_err(|_| no_thread())?
}

fn starting_thread() -> &'static mpsc::Sender<Start> {
    static THREAD: OnceLock<mpsc::Sender<Start>> = OnceLock::new();
    THREAD.get_or_init(|| {
        let (sender, starts) = mpsc::channel::<Start>();
        let run = move || starts.into_iter().for_each(|start| start());
        let named = std::thread::Builder::new().name("ssh-start".to_owned());
        if let Err(error) = named.spawn(run) {
            // The receiver is gone: every start will say so.
            tracing::error!(%error, "no thread to start ssh from");
        }
        sender
    })
}

/// Adds an option of `ssh_config(5)` to a command.
pub(super) fn option(command: &mut Command, name: &str, value: &str) {
    command
        .arg("-o")
        .arg(OsString::from(format!("{name}={value}")));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_in_the_path_or_by_their_own() {
        let shell = Some(PathBuf::from("/bin/sh"));
        assert_eq!(
            find_program("sh", OsStr::new("relative:/nowhere:/bin")),
            shell
        );
        assert_eq!(find_program("/bin/sh", OsStr::new("")), shell);
        assert_eq!(find_program("sh", OsStr::new("/nowhere")), None);
        assert_eq!(find_program("/bin", OsStr::new("")), None);
    }

    #[tokio::test]
    async fn a_command_is_started_and_its_end_is_known() {
        let mut command = Command::new("sh");
        command.args(["-c", "exit 7"]);
        let mut child = spawn(command).await.unwrap();
        assert_eq!(child.wait().await.unwrap().code(), Some(7));
        let missing = spawn(Command::new("/nowhere/ssh")).await;
        assert_eq!(missing.unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
