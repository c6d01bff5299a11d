//! A private sshd with host key, accounts and log of its own, in namespaces of its own. Only root can start one.
//!
//! Its accounts exist in its mount namespace only; programs of the far host can be hidden there, and a private
//! libvirtd's sockets shown where the system's are expected. Everything that was logged in ends with it.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, geteuid, kill_process};

use crate::shadow;

/// A running sshd; it ends, with all logins, when dropped.
#[derive(Debug)]
pub struct Sshd {
    dir: tempfile::TempDir,
    child: Child,
    port: u16,
}

/// What sshd shall be like.
#[derive(Debug, Default)]
pub struct SshdOptions {
    /// Further lines of `sshd_config`.
    pub config: String,
    /// The accounts besides root.
    pub accounts: Vec<Account>,
    /// Programs that the far host has not, such as `nc`.
    pub hidden: Vec<String>,
    /// A folder that is `/run/libvirt` on the far host: a private daemon's sockets.
    pub libvirt: Option<PathBuf>,
    /// Whether passwords are asked for by PAM, in a dialogue, instead of by sshd.
    pub pam: bool,
}

/// An account of the far host, with a home of its own.
#[derive(Debug)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its number, and its group's. A daemon outside knows its callers by it: one that the system has is known there.
    pub uid: u32,
    /// Its password.
    pub password: String,
    /// Its login shell.
    pub shell: String,
}

/// How long sshd may take until it listens.
const START_DEADLINE: Duration = Duration::from_mins(1);

/// Binds the private files over the system's and becomes sshd, process 1 of the namespace.
const AS_ROOT: &str = r#"
set -e
mount -t proc proc /proc
mkdir -p /run/sshd /run/libvirt
for file in passwd shadow group; do mount --bind "$0/$file" /etc/$file; done
if [ -e "$0/pam" ]; then mount --bind "$0/pam" /etc/pam.d/sshd; fi
if [ -e "$0/libvirt" ]; then mount --bind "$(readlink "$0/libvirt")" /run/libvirt; fi
while read -r hidden; do mount --bind "$0/hidden" "$(readlink -f "$hidden")"; done < "$0/hide"
exec /usr/sbin/sshd -D -e -f "$0/sshd_config"
"#;

/// What PAM does for sshd: asks for the account's password, and no more.
const PAM: &str =
    "auth required pam_unix.so\naccount required pam_permit.so\nsession required pam_permit.so\n";

impl Sshd {
    /// Starts sshd on a free port of 127.0.0.1 and waits until it listens.
    ///
    /// # Errors
    /// When sshd is missing, we are not root, or it does not come up; the text has what it said.
    pub fn start(options: &SshdOptions) -> io::Result<Self> {
        if !geteuid().is_root() {
            return Err(io::Error::other("a private sshd needs root"));
        }
        let dir = tempfile::Builder::new().prefix("sshd").tempdir()?;
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755))?;
        for key in ["host_key", "id"] {
            make_key(&dir.path().join(key), "")?;
        }
        write_accounts(dir.path(), &options.accounts)?;
        write_hidden(dir.path(), options)?;
        let port = crate::own_port()?;
        write_config(dir.path(), port, options)?;
        let log = fs::File::create(dir.path().join("log"))?;
        let child = Command::new("unshare")
            .args(["--mount", "--pid", "--fork", "--kill-child"])
            .args(["--propagation", "private", "sh", "-c", AS_ROOT])
            .arg(dir.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let mut sshd = Self { dir, child, port };
        sshd.wait_until_listening()?;
        Ok(sshd)
    }

    fn wait_until_listening(&mut self) -> io::Result<()> {
        let deadline = Instant::now() + START_DEADLINE;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            let ended = self.child.try_wait()?;
            if ended.is_some() || Instant::now() > deadline {
                let text = format!("sshd does not listen ({ended:?}): {}", self.log());
                return Err(io::Error::other(text));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// The port of 127.0.0.1 that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// A folder for files of the test's own; everybody may look into it.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// A private key, without a passphrase, that every account takes.
    pub fn key(&self) -> PathBuf {
        self.path().join("id")
    }

    /// Makes a private key with this passphrase that every account takes.
    ///
    /// # Errors
    /// When `ssh-keygen` is missing, or the folder cannot be written.
    pub fn make_key(&self, name: &str, passphrase: &str) -> io::Result<PathBuf> {
        let path = self.path().join(name);
        make_key(&path, passphrase)?;
        let public = fs::read_to_string(path.with_extension("pub"))?;
        let authorized = self.path().join("authorized_keys");
        let known = fs::read_to_string(&authorized)?;
        fs::write(authorized, known + &public)?;
        Ok(path)
    }

    /// The URI of the system's daemon of the far host, as root with the key.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn uri(&self) -> io::Result<String> {
        let (port, key, known) = (self.port, self.key(), self.known_hosts()?);
        let (key, known) = (key.display(), known.display());
        Ok(format!(
            "qemu+ssh://root@127.0.0.1:{port}/system?keyfile={key}&known_hosts={known}"
        ))
    }

    /// Writes a `known_hosts` file that vouches for it.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn known_hosts(&self) -> io::Result<PathBuf> {
        self.known_hosts_with(&self.path().join("host_key.pub"))
    }

    /// Writes a `known_hosts` file in which it has another key.
    ///
    /// # Errors
    /// As [`Sshd::known_hosts`].
    pub fn wrong_known_hosts(&self) -> io::Result<PathBuf> {
        let other = self.path().join("other_key");
        make_key(&other, "")?;
        self.known_hosts_with(&other.with_extension("pub"))
    }

    fn known_hosts_with(&self, key: &Path) -> io::Result<PathBuf> {
        let key = fs::read_to_string(key)?;
        let name = format!("[127.0.0.1]:{}", self.port);
        let file = tempfile::Builder::new()
            .prefix("known_hosts")
            .tempfile_in(self.path())?;
        fs::write(file.path(), format!("# who is who\n{name} {key}"))?;
        Ok(file.keep()?.1)
    }

    /// The fingerprint of its key, in OpenSSH's form.
    ///
    /// # Errors
    /// When `ssh-keygen` is missing.
    pub fn fingerprint(&self) -> io::Result<String> {
        let output = Command::new("ssh-keygen")
            .arg("-lf")
            .arg(self.path().join("host_key.pub"))
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let second = text.split_whitespace().nth(1);
        second
            .map(str::to_owned)
            .ok_or_else(|| io::Error::other(text.clone()))
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.path().join("log")).unwrap_or_default()
    }

    /// How many logins it has let in so far.
    pub fn logins(&self) -> usize {
        let log = self.log();
        log.lines()
            .filter(|line| line.contains("Accepted "))
            .count()
    }

    /// Cuts every login that there is, without a goodbye; new ones are let in.
    pub fn cut(&self) {
        self.signal_logins(Signal::KILL);
    }

    /// Freezes every login that there is: their links stay open and nothing comes back over them.
    pub fn freeze(&self) {
        self.signal_logins(Signal::STOP);
    }

    fn signal_logins(&self, signal: Signal) {
        for listener in children_of(self.child.id()) {
            for pid in descendants_of(listener) {
                if let Some(pid) = Pid::from_raw(pid.cast_signed()) {
                    // It may have ended by itself.
                    let _ = kill_process(pid, signal);
                }
            }
        }
    }

    /// How many processes of logins there are.
    pub fn processes(&self) -> usize {
        let listeners = children_of(self.child.id());
        listeners.into_iter().flat_map(descendants_of).count()
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        // Process 1 of the namespace dies with its parent, and everything in it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn children_of(pid: u32) -> Vec<u32> {
    let path = format!("/proc/{pid}/task/{pid}/children");
    let text = fs::read_to_string(path).unwrap_or_default();
    text.split_whitespace()
        .filter_map(|pid| pid.parse().ok())
        .collect()
}

fn descendants_of(pid: u32) -> Vec<u32> {
    let children = children_of(pid);
    let below = children.iter().flat_map(|child| descendants_of(*child));
    below.chain(children.iter().copied()).collect()
}

fn make_key(path: &Path, passphrase: &str) -> io::Result<()> {
    let output = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-C", "lab", "-N", passphrase, "-f"])
        .arg(path)
        .stdin(Stdio::null())
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(io::Error::other(said))
}

/// Writes the account files of the namespace, and the homes.
fn write_accounts(dir: &Path, accounts: &[Account]) -> io::Result<()> {
    let read = |name: &str| fs::read_to_string(Path::new("/etc").join(name));
    let (mut passwd, mut shadows, mut group) = (String::new(), String::new(), String::new());
    for account in accounts {
        let (name, shell, uid) = (&account.name, &account.shell, account.uid);
        let home = dir.join("home").join(name);
        fs::create_dir_all(&home)?;
        chown(&home, Some(uid), Some(uid))?;
        shadows += &shadow::line(name, &account.password)?;
        let home = home.display();
        // Writing to a string does not fail.
        let _ = writeln!(passwd, "{name}:x:{uid}:{uid}::{home}:{shell}");
        let _ = writeln!(group, "{name}:x:{uid}:");
    }
    // The system's come behind them: of two with one number the first one counts.
    for (file, text) in [("passwd", passwd), ("shadow", shadows), ("group", group)] {
        fs::write(dir.join(file), text + &read(file)?)?;
    }
    fs::set_permissions(dir.join("shadow"), fs::Permissions::from_mode(0o600))
}

fn write_hidden(dir: &Path, options: &SshdOptions) -> io::Result<()> {
    // Neither a program nor executable: it is not found in PATH.
    fs::write(dir.join("hidden"), "")?;
    let folders = ["/usr/bin", "/usr/local/bin", "/bin"];
    let mut found: Vec<PathBuf> = options
        .hidden
        .iter()
        .flat_map(|name| folders.map(|folder| Path::new(folder).join(name)))
        .filter_map(|path| path.canonicalize().ok())
        .collect();
    found.sort();
    found.dedup();
    let mut list = String::new();
    for path in found {
        let _ = writeln!(list, "{}", path.display());
    }
    fs::write(dir.join("hide"), list)?;
    if let Some(sockets) = &options.libvirt {
        // Whoever logs in must be able to get through to the sockets.
        fs::set_permissions(sockets, fs::Permissions::from_mode(0o755))?;
        std::os::unix::fs::symlink(sockets, dir.join("libvirt"))?;
    }
    Ok(())
}

fn write_config(dir: &Path, port: u16, options: &SshdOptions) -> io::Result<()> {
    fs::copy(dir.join("id.pub"), dir.join("authorized_keys"))?;
    let place = dir.display();
    let mut wanted = options.config.clone();
    if options.pam {
        fs::write(dir.join("pam"), PAM)?;
        wanted += "\nUsePAM yes\nPasswordAuthentication no\nKbdInteractiveAuthentication yes";
    }
    // The first value of a word counts: what a test wants comes first.
    let config = format!(
        "{wanted}\nListenAddress 127.0.0.1\nPort {port}\nHostKey {place}/host_key\nPidFile none\n\
         AuthorizedKeysFile {place}/authorized_keys\nStrictModes no\nPermitRootLogin yes\n\
         PasswordAuthentication yes\nKbdInteractiveAuthentication no\nUsePAM no\nMaxStartups 100\n\
         PerSourcePenalties no\n"
    );
    fs::write(dir.join("sshd_config"), config)
}
