//! The user's keyring on a private desktop: GNOME's daemon, unlocked, with nothing in it.

use std::time::Duration;

use crate::{Desktop, Process, wait};

const PATIENCE: Duration = Duration::from_secs(20);
const SERVICE: &str = "org.freedesktop.secrets";

/// A keyring that programs of the desktop find as the Secret Service. It ends with its value, and keeps its file in the
/// desktop's folder.
#[derive(Debug)]
pub struct Keyring {
    _daemon: Process,
}

impl Keyring {
    /// Starts the daemon and waits until its keyring is open.
    ///
    /// # Panics
    /// When gnome-keyring is missing or does not start.
    pub fn start(desktop: &Desktop) -> Self {
        let mut command = desktop.command("sh");
        command.args([
            "-c",
            "printf secret | gnome-keyring-daemon --unlock --foreground --components=secrets",
        ]);
        let daemon = Process::start(command);
        wait::until_true("an open keyring", PATIENCE, || is_open(desktop));
        Self { _daemon: daemon }
    }
}

/// Whether the Secret Service has a keyring by default. Who asks a service that is not there has the bus start one, which
/// has no keyring and keeps ours from its name: looks first whether ours has come.
fn is_open(desktop: &Desktop) -> bool {
    let has_come = ask(
        desktop,
        ["org.freedesktop.DBus", "/org/freedesktop/DBus"],
        "org.freedesktop.DBus.NameHasOwner",
        SERVICE,
    );
    has_come.contains("true")
        && ask(
            desktop,
            [SERVICE, "/org/freedesktop/secrets"],
            "org.freedesktop.Secret.Service.ReadAlias",
            "default",
        )
        .contains("collection")
}

fn ask(desktop: &Desktop, [service, object]: [&str; 2], method: &str, argument: &str) -> String {
    let output = desktop
        .command("gdbus")
        .args(["call", "--session", "--timeout", "5", "--dest", service])
        .args(["--object-path", object, "--method", method, argument])
        .output()
        .expect("gdbus is part of the environment");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
