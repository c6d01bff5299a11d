//! Text consoles against real libvirtd and QEMU. Needs the feature `daemon-tests`, and fails where one is missing.

#![cfg(feature = "daemon-tests")]

mod support;

use std::time::Duration;

use innkeeper_core::{
    Act, DomainState, ErrorKind, Host, INPUT_MAX, Options, TextConsole, TextConsoleEvent,
    TextConsoleState, TextDeviceId, Unsent,
};
use lab::Daemon;
use support::{PATIENCE, relay::Relay, running::Running, uri};
use tokio::time::{interval, timeout};

async fn start() -> Running {
    with_devices("").await
}

/// Starts a guest with further devices.
async fn with_devices(devices: &str) -> Running {
    let end = "</devices>";
    let devices = [devices, end].concat();
    Running::with("line", end, &devices, Options::default()).await
}

fn console_of(lab: &Running, device: &str) -> TextConsole {
    lab.host.text_console(lab.dom.uuid, id(device))
}

fn id(device: &str) -> TextDeviceId {
    device.parse().unwrap()
}

/// Takes news until the console stands where it should; what the guest writes meanwhile is lost.
async fn until(console: &TextConsole, what: &str, is_so: impl Fn(&TextConsoleState) -> bool) {
    let waited = timeout(PATIENCE, async {
        while !is_so(&console.state()) {
            console.next_event().await.expect("the host lives");
        }
    });
    let in_time = waited.await.is_ok();
    assert!(in_time, "{what} did not come; {:?}", console.state());
}

async fn until_connected(console: &TextConsole) {
    let is_so = |state: &TextConsoleState| matches!(state, TextConsoleState::Connected);
    until(console, "the line", is_so).await;
}

async fn until_in_use(console: &TextConsole) {
    let is_so = |state: &TextConsoleState| matches!(state, TextConsoleState::InUse);
    until(console, "the refusal", is_so).await;
}

/// Types until the guest's boot sector echoes it: before, its firmware eats what is typed.
async fn converse(console: &TextConsole, word: &str) {
    let mut heard = Vec::new();
    let conversation = async {
        let mut again = interval(Duration::from_millis(200));
        while !String::from_utf8_lossy(&heard).contains(word) {
            tokio::select! {
                _ = again.tick() => drop(console.send(format!("{word}\n").as_bytes())),
                event = console.next_event() => match event.expect("the host lives") {
                    TextConsoleEvent::Output(bytes) => heard.extend_from_slice(&bytes),
                    TextConsoleEvent::State(_) => {}
                },
            }
        }
    };
    let answered = timeout(PATIENCE, conversation).await.is_ok();
    assert!(answered, "no {word}; heard {heard:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_is_spoken_through_power_cycles_to_the_end() {
    let lab = start().await;
    let console = console_of(&lab, "serial0");
    until_connected(&console).await;
    converse(&console, "first").await;

    lab.host.act(lab.dom.uuid, Act::ForceReset).await.unwrap();
    converse(&console, "reset").await;
    for word in ["second", "third"] {
        lab.host.act(lab.dom.uuid, Act::ForceOff).await.unwrap();
        until(&console, "the end of power", |state| {
            matches!(state, TextConsoleState::Off(DomainState::ShutOff))
        })
        .await;
        assert_eq!(console.send(b"nobody"), Err(Unsent::NotConnected));
        lab.host.act(lab.dom.uuid, Act::Run).await.unwrap();
        until_connected(&console).await;
        converse(&console, word).await;
    }
    lab.admin.undefine(&lab.dom).await;
    lab.admin.destroy(&lab.dom).await;
    until(&console, "the end", |state| {
        matches!(state, TextConsoleState::Ended)
    })
    .await;
    lab.host.disconnect();
    drop(lab.host);
    let end = async { while console.next_event().await.is_some() {} };
    timeout(PATIENCE, end)
        .await
        .expect("news end with the host");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_client_at_a_time_has_the_line_and_another_may_take_it() {
    let lab = start().await;
    let first = console_of(&lab, "serial0");
    until_connected(&first).await;
    converse(&first, "mine").await;
    let second = console_of(&lab, "serial0");
    until_in_use(&second).await;
    converse(&first, "still mine").await;

    second.take_over();
    until_connected(&second).await;
    until_in_use(&first).await;
    converse(&second, "mine now").await;
    // Who only waits gets it back.
    drop(second);
    until_connected(&first).await;
    converse(&first, "mine again").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_opened_by_their_kind_and_number() {
    let mut lab = with_devices(
        "<serial type='unix'><source mode='bind' path='DIR/line.sock'/></serial>\
         <serial type='file'><source path='DIR/line.log'/></serial>\
         <console type='pty'><target type='virtio'/></console>",
    )
    .await;
    lab.view
        .until("the description", |view| {
            view.named("line").unwrap().description.is_some()
        })
        .await;
    let description = lab.view.named("line").unwrap().description.clone().unwrap();
    let listed: Vec<_> = description
        .text_devices
        .iter()
        .map(|line| {
            (
                line.id.to_string(),
                line.source.as_str(),
                line.is_openable(),
            )
        })
        .collect();
    let line = |id: &str, source, opens| (id.to_owned(), source, opens);
    assert_eq!(
        listed,
        [
            line("serial0", "pty", true),
            line("serial1", "unix", false),
            line("serial2", "file", false),
            line("console1", "pty", true),
        ]
    );
    for open in ["serial0", "console1"] {
        until_connected(&console_of(&lab, open)).await;
    }
    for closed in ["serial1", "serial2", "serial7"] {
        until(&console_of(&lab, closed), "the failure", |state| {
            matches!(state, TextConsoleState::Failed(error) if error.kind == ErrorKind::NoTextConsole)
        })
        .await;
    }
}

/// libvirtd 11.3 locks itself up in one of some forty times when a connection is cut with a console open.
#[tokio::test(flavor = "multi_thread")]
async fn leaving_a_line_leaves_the_daemon_well() {
    let second = "<console type='pty'><target type='virtio'/></console>";
    let lab = with_devices(second).await;
    for _ in 0..150 {
        for open in ["serial0", "console1"] {
            until_connected(&console_of(&lab, open)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_that_does_not_read_holds_nothing_else_up() {
    let mut lab = start().await;
    let console = console_of(&lab, "serial0");
    until_connected(&console).await;
    converse(&console, "awake").await;
    lab.host.act(lab.dom.uuid, Act::Pause).await.unwrap();
    lab.view
        .until("the pause", |view| {
            view.named("line").unwrap().state == DomainState::Paused
        })
        .await;
    // A paste that is longer than anything on the way holds: it stays with us, and no more than the bound is taken.
    let fill = async {
        let mut refused = 0;
        while refused < 20 {
            match console.send(&vec![b'x'; 64 * 1024]) {
                Ok(()) => refused = 0,
                Err(Unsent::Full) => refused += 1,
                Err(other) => panic!("{other:?}"),
            }
            let listed = lab.host.details(lab.dom.uuid).await;
            listed.expect("the host answers beside it");
        }
    };
    timeout(PATIENCE, fill).await.expect("the input is bounded");
    assert_eq!(console.send(&vec![0; INPUT_MAX]), Err(Unsent::Full));
    lab.host.act(lab.dom.uuid, Act::ForceOff).await.unwrap();
    until(&console, "the end of power", |state| {
        matches!(state, TextConsoleState::Off(_))
    })
    .await;
    lab.host.act(lab.dom.uuid, Act::Run).await.unwrap();
    converse(&console, "awake again").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_comes_back_with_its_link() {
    let lab = start().await;
    let path = lab.daemon.path().join("relay");
    let relay = Relay::start(&path, &lab.daemon.socket(), Duration::ZERO);
    let host = Host::new(uri(Daemon::qemu_uri(), &path));
    host.connect();
    let console = host.text_console(lab.dom.uuid, id("serial0"));
    until_connected(&console).await;
    converse(&console, "here").await;
    relay.cut();
    until(&console, "the loss", |state| {
        !matches!(state, TextConsoleState::Connected)
    })
    .await;
    converse(&console, "and back").await;
}
