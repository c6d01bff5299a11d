//! A real QEMU with the guest that answers keys at once (src/rfb/tests/guests/answer.asm).

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use testbed::{Process, until_true};

use crate::PATIENCE;

/// The guest's screen, and the block of it that turns around at each press.
pub(crate) const SIZE: (u16, u16) = (1024, 768);
pub(crate) const BLOCK: (i32, i32, i32, i32) = (256, 192, 512, 384);

/// A running guest; it ends with its value.
pub(crate) struct Guest {
    _qemu: Process,
    socket: PathBuf,
}

impl Guest {
    /// Assembles and boots it; it then waits for a first key.
    pub(crate) fn boot(folder: &Path) -> Self {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rfb/tests/guests");
        let (image, socket) = (folder.join("answer.img"), folder.join("vnc"));
        let nasm = Command::new("nasm")
            .args(["-f", "bin", "-i"])
            .arg(format!("{}/", sources.display()))
            .arg("-o")
            .args([&image, &sources.join("answer.asm")])
            .status()
            .expect("nasm");
        assert!(nasm.success(), "the guest can be assembled");
        let mut command = Command::new("qemu-system-x86_64");
        command
            .args(["-accel", "tcg", "-m", "16", "-nodefaults"])
            .args(["-vga", "std", "-display", "none", "-snapshot"])
            .arg("-drive")
            .arg(format!("file={},format=raw,if=floppy", image.display()))
            .arg("-vnc")
            .arg(format!("unix:{}", socket.display()));
        let qemu = Process::start(command);
        until_true("QEMU’s socket", PATIENCE, || socket.exists());
        Self {
            _qemu: qemu,
            socket,
        }
    }

    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }
}
