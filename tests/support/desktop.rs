//! A private desktop: a display server, a window manager, a session bus, an accessibility bus, and empty folders.

use std::{
    ffi::OsStr,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use tempfile::TempDir;

use crate::{
    Pen, Process, Screen, Touchscreen, compositor::Compositor, mutter::Mutter, screen::X11, wait,
    x_server::XServer,
};

const PATIENCE: Duration = Duration::from_secs(20);
/// The screen's pixels.
const SIZE: (u16, u16) = (1400, 1000);
/// The same on Wayland, where it must be whole numbers at the scales of 1.5 and 2, too.
const WAYLAND_SIZE: (u16, u16) = (1440, 996);
/// The same on mutter, which has no scale of 2 on a smaller one.
const MUTTER_SIZE: (u16, u16) = (1680, 1056);

/// A desktop of one's own; it ends with its value. Programs find it through [`Desktop::command`].
#[derive(Debug)]
pub struct Desktop {
    // Ended in this order: the clients before what they are clients of.
    accessibility: Option<Process>,
    window_manager: Option<Process>,
    _bus: Process,
    server: Server,
    folder: TempDir,
}

/// What shows the windows.
#[derive(Debug)]
enum Server {
    X11(XServer),
    /// Which arranges its windows, too.
    Wayland(Compositor),
    /// The same, as GNOME does it.
    Mutter(Mutter),
}

impl Desktop {
    /// Starts a whole desktop and waits until each part answers.
    ///
    /// # Panics
    /// When a part is missing or does not start.
    pub fn start() -> Self {
        Self::start_of(SIZE)
    }

    /// Starts a whole desktop whose screen has so many pixels.
    ///
    /// # Panics
    /// When a part is missing or does not start.
    pub fn start_of(size: (u16, u16)) -> Self {
        Self::bare_of(size).furnished()
    }

    /// Starts a whole desktop with a touchscreen and a pen.
    ///
    /// # Panics
    /// When a part is missing or does not start.
    pub fn start_with_touch() -> Self {
        Self::around(|run| Server::X11(XServer::start_with_touch(run, SIZE))).furnished()
    }

    /// Adds what makes a display server a desktop.
    fn furnished(mut self) -> Self {
        self.window_manager = Some(self.start_window_manager());
        self.accessibility = Some(self.start_accessibility());
        self
    }

    /// Starts a whole desktop on Wayland and waits until each part answers.
    ///
    /// # Panics
    /// When a part is missing or does not start.
    pub fn start_wayland() -> Self {
        let mut desktop = Self::around(|run| Server::Wayland(Compositor::start(run, WAYLAND_SIZE)));
        desktop.accessibility = Some(desktop.start_accessibility());
        desktop
    }

    /// Starts a whole desktop with GNOME's compositor, which has a touchscreen, too.
    ///
    /// # Panics
    /// When a part is missing or does not start.
    pub fn start_mutter() -> Self {
        let mut desktop = Self::around(|run| {
            let bus = address_of_bus(run);
            Server::Mutter(Mutter::start(run, &bus, MUTTER_SIZE))
        });
        desktop.accessibility = Some(desktop.start_accessibility());
        desktop
    }

    /// Starts a desktop without a window manager and without accessibility: what a measurement wants.
    ///
    /// # Panics
    /// When a part is missing or does not start.
    pub fn bare() -> Self {
        Self::bare_of(SIZE)
    }

    /// Starts one whose screen has so many pixels.
    ///
    /// # Panics
    /// When a part is missing or does not start.
    pub fn bare_of(size: (u16, u16)) -> Self {
        Self::around(|_| Server::X11(XServer::start(size)))
    }

    /// Makes a desktop around a display server, which may keep files in the folder that it is given.
    fn around(server: impl FnOnce(&Path) -> Server) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the desktop");
        let run = folder.path().join("run");
        fs::create_dir_all(&run).expect("a folder for sockets");
        fs::set_permissions(&run, fs::Permissions::from_mode(0o700)).expect("a private folder");
        let desktop = Self {
            accessibility: None,
            window_manager: None,
            _bus: start_bus(&run),
            server: server(&run),
            folder,
        };
        desktop.make_folders();
        desktop
    }

    /// Makes a command whose program sees this desktop and nothing of the user's.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        for variable in [
            "DISPLAY",
            "WAYLAND_DISPLAY",
            "LANGUAGE",
            "LC_ALL",
            "RUST_LOG",
            "G_DEBUG",
        ] {
            command.env_remove(variable);
        }
        command
            .env("DBUS_SESSION_BUS_ADDRESS", self.bus_address())
            .env("HOME", self.folder("home"))
            .env("XDG_RUNTIME_DIR", self.folder("run"))
            .env("XDG_CONFIG_HOME", self.folder("config"))
            .env("XDG_DATA_HOME", self.folder("data"))
            .env("XDG_CACHE_HOME", self.folder("cache"))
            .env("XDG_STATE_HOME", self.folder("state"))
            .env("GSETTINGS_BACKEND", "keyfile")
            .env("GSK_RENDERER", "cairo")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("GIO_USE_VFS", "local")
            .env("NO_AT_BRIDGE", "1")
            .env("LANG", "C.UTF-8");
        match self.accessibility {
            Some(_) => command.env("GTK_A11Y", "atspi"),
            None => command.env("GTK_A11Y", "none"),
        };
        match &self.server {
            Server::X11(server) => command
                .env("DISPLAY", server.display())
                .env("GDK_BACKEND", "x11"),
            Server::Wayland(compositor) => command
                .env("WAYLAND_DISPLAY", compositor.display())
                .env("GDK_BACKEND", "wayland"),
            Server::Mutter(mutter) => command
                .env("WAYLAND_DISPLAY", mutter.display())
                .env("GDK_BACKEND", "wayland"),
        };
        command
    }

    /// Opens the display to look at it and to type.
    pub fn screen(&self) -> Screen {
        match &self.server {
            Server::X11(server) => Screen::open(server.display()),
            Server::Wayland(compositor) => compositor.screen(),
            Server::Mutter(mutter) => mutter.screen(),
        }
    }

    /// Takes hold of the touchscreen; this can be done once.
    ///
    /// # Panics
    /// Where there is none.
    pub fn touchscreen(&self) -> Touchscreen {
        let touchscreen = match &self.server {
            Server::X11(server) => server.touchscreen(),
            Server::Wayland(_) => None,
            Server::Mutter(mutter) => Some(mutter.touchscreen()),
        };
        touchscreen.expect("a desktop with a touchscreen")
    }

    /// Takes hold of the pen; this can be done once.
    ///
    /// # Panics
    /// Where there is none.
    pub fn pen(&self) -> Pen {
        let pen = match &self.server {
            Server::X11(server) => server.pen(),
            Server::Wayland(_) | Server::Mutter(_) => None,
        };
        pen.expect("a desktop with a pen")
    }

    /// The name of the X display.
    ///
    /// # Panics
    /// Where it is none.
    pub fn display(&self) -> &str {
        match &self.server {
            Server::X11(server) => server.display(),
            Server::Wayland(_) | Server::Mutter(_) => panic!("this desktop has no X display"),
        }
    }

    /// Changes how many pixels are one of those that programs count in.
    ///
    /// # Panics
    /// On X, where programs do not follow.
    pub fn set_scale(&self, scale: f64) {
        match &self.server {
            Server::X11(..) => panic!("an X server has one scale"),
            Server::Wayland(compositor) => compositor.set_scale(scale),
            Server::Mutter(mutter) => mutter.set_scale(scale),
        }
    }

    /// Whether the desktop's own shortcut, Super and N, was pressed since the last time that this was asked. Only the
    /// desktop of sway has it.
    pub fn heard_its_shortcut(&self) -> bool {
        fs::remove_file(self.folder("run").join("desktop-heard")).is_ok()
    }

    /// The address of the session bus.
    pub fn bus_address(&self) -> String {
        address_of_bus(&self.folder("run"))
    }

    /// One of the desktop's folders: `run`, `config`, `data`, `cache`, `state`, `home`.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Process ID of the display server, for those who measure.
    pub fn server_id(&self) -> u32 {
        match &self.server {
            Server::X11(server) => server.id(),
            Server::Wayland(compositor) => compositor.id(),
            Server::Mutter(mutter) => mutter.id(),
        }
    }

    fn make_folders(&self) {
        for name in ["config", "data", "cache", "state", "home"] {
            fs::create_dir_all(self.folder(name)).expect("a folder of the desktop");
        }
        // Nothing fades or slides, so that pictures settle; scroll bars take their own room and show a list's length.
        for toolkit in ["gtk-3.0", "gtk-4.0"] {
            let folder = self.folder("config").join(toolkit);
            fs::create_dir_all(&folder).expect("a folder of the desktop");
            let settings = "[Settings]\ngtk-enable-animations=false\ngtk-overlay-scrolling=false\ngtk-cursor-blink=false\n";
            fs::write(folder.join("settings.ini"), settings).expect("the toolkit’s settings");
        }
    }

    fn start_window_manager(&self) -> Process {
        let mut command = self.command("metacity");
        command.args(["--no-composite", "--sm-disable"]);
        let process = Process::start(command);
        let screen = X11::open(self.display());
        wait::until_true("a window manager on the screen", PATIENCE, || {
            screen.is_managed()
        });
        process
    }

    fn start_accessibility(&self) -> Process {
        let mut command = self.command("/usr/libexec/at-spi-bus-launcher");
        command.arg("--launch-immediately");
        Process::start(command)
    }
}

fn address_of_bus(run: &Path) -> String {
    format!("unix:path={}", run.join("bus").display())
}

fn start_bus(run: &Path) -> Process {
    let socket = run.join("bus");
    let mut command = Command::new("dbus-daemon");
    command
        .args(["--session", "--nofork", "--nosyslog"])
        .arg(format!("--address={}", address_of_bus(run)))
        .env("XDG_RUNTIME_DIR", run);
    let process = Process::start(command);
    wait::until_true("the session bus", PATIENCE, || socket.exists());
    process
}
