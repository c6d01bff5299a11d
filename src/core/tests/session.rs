//! The user's own daemon, started when it is not there: a real libvirtd as an ordinary user. Needs the feature
//! `daemon-tests`, and fails where libvirtd is missing.

#![cfg(feature = "daemon-tests")]

mod support;

use std::{
    fs,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::Command,
};

use innkeeper_core::{Host, discover_local};
use rustix::process::{Pid, Signal, geteuid, kill_process};
use support::view::View;

/// Set for the program that runs as the user, with folders of its own.
const INSIDE: &str = "INNKEEPER_TEST_AS_USER";

/// `nobody`, where the tests run as root: root has no session.
const USER: u32 = 65_534;

#[test]
fn the_users_daemon_is_started_once_for_two_clients() {
    if std::env::var_os(INSIDE).is_some() {
        return as_user();
    }
    let home = tempfile::tempdir().unwrap();
    let program = prepare(home.path());
    let status = command(&program, home.path())
        .args([
            "--exact",
            "the_users_daemon_is_started_once_for_two_clients",
        ])
        .arg("--nocapture")
        .status()
        .unwrap();
    let daemon = daemon_of(home.path());
    if let Some(pid) = daemon {
        kill_process(pid, Signal::TERM).unwrap();
    }
    assert!(status.success(), "see above for what the user saw");
    assert!(daemon.is_some(), "the daemon outlives the clients");
}

/// Two clients come at the same time to a place without a daemon.
fn as_user() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let uri = "qemu:///session".parse().unwrap();
        assert!(discover_local().contains(&uri));
        let hosts = [Host::new(uri.clone()), Host::new(uri)];
        let mut views = [View::of(&hosts[0]), View::of(&hosts[1])];
        hosts.iter().for_each(Host::connect);
        for view in &mut views {
            view.until_connected().await;
        }
    });
    let run = PathBuf::from(std::env::var_os("XDG_RUNTIME_DIR").unwrap());
    assert!(
        run.join("libvirt/libvirtd.lock").exists(),
        "libvirt's own lock was taken"
    );
}

/// Makes the user's folders and puts this program where the user may run it.
fn prepare(home: &Path) -> PathBuf {
    let program = home.join("test");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    fs::create_dir(home.join("run")).unwrap();
    for folder in [home.to_owned(), home.join("run")] {
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
        if geteuid().is_root() {
            chown(&folder, Some(USER), Some(USER)).unwrap();
        }
    }
    program
}

fn command(program: &Path, home: &Path) -> Command {
    let mut command = if geteuid().is_root() {
        let mut command = Command::new("setpriv");
        command
            .args([format!("--reuid={USER}"), format!("--regid={USER}")])
            .arg("--clear-groups")
            .arg(program);
        command
    } else {
        Command::new(program)
    };
    command
        .env(INSIDE, "1")
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home.join("run"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env_remove("LIBVIRT_AUTOSTART")
        .current_dir(home);
    command
}

fn daemon_of(home: &Path) -> Option<Pid> {
    let text = fs::read_to_string(home.join("run/libvirt/libvirtd.pid")).ok()?;
    Pid::from_raw(text.trim().parse().ok()?)
}
