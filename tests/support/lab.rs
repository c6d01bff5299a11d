//! A real libvirtd with the demonstration guests (`build-aux/demo`), inside the private root.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

use crate::wait;

const PATIENCE: Duration = Duration::from_secs(30);
/// Where the system's daemon listens.
const SOCKET: &str = "/run/libvirt/libvirt-sock";
/// What `build-aux/demo` keeps while its daemon runs.
const FOLDER: &str = "/run/innkeeper-demo";

/// The laboratory; a daemon and guests that it started end with its value.
#[derive(Debug)]
pub struct Lab {
    top: PathBuf,
    is_ours: bool,
}

impl Lab {
    /// Starts libvirtd on the system's socket and the three guests, or takes over those of a demonstration that is up.
    ///
    /// # Panics
    /// Outside of a place of its own: a daemon that is somebody's is not touched, let alone killed.
    pub fn start(top: &Path) -> Self {
        let is_demo = Path::new(FOLDER).exists();
        assert!(
            is_demo || !Path::new(SOCKET).exists(),
            "a libvirt daemon is at work here already: run this inside the private root, with build-aux/dev"
        );
        let lab = Self {
            top: top.to_owned(),
            is_ours: !is_demo,
        };
        lab.raise();
        lab
    }

    /// The daemon's socket.
    pub fn socket(&self) -> &'static Path {
        Path::new(SOCKET)
    }

    /// Starts what is not up: the daemon after it was killed, guests that are missing or shut off.
    ///
    /// # Panics
    /// When that fails.
    pub fn raise(&self) {
        if !daemon().is_some_and(is_alive) {
            // A daemon that was killed leaves its sockets, and they say nothing of whether there is one.
            for name in ["libvirt-sock", "libvirt-sock-ro", "libvirt-admin-sock"] {
                let _ = fs::remove_file(Path::new("/run/libvirt").join(name));
            }
        }
        let output = self.demo("up");
        assert!(
            output.status.success(),
            "build-aux/demo/up failed:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// Kills the daemon at once, as a crash does; the guests go on. [`Lab::raise`] brings another.
    ///
    /// # Panics
    /// When it does not end.
    pub fn kill_daemon(&self) {
        let process = daemon().expect("a running daemon");
        kill_process(process, Signal::KILL).expect("a daemon that may be killed");
        wait::until_true("the daemon’s end", PATIENCE, || !is_alive(process));
        // The next one makes its own; a socket without a daemon behind it refuses, as it does after a crash.
    }

    /// Kills a guest's hypervisor at once, as a crash does.
    ///
    /// # Panics
    /// When it has none, or it does not end.
    pub fn kill_guest(&self, guest: &str) {
        // Its state is told before its start is done: what asks the guest something waits for that.
        self.virsh(&["dommemstat", guest]);
        let file = format!("/run/libvirt/qemu/{guest}.pid");
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        let process = text.trim().parse().ok().and_then(Pid::from_raw);
        let process = process.expect("a process ID");
        kill_process(process, Signal::KILL).expect("a hypervisor that may be killed");
        wait::until_true("the hypervisor’s end", PATIENCE, || !is_alive(process));
    }

    /// Where the daemon listens for those who may only look.
    pub fn read_only_socket(&self) -> &'static Path {
        Path::new("/run/libvirt/libvirt-sock-ro")
    }

    /// Runs virsh against the daemon and gives its standard output.
    ///
    /// # Panics
    /// When virsh fails.
    #[track_caller]
    pub fn virsh(&self, arguments: &[&str]) -> String {
        let output = virsh(arguments);
        assert!(
            output.status.success(),
            "virsh {arguments:?} failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// What virsh calls a guest's state; empty when there is no such guest.
    pub fn state(&self, guest: &str) -> String {
        let output = virsh(&["domstate", guest]);
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Waits until a guest is in a state, in virsh's words.
    ///
    /// # Panics
    /// When it does not come.
    #[track_caller]
    pub fn wait_for_state(&self, guest: &str, state: &str) {
        let what = format!("{guest} is {state}");
        wait::until_true(&what, PATIENCE, || self.state(guest) == state);
    }

    /// The daemon's process ID.
    ///
    /// # Panics
    /// When none is at work.
    pub fn daemon_id(&self) -> u32 {
        let process = daemon().expect("a running daemon");
        process.as_raw_nonzero().get().unsigned_abs()
    }

    fn demo(&self, script: &str) -> Output {
        let path = self.top.join("build-aux/demo").join(script);
        Command::new(&path)
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        if self.is_ours {
            let _ = self.demo("down");
        }
    }
}

/// The daemon's own process.
fn daemon() -> Option<Pid> {
    let text = fs::read_to_string(format!("{FOLDER}/libvirtd.own.pid")).ok()?;
    text.trim().parse().ok().and_then(Pid::from_raw)
}

fn virsh(arguments: &[&str]) -> Output {
    Command::new("virsh")
        .args(["-q", "-c", "qemu:///system"])
        .args(arguments)
        .env("LC_ALL", "C")
        .output()
        .unwrap_or_else(|error| panic!("virsh: {error}"))
}

/// A process that has ended and was not waited for yet is not alive.
fn is_alive(process: Pid) -> bool {
    let path = format!("/proc/{}/stat", process.as_raw_nonzero());
    let Ok(text) = fs::read_to_string(path) else {
        return false;
    };
    let state = text.rsplit(')').next().unwrap_or_default().trim_start();
    !state.starts_with('Z')
}
