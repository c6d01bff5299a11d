//! Wayland compositors that are seen by VNC: sway with wayvnc, and weston.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use rfb::{Events, Options, Session};
use tempfile::TempDir;
use tokio::{net::UnixStream, time::timeout};

use super::{
    Running, eventually, stream,
    support::{PATIENCE, pki::Pki},
    window::Window,
};

/// The first socket that sway takes in a folder of its own.
const DISPLAY: &str = "wayland-1";
const A_MOMENT: Duration = Duration::from_secs(2);
pub(crate) const PASSWORD: &str = "sesame, open";

/// A folder of a user's that nobody else may look into.
fn private_folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    folder
}

/// Sway, and wayvnc on it.
pub(crate) struct Wayvnc {
    // Ended in this order.
    _server: Running,
    _compositor: Running,
    folder: TempDir,
}

impl Wayvnc {
    pub(crate) async fn start(settings: &str) -> Self {
        let folder = private_folder();
        let compositor = sway(folder.path());
        let display = folder.path().join(DISPLAY);
        eventually("sway’s display", || display.exists().then_some(())).await;
        let config = folder.path().join("wayvnc");
        fs::write(&config, settings).unwrap();
        let server = Running::start(
            Command::new("wayvnc")
                .arg("--config")
                .arg(&config)
                .arg("--socket")
                .arg(folder.path().join("control"))
                .arg("--unix-socket")
                .arg(folder.path().join("vnc"))
                .env("XDG_RUNTIME_DIR", folder.path())
                .env("WAYLAND_DISPLAY", DISPLAY)
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        Self {
            _server: server,
            _compositor: compositor,
            folder,
        }
    }

    pub(crate) fn window(&self) -> Window {
        Window::open(&self.folder.path().join(DISPLAY))
    }

    /// Connects; the socket is there before anybody listens.
    pub(crate) async fn connect(&self, options: Options) -> (Session, Events) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match UnixStream::connect(self.folder.path().join("vnc")).await {
                Ok(stream) => return Session::connect(stream, options),
                Err(error) => assert!(Instant::now() < deadline, "wayvnc: {error}"),
            }
            tokio::task::yield_now().await;
        }
    }
}

/// A compositor without a monitor.
fn sway(folder: &Path) -> Running {
    let settings = folder.join("sway");
    let text = "xwayland disable\ndefault_border none\noutput * mode --custom 640x480@60Hz\n";
    fs::write(&settings, text).unwrap();
    Running::start(
        Command::new("sway")
            .arg("--config")
            .arg(settings)
            .env("XDG_RUNTIME_DIR", folder)
            .env("SWAYSOCK", folder.join("ipc"))
            .env("WLR_BACKENDS", "headless")
            .env("WLR_RENDERER", "pixman")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("DISPLAY")
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    )
}

/// Puts a file of accounts and an own way to use them in the place of the system's, for weston alone.
const WITH_ACCOUNTS: &str = r#"
mount --bind "$0/shadow" /etc/shadow
mount --bind "$0/pam" /etc/pam.d/weston-remote-access
exec "$@"
"#;

/// Weston: a compositor that shows its display by VNC.
pub(crate) struct Weston {
    process: Running,
    port: u16,
    folder: TempDir,
}

impl Weston {
    pub(crate) async fn start(words: &[&str]) -> Self {
        let folder = private_folder();
        let shadow = lab::shadow_with("root", PASSWORD).expect("a file of accounts");
        fs::write(folder.path().join("shadow"), shadow).unwrap();
        let pam = "auth required pam_unix.so nodelay\naccount required pam_unix.so\n";
        fs::write(folder.path().join("pam"), pam).unwrap();
        let port = lab::own_port().expect("a port");
        let process = Running::start(
            Command::new("unshare")
                .args(["--mount", "--propagation", "private"])
                .args(["sh", "-ec", WITH_ACCOUNTS])
                .arg(folder.path())
                .args(["weston", "--backend=vnc", "--shell=kiosk", "--no-config"])
                .args(["--renderer=pixman", "--idle-time=0", "--address=127.0.0.1"])
                .args(["--width=640", "--height=480"])
                .arg(format!("--socket={DISPLAY}"))
                .arg(format!("--port={port}"))
                .args(words)
                .env("XDG_RUNTIME_DIR", folder.path())
                .env_remove("WAYLAND_DISPLAY")
                .env_remove("DISPLAY")
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        let display = folder.path().join(DISPLAY);
        eventually("weston’s display", || display.exists().then_some(())).await;
        Self {
            process,
            port,
            folder,
        }
    }

    pub(crate) async fn in_tls(pki: &Pki) -> Self {
        let certificate = format!("--vnc-tls-cert={}", pki.certificate().display());
        let key = format!("--vnc-tls-key={}", pki.key().display());
        Self::start(&[&certificate, &key]).await
    }

    /// Says whether it ends by itself: its connections break a moment before.
    pub(crate) async fn has_fallen(mut self) -> bool {
        let fall = async {
            while !self.process.has_ended() {
                tokio::task::yield_now().await;
            }
        };
        timeout(A_MOMENT, fall).await.is_ok()
    }

    pub(crate) fn window(&self) -> Window {
        Window::open(&self.folder.path().join(DISPLAY))
    }

    /// Connects; who comes before it has a picture is hung up on.
    pub(crate) async fn connect(&self, options: Options) -> (Session, Events) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let stream = stream(self.port).await;
            if stream.peek(&mut [0]).await.is_ok_and(|count| count > 0) {
                return Session::connect(stream, options);
            }
            assert!(Instant::now() < deadline, "weston has nothing to show");
        }
    }
}
