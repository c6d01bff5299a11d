//! What polkit needs to ask for a password, beside a [`Daemon`]: accounts with passwords, a login session, and polkit's
//! own helper, which proves a password to PAM.
//!
//! The helper is a setuid program, and a sandbox such as bubblewrap gives no program more rights than its parent. Here
//! root starts it for those who ask at a socket, with their user as its real one and root as its effective one: what the
//! setuid bit would have made of it. From polkit 127 on systemd does the same. Program, PAM, polkitd, bus are the real ones.

use std::fs;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::net::sockopt::socket_peercred;

use crate::Daemon;

/// The real helper.
const HELPER: &str = "/usr/lib/polkit-1/polkit-agent-helper-1";

/// Where polkit's agents look for a helper that listens.
const SOCKET: &str = "/run/polkit/agent-helper.socket";

/// The longest wait for the helper to listen.
const PATIENCE: Duration = Duration::from_secs(20);

/// Adds the accounts to copies of the system's and lets programs believe in a session.
const SETTING: &str = r#"
set -e
mkdir "$0/stage"
cp /usr/lib/polkit-1/polkit-agent-helper-1 "$0/stage/helper"
hash=$(openssl passwd -6 -stdin)
for file in passwd shadow; do cp /etc/$file "$0/stage/$file"; done
number=20001
for user in tester labadmin laboperator; do
    echo "$user:x:$number:65534::/:/bin/sh" >> "$0/stage/passwd"
    echo "$user:$hash:20000:0:99999:7:::" >> "$0/stage/shadow"
    number=$((number + 1))
done
chmod 600 "$0/stage/shadow"
for file in passwd shadow; do mount --bind "$0/stage/$file" /etc/$file; done
mkdir -p /run/systemd /run/polkit
mount -t tmpfs tmpfs /run/systemd
mount -t tmpfs tmpfs /run/polkit
mkdir /run/systemd/sessions /run/systemd/users /run/systemd/seats
printf 'UID=20001\nUSER=tester\nACTIVE=1\nIS_DISPLAY=1\nSTATE=active\nREMOTE=0\nTYPE=wayland\nCLASS=user\nSEAT=seat0\n' \
    > /run/systemd/sessions/lab1
path=/user.slice/user-20001.slice/session-lab1.scope
printf '1:name=systemd:%s\n0::%s\n' $path $path > "$0/stage/cgroup"
chmod 644 "$0/stage/cgroup"
"#;

/// systemd knows a process' session by its control group; this process gets the one of a session in appearance only.
const IN_SESSION: &str = r#"mount --bind "$0/stage/cgroup" /proc/$$/cgroup; exec "$@""#;

/// The helper for who cannot use the socket: hands what it is told on to it.
const PROGRAM: &str = "#!/bin/sh\n{ echo \"$1\"; exec cat; } | exec nc -U /run/polkit/lab.socket\n";

/// Accounts, a session and a helper beside a daemon's polkitd; they end with the value.
#[derive(Debug)]
pub struct Polkit {
    daemon: Daemon,
    helper: Child,
}

impl Polkit {
    /// The password of every account: `tester`, who asks, and the administrators `labadmin` and `laboperator`.
    pub const PASSWORD: &str = "labpass";

    /// The administrators, in the order in which polkit names them.
    pub const ADMINISTRATORS: [&str; 2] = ["labadmin", "laboperator"];

    /// Starts a daemon that asks polkit, whose administrators are `administrators`. `helper` is a program that calls
    /// [`serve_agent_helper`]; it listens at once.
    ///
    /// # Errors
    /// When a part of it is missing or does not come up.
    pub fn start(administrators: &[&str], helper: &mut Command) -> io::Result<Self> {
        let daemon = Daemon::start_with_polkit()?;
        set(&daemon)?;
        let names: Vec<_> = administrators
            .iter()
            .map(|name| format!("\"unix-user:{name}\""))
            .collect();
        let rule = format!(
            "polkit.addAdminRule(function() {{ return [{}]; }});\n",
            names.join(", ")
        );
        fs::write(daemon.path().join("rules/48-test.rules"), rule)?;
        let helper = spawn_inside(&daemon, helper)?;
        let polkit = Self { daemon, helper };
        polkit.wait_for_helper()?;
        Ok(polkit)
    }

    /// The daemon beside it.
    pub fn daemon(&self) -> &Daemon {
        &self.daemon
    }

    /// Takes the listening helper away and leaves the program, as before polkit 127.
    pub fn only_program(&self) -> io::Result<()> {
        let program = self.daemon.path().join("stage/program");
        fs::write(&program, PROGRAM)?;
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
        self.root(&format!("mv {SOCKET} /run/polkit/lab.socket"))?;
        self.root(&format!("mount --bind '{}' {HELPER}", program.display()))
    }

    /// Gives PAM other rules for polkit, in `pam.d`'s form.
    pub fn set_pam(&self, rules: &str) -> io::Result<()> {
        let file = self.daemon.path().join("stage/pam");
        fs::write(&file, rules)?;
        let file = file.display();
        self.root(&format!("mount --bind '{file}' /usr/lib/pam.d/polkit-1"))
    }

    /// Makes the helper one that ends without a word.
    pub fn break_helper(&self) -> io::Result<()> {
        self.root(&format!("rm {SOCKET}; mount --bind /bin/true {HELPER}"))
    }

    /// Prepares a program to run as tester: in a session of tester's, or in none.
    pub fn as_tester(&self, program: &Path, in_session: bool) -> io::Result<Command> {
        let copy = self.daemon.path().join("tester");
        if !copy.exists() {
            fs::copy(program, &copy)?;
        }
        let mut command = self.daemon.inside("sh")?;
        let enter = if in_session {
            IN_SESSION
        } else {
            "exec \"$@\""
        };
        command
            .args(["-c", enter])
            .arg(self.daemon.path())
            .args([
                "setpriv",
                "--reuid=20001",
                "--regid=65534",
                "--clear-groups",
            ])
            .arg(copy);
        Ok(command)
    }

    fn root(&self, script: &str) -> io::Result<()> {
        let mut command = self.daemon.inside("sh")?;
        finish(command.args(["-e", "-c", script]))
    }

    fn wait_for_helper(&self) -> io::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while self.root(&format!("test -S {SOCKET}")).is_err() {
            if Instant::now() > deadline {
                return Err(io::Error::other("the agent helper does not listen"));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Polkit {
    fn drop(&mut self) {
        // The daemon takes the rest of its namespace along.
        self.daemon.kill();
        let _ = self.helper.wait();
    }
}

/// Answers at the helper's socket as systemd does: each connection's first line names the account, the rest is for the
/// helper, which runs as root for the user at the other end. Does not return.
///
/// # Errors
/// When it cannot listen.
pub fn serve_agent_helper(stage: &Path) -> io::Result<()> {
    let listener = UnixListener::bind(SOCKET)?;
    fs::set_permissions(SOCKET, fs::Permissions::from_mode(0o666))?;
    for connection in listener.incoming() {
        let mut connection = connection?;
        let helper = stage.join("stage/helper");
        thread::spawn(move || -> io::Result<()> {
            let account = line(&mut connection)?;
            let asks = socket_peercred(&connection)?.uid.as_raw();
            let output = OwnedFd::from(connection.try_clone()?);
            Command::new("setpriv")
                .arg(format!("--ruid={asks}"))
                .arg(helper)
                .arg(account)
                .stdin(OwnedFd::from(connection))
                .stdout(output)
                .status()?;
            Ok(())
        });
    }
    Ok(())
}

/// Reads a line and not a byte more.
fn line(connection: &mut UnixStream) -> io::Result<String> {
    let mut line = String::new();
    let mut byte = [0];
    while connection.read(&mut byte)? == 1 && byte != *b"\n" {
        line.push(char::from(byte[0]));
    }
    Ok(line)
}

fn set(daemon: &Daemon) -> io::Result<()> {
    let password = daemon.path().join("password");
    fs::write(&password, Polkit::PASSWORD)?;
    let mut command = daemon.inside("sh")?;
    command.args(["-c", SETTING]).arg(daemon.path());
    finish(command.stdin(fs::File::open(password)?))
}

/// Starts a program of this user's inside the namespace, with the arguments and variables of `program`.
fn spawn_inside(daemon: &Daemon, program: &Command) -> io::Result<Child> {
    let mut command = daemon.inside(&program.get_program().to_string_lossy())?;
    command.args(program.get_args()).stdin(Stdio::null());
    for (name, value) in program.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command.env("LAB_STAGE", daemon.path()).spawn()
}

fn finish(command: &mut Command) -> io::Result<()> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(io::Error::other(format!("{command:?}: {said}")))
}
