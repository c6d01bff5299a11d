//! Consoles against real libvirtd and QEMU. Needs the feature `daemon-tests`, and fails where one is missing.

#![cfg(feature = "daemon-tests")]

mod support;

use std::{sync::Arc, time::Duration};

use innkeeper_core::{
    Act, Console, ConsoleEvent, ConsoleState, DomainState, ErrorKind, GraphicsKind, Host, Options,
    ScreenSettings, ScreenStep, rfb,
};
use lab::Daemon;
use support::{
    PATIENCE,
    relay::Relay,
    running::{PLAIN_SCREEN, Running},
    screen::{until, until_live},
    script::Script,
    uri,
    view::View,
};
use tokio::{io::AsyncWriteExt, net::TcpListener, time::timeout};
use uuid::Uuid;

fn failed_with(state: &ConsoleState, kind: &ErrorKind) -> bool {
    matches!(state, ConsoleState::Failed(error) if error.kind == *kind)
}

/// Waits until the guest's firmware has drawn something.
async fn until_drawn(console: &Console) {
    let waited = timeout(PATIENCE, async {
        let session = console.session().expect("a live screen");
        while !is_drawn(&session).await {
            let event = console.next_event().await.expect("the host lives");
            let lost = matches!(event, ConsoleEvent::State(ConsoleState::Waiting { .. }));
            assert!(!lost, "the screen went away");
        }
    });
    waited.await.expect("the firmware draws");
}

async fn is_drawn(session: &rfb::Session) -> bool {
    let picture = session.picture().await.expect("a picture");
    picture.bytes().iter().any(|byte| *byte != 0)
}

async fn with_graphics(graphics: &str, options: Options) -> Running {
    Running::with("screen", PLAIN_SCREEN, graphics, options).await
}

fn console_of(lab: &Running, credentials: &Arc<Script>) -> Console {
    lab.host.console(lab.dom.uuid, credentials.clone())
}

fn by_address() -> Options {
    Options {
        graphics_descriptor: false,
        ..Options::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_descriptor_shows_the_screen_through_power_cycles_to_the_end() {
    let mut lab = with_graphics(
        "<graphics type='vnc' passwd='secret'><listen type='none'/></graphics>",
        Options::default(),
    )
    .await;
    let script = Script::of(&[]);
    let console = console_of(&lab, &script);
    until_live(&console).await;
    until_drawn(&console).await;
    assert!(script.asked().is_empty(), "no password is asked for here");

    for _ in 0..2 {
        lab.host.act(lab.dom.uuid, Act::ForceOff).await.unwrap();
        until(&console, "the end of power", |state| {
            matches!(state, ConsoleState::Off(DomainState::ShutOff))
        })
        .await;
        assert!(console.session().is_none());
        lab.host.act(lab.dom.uuid, Act::Run).await.unwrap();
        until_live(&console).await;
        until_drawn(&console).await;
    }
    lab.host.act(lab.dom.uuid, Act::ForceReset).await.unwrap();
    until_drawn(&console).await;
    // Its memory goes to the disk and comes back.
    lab.host.act(lab.dom.uuid, Act::Save).await.unwrap();
    until(&console, "the saved state", |state| {
        matches!(state, ConsoleState::Off(DomainState::ShutOff))
    })
    .await;
    lab.host.act(lab.dom.uuid, Act::Run).await.unwrap();
    until_live(&console).await;
    until_drawn(&console).await;
    lab.host.act(lab.dom.uuid, Act::Pause).await.unwrap();
    lab.view
        .until("the pause", |view| {
            view.named("screen").unwrap().state == DomainState::Paused
        })
        .await;
    assert!(
        matches!(console.state(), ConsoleState::Connected),
        "a paused guest has a screen"
    );

    lab.admin.undefine(&lab.dom).await;
    lab.admin.destroy(&lab.dom).await;
    until(&console, "the end", |state| {
        matches!(state, ConsoleState::Ended)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_asked_for_until_it_is_right_or_nobody_wants() {
    let lab = with_graphics(
        "<graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1' passwd='right'/>",
        by_address(),
    )
    .await;
    // Those who may only look are not told the password that stands in the XML.
    let look = Options {
        read_only: true,
        ..by_address()
    };
    let host = Host::with_options(uri(Daemon::qemu_uri(), &lab.daemon.socket()), look);
    let mut view = View::of(&host);
    host.connect();
    view.until_connected().await;
    let open = |script: &Arc<Script>| host.console(lab.dom.uuid, script.clone());
    let script = Script::of(&[Some("wrong"), Some("right")]);
    let console = open(&script);
    until_live(&console).await;
    until_drawn(&console).await;
    assert_eq!(script.failures(), [false, true], "the reason is told");
    assert_eq!(script.asked()[0].target, "screen");
    drop(console);

    let script = Script::of(&[None, Some("right")]);
    let console = open(&script);
    until(&console, "the cancelled question", |state| {
        failed_with(state, &ErrorKind::Cancelled)
    })
    .await;
    console.retry();
    until_live(&console).await;
    assert_eq!(script.failures(), [false, false]);

    // A question that is open when the guest goes is withdrawn.
    let script = Script::of(&[]);
    let console = open(&script);
    let asked = timeout(PATIENCE, async {
        while script.asked().is_empty() {
            tokio::task::yield_now().await;
        }
    });
    asked.await.expect("the question");
    lab.host.act(lab.dom.uuid, Act::ForceOff).await.unwrap();
    until(&console, "the end of power", |state| {
        matches!(state, ConsoleState::Off(_))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unix_socket_is_an_address_too() {
    let lab = with_graphics(
        "<graphics type='vnc'><listen type='socket' socket='DIR/vnc.sock'/></graphics>",
        by_address(),
    )
    .await;
    let console = console_of(&lab, &Script::of(&[]));
    until_live(&console).await;
    until_drawn(&console).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_screen_outlives_a_lost_daemon_and_comes_back_with_it() {
    let mut lab = with_graphics(
        "<graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/>",
        by_address(),
    )
    .await;
    let path = lab.daemon.path().join("relay");
    let relay = Relay::start(&path, &lab.daemon.socket(), Duration::ZERO);
    let host = Host::with_options(uri(Daemon::qemu_uri(), &path), by_address());
    let mut view = View::of(&host);
    host.connect();
    view.until_connected().await;
    let console = host.console(lab.dom.uuid, Script::of(&[]));
    until_live(&console).await;
    drop(relay);
    view.until("the loss", View::is_lost).await;
    assert!(
        matches!(console.state(), ConsoleState::Connected),
        "the screen does not need the daemon"
    );
    until_drawn(&console).await;

    lab.host.act(lab.dom.uuid, Act::ForceOff).await.unwrap();
    until(&console, "the lost screen", |state| {
        matches!(state, ConsoleState::Waiting { error: Some(_), .. })
    })
    .await;
    lab.view
        .until("the end of power", |view| {
            view.named("screen").unwrap().state == DomainState::ShutOff
        })
        .await;
    lab.host.act(lab.dom.uuid, Act::Run).await.unwrap();
    lab.view
        .until("the run", |view| {
            view.named("screen").unwrap().state == DomainState::Running
        })
        .await;
    let _relay = Relay::start(&path, &lab.daemon.socket(), Duration::ZERO);
    until_live(&console).await;

    host.disconnect();
    until(&console, "a closed host", |state| {
        failed_with(state, &ErrorKind::NotConnected)
    })
    .await;
    assert!(console.session().is_none());
    host.connect();
    until_live(&console).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_console_asks_for_nothing_until_it_goes_on() {
    let lab = with_graphics(
        "<graphics type='vnc'><listen type='none'/></graphics>",
        Options::default(),
    )
    .await;
    let console = console_of(&lab, &Script::of(&[]));
    until_live(&console).await;
    until_drawn(&console).await;
    console.set_paused(true);
    // The request that was on its way may still be answered.
    let mut damage = frames(&console, Duration::from_millis(300)).await;
    lab.host.act(lab.dom.uuid, Act::ForceReset).await.unwrap();
    damage += frames(&console, Duration::from_secs(1)).await;
    assert!(damage <= 2, "{damage} frames while paused");
    console.set_paused(false);
    let damaged = timeout(PATIENCE, async {
        while !matches!(
            console.next_event().await,
            Some(ConsoleEvent::Screen(rfb::Event::Damage))
        ) {}
    });
    damaged.await.expect("what changed meanwhile");
}

/// Counts the frames that come within a time.
async fn frames(console: &Console, time: Duration) -> usize {
    let mut count = 0;
    let counting = async {
        while let Some(event) = console.next_event().await {
            count += usize::from(matches!(event, ConsoleEvent::Screen(rfb::Event::Damage)));
        }
    };
    let _ = timeout(time, counting).await;
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_can_be_taken_over_and_comes_back_when_it_is_let_go() {
    let options = Options {
        console_retries: vec![Duration::from_millis(50)],
        ..Options::default()
    };
    let graphics = "<graphics type='vnc'><listen type='none'/></graphics>";
    let lab = with_graphics(graphics, options).await;
    let (first, second) = (
        console_of(&lab, &Script::of(&[])),
        console_of(&lab, &Script::of(&[])),
    );
    until_live(&first).await;
    until_live(&second).await;
    assert!(
        matches!(first.state(), ConsoleState::Connected),
        "they share"
    );
    let since = first.since();

    second.take_over();
    until(&first, "the loss", |state| {
        matches!(state, ConsoleState::Waiting { .. })
    })
    .await;
    assert!(first.since() > since);
    until_live(&second).await;
    drop(second);
    until_live(&first).await;

    // One that is not shared takes the screen whenever it comes.
    let alone = ScreenSettings {
        share: false,
        ..ScreenSettings::default()
    };
    let third = console_of(&lab, &Script::of(&[]));
    until_live(&third).await;
    third.set_settings(alone);
    until(&first, "the loss", |state| {
        matches!(state, ConsoleState::Waiting { .. })
    })
    .await;
    until_live(&third).await;
}

/// A domain of the test driver with these graphics; the driver hands over no descriptors.
async fn test_domain(graphics: &str) -> (Daemon, tempfile::TempDir, Host, Console) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("node.xml");
    let uuid = Uuid::from_u128(0x77);
    let xml = format!(
        "<node><domain type='test'><name>flat</name><uuid>{uuid}</uuid><memory>8192</memory>\
         <os><type>hvm</type></os><devices>{graphics}</devices></domain></node>"
    );
    std::fs::write(&file, xml).unwrap();
    let daemon = Daemon::start().unwrap();
    let base = format!("test://{}", file.display());
    let options = Options {
        console: Duration::from_millis(500),
        console_retries: vec![Duration::from_millis(50)],
        ..Options::default()
    };
    let host = Host::with_options(uri(&base, &daemon.socket()), options);
    let mut view = View::of(&host);
    host.connect();
    view.until_connected().await;
    let console = host.console(uuid, Script::of(&[]));
    (daemon, folder, host, console)
}

fn waits_with(state: &ConsoleState, is: impl Fn(&ErrorKind) -> bool) -> bool {
    matches!(state, ConsoleState::Waiting { error: Some(error), .. } if is(&error.kind))
}

async fn ends_in(graphics: &str, is_so: impl Fn(&ConsoleState) -> bool) {
    let (_daemon, _folder, _host, console) = test_domain(graphics).await;
    until(&console, graphics, is_so).await;
    assert!(console.session().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn screens_that_cannot_be_shown_say_why() {
    ends_in("", |state| matches!(state, ConsoleState::NoScreen(None))).await;
    ends_in("<graphics type='spice'/>", |state| {
        matches!(state, ConsoleState::NoScreen(Some(GraphicsKind::Spice)))
    })
    .await;
    ends_in(
        "<graphics type='vnc'><listen type='none'/></graphics>",
        |state| failed_with(state, &ErrorKind::ConsoleUnreachable),
    )
    .await;
}

/// All that a server without a password says before its first picture, of 4 × 4 pixels.
const NO_PICTURE: &[u8] = b"RFB 003.008\n\x01\x01\0\0\0\0\0\x04\0\x04\
    \x20\x18\0\x01\0\xff\0\xff\0\xff\x10\x08\0\0\0\0\0\0\0\0";

/// A server at a port of its own that says this to whoever comes, and nothing after it.
async fn says_only(greeting: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(greeting).await;
            open.push(stream);
        }
    });
    format!("<graphics type='vnc' port='{port}' listen='127.0.0.1'/>")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_without_a_picture_is_not_taken_for_a_live_one() {
    let graphics = says_only(NO_PICTURE).await;
    let (_daemon, _folder, _host, console) = test_domain(&graphics).await;
    until(&console, "the wait for the picture", |state| {
        matches!(state, ConsoleState::Connecting(ScreenStep::Picture))
    })
    .await;
    let since = console.since();
    until(&console, "the end of patience", |state| {
        waits_with(state, |kind| *kind == ErrorKind::TimedOut)
    })
    .await;
    let ConsoleState::Waiting {
        error: Some(error), ..
    } = console.state()
    else {
        panic!("{:?}", console.state());
    };
    assert!(error.message.contains("picture"), "{error}");
    assert_eq!(console.since(), since, "there was none all the while");

    // While nobody looks no picture is asked for, and none is missed.
    console.set_paused(true);
    until_live(&console).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_servers_are_tried_again_with_the_reason_told() {
    let refusing = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = refusing.local_addr().unwrap().port();
    drop(refusing);
    let graphics = format!("<graphics type='vnc' port='{port}' listen='127.0.0.1'/>");
    ends_in(&graphics, |state| {
        waits_with(state, |kind| *kind == ErrorKind::ConsoleUnreachable)
    })
    .await;

    for (greeting, kind) in [
        (&b"SSH-2.0-OpenSSH_10.0\r\n"[..], ErrorKind::Protocol),
        (&b""[..], ErrorKind::TimedOut),
    ] {
        let graphics = says_only(greeting).await;
        ends_in(&graphics, |state| waits_with(state, |told| *told == kind)).await;
    }
}
