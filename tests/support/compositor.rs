//! A Wayland compositor without a monitor: sway, whose windows can be asked for and moved by its socket.
//!
//! The smallest in Debian that has all that the program uses: pointer constraints and relative movements, shortcuts that
//! a window may inhibit, scales that are no whole numbers.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::{
    Process,
    screen::{Screen, Windows},
    wait,
};

const PATIENCE: Duration = Duration::from_secs(20);
/// The first socket that a compositor takes in a folder of its own.
const SOCKET: &str = "wayland-1";
/// The one output of sway without a monitor.
const OUTPUT: &str = "HEADLESS-1";

/// A running compositor.
#[derive(Debug)]
pub(crate) struct Compositor {
    process: Process,
    run: PathBuf,
}

impl Compositor {
    /// Starts one with an output of so many pixels, which keeps its sockets in the desktop's folder `run`.
    pub(crate) fn start(run: &Path, size: (u16, u16)) -> Self {
        let settings = run.join("sway.conf");
        let marker = run.join("desktop-heard");
        // Windows fill the output without a frame; one shortcut is the desktop's.
        let text = format!(
            "xwayland disable\ndefault_border none\nfocus_on_window_activation focus\n\
             output {OUTPUT} mode --custom {}x{}@60Hz\nbindsym Mod4+n exec touch '{}'\n",
            size.0,
            size.1,
            marker.display()
        );
        fs::write(&settings, text).expect("a file");
        // Before other programs where that is allowed, as a desktop's compositor is.
        let mut command = Command::new("nice");
        command
            .args(["-n", "-10", "sway", "--config"])
            .arg(&settings)
            .env("XDG_RUNTIME_DIR", run)
            .env("SWAYSOCK", run.join("sway"))
            .env("WLR_BACKENDS", "headless")
            .env("WLR_RENDERER", "pixman")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("DISPLAY");
        let compositor = Self {
            process: Process::start(command),
            run: run.to_owned(),
        };
        wait::until_true("the Wayland compositor", PATIENCE, || {
            compositor.control().exists() && compositor.display().exists()
        });
        compositor
    }

    /// The display's socket.
    pub(crate) fn display(&self) -> PathBuf {
        self.run.join(SOCKET)
    }

    /// Opens the display to look at it and to type.
    pub(crate) fn screen(&self) -> Screen {
        Screen::open_wayland(&self.display(), &self.control())
    }

    /// Gives the output another scale.
    pub(crate) fn set_scale(&self, scale: f64) {
        Windows::open(&self.control()).run(&format!("output {OUTPUT} scale {scale}"));
    }

    /// Its process ID.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    fn control(&self) -> PathBuf {
        self.run.join("sway")
    }
}
