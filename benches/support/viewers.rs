//! The programs that show a guest's screen: ours, and gtk-vnc's and `TigerVNC`'s, each as its user starts it.
//!
//! The other two are installed on demand into an overlay of the private root.

use std::path::PathBuf;

use lab::ScreenHost;
use testbed::{Desktop, Program};

use crate::overlay;

/// A program that shows the screen at a port.
pub(crate) struct Viewer {
    pub(crate) name: &'static str,
    /// The root folder that the program sees; `None`: the one that all see.
    root: Option<PathBuf>,
}

/// Ours comes first.
pub(crate) fn all() -> [Viewer; 3] {
    let root = overlay::install("viewers", &["gvncviewer", "tigervnc-viewer"]).root;
    let other = |name| Viewer {
        name,
        root: Some(root.clone()),
    };
    [ours(), other("gvncviewer"), other("vncviewer")]
}

/// Innkeeper, as it was just built.
fn ours() -> Viewer {
    Viewer {
        name: "innkeeper",
        root: None,
    }
}

impl Viewer {
    /// Shows the screen at a port, which for Innkeeper is that of the host's first guest.
    pub(crate) fn show(&self, desktop: &Desktop, host: &ScreenHost, port: u16) -> Program {
        let Some(root) = &self.root else {
            let mut command = desktop.command(env!("CARGO_BIN_EXE_innkeeper"));
            command.args(["--connect", host.uri(), "--show-domain-console"]);
            command.arg(ScreenHost::name(0));
            return Program::start(command);
        };
        let mut command = desktop.command("chroot");
        command.arg(root);
        if self.name == "gvncviewer" {
            // It counts from the first port of VNC.
            command.args(["gvncviewer", &format!("127.0.0.1:{}", port - 5900)]);
        } else {
            command.args(["xtigervncviewer", &format!("127.0.0.1::{port}")]);
        }
        Program::start(command)
    }
}
