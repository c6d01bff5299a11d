//! The figures of a host itself, against a real libvirtd. Needs the feature `daemon-tests`.

#![cfg(feature = "daemon-tests")]

mod support;

use std::{fs, time::Duration};

use innkeeper_core::{ChangesReceiver, Host, HostSample, HostState, Interest};
use lab::Daemon;
use support::{PATIENCE, uri};
use tokio::time::{sleep, timeout};

/// Waits for the next figures of the host.
async fn next(changes: &mut ChangesReceiver) -> HostSample {
    let sample = async {
        loop {
            let batch = changes.next().await.expect("the host is there");
            if let Some(sample) = batch.host_sample {
                return sample;
            }
        }
    };
    timeout(PATIENCE, sample).await.expect("figures in time")
}

async fn connected(base: &str, daemon: &Daemon) -> (Host, ChangesReceiver) {
    let host = Host::new(uri(base, &daemon.socket()));
    let mut changes = host.changes();
    host.connect();
    let up = async {
        while !matches!(host.state(), HostState::Connected) {
            changes.next().await.expect("the host is there");
        }
    };
    timeout(PATIENCE, up).await.expect("a connection in time");
    (host, changes)
}

fn looked_at() -> Interest {
    Interest {
        host: true,
        interval: Duration::from_millis(200),
        ..Interest::default()
    }
}

fn memory_of_this_machine_kib() -> u64 {
    let text = fs::read_to_string("/proc/meminfo").expect("Linux");
    let line = text.lines().find(|line| line.starts_with("MemTotal:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.and_then(|n| n.parse().ok()).expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hosts_own_figures_come_while_it_is_looked_at() {
    let daemon = Daemon::start().unwrap();
    let (host, mut changes) = connected(Daemon::qemu_uri(), &daemon).await;
    let calls = || host.traffic().map_or(0, |traffic| traffic.calls);
    let settled = async || loop {
        let before = calls();
        sleep(Duration::from_millis(300)).await;
        if calls() == before {
            return before;
        }
    };
    let before = timeout(PATIENCE, settled()).await.unwrap();

    host.set_interest(looked_at());
    let first = next(&mut changes).await;
    assert_eq!(first.cpu, None, "a share needs two readings");
    assert_eq!(first.memory_kib, Some(memory_of_this_machine_kib()));
    assert!(first.memory_used_kib < first.memory_kib);
    let second = next(&mut changes).await;
    assert!((0.0..=1.0).contains(&second.cpu.expect("a share")));
    let spent = calls() - before;
    assert!(
        (6..=8).contains(&spent),
        "{spent} calls: the counts, then two ticks of two"
    );

    host.set_interest(Interest::default());
    let before = timeout(PATIENCE, settled()).await.unwrap();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(calls(), before, "nobody looks any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_says_what_it_can_do() {
    let daemon = Daemon::start().unwrap();
    let (host, _changes) = connected(Daemon::qemu_uri(), &daemon).await;
    let capabilities = host.capabilities().await.expect("capabilities");
    let runs = |domain: &str| {
        let mut kinds = capabilities.guests.iter();
        kinds.any(|kind| kind.os_type == "hvm" && kind.domains.iter().any(|d| d == domain))
    };
    assert!(runs("qemu"), "{capabilities:?}");
    assert!(capabilities.migration.contains(&"tcp".to_owned()));
}
