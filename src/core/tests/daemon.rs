//! Hosts against a real libvirtd. Needs the feature `daemon-tests`, and fails where libvirtd or QEMU is missing.

#![cfg(feature = "daemon-tests")]

mod support;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use innkeeper_core::{
    Act, DomainState, ErrorKind, Host, HostState, Interest, Options, StateReason,
};
use lab::{Daemon, guest};
use support::{PATIENCE, admin::Admin, relay::Relay, uri, view::View};
use tokio::time::{sleep, timeout};
use virt_rpc::procedure;

const TEST: &str = "test:///default";

fn connect(base: &str, socket: &Path) -> (Host, View) {
    let host = Host::new(uri(base, socket));
    let view = View::of(&host);
    host.connect();
    (host, view)
}

fn is(view: &View, name: &str, state: DomainState) -> bool {
    view.named(name).is_some_and(|domain| domain.state == state)
}

/// A domain of the test driver.
fn test_domain(number: usize) -> String {
    format!(
        "<domain type='test'><name>guest{number}</name><uuid>00000000-0000-4000-8000-{number:012x}</uuid>\
         <title>Guest number {number}</title><memory unit='MiB'>64</memory><vcpu>1</vcpu>\
         <os><type>hvm</type></os></domain>"
    )
}

/// An XML file of the test driver with so many domains, all running.
fn test_file(path: &Path, domains: usize) {
    let domains: String = (0..domains).map(test_domain).collect();
    std::fs::write(path, format!("<node>{domains}</node>")).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_lists_and_describes_its_domains_and_itself() {
    let daemon = Daemon::start().unwrap();
    let (host, mut view) = connect(TEST, &daemon.socket());
    view.until_connected().await;
    view.until("the description and the facts", |view| {
        let described = view.named("test").is_some_and(|d| d.description.is_some());
        described && view.facts.is_some()
    })
    .await;
    let domain = view.named("test").unwrap();
    assert_eq!(domain.state, DomainState::Running);
    assert!(domain.persistent);
    assert_eq!(domain.description.as_ref().unwrap().vcpus, 2);
    let facts = view.facts.as_ref().unwrap();
    assert_eq!(facts.hypervisor, "TEST");
    assert!(facts.cpus > 0 && facts.memory_kib > 0 && facts.libvirt_version > 9_000_000);
    let details = host.details(domain.uuid).await.unwrap();
    assert_eq!(details.virt_type, "test");
    host.disconnect();
    view.until("an empty list", |view| {
        view.domains.is_empty() && matches!(view.state, HostState::Disconnected)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_do_is_seen_at_once() {
    let daemon = Daemon::start().unwrap();
    let (_host, mut view) = connect(Daemon::qemu_uri(), &daemon.socket());
    view.until_connected().await;
    let admin = Admin::connect(&daemon.socket(), Daemon::qemu_uri()).await;
    let xml = guest::prepare(daemon.path(), "seen").unwrap();
    let dom = admin.define(xml).await;
    view.until("the definition", |view| {
        is(view, "seen", DomainState::ShutOff)
    })
    .await;
    admin.start(&dom).await;
    view.until("the start", |view| {
        view.named("seen").is_some_and(|d| {
            d.state == DomainState::Running && d.id.is_some() && d.description.is_some()
        })
    })
    .await;
    admin
        .call(procedure::DomainSuspend { dom: dom.clone() })
        .await;
    view.until("the pause", |view| is(view, "seen", DomainState::Paused))
        .await;
    admin
        .call(procedure::DomainResume { dom: dom.clone() })
        .await;
    view.until("the resumption", |view| {
        is(view, "seen", DomainState::Running)
    })
    .await;
    admin
        .call(procedure::DomainSetAutostart {
            dom: dom.clone(),
            autostart: 1,
        })
        .await;
    let metadata = procedure::DomainSetMetadata {
        dom: dom.clone(),
        kind: 1,
        metadata: Some("A title".to_owned()),
        key: None,
        uri: None,
        flags: 0,
    };
    admin.call(metadata).await;
    view.until("the title and the flag", |view| {
        let domain = view.named("seen").unwrap();
        domain.shown_name() == "A title" && domain.autostart
    })
    .await;
    admin
        .call(procedure::DomainManagedSave {
            dom: dom.clone(),
            flags: 0,
        })
        .await;
    view.until("the saved state", |view| {
        let domain = view.named("seen").unwrap();
        domain.managed_save
            && domain.state == DomainState::ShutOff
            && domain.reason == StateReason::Saved
    })
    .await;
    admin.start(&dom).await;
    view.until("the restored run", |view| {
        let domain = view.named("seen").unwrap();
        !domain.managed_save && domain.state == DomainState::Running
    })
    .await;
    admin.undefine(&dom).await;
    view.until("a domain without definition", |view| {
        !view.named("seen").unwrap().persistent
    })
    .await;
    admin.destroy(&dom).await;
    view.until("its end", |view| view.named("seen").is_none())
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_act_does_what_it_says() {
    let daemon = Daemon::start().unwrap();
    let (host, mut view) = connect(Daemon::qemu_uri(), &daemon.socket());
    view.until_connected().await;
    let admin = Admin::connect(&daemon.socket(), Daemon::qemu_uri()).await;
    let xml = guest::prepare(daemon.path(), "driven").unwrap();
    let uuid = admin.define(xml).await.uuid;
    view.until("the definition", |view| view.named("driven").is_some())
        .await;

    let refused = host.act(uuid, Act::Pause).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::WrongState);
    assert_eq!(host.job_progress(uuid).await.ok().flatten(), None);
    for (act, state) in [
        (Act::Run, DomainState::Running),
        (Act::Pause, DomainState::Paused),
        (Act::Resume, DomainState::Running),
        (Act::ForceReset, DomainState::Running),
        (Act::Save, DomainState::ShutOff),
        (Act::Run, DomainState::Running),
        (Act::ForceOff, DomainState::ShutOff),
    ] {
        timeout(PATIENCE, host.act(uuid, act))
            .await
            .unwrap()
            .unwrap();
        view.until(&format!("{act:?}"), |view| is(view, "driven", state))
            .await;
    }
    host.act(uuid, Act::Run).await.unwrap();
    view.until("the run", |view| is(view, "driven", DomainState::Running))
        .await;
    host.act(uuid, Act::Save).await.unwrap();
    view.until("the saved state", |view| {
        view.named("driven").unwrap().managed_save
    })
    .await;
    host.discard_saved_state(uuid).await.unwrap();
    view.until("no saved state", |view| {
        !view.named("driven").unwrap().managed_save
    })
    .await;
    host.act(uuid, Act::Run).await.unwrap();
    view.until("the boot", |view| is(view, "driven", DomainState::Running))
        .await;
    let picture = host.screenshot(uuid).await.unwrap();
    assert!(picture.mime.starts_with("image/"), "{}", picture.mime);
    assert!(picture.bytes.len() > 100);
    // The guest powers off when its power button is pressed or a key is: the act reaches it, whatever it makes of it.
    host.act(uuid, Act::ShutDown).await.unwrap();
    let details = host.details(uuid).await.unwrap();
    assert_eq!(details.machine.split('-').next(), Some("pc"));
    let unknown = host.details(uuid::Uuid::nil()).await.unwrap_err();
    assert_eq!(unknown.kind, ErrorKind::NoDomain);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_whose_screen_nobody_has_opened_gets_keys_and_a_channel_for_its_clipboard() {
    let daemon = Daemon::start().unwrap();
    let (host, mut view) = connect(Daemon::qemu_uri(), &daemon.socket());
    view.until_connected().await;
    let admin = Admin::connect(&daemon.socket(), Daemon::qemu_uri()).await;
    let xml = guest::prepare(daemon.path(), "pressed").unwrap();
    let dom = admin.define(xml).await;
    let uuid = dom.uuid;
    view.until("the definition", |view| view.named("pressed").is_some())
        .await;
    let refused = host.send_keys(uuid, &[28]).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::WrongState);

    // The channel comes into what counts from the next start, and nothing else changes there.
    let kept = async || {
        let call = procedure::DomainGetXmlDesc {
            dom: dom.clone(),
            flags: 2,
        };
        admin.call(call).await.xml
    };
    let before = kept().await;
    assert!(host.lacks_clipboard_channel(uuid).await.unwrap());
    host.add_clipboard_channel(uuid).await.unwrap();
    assert!(!host.lacks_clipboard_channel(uuid).await.unwrap());
    host.add_clipboard_channel(uuid).await.unwrap();
    let after = kept().await;
    assert_eq!(after.matches("<channel type='qemu-vdagent'>").count(), 1);
    let lines = |xml: &str| xml.lines().map(|l| l.trim().to_owned()).collect::<Vec<_>>();
    let (before, after) = (lines(&before), lines(&after));
    let lost: Vec<_> = before.iter().filter(|l| !after.contains(l)).collect();
    assert!(lost.is_empty(), "{lost:?}");

    // The guest starts with it, and powers off at a key once it has booted.
    host.act(uuid, Act::Run).await.unwrap();
    view.until("the boot", |view| is(view, "pressed", DomainState::Running))
        .await;
    let presses = async {
        let mut again = tokio::time::interval(Duration::from_secs(1));
        loop {
            again.tick().await;
            // It may be off already.
            let _ = host.send_keys(uuid, &[28]).await;
        }
    };
    tokio::select! {
        () = view.until("the end", |view| is(view, "pressed", DomainState::ShutOff)) => {}
        () = presses => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn snapshots_are_listed_behind_their_parents() {
    let daemon = Daemon::start().unwrap();
    let (host, mut view) = connect(TEST, &daemon.socket());
    view.until_connected().await;
    let admin = Admin::connect(&daemon.socket(), TEST).await;
    // The test driver keeps its state for each connection that names a file, and for all of `default` together.
    let dom = view.named("test").unwrap().clone();
    let handle = procedure::types::Domain {
        name: dom.name.clone(),
        uuid: dom.uuid,
        id: dom.id.unwrap(),
    };
    for name in ["first", "second"] {
        let xml_desc = format!(
            "<domainsnapshot><name>{name}</name><description>{name}!</description></domainsnapshot>"
        );
        let call = procedure::DomainSnapshotCreateXml {
            dom: handle.clone(),
            xml_desc,
            flags: 0,
        };
        admin.call(call).await;
    }
    let snapshots = host.snapshots(dom.uuid).await.unwrap();
    let told: Vec<_> = snapshots
        .iter()
        .map(|s| (s.name.as_str(), s.parent.as_deref(), s.current, s.state))
        .collect();
    assert_eq!(
        told,
        [
            ("first", None, false, DomainState::Running),
            ("second", Some("first"), true, DomainState::Running),
        ]
    );
    view.until("the flag", |view| view.named("test").unwrap().has_snapshots)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_killed_in_mid_call_is_lost_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("node.xml");
    test_file(&file, 3);
    let base = format!("test://{}", file.display());
    let path = folder.path().join("sock");
    let mut daemon = Daemon::start().unwrap();
    let relay = Relay::start(&path, &daemon.socket(), Duration::ZERO);
    let (host, mut view) = connect(&base, &path);
    view.until_connected().await;
    assert_eq!(view.domains.len(), 3);
    let uuid = view.named("guest0").unwrap().uuid;
    view.until("every description", |view| {
        view.domains.values().all(|d| d.description.is_some())
    })
    .await;

    relay.hold_replies(true);
    let (call, asked) = (host.clone(), Instant::now());
    let call = tokio::spawn(async move { call.details(uuid).await });
    sleep(Duration::from_millis(50)).await;
    assert!(!call.is_finished(), "the reply is held back");
    daemon.kill();
    drop(relay);
    let error = timeout(PATIENCE, call).await.unwrap().unwrap().unwrap_err();
    assert_eq!(error.kind, ErrorKind::Lost, "{error}");
    assert!(asked.elapsed() < Duration::from_secs(10));
    view.until("the loss", View::is_lost).await;
    assert_eq!(view.domains.len(), 3, "what was known stays");
    assert_eq!(
        host.act(uuid, Act::Pause).await.unwrap_err().kind,
        ErrorKind::NotConnected
    );

    test_file(&file, 2);
    let again = Daemon::start().unwrap();
    let _relay = Relay::start(&path, &again.socket(), Duration::ZERO);
    view.until_connected().await;
    view.until("the new list", |view| view.domains.len() == 2)
        .await;
    assert!(view.named("guest2").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_host_can_be_asked_to_hurry_and_to_give_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sock");
    let daemon = Daemon::start().unwrap();
    let options = Options {
        retries: vec![Duration::from_mins(10)],
        ..Options::default()
    };
    let host = Host::with_options(uri(TEST, &path), options);
    let mut view = View::of(&host);
    let relay = Relay::start(&path, &daemon.socket(), Duration::ZERO);
    host.connect();
    view.until_connected().await;
    relay.cut();
    view.until("the loss", View::is_lost).await;
    host.connect();
    view.until_connected().await;
    relay.cut();
    view.until("the loss", View::is_lost).await;
    drop(relay);
    // Nobody asks now: the socket's return is noticed by itself, long before the ten minutes are over.
    let relay = Relay::start(&path, &daemon.socket(), Duration::ZERO);
    view.until_connected().await;
    relay.cut();
    view.until("the loss", View::is_lost).await;
    host.disconnect();
    view.until("peace", |view| {
        matches!(view.state, HostState::Disconnected)
    })
    .await;
    assert!(view.domains.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_domains_are_listed_after_three_round_trips() {
    let folder = tempfile::tempdir().unwrap();
    let daemon = Daemon::start().unwrap();
    // Defined beforehand and kept by this connection, so that no driver has to read a long file while it opens.
    let admin = Admin::connect(&daemon.socket(), TEST).await;
    join_all((0..1_000).map(|number| admin.define(test_domain(number)))).await;

    let round_trip = Duration::from_secs(1);
    for (name, delay) in [("slow", round_trip), ("link", Duration::from_millis(40))] {
        let path = folder.path().join(name);
        let _relay = Relay::start(&path, &daemon.socket(), delay / 2);
        let started = Instant::now();
        let (_host, mut view) = connect(TEST, &path);
        view.until("the list", |view| view.domains.len() == 1_001)
            .await;
        let took = started.elapsed();
        println!("1,000 domains over {delay:?}: {took:?}");
        assert!(took >= delay * 3);
        assert!(took < delay * 3 + Duration::from_secs(1), "{took:?}");
        if delay == round_trip {
            assert!(took < round_trip * 4, "four round trips? {took:?}");
            continue;
        }
        view.until("every description", |view| {
            let mut domains = view.domains.values();
            domains.all(|domain| domain.description.is_some())
        })
        .await;
        println!("and their XML: {:?}", started.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_looked_at_costs_calls() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("node.xml");
    test_file(&file, 100);
    let base = format!("test://{}", file.display());
    let daemon = Daemon::start().unwrap();
    let (host, mut view) = connect(&base, &daemon.socket());
    view.until_connected().await;
    view.until("every description", |view| {
        view.domains.values().all(|d| d.description.is_some())
    })
    .await;
    let calls = || host.traffic().unwrap().calls;
    let settled = || async {
        loop {
            let before = calls();
            sleep(Duration::from_millis(300)).await;
            if calls() == before {
                return before;
            }
        }
    };
    let before = timeout(PATIENCE, settled()).await.unwrap();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(calls(), before, "nobody looks");

    let visible: Vec<_> = view.domains.keys().copied().take(5).collect();
    host.set_interest(Interest {
        visible: visible.clone(),
        ticking: true,
        interval: Duration::from_millis(200),
        ..Interest::default()
    });
    // The test driver does not know the flag of the first try: one call is spent on learning that.
    let seen = |view: &View, count: usize| view.samples.len() >= count * visible.len();
    view.until("three ticks", |view| seen(view, 3)).await;
    let spent = calls() - before;
    assert!((3..=6).contains(&spent), "{spent} calls for three ticks");
    assert!(view.samples.iter().all(|(uuid, _)| visible.contains(uuid)));
    host.set_interest(Interest::default());
    let before = timeout(PATIENCE, settled()).await.unwrap();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(calls(), before, "nobody looks any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_guests_figures_are_shares() {
    let daemon = Daemon::start().unwrap();
    let (host, mut view) = connect(Daemon::qemu_uri(), &daemon.socket());
    view.until_connected().await;
    let admin = Admin::connect(&daemon.socket(), Daemon::qemu_uri()).await;
    let dom = admin
        .define(guest::prepare(daemon.path(), "busy").unwrap())
        .await;
    admin.start(&dom).await;
    view.until("the run", |view| is(view, "busy", DomainState::Running))
        .await;
    host.set_interest(Interest {
        visible: vec![dom.uuid],
        ticking: true,
        interval: Duration::from_millis(200),
        ..Interest::default()
    });
    view.until("a share", |view| {
        view.samples.iter().any(|(_, s)| s.guest_cpu.is_some())
    })
    .await;
    let (_, sample) = view
        .samples
        .iter()
        .find(|(_, s)| s.guest_cpu.is_some())
        .unwrap();
    assert!((0.0..=1.0).contains(&sample.guest_cpu.unwrap()));
    assert!(sample.host_cpu.unwrap() <= sample.guest_cpu.unwrap());
    assert_eq!(sample.memory_max_kib, Some(32 * 1_024));
}
