//! GNOME's compositor without a monitor: mutter, whose output is a picture in memory.
//!
//! It has no shell around it, and neither a seat nor a graphics card: the same compositor as on users' desktops draws with
//! the processor. Hands and eyes are a [`Session`] of its remote desktop, and [`Windows`] are told by its own log.

mod eyes;
mod monitor;
mod session;
mod windows;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::Duration,
};

use crate::{Process, Screen, Touchscreen, screen::Mutter as MutterScreen, wait};

pub(crate) use session::Session;
pub(crate) use windows::Windows;

const PATIENCE: Duration = Duration::from_secs(20);
/// How long that may take: `GStreamer` waits half a minute for a picture that nobody passes on, and is then asked anew.
const SESSION_PATIENCE: Duration = Duration::from_secs(70);
const SOCKET: &str = "wayland-mutter";

/// Scales that are no whole numbers; windows that come stand in the middle, as large as they want to be.
const SETTINGS: &str = "[org/gnome/mutter]
experimental-features=['scale-monitor-framebuffer']
center-new-windows=true
auto-maximize=false
";

/// A running mutter.
#[derive(Debug)]
pub(crate) struct Mutter {
    // Ended in this order: who looks before what is looked at.
    session: Arc<Session>,
    // Whoever passes pictures on.
    _parts: Vec<Process>,
    process: Arc<Process>,
    run: PathBuf,
}

impl Mutter {
    /// Starts one with an output of so many pixels, which keeps its sockets in the desktop's folder `run`, and is found on
    /// the session's bus.
    pub(crate) fn start(run: &Path, bus: &str, size: (u16, u16)) -> Self {
        let parts = vec![
            start_part("pipewire", run, bus, Some("pipewire-0")),
            start_part("wireplumber", run, bus, None),
        ];
        let process = Arc::new(start_compositor(run, bus));
        let socket = run.join(SOCKET);
        wait::until_true("the compositor mutter", PATIENCE, || socket.exists());
        let session = wait::until("mutter’s remote desktop", SESSION_PATIENCE, || {
            Session::open(bus, &run.join("pipewire-0"), size)
        });
        Self {
            session: Arc::new(session),
            _parts: parts,
            process,
            run: run.to_owned(),
        }
    }

    /// The display's socket.
    pub(crate) fn display(&self) -> PathBuf {
        self.run.join(SOCKET)
    }

    /// Opens the display to look at it and to type.
    pub(crate) fn screen(&self) -> Screen {
        let windows = Windows::of(Arc::clone(&self.process));
        Screen::of(MutterScreen::new(Arc::clone(&self.session), windows))
    }

    /// Its touchscreen.
    pub(crate) fn touchscreen(&self) -> Touchscreen {
        Touchscreen::of(Arc::clone(&self.session))
    }

    /// Gives the output another scale.
    pub(crate) fn set_scale(&self, scale: f64) {
        self.session.set_scale(scale);
    }

    /// Its process ID.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

fn start_compositor(run: &Path, bus: &str) -> Process {
    let config = run.join("mutter");
    let settings = config.join("glib-2.0/settings");
    fs::create_dir_all(&settings).expect("a folder");
    fs::write(settings.join("keyfile"), SETTINGS).expect("a file");
    // Before other programs where that is allowed, as a desktop's compositor is.
    let mut command = Command::new("nice");
    command
        .args(["-n", "-10", "mutter", "--headless", "--wayland", "--no-x11"])
        .args(["--wayland-display", SOCKET])
        .env("MUTTER_DEBUG", windows::TOPICS)
        .env("GSETTINGS_BACKEND", "keyfile")
        .env("LIBGL_ALWAYS_SOFTWARE", "1");
    Process::start(on_the_desktop(command, run, &config, bus))
}

/// Starts a part of what passes pictures on, and waits for its socket.
fn start_part(program: &str, run: &Path, bus: &str, socket: Option<&str>) -> Process {
    let mut command = Command::new(program);
    command
        .env("PIPEWIRE_DEBUG", "0")
        .env("WIREPLUMBER_DEBUG", "0")
        .env("XDG_STATE_HOME", run.join("state"));
    let config = run.join("pipewire");
    let process = Process::start(on_the_desktop(command, run, &config, bus));
    if let Some(socket) = socket {
        let socket = run.join(socket);
        wait::until_true("the server of pictures", PATIENCE, || socket.exists());
    }
    process
}

/// Keeps a program to the desktop's folders and its bus.
fn on_the_desktop(mut command: Command, run: &Path, config: &Path, bus: &str) -> Command {
    command
        .env("DBUS_SESSION_BUS_ADDRESS", bus)
        .env("XDG_RUNTIME_DIR", run)
        .env("XDG_CONFIG_HOME", config)
        .env("HOME", config)
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("DISPLAY")
        .env_remove("G_DEBUG");
    command
}
