//! By which way a screen is reached, and what there is to do where none leads there: real libvirtd, QEMU, sshd. Needs the
//! feature `daemon-tests` and root, and fails where a part is missing.

#![cfg(feature = "daemon-tests")]

mod support;

use std::{fs, time::Duration};

use innkeeper_core::{
    Act, ConsoleState, DomainState, Error, ErrorKind, Host, Options, ScreenRoute, ScreenWay,
};
use lab::{Daemon, Listen, SshdOptions};
use support::{
    admin::Admin,
    far_host::{FarHost, connected, quiet},
    person::Person,
    proxy::{Proxy, Target, Weather},
    screen::{AT_A_SOCKET, at_a_port, at_a_port_with, failure, start_guest, until, until_live},
    uri,
    view::View,
};
use uuid::Uuid;
use virt_rpc::procedure::{DomainGetXmlDesc, DomainMonitorCommand, types};

/// An address of no network that counts as one: only this machine reaches it, and no rule about loopback names it.
const OUTSIDE: &str = "::ffff:127.0.0.1";

fn outside() -> String {
    at_a_port().replace("127.0.0.1", OUTSIDE)
}

fn way(way: ScreenWay) -> Options {
    Options {
        screen_way: way,
        ..quiet()
    }
}

fn inside(place: Option<&str>, opens_at_next_start: bool) -> ErrorKind {
    ErrorKind::ConsoleInside {
        place: place.map(str::to_owned),
        opens_at_next_start,
    }
}

async fn route(host: &Host, dom: &types::Domain) -> ScreenRoute {
    let console = host.console(dom.uuid, Person::with(&[]));
    until_live(&console).await;
    console.route().expect("a live screen has its way")
}

async fn refusal(host: &Host, dom: &types::Domain) -> Error {
    failure(&host.console(dom.uuid, Person::with(&[]))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn over_ssh_the_user_chooses_between_the_login_and_the_network() {
    let far = FarHost::start(SshdOptions::default());
    let open = start_guest(&far.daemon, "open", &outside()).await;
    let closed = start_guest(&far.daemon, "closed", &at_a_port()).await;
    let socket = start_guest(&far.daemon, "socket", AT_A_SOCKET).await;
    let uri = || far.uri(Daemon::qemu_uri(), "");

    for choice in [ScreenWay::Auto, ScreenWay::Tunnel] {
        let (host, _view) = connected(uri(), way(choice)).await;
        for dom in [&open, &closed, &socket] {
            let route = route(&host, dom).await;
            assert!(matches!(route, ScreenRoute::Tunnel { .. }), "{route:?}");
        }
    }

    let (host, _view) = connected(uri(), way(ScreenWay::Direct)).await;
    let direct = route(&host, &open).await;
    assert!(
        matches!(&direct, ScreenRoute::Port { host, .. } if host == OUTSIDE),
        "{direct:?}"
    );
    let error = refusal(&host, &closed).await;
    assert_eq!(error.kind, inside(Some("127.0.0.1"), false));
    let error = refusal(&host, &socket).await;
    assert!(
        matches!(&error.kind, ErrorKind::ConsoleInside { place: Some(path), .. } if path.ends_with("screen.sock")),
        "{error:?}"
    );

    // Another choice holds from the next attempt on.
    host.set_options(way(ScreenWay::Auto));
    let route = route(&host, &closed).await;
    assert!(matches!(route, ScreenRoute::Tunnel { .. }), "{route:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_login_forwards_nothing_the_network_is_tried() {
    let far = FarHost::start(SshdOptions {
        config: "AllowTcpForwarding no".to_owned(),
        hidden: vec!["nc".to_owned()],
        ..SshdOptions::default()
    });
    let dom = start_guest(&far.daemon, "open", &outside()).await;
    let uri = || far.uri(Daemon::qemu_uri(), "");
    let (host, _view) = connected(uri(), way(ScreenWay::Auto)).await;
    let found = route(&host, &dom).await;
    assert!(matches!(found, ScreenRoute::Port { .. }), "{found:?}");
}

/// A daemon that is reached over the network, with a guest whose screen is as the XML says.
async fn over_tcp(graphics: &str) -> (Daemon, types::Domain, Host, View) {
    let (listen, port) = Listen::default().tcp("none").unwrap();
    let daemon = Daemon::start_with(&listen).unwrap();
    let dom = start_guest(&daemon, "screen", graphics).await;
    let uri = format!("qemu+tcp://127.0.0.1:{port}/system")
        .parse()
        .unwrap();
    let (host, view) = connected(uri, Options::default()).await;
    (daemon, dom, host, view)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_of_its_host_only_is_opened_from_the_next_start_on() {
    let graphics = at_a_port_with("passwd='sesame' keymap='de'");
    let (daemon, dom, host, mut view) = over_tcp(&graphics).await;
    let console = host.console(dom.uuid, Person::with(&[]));
    let error = failure(&console).await;
    assert_eq!(error.kind, inside(Some("127.0.0.1"), false));

    host.set_screen_address(dom.uuid, OUTSIDE.parse().unwrap())
        .await
        .unwrap();
    let error = refusal(&host, &dom).await;
    assert_eq!(error.kind, inside(Some("127.0.0.1"), true));
    let kept = kept_xml(&daemon, &dom).await;
    assert!(
        kept.contains("passwd='sesame'") && kept.contains("keymap='de'"),
        "{kept}"
    );

    start_anew(&host, &mut view, &dom).await;
    until_live(&console).await;
    let route = console.route().unwrap();
    assert!(matches!(route, ScreenRoute::Port { .. }), "{route:?}");
}

/// Ends the machine and starts it again.
async fn start_anew(host: &Host, view: &mut View, dom: &types::Domain) {
    host.act(dom.uuid, Act::ForceOff).await.unwrap();
    view.until("the end of power", |view| {
        view.domains[&dom.uuid].state == DomainState::ShutOff
    })
    .await;
    host.act(dom.uuid, Act::Run).await.unwrap();
}

async fn kept_xml(daemon: &Daemon, dom: &types::Domain) -> String {
    let admin = Admin::connect(&daemon.socket(), Daemon::qemu_uri()).await;
    let call = DomainGetXmlDesc {
        dom: dom.clone(),
        flags: 3,
    };
    admin.call(call).await.xml
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_listens_nowhere_is_opened_for_the_login() {
    let far = FarHost::start(SshdOptions::default());
    let nowhere = "<graphics type='vnc'><listen type='none'/></graphics>";
    let dom = start_guest(&far.daemon, "inward", nowhere).await;
    let (host, mut view) = connected(far.uri(Daemon::qemu_uri(), ""), quiet()).await;
    let console = host.console(dom.uuid, Person::with(&[]));
    assert_eq!(failure(&console).await.kind, inside(None, false));
    host.set_screen_address(dom.uuid, "127.0.0.1".parse().unwrap())
        .await
        .unwrap();
    start_anew(&host, &mut view, &dom).await;
    until_live(&console).await;

    // What is not kept cannot be changed.
    let admin = Admin::connect(&far.daemon.socket(), Daemon::qemu_uri()).await;
    admin.undefine(&dom).await;
    view.until("the end of its definition", |view| {
        !view.named("inward").unwrap().persistent
    })
    .await;
    let change = host.set_screen_address(dom.uuid, "127.0.0.1".parse().unwrap());
    let error = change.await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::WrongState, "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_of_the_xml_spares_a_question_and_a_stale_one_asks_it() {
    let daemon = Daemon::start().unwrap();
    let dom = start_guest(&daemon, "locked", &at_a_port_with("passwd='sesame'")).await;
    let options = Options {
        graphics_descriptor: false,
        console_retries: vec![Duration::from_millis(50)],
        ..Options::default()
    };
    let (host, _view) = connected(uri(Daemon::qemu_uri(), &daemon.socket()), options).await;
    let person = Person::with(&[]);
    until_live(&host.console(dom.uuid, person.clone())).await;
    assert!(person.asked().is_empty());
    assert_eq!(person.accepted_count(), 0, "no keyring keeps it");

    // Changed in QEMU, where libvirt does not see it.
    let admin = Admin::connect(&daemon.socket(), Daemon::qemu_uri()).await;
    let cmd = r#"{"execute":"set_password","arguments":{"protocol":"vnc","password":"open"}}"#;
    let call = DomainMonitorCommand {
        dom: dom.clone(),
        cmd: cmd.to_owned(),
        flags: 0,
    };
    let answer = admin.call(call).await.result;
    assert!(answer.contains("return"), "{answer}");
    let person = Person::with(&[("", "wrong"), ("", "open")]);
    until_live(&host.console(dom.uuid, person.clone())).await;
    let asked = person.asked();
    let failures: Vec<bool> = asked
        .iter()
        .map(|request| request.previous_failure.is_some())
        .collect();
    assert_eq!(failures, [false, true], "the person gave one wrong answer");
    assert_eq!(person.accepted_count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_falls_silent_is_lost_and_comes_back() {
    let (listen, port) = Listen::default().tcp("none").unwrap();
    let daemon = Daemon::start_with(&listen).unwrap();
    // The guest's screen is behind the proxy, whose port a domain of the test driver names.
    let graphics = at_a_port();
    let screen = graphics.split("port='").nth(1).unwrap();
    let screen: u16 = screen.split('\'').next().unwrap().parse().unwrap();
    start_guest(&daemon, "screen", &graphics).await;
    let proxy = Proxy::start(Target::Port(([127, 0, 0, 1], screen).into())).await;
    let outside = format!(
        "<graphics type='vnc' port='{}' listen='{OUTSIDE}'/>",
        proxy.address.port()
    );
    let uuid = Uuid::from_u128(0x77);
    let file = daemon.path().join("node.xml");
    let node = format!(
        "<node><domain type='test'><name>flat</name><uuid>{uuid}</uuid><memory>8192</memory>\
         <os><type>hvm</type></os><devices>{outside}</devices></domain></node>"
    );
    fs::write(&file, node).unwrap();
    let options = Options {
        console: Duration::from_secs(2),
        console_retries: vec![Duration::from_millis(50)],
        ..Options::default()
    };
    let uri = format!("test+tcp://127.0.0.1:{port}{}", file.display());
    let (host, _view) = connected(uri.parse().unwrap(), options).await;
    let console = host.console(uuid, Person::with(&[]));
    until_live(&console).await;

    let frozen = Weather {
        frozen_in: true,
        ..Weather::default()
    };
    proxy.set(frozen);
    until(&console, "the loss", |state| {
        !matches!(state, ConsoleState::Connected)
    })
    .await;
    proxy.set(Weather::default());
    until_live(&console).await;
}
