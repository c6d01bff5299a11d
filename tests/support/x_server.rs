//! An X server of one's own, with a picture in memory: Xvfb, or Xorg where there must be a touchscreen and a pen.
//!
//! Xvfb has neither, and no extension gives an X server one. Xorg's driver `inputtest` takes a device's events from a
//! socket, and its driver `dummy` needs no graphics card and no console.

use std::{
    fs,
    hash::{BuildHasher, RandomState},
    io::BufRead,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::{Pen, Process, Touchscreen, wait};

const PATIENCE: Duration = Duration::from_secs(20);

/// A running X server.
#[derive(Debug)]
pub(crate) struct XServer {
    process: Process,
    display: String,
    devices: Option<Devices>,
}

/// Where the sockets of Xorg's devices lie.
#[derive(Debug)]
struct Devices {
    folder: PathBuf,
    size: (u16, u16),
}

impl XServer {
    /// Starts one that has a mouse and a keyboard, on a screen of so many pixels.
    pub(crate) fn start(size: (u16, u16)) -> Self {
        let screen = format!("{}x{}x24", size.0, size.1);
        let arguments = ["-screen", "0", &screen, "-dpi", "96"];
        Self::start_program("Xvfb", &arguments, None)
    }

    /// Starts one that has a touchscreen and a pen, too, and keeps its files in a folder.
    pub(crate) fn start_with_touch(folder: &Path, size: (u16, u16)) -> Self {
        let (settings, log) = (folder.join("xorg.conf"), folder.join("xorg.log"));
        fs::write(&settings, xorg_settings(folder, size)).expect("a file");
        let (settings, log) = (settings.to_string_lossy(), log.to_string_lossy());
        let mut arguments = vec!["-config", &settings, "-logfile", &log, "-dpi", "96"];
        // Windows draw shadows around themselves where they may be seen through.
        arguments.extend(["-extension", "Composite"]);
        let devices = Devices {
            folder: folder.to_owned(),
            size,
        };
        Self::start_program("Xorg", &arguments, Some(devices))
    }

    /// Starts a program under a number of its own.
    ///
    /// X servers of other sandboxes share the abstract socket's name where they share the network, and the first free
    /// number is the one that everybody takes: a number at random keeps their windows off this screen.
    fn start_program(program: &str, arguments: &[&str], devices: Option<Devices>) -> Self {
        let (process, display) = wait::until("an X server under a free number", PATIENCE, || {
            let number = 1_000 + RandomState::new().hash_one(0) % 50_000;
            let display = format!(":{number}");
            // Before other programs where that is allowed, as a desktop's compositor is: a window that waits for a server
            // without a processor says nothing of the window.
            let mut command = Command::new("nice");
            command.args(["-n", "-10", program, &display, "-displayfd", "1"]);
            command.args(arguments);
            command.args(["-nolisten", "tcp", "-noreset"]);
            let mut process = Process::start(command);
            let mut ready = String::new();
            let read = process.output().read_line(&mut ready);
            (read.is_ok() && !ready.is_empty()).then_some((process, display))
        });
        Self {
            process,
            display,
            devices,
        }
    }

    /// The name of its display.
    pub(crate) fn display(&self) -> &str {
        &self.display
    }

    /// Its process ID.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Its touchscreen, once.
    pub(crate) fn touchscreen(&self) -> Option<Touchscreen> {
        let devices = self.devices.as_ref()?;
        let socket = devices.folder.join("touchscreen");
        Some(Touchscreen::open(&socket, devices.size))
    }

    /// Its pen, once.
    pub(crate) fn pen(&self) -> Option<Pen> {
        let devices = self.devices.as_ref()?;
        Some(Pen::open(&devices.folder.join("pen"), devices.size))
    }
}

/// Xorg's settings (xorg.conf(5), inputtestdrv(4)): one screen, our devices, and nothing of the machine's.
fn xorg_settings(folder: &Path, size: (u16, u16)) -> String {
    let (folder, (width, height)) = (folder.display(), size);
    let device = |name: &str, kind: &str| {
        format!(
            r#"
Section "InputDevice"
    Identifier "{name}"
    Driver "inputtest"
    Option "SocketPath" "{folder}/{name}"
    Option "DeviceType" "{kind}"
    Option "PointerHasPressure" "true"
EndSection"#
        )
    };
    let devices = [
        device("touchscreen", "Touch"),
        device("pen", "PointerAbsoluteProximity"),
        device("keys", "Keyboard"),
    ]
    .concat();
    let (wide, high) = (
        (width + 8, width + 16, width + 24),
        (height + 4, height + 8, height + 12),
    );
    format!(
        r#"
Section "ServerFlags"
    Option "AutoAddDevices" "false"
    Option "AutoAddGPU" "false"
EndSection
Section "Device"
    Identifier "memory"
    Driver "dummy"
    VideoRam 65536
EndSection
Section "Monitor"
    Identifier "monitor"
    HorizSync 1-2000
    VertRefresh 1-200
    Modeline "all" 100 {width} {} {} {} {height} {} {} {}
EndSection
Section "Screen"
    Identifier "screen"
    Device "memory"
    Monitor "monitor"
    DefaultDepth 24
    SubSection "Display"
        Depth 24
        Modes "all"
        Virtual {width} {height}
    EndSubSection
EndSection{devices}
Section "ServerLayout"
    Identifier "layout"
    Screen "screen"
    InputDevice "touchscreen"
    InputDevice "pen" "CorePointer"
    InputDevice "keys" "CoreKeyboard"
EndSection
"#,
        wide.0, wide.1, wide.2, high.0, high.1, high.2
    )
}
