//! A private libvirtd with its own configuration, state, sockets and log in a temporary folder, without KVM.
//!
//! As root the daemon runs in a mount and a process namespace of its own: its folders are bound over the system's, and
//! all that it starts ends with it. As another user it is a session daemon with XDG folders of its own.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, geteuid, kill_process};

use crate::{Listen, display_ports::DisplayPorts};

/// A running daemon; it ends, with its guests, when dropped.
#[derive(Debug)]
pub struct Daemon {
    dir: tempfile::TempDir,
    child: Child,
    _ports: DisplayPorts,
}

/// How long a daemon may take until it listens.
const START_DEADLINE: Duration = Duration::from_mins(1);

/// Binds the private folders over the system's, hides KVM, and reaps what the daemon leaves behind: its guests become
/// children of this shell, which is process 1 of the namespace. The locks of consoles (`LCK..`) name processes: another
/// daemon's would be taken for a living one's.
const AS_ROOT: &str = r#"
set -e
mount -t proc proc /proc
if [ -e /dev/kvm ]; then mount --bind "$0/nokvm" /dev/kvm; fi
mkdir -p /run/libvirt /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt
mount --bind "$0/run" /run/libvirt
mount --bind "$0/etc" /etc/libvirt
mount --bind "$0/lib" /var/lib/libvirt
mount --bind "$0/cache" /var/cache/libvirt
mount --bind "$0/log" /var/log/libvirt
mkdir -p /run/lock
mount -t tmpfs tmpfs /run/lock
if [ -e "$0/rules" ]; then
    mkdir -p /run/dbus /etc/polkit-1/rules.d
    mount --bind "$0/rules" /etc/polkit-1/rules.d
    mount -t tmpfs tmpfs /run/dbus
    dbus-daemon --system --nofork --nopidfile &
    until [ -S /run/dbus/system_bus_socket ]; do sleep 0.02; done
    /usr/lib/polkit-1/polkitd --no-debug &
fi
libvirtd "$@" -f "$0/libvirtd.conf" -p "$0/libvirtd.pid" &
wait
"#;

impl Daemon {
    /// Starts a daemon and waits until it listens.
    ///
    /// # Errors
    /// When libvirtd is missing or does not come up; the text has what it said.
    pub fn start() -> io::Result<Self> {
        Self::start_with(&Listen::default())
    }

    /// Starts a daemon that listens elsewhere, too, and waits until it does.
    ///
    /// # Errors
    /// As [`Daemon::start`].
    pub fn start_with(listen: &Listen) -> io::Result<Self> {
        let dir = tempfile::Builder::new().prefix("virtd").tempdir()?;
        let ports = DisplayPorts::claim()?;
        prepare(dir.path(), "none", listen, &ports)?;
        Self::launch(dir, listen, ports)
    }

    /// Starts a daemon that asks polkit, with a system bus and a polkitd of its own. Only root can do that.
    ///
    /// # Errors
    /// As [`Daemon::start`].
    pub fn start_with_polkit() -> io::Result<Self> {
        if !geteuid().is_root() {
            return Err(io::Error::other("a private polkitd needs root"));
        }
        let dir = tempfile::Builder::new().prefix("virtd").tempdir()?;
        let ports = DisplayPorts::claim()?;
        prepare(dir.path(), "polkit", &Listen::default(), &ports)?;
        fs::create_dir(dir.path().join("rules"))?;
        // polkitd and the callers are other users.
        for folder in ["", "run", "rules"] {
            let everybody = fs::Permissions::from_mode(0o755);
            fs::set_permissions(dir.path().join(folder), everybody)?;
        }
        Self::launch(dir, &Listen::default(), ports)
    }

    fn launch(dir: tempfile::TempDir, listen: &Listen, ports: DisplayPorts) -> io::Result<Self> {
        let output = fs::File::create(dir.path().join("output.txt"))?;
        let child = command(dir.path(), !listen.ports.is_empty())
            .envs(listen.environment.iter().map(|(name, path)| (name, path)))
            // What makes our own warnings fatal must not end polkitd, which has its own.
            .env_remove("G_DEBUG")
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()?;
        let mut daemon = Self {
            dir,
            child,
            _ports: ports,
        };
        daemon.wait_until_listening(&listen.ports)?;
        Ok(daemon)
    }

    fn wait_until_listening(&mut self, ports: &[u16]) -> io::Result<()> {
        let deadline = Instant::now() + START_DEADLINE;
        let answers = |port: &u16| TcpStream::connect((Ipv4Addr::LOCALHOST, *port)).is_ok();
        loop {
            if UnixStream::connect(self.socket()).is_ok() && ports.iter().all(answers) {
                return Ok(());
            }
            let ended = self.child.try_wait()?;
            if ended.is_some() || Instant::now() > deadline {
                let said = fs::read_to_string(self.path().join("output.txt"))?;
                let text = format!("libvirtd does not listen ({ended:?}): {said}{}", self.log());
                return Err(io::Error::other(text));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Makes polkit answer `result` (`polkit.Result.YES`, …) to who wants to manage; it takes notice soon.
    pub fn set_polkit_rule(&self, result: &str) -> io::Result<()> {
        let rule = format!(
            "polkit.addRule(function(action) {{ \
             if (action.id == 'org.libvirt.unix.manage') return {result}; }});\n"
        );
        fs::write(self.path().join("rules/49-test.rules"), rule)
    }

    /// Prepares a program to run as nobody, inside the namespace: the daemon knows its callers by their process ids.
    pub fn as_nobody(&self, program: &Path) -> io::Result<Command> {
        let copy = self.path().join("program");
        fs::copy(program, &copy)?;
        let mut command = Command::new("nsenter");
        command
            .args(["--target", &self.init()?, "--pid", "setpriv"])
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(copy);
        Ok(command)
    }

    /// Prepares a program to run as root where the daemon is: with its processes, its files and its system bus.
    pub(crate) fn inside(&self, program: &str) -> io::Result<Command> {
        let mut command = Command::new("nsenter");
        command.args(["--target", &self.init()?, "--pid", "--mount", program]);
        Ok(command)
    }

    /// Process 1 of the namespace, by its number outside.
    fn init(&self) -> io::Result<String> {
        let parent = self.child.id();
        let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"))?;
        Ok(children.trim().to_owned())
    }

    /// The socket it listens on.
    pub fn socket(&self) -> PathBuf {
        self.path().join(if geteuid().is_root() {
            "run/libvirt-sock"
        } else {
            "run/libvirt/libvirt-sock"
        })
    }

    /// The URI of its QEMU driver.
    pub fn qemu_uri() -> &'static str {
        if geteuid().is_root() {
            "qemu:///system"
        } else {
            "qemu:///session"
        }
    }

    /// A folder that the daemon and its guests can read and write.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.path().join("log/libvirtd.log")).unwrap_or_default()
    }

    /// Ends it at once, without a goodbye to its clients; guests of a session go as well.
    pub fn kill(&mut self) {
        for pid in self.session_pids() {
            // It may have ended by itself.
            let _ = kill_process(pid, Signal::KILL);
        }
        // Process 1 of the namespace dies with its parent, and everything in it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// The guests of a session daemon, by the pid files that libvirt keeps.
    fn session_pids(&self) -> Vec<Pid> {
        if geteuid().is_root() {
            return Vec::new();
        }
        let files = fs::read_dir(self.path().join("run/libvirt/qemu/run"));
        files
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "pid"))
            .filter_map(|path| fs::read_to_string(path).ok())
            .filter_map(|text| Pid::from_raw(text.trim().parse().ok()?))
            .collect()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.kill();
    }
}

fn prepare(dir: &Path, auth: &str, listen: &Listen, ports: &DisplayPorts) -> io::Result<()> {
    for folder in [
        "run",
        "etc",
        "lib/qemu",
        "cache",
        "log",
        "config/libvirt",
        "pki",
    ] {
        fs::create_dir_all(dir.join(folder))?;
    }
    fs::write(dir.join("nokvm"), "")?;
    fs::set_permissions(dir.join("nokvm"), fs::Permissions::from_mode(0o0))?;
    let log = dir.join("log/libvirtd.log");
    let libvirtd = format!(
        "listen_tls = 0\nauth_unix_rw = \"{auth}\"\nauth_unix_ro = \"none\"\nunix_sock_rw_perms = \"0777\"\nlog_outputs = \"3:file:{}\"\n\
         host_uuid = \"1ab00000-0000-4000-8000-000000000001\"\n",
        log.display()
    );
    fs::write(
        dir.join("libvirtd.conf"),
        replace_settings(&libvirtd, &listen.lines),
    )?;
    let qemu = "user = \"root\"\ngroup = \"root\"\ndynamic_ownership = 0\nstdio_handler = \"file\"\n\
                security_driver = \"none\"\nnamespaces = []\ncgroup_controllers = []\nmax_core = 0\n";
    let session = "stdio_handler = \"file\"\nsecurity_driver = \"none\"\n";
    let more = format!("{}{}", ports.settings(), listen.qemu);
    fs::write(dir.join("etc/qemu.conf"), format!("{qemu}{more}"))?;
    let file = dir.join("config/libvirt/qemu.conf");
    fs::write(file, format!("{session}{more}"))
}

/// Puts settings behind others; those of the same name go.
fn replace_settings(before: &str, lines: &str) -> String {
    let name = |line: &str| line.split('=').next().map(|name| name.trim().to_owned());
    let replaced: Vec<_> = lines.lines().map(name).collect();
    let kept = before
        .lines()
        .filter(|line| !replaced.contains(&name(line)));
    let all: Vec<_> = kept.chain(lines.lines()).collect();
    all.join("\n") + "\n"
}

fn command(dir: &Path, listens: bool) -> Command {
    let listen = listens.then_some("--listen");
    if geteuid().is_root() {
        let mut command = Command::new("unshare");
        command
            .args(["--mount", "--pid", "--fork", "--kill-child"])
            .args(["--propagation", "private", "sh", "-c", AS_ROOT])
            .arg(dir)
            .args(listen);
        return command;
    }
    let mut command = Command::new(libvirtd());
    command
        .args(listen)
        .arg("-f")
        .arg(dir.join("libvirtd.conf"))
        .arg("-p")
        .arg(dir.join("libvirtd.pid"))
        .env("XDG_RUNTIME_DIR", dir.join("run"))
        .env("XDG_CONFIG_HOME", dir.join("config"))
        .env("XDG_CACHE_HOME", dir.join("cache"))
        .env("XDG_DATA_HOME", dir.join("lib"))
        .env("HOME", dir);
    command
}

/// A user's PATH often lacks sbin.
fn libvirtd() -> PathBuf {
    ["/usr/sbin/libvirtd", "/usr/bin/libvirtd", "/sbin/libvirtd"]
        .map(PathBuf::from)
        .into_iter()
        .find(|path| path.exists())
        .unwrap_or_else(|| PathBuf::from("libvirtd"))
}
