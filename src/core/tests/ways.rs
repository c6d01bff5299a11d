//! The ways to a daemon, against a real libvirtd. Needs the feature `daemon-tests`, and fails where libvirtd is missing.

#![cfg(feature = "daemon-tests")]

mod support;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

use innkeeper_core::{
    Act, AuthKind, ErrorKind, Host, HostState, LinkWarning, LogEvent, Options, Transport,
};
use lab::Daemon;
use support::{
    proxy::{Proxy, Target, Weather},
    uri,
    view::View,
};

const TEST: &str = "test:///default";

fn connect(uri: &str, options: Options) -> (Host, View) {
    let host = Host::with_options(uri.parse().unwrap(), options);
    let view = View::of(&host);
    host.connect();
    (host, view)
}

/// A program that is a way to a socket.
fn script(folder: &Path, body: &str) -> PathBuf {
    let program = folder.join("way in.sh");
    fs::write(&program, format!("#!/bin/sh\n{body}\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    program
}

fn ext(program: &Path) -> String {
    let path = program.display().to_string().replace(' ', "%20");
    format!("test+ext:///default?command={path}")
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_tcp_leads_in_and_a_warning_stays() {
    let daemon = Daemon::start().unwrap();
    let proxy = Proxy::start(Target::Socket(daemon.socket())).await;
    let port = proxy.address.port();
    let (host, mut view) = connect(
        &format!("test+tcp://localhost:{port}/default"),
        Options::default(),
    );
    view.until_connected().await;
    let link = host.link_info().unwrap();
    assert_eq!(link.transport, Transport::Tcp);
    assert_eq!(link.peer, proxy.address.to_string());
    assert_eq!(link.auth, AuthKind::None);
    assert_eq!(link.warnings, [LinkWarning::Unencrypted]);
    assert_eq!(view.link.as_ref(), Some(&link));
    let is_warning = |event: &LogEvent| matches!(event, LogEvent::Warning(_));
    assert!(host.log().iter().any(|line| is_warning(&line.event)));
    host.disconnect();
    view.until("no link", |view| view.link.is_none()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_of_the_users_leads_in_and_ends_with_the_connection() {
    let daemon = Daemon::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let pid = folder.path().join("pid");
    let body = format!(
        "echo $$ > '{}'; exec nc -U '{}'",
        pid.display(),
        daemon.socket().display()
    );
    let program = script(folder.path(), &body);
    let (host, mut view) = connect(&ext(&program), Options::default());
    view.until_connected().await;
    let link = host.link_info().unwrap();
    assert_eq!(link.transport, Transport::Ext);
    assert_eq!(link.peer, program.display().to_string());
    assert!(link.warnings.is_empty());
    let process = PathBuf::from("/proc").join(fs::read_to_string(pid).unwrap().trim());
    assert!(process.exists());
    host.disconnect();
    let deadline = Instant::now() + support::PATIENCE;
    while process.exists() {
        assert!(Instant::now() < deadline, "the program outlives the link");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_fails_is_quoted() {
    let folder = tempfile::tempdir().unwrap();
    let program = script(folder.path(), "echo 'no such luck' >&2; exit 3");
    let (_host, mut view) = connect(&ext(&program), Options::default());
    let error = view.until_failed().await;
    assert_eq!(error.kind, ErrorKind::CommandFailed);
    assert!(error.message.contains("no such luck"), "{error}");
    assert!(error.message.contains('3'), "{error}");

    let (_host, mut view) = connect(&ext(Path::new("/nonexistent")), Options::default());
    assert_eq!(view.until_failed().await.kind, ErrorKind::CommandFailed);
    let (_host, mut view) = connect("test+ext:///default", Options::default());
    assert_eq!(view.until_failed().await.kind, ErrorKind::BadUri);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_looks_may_not_touch() {
    let daemon = Daemon::start().unwrap();
    let readers = daemon.socket().with_file_name("libvirt-sock-ro");
    for socket in [readers, daemon.socket()] {
        let options = Options {
            read_only: true,
            ..Options::default()
        };
        let (host, mut view) = connect(&uri(TEST, &socket).to_string(), options);
        view.until_connected().await;
        let domain = view.named("test").unwrap().uuid;
        let error = host.act(domain, Act::ForceOff).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Forbidden, "{error}");
        // A changed mind counts from the next attempt on.
        host.set_options(Options::default());
        host.disconnect();
        view.until("the end", |view| {
            matches!(view.state, HostState::Disconnected)
        })
        .await;
        if socket == daemon.socket() {
            host.connect();
            view.until_connected().await;
            host.act(domain, Act::ForceOff).await.unwrap();
        }
    }
}

/// A link that stays open and passes nothing is lost within 15 seconds, whichever way is frozen, and comes back.
#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_link_is_lost_within_fifteen_seconds_and_comes_back() {
    let daemon = Daemon::start().unwrap();
    let out = Weather {
        frozen_out: true,
        ..Weather::default()
    };
    let both = Weather {
        frozen_in: true,
        ..out
    };
    let into = Weather {
        frozen_out: false,
        ..both
    };
    let trials = [out, into, both].map(|weather| {
        let target = Target::Socket(daemon.socket());
        tokio::spawn(async move {
            let proxy = Proxy::start(target).await;
            let uri = format!("test+tcp://{}/default", proxy.address);
            let (_host, mut view) = connect(&uri, Options::default());
            view.until_connected().await;
            proxy.set(weather);
            let (frozen, frozen_at) = (Instant::now(), SystemTime::now());
            view.until("the loss", View::is_lost).await;
            let after = frozen.elapsed();
            assert!(after < Duration::from_secs(15), "{weather:?}: {after:?}");
            let HostState::Lost { last_news, .. } = view.state else {
                unreachable!();
            };
            let age = frozen_at.duration_since(last_news).unwrap_or_default();
            assert!(age < Duration::from_secs(4), "last heard of {age:?} before");
            assert!(last_news < frozen_at + Duration::from_secs(4));
            assert!(view.named("test").is_some(), "what was known stays");
            proxy.set(Weather::default());
            view.until_connected().await;
        })
    });
    for trial in trials {
        trial.await.unwrap();
    }
}
