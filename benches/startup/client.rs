//! The two programs: how each is started on a desktop so that it shows one connection and nothing else.

use std::{fs, path::PathBuf, process::Command};

use testbed::Desktop;

use crate::overlay;

/// A program that lists guests.
pub(crate) struct Client {
    pub(crate) name: &'static str,
    /// The root folder that the program sees; `None`: the one that all see.
    root: Option<PathBuf>,
    program: &'static str,
}

impl Client {
    /// Innkeeper, as it was just built.
    pub(crate) fn innkeeper() -> Self {
        Self {
            name: "innkeeper",
            root: None,
            program: env!("CARGO_BIN_EXE_innkeeper"),
        }
    }

    /// virt-manager of the same Debian, installed now if it was not.
    pub(crate) fn virt_manager() -> Self {
        Self {
            name: "virt-manager",
            root: Some(overlay::install("peer", &["virt-manager"]).root),
            program: "/usr/bin/virt-manager",
        }
    }

    /// Tells whether this is the one that Innkeeper is measured against.
    pub(crate) fn is_peer(&self) -> bool {
        self.root.is_some()
    }

    /// The command that starts it as a user does who has this one connection.
    pub(crate) fn command(&self, desktop: &Desktop, uri: &str) -> Command {
        let mut command = match &self.root {
            None => {
                keep_connection(desktop, uri);
                desktop.command(self.program)
            }
            Some(root) => {
                let mut command = desktop.command("chroot");
                // Its settings are no file that could be laid down: the connection comes by the command line.
                command.arg(root).arg(self.program);
                command.args(["--no-fork", "--connect", uri]);
                command
            }
        };
        command.env("GSETTINGS_BACKEND", "memory");
        command
    }
}

/// Writes Innkeeper's list of connections as an earlier start has left it.
fn keep_connection(desktop: &Desktop, uri: &str) {
    let folder = desktop.folder("config").join("innkeeper");
    fs::create_dir_all(&folder).expect("a folder");
    let text = format!(r#"{{"version":1,"connections":[{{"uri":"{uri}","autoconnect":true}}]}}"#);
    fs::write(folder.join("connections.json"), text).expect("a file");
}
