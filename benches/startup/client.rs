//! The two programs: how each is started on a desktop so that it shows one connection and nothing else.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use testbed::Desktop;

/// A program that lists guests.
pub(crate) struct Client {
    pub(crate) name: &'static str,
    /// The root folder that the program sees; `None`: the one that all see.
    root: Option<PathBuf>,
    program: &'static str,
}

impl Client {
    /// Innkeeper, as it was just built.
    pub(crate) fn innkeeper() -> Self {
        Self {
            name: "innkeeper",
            root: None,
            program: env!("CARGO_BIN_EXE_innkeeper"),
        }
    }

    /// virt-manager of the same Debian, installed now if it was not.
    pub(crate) fn virt_manager() -> Self {
        Self {
            name: "virt-manager",
            root: Some(install("virt-manager")),
            program: "/usr/bin/virt-manager",
        }
    }

    /// Tells whether this is the one that Innkeeper is measured against.
    pub(crate) fn is_peer(&self) -> bool {
        self.root.is_some()
    }

    /// The command that starts it as a user does who has this one connection.
    pub(crate) fn command(&self, desktop: &Desktop, uri: &str) -> Command {
        let mut command = match &self.root {
            None => {
                keep_connection(desktop, uri);
                desktop.command(self.program)
            }
            Some(root) => {
                let mut command = desktop.command("chroot");
                // Its settings are no file that could be laid down: the connection comes by the command line.
                command.arg(root).arg(self.program);
                command.args(["--no-fork", "--connect", uri]);
                command
            }
        };
        command.env("GSETTINGS_BACKEND", "memory");
        command
    }
}

/// Writes Innkeeper's list of connections as an earlier start has left it.
fn keep_connection(desktop: &Desktop, uri: &str) {
    let folder = desktop.folder("config").join("innkeeper");
    fs::create_dir_all(&folder).expect("a folder");
    let text = format!(r#"{{"version":1,"connections":[{{"uri":"{uri}","autoconnect":true}}]}}"#);
    fs::write(folder.join("connections.json"), text).expect("a file");
}

/// Makes a root folder that is this one plus a package, and installs the package the first time.
fn install(package: &str) -> PathBuf {
    const SCRIPT: &str = r#"
        set -eu
        layer=$1 root=$2 package=$3
        mkdir -p "$layer/upper" "$layer/work" "$root"
        mount -t overlay overlay -o "lowerdir=/,upperdir=$layer/upper,workdir=$layer/work" "$root"
        for folder in dev proc sys tmp run; do mount --rbind "/$folder" "$root/$folder"; done
        for file in resolv.conf hosts machine-id; do
            touch "$root/etc/$file"
            mount --bind "/etc/$file" "$root/etc/$file"
        done
        [ ! -e "$layer/complete" ] || exit 0
        echo "installing $package into an overlay of the private root" >&2
        chroot "$root" apt-get -o APT::Sandbox::User=root update -qq
        DEBIAN_FRONTEND=noninteractive chroot "$root" \
            apt-get -o APT::Sandbox::User=root install -y -qq --no-install-recommends "$package" >"$layer/log" 2>&1
        touch "$layer/complete"
    "#;
    let layer = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peer");
    let root = PathBuf::from("/run/innkeeper-bench-peer");
    let done = Command::new("bash")
        .args(["-c", SCRIPT, "install"])
        .args([&layer, &root])
        .arg(package)
        .status()
        .expect("bash");
    assert!(
        done.success(),
        "{package} could not be installed; see {}/log, and run this with build-aux/dev",
        layer.display()
    );
    root
}
