//! What wakes a host: logind and NetworkManager on a private bus, and the kernel's news in a network of its own.
//! Needs the feature `daemon-tests`, and fails where a new network namespace is forbidden.

#![cfg(feature = "daemon-tests")]

mod support;

use std::{
    collections::HashMap,
    process::Command,
    time::{Duration, Instant},
};

use innkeeper_core::{
    ErrorKind, Host, HostState, Options,
    wake::{Wake, Woken},
};
use lab::{Bus, Daemon};
use rustix::process::geteuid;
use support::{PATIENCE, relay::Relay, uri, view::View};
use tokio::time::{sleep, timeout};
use zbus::{Connection, zvariant::Value};

/// Set for the program that runs in a network of its own.
const INSIDE: &str = "INNKEEPER_TEST_IN_NETWORK";

/// Runs a test of this program again, with its own network and with the system bus at `bus`.
fn run_inside(test: &str, bus: &str) {
    let mut command = Command::new("unshare");
    if !geteuid().is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    let status = command
        .arg("--net")
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .env("DBUS_SYSTEM_BUS_ADDRESS", bus)
        .status()
        .unwrap();
    assert!(status.success(), "see above for what happened inside");
}

fn is_inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}

fn block_on(work: impl Future<Output = ()>) {
    tokio::runtime::Runtime::new().unwrap().block_on(work);
}

/// logind and NetworkManager, as far as their signals go.
struct Services(Connection);

impl Services {
    async fn start() -> Self {
        let bus = Connection::system().await.unwrap();
        for name in ["org.freedesktop.login1", "org.freedesktop.NetworkManager"] {
            bus.request_name(name).await.unwrap();
        }
        Self(bus)
    }

    async fn prepare_for_sleep(&self, before: bool) {
        let (path, interface) = ("/org/freedesktop/login1", "org.freedesktop.login1.Manager");
        self.emit(path, interface, "PrepareForSleep", &before).await;
    }

    async fn network_state(&self, state: u32) {
        let interface = "org.freedesktop.NetworkManager";
        self.emit(
            "/org/freedesktop/NetworkManager",
            interface,
            "StateChanged",
            &state,
        )
        .await;
    }

    async fn network_property(&self, name: &str) {
        let changed = HashMap::from([(name, Value::from("/"))]);
        let body = (
            "org.freedesktop.NetworkManager",
            changed,
            Vec::<&str>::new(),
        );
        let interface = "org.freedesktop.DBus.Properties";
        self.emit(
            "/org/freedesktop/NetworkManager",
            interface,
            "PropertiesChanged",
            &body,
        )
        .await;
    }

    async fn emit<B>(&self, path: &str, interface: &str, signal: &str, body: &B)
    where
        B: zbus::export::serde::Serialize + zbus::zvariant::DynamicType,
    {
        let sent = self
            .0
            .emit_signal(None::<&str>, path, interface, signal, body);
        sent.await.unwrap();
    }
}

/// Repeats something until the watcher, which may still be on its way to the bus, tells of it.
async fn until_woken(wake: &mut Wake, mut act: impl AsyncFnMut()) -> Woken {
    let waiting = async {
        loop {
            act().await;
            if let Ok(woken) = timeout(Duration::from_millis(500), wake.next()).await {
                return woken;
            }
        }
    };
    timeout(PATIENCE, waiting).await.expect("news in time")
}

fn ip(arguments: &[&str]) {
    let status = Command::new("ip").args(arguments).status().unwrap();
    assert!(status.success(), "ip {arguments:?}");
}

#[test]
fn waking_up_and_a_network_that_comes_are_told() {
    if !is_inside() {
        let bus = Bus::start().unwrap();
        return run_inside("waking_up_and_a_network_that_comes_are_told", bus.address());
    }
    block_on(async {
        let services = Services::start().await;
        let mut wake = Wake::watch();
        let woken = until_woken(&mut wake, async || services.prepare_for_sleep(false).await).await;
        assert_eq!(woken, Woken::Resumed);
        let woken = until_woken(&mut wake, async || services.network_state(70).await).await;
        assert_eq!(woken, Woken::NetworkChanged);
        let vpn = async || services.network_property("ActiveConnections").await;
        assert_eq!(until_woken(&mut wake, vpn).await, Woken::NetworkChanged);
        // What is no news, before what is: the first is not told.
        services.prepare_for_sleep(true).await;
        services.network_state(20).await;
        services.network_property("WirelessEnabled").await;
        let more = timeout(Duration::from_secs(2), wake.next()).await;
        assert!(more.is_err(), "{more:?}");
    });
}

#[test]
fn without_a_bus_the_kernel_tells_of_the_network() {
    if !is_inside() {
        let test = "without_a_bus_the_kernel_tells_of_the_network";
        return run_inside(test, "unix:path=/nowhere/at/all");
    }
    block_on(async {
        let mut wake = Wake::watch();
        ip(&["link", "set", "lo", "up"]);
        let mut last = 0;
        let plug = async || {
            last += 1;
            ip(&["addr", "add", &format!("192.0.2.{last}/24"), "dev", "lo"]);
        };
        assert_eq!(until_woken(&mut wake, plug).await, Woken::NetworkChanged);
        wake.forget();
        // Told by the kernel as well, but it leads nowhere.
        ip(&["addr", "add", "fe80::1/64", "dev", "lo", "scope", "link"]);
        let more = timeout(Duration::from_secs(2), wake.next()).await;
        assert!(more.is_err(), "{more:?}");
    });
}

#[test]
fn a_lost_host_comes_back_at_once_and_a_dead_link_is_found() {
    if !is_inside() {
        let bus = Bus::start().unwrap();
        let test = "a_lost_host_comes_back_at_once_and_a_dead_link_is_found";
        return run_inside(test, bus.address());
    }
    block_on(async {
        let services = Services::start().await;
        let daemon = Daemon::start().unwrap();
        let path = daemon.path().join("relay");
        let relay = Relay::start(&path, &daemon.socket(), Duration::ZERO);
        let host = Host::with_options(
            uri("test:///default", &path),
            Options {
                retries: vec![Duration::from_hours(1)],
                ..Options::default()
            },
        );
        let mut view = View::of(&host);
        host.connect();
        view.until_connected().await;

        relay.cut();
        view.until("a lost link", View::is_lost).await;
        signal_until(
            &mut view,
            async || services.prepare_for_sleep(false).await,
            |view| matches!(view.state, HostState::Connected),
        )
        .await;

        // Nothing is closed; nothing comes through any more.
        relay.hold_replies(true);
        let frozen = Instant::now();
        services.network_state(70).await;
        view.until("a link that is known to be dead", View::is_lost)
            .await;
        assert!(frozen.elapsed() < Duration::from_secs(15));
        relay.hold_replies(false);
        signal_until(
            &mut view,
            async || services.network_state(70).await,
            |view| matches!(view.state, HostState::Connected),
        )
        .await;
    });
}

#[test]
fn a_host_that_no_network_led_to_is_tried_when_one_comes() {
    if !is_inside() {
        let test = "a_host_that_no_network_led_to_is_tried_when_one_comes";
        return run_inside(test, "unix:path=/nowhere/at/all");
    }
    block_on(async {
        let host = Host::new("test+tcp://192.0.2.1:9/default".parse().unwrap());
        let mut view = View::of(&host);
        host.connect();
        let error = view.until_failed().await;
        assert!(
            matches!(error.kind, ErrorKind::HostSilent { .. }),
            "{error}"
        );

        // Nobody listens there, but it was tried.
        ip(&["link", "set", "lo", "up"]);
        ip(&["addr", "add", "192.0.2.1/32", "dev", "lo"]);
        let is_closed = |view: &View| {
            matches!(&view.state, HostState::Failed(error)
                if matches!(error.kind, ErrorKind::PortClosed { .. }))
        };
        let mut last = 0;
        let news = async || {
            last += 1;
            let address = format!("198.51.100.{last}/32");
            ip(&["addr", "add", &address, "dev", "lo"]);
        };
        signal_until(&mut view, news, is_closed).await;
    });
}

/// Repeats a signal until the host is as it should be.
async fn signal_until(
    view: &mut View,
    mut signal: impl AsyncFnMut(),
    is_so: impl Fn(&View) -> bool,
) {
    let signalling = async {
        loop {
            signal().await;
            sleep(Duration::from_millis(500)).await;
        }
    };
    tokio::select! {
        () = view.until("what the signal leads to", is_so) => {}
        () = signalling => {}
    }
}
