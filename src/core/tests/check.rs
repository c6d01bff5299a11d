//! Connections tested step by step, against a real libvirtd. Needs the feature `daemon-tests`.

#![cfg(feature = "daemon-tests")]

mod support;

use innkeeper_core::{Check, CheckStep, ErrorKind, LinkWarning, Options, Outcome, check};
use lab::Daemon;
use support::{
    PATIENCE,
    proxy::{Proxy, Target},
    uri,
};
use tokio::time::timeout;

/// What became of every step, in the order in which it was told, without those that only began.
async fn results(uri: &str) -> Vec<Check> {
    let mut test = check(uri.parse().unwrap(), Options::default());
    let steps = test.steps().to_vec();
    let mut results: Vec<Check> = Vec::new();
    let all = async {
        while let Some(news) = test.next().await {
            if !matches!(news.outcome, Outcome::Running) {
                results.push(news);
            }
        }
    };
    timeout(PATIENCE, all).await.expect("an end");
    let told: Vec<CheckStep> = results.iter().map(|check| check.step).collect();
    assert_eq!(told, steps, "each step is told once, in its turn");
    results
}

fn failure(results: &[Check]) -> (CheckStep, ErrorKind) {
    let mut failed = results.iter().filter_map(|check| match &check.outcome {
        Outcome::Failed(error) => Some((check.step, error.kind.clone())),
        _ => None,
    });
    let first = failed.next().expect("a failure");
    assert!(failed.next().is_none(), "one failure says it all");
    let behind = results.iter().skip_while(|check| check.step != first.0);
    for check in behind.skip(1) {
        assert!(matches!(check.outcome, Outcome::Skipped), "{check:?}");
    }
    first
}

fn detail(results: &[Check], step: CheckStep) -> String {
    let found = results.iter().find(|check| check.step == step);
    match &found.expect("the step").outcome {
        Outcome::Passed { detail } | Outcome::Warned { detail, .. } => detail.clone(),
        other => panic!("{step:?}: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_connection_passes_every_step_and_says_what_it_found() {
    let daemon = Daemon::start().unwrap();
    let results = results(&uri("test:///default", &daemon.socket()).to_string()).await;
    let socket = daemon.socket().display().to_string();
    assert_eq!(detail(&results, CheckStep::Socket), socket);
    assert_eq!(detail(&results, CheckStep::Driver), "test:///default");
    let what = detail(&results, CheckStep::Daemon);
    assert!(
        what.contains("libvirt 1") && what.contains("TEST"),
        "{what}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_fails_as_itself() {
    let daemon = Daemon::start().unwrap();
    let proxy = Proxy::start(Target::Socket(daemon.socket())).await;
    let port = proxy.address.port();

    let good = results(&format!("test+tcp://localhost:{port}/default")).await;
    assert!(detail(&good, CheckStep::Resolve).contains("127.0.0.1"));
    assert_eq!(detail(&good, CheckStep::Port), proxy.address.to_string());
    let warned = good.iter().any(|check| {
        matches!(&check.outcome, Outcome::Warned { warnings, .. } if warnings[..] == [LinkWarning::Unencrypted])
    });
    assert!(warned, "{good:?}");

    let (step, _) = failure(&results("test+pigeon://host/default").await);
    assert_eq!(step, CheckStep::Address);
    let (step, kind) = failure(&results("test+tcp://no-such-host.invalid/default").await);
    assert!(matches!(
        (step, kind),
        (CheckStep::Resolve, ErrorKind::HostNotFound { .. })
    ));
    let (step, kind) = failure(&results("xen+unix:///system?socket=/nonexistent").await);
    assert!(matches!(
        (step, kind),
        (CheckStep::Socket, ErrorKind::DaemonMissing { .. })
    ));
    let no_driver = uri("bhyve:///system", &daemon.socket()).to_string();
    assert_eq!(
        failure(&results(&no_driver).await),
        (CheckStep::Driver, ErrorKind::NoDriver)
    );
    drop(proxy);
    let closed = results(&format!("test+tcp://127.0.0.1:{port}/default")).await;
    let host = "127.0.0.1".to_owned();
    assert_eq!(
        failure(&closed),
        (CheckStep::Port, ErrorKind::PortClosed { host, port })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_that_is_dropped_leaves_nothing_open() {
    let daemon = Daemon::start().unwrap();
    let proxy = Proxy::start(Target::Socket(daemon.socket())).await;
    let uri = format!("test+tcp://{}/default", proxy.address);
    let mut test = check(uri.parse().unwrap(), Options::default());
    let at_port = async {
        while let Some(news) = test.next().await {
            if news.step == CheckStep::Port && !matches!(news.outcome, Outcome::Running) {
                return;
            }
        }
    };
    timeout(PATIENCE, at_port).await.expect("a connection");
    drop(test);
    timeout(PATIENCE, proxy.all_gone())
        .await
        .expect("no connection is left");
}

/// The program for the command line prints the same, and says by its exit status whether the host is ready.
#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_whether_a_host_is_ready() {
    let daemon = Daemon::start().unwrap();
    let good = uri("test:///default", &daemon.socket()).to_string();
    let folder = tempfile::tempdir().unwrap();
    let bad = uri("test:///default", &folder.path().join("nothing")).to_string();
    for (address, status, marks) in [
        (good.as_str(), 0, "✓✓✓✓✓"),
        (bad.as_str(), 1, "✓✗---"),
        ("no address", 2, ""),
    ] {
        let output = std::process::Command::new(doctor())
            .arg(address)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(status), "{said}");
        let found: String = said
            .lines()
            .filter_map(|line| line.chars().next())
            .filter(|sign| "✓✗!-".contains(*sign))
            .collect();
        assert_eq!(found, marks, "{said}");
    }
}

/// The example's program, which cargo builds with the tests.
fn doctor() -> std::path::PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(std::path::Path::parent).unwrap();
    folder.join("examples/doctor")
}
