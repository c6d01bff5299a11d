//! A small guest in a real QEMU.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command},
    time::Instant,
};

use rfb::{Events, Options, Session};
use tempfile::TempDir;
use tokio::net::UnixStream;

use super::PATIENCE;

/// A guest in QEMU that ends with the test.
pub struct Guest {
    pub qemu: Child,
    pub folder: TempDir,
}

impl Drop for Guest {
    fn drop(&mut self) {
        let _ = self.qemu.kill();
        let _ = self.qemu.wait();
    }
}

impl Guest {
    /// Boots tests/guests/NAME.asm; `vnc` is added to the listener's options.
    pub fn boot(name: &str, vnc: &str, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = format!("unix:{}", folder.path().join("vnc").display());
        Self::listening(folder, name, &format!("{listener}{vnc}"), arguments, &[])
    }

    /// Boots it with a listener of its own and further variables in QEMU's environment.
    pub fn listening(
        folder: TempDir,
        name: &str,
        vnc: &str,
        arguments: &[&str],
        environment: &[(&str, &Path)],
    ) -> Self {
        let guests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guests");
        let image = folder.path().join("guest.img");
        let nasm = Command::new("nasm")
            .args(["-f", "bin", "-i"])
            .arg(format!("{}/", guests.display()))
            .arg("-o")
            .arg(&image)
            .arg(guests.join(name).with_extension("asm"))
            .status()
            .expect("nasm runs");
        assert!(nasm.success());
        let qemu = Command::new("qemu-system-x86_64")
            .args([
                "-accel",
                "tcg",
                "-m",
                "16",
                "-nodefaults",
                "-display",
                "none",
                "-snapshot",
            ])
            .arg("-drive")
            .arg(format!("file={},format=raw,if=floppy", image.display()))
            .arg("-vnc")
            .arg(vnc)
            .args(arguments)
            .envs(environment.iter().copied())
            .spawn()
            .expect("QEMU runs");
        Self { qemu, folder }
    }

    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("vnc")
    }

    pub async fn stream(&self) -> UnixStream {
        stream(&self.socket()).await
    }

    pub async fn connect(&self, options: Options) -> (Session, Events) {
        Session::connect(self.stream().await, options)
    }
}

/// Connects to a socket of QEMU's once it listens.
pub async fn stream(path: &Path) -> UnixStream {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match UnixStream::connect(path).await {
            Ok(stream) => return stream,
            Err(error) => assert!(Instant::now() < deadline, "QEMU does not listen: {error}"),
        }
        tokio::task::yield_now().await;
    }
}
