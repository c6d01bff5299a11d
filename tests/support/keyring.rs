//! The user's keyring on a private desktop: GNOME's daemon, unlocked, with nothing in it.

use std::time::Duration;

use crate::{Desktop, Process, wait};

const PATIENCE: Duration = Duration::from_secs(20);

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

/// Whether the Secret Service has a keyring by default; a session bus would start a daemon that has none.
fn is_open(desktop: &Desktop) -> bool {
    let output = desktop
        .command("gdbus")
        .args(["call", "--session", "--timeout", "5"])
        .args(["--dest", "org.freedesktop.secrets"])
        .args(["--object-path", "/org/freedesktop/secrets"])
        .args([
            "--method",
            "org.freedesktop.Secret.Service.ReadAlias",
            "default",
        ])
        .output()
        .expect("gdbus is part of the environment");
    String::from_utf8_lossy(&output.stdout).contains("collection")
}
