//! The ways over ssh to a far daemon: real OpenSSH, real libvirtd. Needs the feature `daemon-tests` and root, and fails
//! where a part is missing.

#![cfg(feature = "daemon-tests")]

mod support;

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, process::Stdio, time::Duration};

use innkeeper_core::{
    ErrorKind, Host, HostState, LogEvent, Options, Outcome, SshWay, Transport, check,
};
use lab::{Daemon, SshdOptions};
use support::{
    PATIENCE,
    far_host::{FarHost, account, connected, quiet, refused},
    view::View,
};
use tokio::time::{Instant, sleep};

const SYSTEM: &str = "/var/run/libvirt/libvirt-sock";

fn way(host: &Host) -> Option<SshWay> {
    host.link_info().expect("a link").ssh.clone()
}

/// Waits until no login is left on the far host.
async fn until_logged_out(far: &FarHost) {
    let deadline = Instant::now() + PATIENCE;
    while far.sshd.processes() > 0 {
        assert!(Instant::now() < deadline, "a login is left behind");
        sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn one_login_serves_every_host_that_asks_for_it_and_ends_with_the_last() {
    let far = FarHost::start(SshdOptions::default());
    let one = connected(far.uri(Daemon::qemu_uri(), ""), quiet()).await;
    let info = one.0.link_info().unwrap();
    assert_eq!(
        (info.transport, info.peer.as_str()),
        (Transport::Ssh, "root@127.0.0.1")
    );
    let forwarded = SshWay::Forwarded {
        socket: SYSTEM.to_owned(),
    };
    assert_eq!(way(&one.0), Some(forwarded.clone()));
    let tried = one.0.log();
    assert!(
        tried.iter().any(|line| matches!(&line.event, LogEvent::Tried { what, .. } if what.ends_with("virtqemud-sock"))),
        "{tried:?}"
    );
    let (first, second) = tokio::join!(
        connected(far.uri("test:///default", ""), quiet()),
        connected(far.uri("test:///default", "x=1"), quiet()),
    );
    assert_eq!(
        first.1.named("test").map(|domain| domain.name.as_str()),
        Some("test")
    );
    assert_eq!(far.sshd.logins(), 1, "{}", far.sshd.log());
    drop((one, first));
    assert!(matches!(second.0.state(), HostState::Connected));
    drop(second);
    until_logged_out(&far).await;
}

#[tokio::test]
async fn a_test_hands_its_login_to_the_host_that_is_added() {
    let far = FarHost::start(SshdOptions::default());
    let uri = far.uri("test:///default", "");
    let mut test = check(uri.clone(), quiet());
    while let Some(news) = test.next().await {
        assert!(!matches!(news.outcome, Outcome::Failed(_)), "{news:?}");
    }
    drop(test);
    let added = connected(uri, quiet()).await;
    assert_eq!(far.sshd.logins(), 1, "{}", far.sshd.log());
    drop(added);
    until_logged_out(&far).await;
}

#[tokio::test]
async fn two_that_come_at_once_log_in_once() {
    let far = FarHost::start(SshdOptions::default());
    let (one, other) = tokio::join!(
        connected(far.uri(Daemon::qemu_uri(), ""), quiet()),
        connected(far.uri(Daemon::qemu_uri(), ""), quiet()),
    );
    assert_eq!(far.sshd.logins(), 1);
    drop((one, other));
}

#[tokio::test]
async fn each_way_is_taken_where_the_one_before_it_is_closed() {
    let helper = FarHost::without_forwarding(&[]);
    let (host, _view) = connected(helper.uri(Daemon::qemu_uri(), ""), quiet()).await;
    assert_eq!(way(&host), Some(SshWay::Helper));
    let netcat = FarHost::without_forwarding(&["virt-ssh-helper"]);
    let (host, _view) = connected(netcat.uri(Daemon::qemu_uri(), ""), quiet()).await;
    assert_eq!(
        way(&host),
        Some(SshWay::Netcat {
            socket: SYSTEM.to_owned()
        })
    );
    let closed = FarHost::without_forwarding(&["virt-ssh-helper", "nc"]);
    let error = refused(closed.uri(Daemon::qemu_uri(), ""), quiet()).await;
    assert_eq!(error.kind, ErrorKind::SshNoWay, "{error}");
    until_logged_out(&closed).await;
}

#[tokio::test]
async fn the_uri_chooses_among_the_ways() {
    let far = FarHost::start(SshdOptions::default());
    let netcat = |socket: &str| {
        Some(SshWay::Netcat {
            socket: socket.to_owned(),
        })
    };
    for (parameters, expected) in [
        ("proxy=netcat", netcat(SYSTEM)),
        ("proxy=native", Some(SshWay::Helper)),
        (
            "proxy=netcat&socket=/run/libvirt/libvirt-sock",
            netcat("/run/libvirt/libvirt-sock"),
        ),
        (
            "socket=/run/libvirt/libvirt-sock",
            Some(SshWay::Forwarded {
                socket: "/run/libvirt/libvirt-sock".to_owned(),
            }),
        ),
        (
            "mode=legacy",
            Some(SshWay::Forwarded {
                socket: SYSTEM.to_owned(),
            }),
        ),
    ] {
        let (host, _view) = connected(far.uri(Daemon::qemu_uri(), parameters), quiet()).await;
        assert_eq!(way(&host), expected, "{parameters}");
    }
    let look = Options {
        read_only: true,
        ..quiet()
    };
    let (host, _view) = connected(far.uri(Daemon::qemu_uri(), ""), look).await;
    assert_eq!(
        way(&host),
        Some(SshWay::Forwarded {
            socket: format!("{SYSTEM}-ro")
        })
    );
}

#[tokio::test]
async fn login_shells_of_every_kind_lead_on() {
    for shell in ["/usr/bin/fish", "/usr/bin/tcsh", "/bin/sh"] {
        let far = FarHost::start(SshdOptions {
            config: "AllowStreamLocalForwarding no".to_owned(),
            accounts: vec![account(shell)],
            ..SshdOptions::default()
        });
        let key = format!("keyfile={}", far.sshd.key().display());
        let uri = |more: &str| far.uri_of("guest", "test:///default", &format!("{key}&{more}"));
        for (more, expected) in [
            ("", SshWay::Helper),
            (
                "proxy=netcat",
                SshWay::Netcat {
                    socket: SYSTEM.to_owned(),
                },
            ),
        ] {
            let (host, _view) = connected(uri(more), quiet()).await;
            assert_eq!(way(&host), Some(expected), "{shell}");
        }
    }
}

#[tokio::test]
async fn a_users_own_daemon_is_started_over_there() {
    let far = FarHost::start(SshdOptions {
        accounts: vec![account("/bin/sh")],
        ..SshdOptions::default()
    });
    let key = format!("keyfile={}", far.sshd.key().display());
    let uri = far.uri_of("guest", "qemu:///session", &key);
    let (host, view) = connected(uri, quiet()).await;
    assert_eq!(way(&host), Some(SshWay::Helper));
    assert!(view.domains.is_empty());
    let socket = far
        .sshd
        .path()
        .join("home/guest/.cache/libvirt/libvirt-sock");
    assert!(socket.exists(), "the daemon is the account's own");
}

#[tokio::test]
async fn a_far_daemon_that_is_not_there_is_told_from_a_login_that_failed() {
    let far = FarHost::without_forwarding(&[]);
    let missing = "socket=/run/libvirt/nowhere";
    let error = refused(far.uri(Daemon::qemu_uri(), missing), quiet()).await;
    let socket = "/run/libvirt/nowhere".to_owned();
    assert_eq!(error.kind, ErrorKind::DaemonMissing { socket }, "{error}");
    let helper = FarHost::start(SshdOptions::default());
    let error = refused(helper.uri("qemu:///system", "mode=direct"), quiet()).await;
    assert!(
        matches!(error.kind, ErrorKind::DaemonMissing { .. }),
        "{error}"
    );
}

#[tokio::test]
async fn where_a_login_takes_one_command_each_gets_a_login() {
    let far = FarHost::start(SshdOptions {
        config: "AllowStreamLocalForwarding no\nAllowTcpForwarding no\nMaxSessions 1".to_owned(),
        ..SshdOptions::default()
    });
    let one = connected(far.uri(Daemon::qemu_uri(), ""), quiet()).await;
    assert_eq!(far.sshd.logins(), 1);
    let other = connected(far.uri("test:///default", ""), quiet()).await;
    assert_eq!(way(&other.0), Some(SshWay::Helper));
    assert_eq!(far.sshd.logins(), 2);
    drop((one, other));
    until_logged_out(&far).await;
}

/// Writes a program that stands in for ssh.
fn program(far: &FarHost, name: &str, body: &str) -> PathBuf {
    let path = far.sshd.path().join(name);
    fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[tokio::test]
async fn the_users_own_master_is_ridden_on_and_left_alone() {
    let far = FarHost::start(SshdOptions::default());
    let control = far.sshd.path().join("own");
    let config = far.sshd.path().join("config");
    let text = format!(
        "Host *\nControlPath {}\nControlMaster auto\n",
        control.display()
    );
    fs::write(&config, text).unwrap();
    let ssh = program(
        &far,
        "ssh",
        &format!("exec ssh -F {} \"$@\"", config.display()),
    );
    let known = far.sshd.known_hosts().unwrap();
    let mut own = tokio::process::Command::new(&ssh)
        .args(["-M", "-N", "-l", "root", "-p", &far.sshd.port().to_string()])
        .arg("-i")
        .arg(far.sshd.key())
        .arg("-o")
        .arg(format!("UserKnownHostsFile={}", known.display()))
        .arg("127.0.0.1")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let deadline = Instant::now() + PATIENCE;
    while !control.exists() {
        assert!(Instant::now() < deadline, "{:?}", own.try_wait());
        sleep(Duration::from_millis(10)).await;
    }
    // No key is named: only the master can let us in.
    let uri = far.uri_of(
        "root",
        Daemon::qemu_uri(),
        &format!("command={}", ssh.display()),
    );
    let connection = connected(uri, quiet()).await;
    assert_eq!(far.sshd.logins(), 1);
    drop(connection);
    assert!(control.exists() && own.try_wait().unwrap().is_none());
}

#[tokio::test]
async fn a_program_that_is_not_openssh_is_used_as_libvirt_does() {
    let far = FarHost::start(SshdOptions::default());
    let socket = far.daemon.socket().display().to_string();
    let body = "echo \"$@\" >> \"$0.said\"; for last; do :; done; exec sh -c \"$last\"";
    let ssh = program(&far, "plink", body);
    let parameters = format!("command={}&socket={socket}", ssh.display());
    let uri = format!("qemu+ssh://me@far.example:2022/system?{parameters}")
        .parse()
        .unwrap();
    let (host, _view) = connected(uri, quiet()).await;
    assert_eq!(way(&host), Some(SshWay::Netcat { socket }));
    let said = fs::read_to_string(far.sshd.path().join("plink.said")).unwrap();
    let last = said.lines().last().unwrap();
    assert!(
        last.starts_with("-p 2022 -l me -T -e none -- far.example sh -c '"),
        "{said}"
    );
    assert_eq!(far.sshd.logins(), 0);
}

#[tokio::test]
async fn a_link_that_is_cut_comes_back_by_a_new_login() {
    let far = FarHost::start(SshdOptions::default());
    let (host, mut view) = connected(far.uri("test:///default", ""), quiet()).await;
    far.sshd.cut();
    view.until("the loss", View::is_lost).await;
    assert!(view.named("test").is_some(), "what was known stays");
    view.until_connected().await;
    assert_eq!(far.sshd.logins(), 2);
    drop(host);
}

#[tokio::test]
async fn a_link_that_freezes_is_lost_in_time_and_comes_back() {
    let far = FarHost::start(SshdOptions::default());
    let (_host, mut view) = connected(far.uri("test:///default", ""), quiet()).await;
    far.sshd.freeze();
    let frozen = Instant::now();
    view.until("the loss", View::is_lost).await;
    assert!(
        frozen.elapsed() < Duration::from_secs(15),
        "{:?}",
        frozen.elapsed()
    );
    view.until_connected().await;
    assert_eq!(far.sshd.logins(), 2);
}
