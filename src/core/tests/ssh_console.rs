//! Screens over ssh, beside the list, on one login: real sshd, libvirtd, QEMU. Needs the feature `daemon-tests` and root,
//! and fails where a part is missing.

#![cfg(feature = "daemon-tests")]

mod support;

use std::{
    net::TcpListener,
    process::{Command, Stdio},
    time::Duration,
};

use innkeeper_core::{Console, ConsoleState, ErrorKind, Host};
use lab::{Daemon, SshdOptions, guest};
use support::{
    PATIENCE,
    admin::Admin,
    far_host::{FarHost, connected, quiet},
    script::Script,
    view::View,
};
use tokio::time::{Instant, timeout};
use virt_rpc::procedure::types;

/// A screen at a port of its own: several daemons that choose by themselves would choose the same.
fn at_a_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    format!("<graphics type='vnc' port='{port}' autoport='no' listen='127.0.0.1'/>")
}

/// Starts a guest on the far host whose screen is as the XML says; `DIR` is a folder there.
async fn start_guest(far: &FarHost, name: &str, graphics: &str) -> types::Domain {
    let admin = Admin::connect(&far.daemon.socket(), Daemon::qemu_uri()).await;
    let xml = guest::prepare(far.daemon.path(), name).unwrap();
    let plain = "<graphics type='vnc'><listen type='none'/></graphics>";
    assert!(xml.contains(plain));
    let graphics = graphics.replace("DIR", &far.daemon.path().display().to_string());
    let dom = admin.define(xml.replace(plain, &graphics)).await;
    admin.start(&dom).await;
    dom
}

async fn until(console: &Console, what: &str, is_so: impl Fn(&ConsoleState) -> bool) {
    let waited = timeout(PATIENCE, async {
        while !is_so(&console.state()) {
            console.next_event().await.expect("the host lives");
        }
    });
    let in_time = waited.await.is_ok();
    assert!(in_time, "{what} did not come; {:?}", console.state());
}

async fn until_live(console: &Console) {
    let is_live = |state: &ConsoleState| matches!(state, ConsoleState::Connected);
    until(console, "the picture", is_live).await;
}

/// Connects, and opens the screens of these guests.
async fn screens(far: &FarHost, guests: &[types::Domain]) -> (Host, View, Vec<Console>) {
    let (host, view) = connected(far.uri(Daemon::qemu_uri(), ""), quiet()).await;
    let open = |dom: &types::Domain| host.console(dom.uuid, Script::of(&[]));
    let consoles: Vec<Console> = guests.iter().map(open).collect();
    for console in &consoles {
        until_live(console).await;
    }
    (host, view, consoles)
}

#[tokio::test(flavor = "multi_thread")]
async fn three_screens_and_the_list_are_one_login_and_come_back_together() {
    let far = FarHost::start(SshdOptions::default());
    let guests = [
        start_guest(&far, "one", &at_a_port()).await,
        start_guest(&far, "two", &at_a_port()).await,
        start_guest(
            &far,
            "three",
            "<graphics type='vnc'><listen type='socket' socket='DIR/lib/screen.sock'/></graphics>",
        )
        .await,
    ];
    let (host, mut view, consoles) = screens(&far, &guests).await;
    assert_eq!(view.domains.len(), 3);
    assert_eq!(far.sshd.logins(), 1, "{}", far.sshd.log());
    far.sshd.cut();
    view.until("the loss", View::is_lost).await;
    view.until_connected().await;
    for console in &consoles {
        until_live(console).await;
    }
    assert_eq!(far.sshd.logins(), 2, "{}", far.sshd.log());
    drop((host, view));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_sshd_forwards_nothing_netcat_leads_to_the_screens() {
    let far = FarHost::start(SshdOptions {
        config: "DisableForwarding yes".to_owned(),
        ..SshdOptions::default()
    });
    let guests = [
        start_guest(&far, "port", &at_a_port()).await,
        start_guest(
            &far,
            "socket",
            "<graphics type='vnc'><listen type='socket' socket='DIR/lib/screen.sock'/></graphics>",
        )
        .await,
    ];
    let _screens = screens(&far, &guests).await;
    assert_eq!(far.sshd.logins(), 1, "{}", far.sshd.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_login_takes_one_command_the_screen_has_its_own() {
    let far = FarHost::start(SshdOptions {
        config: "DisableForwarding yes\nMaxSessions 1".to_owned(),
        ..SshdOptions::default()
    });
    let guests = [start_guest(&far, "port", &at_a_port()).await];
    let _screens = screens(&far, &guests).await;
    assert_eq!(far.sshd.logins(), 2, "{}", far.sshd.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_listens_nowhere_stays_with_its_host() {
    let far = FarHost::start(SshdOptions::default());
    let nowhere = "<graphics type='vnc'><listen type='none'/></graphics>";
    let dom = start_guest(&far, "inward", nowhere).await;
    let (host, _view) = connected(far.uri(Daemon::qemu_uri(), ""), quiet()).await;
    let console = host.console(dom.uuid, Script::of(&[]));
    until(&console, "the refusal", |state| {
        matches!(state, ConsoleState::Failed(error) if error.kind == ErrorKind::ConsoleUnreachable)
    })
    .await;
}

/// Set for the program that is killed.
const INSIDE: &str = "INNKEEPER_TEST_FAR_URI";

#[test]
fn a_program_that_is_killed_leaves_no_login_behind() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if let Ok(uri) = std::env::var(INSIDE) {
        return runtime.block_on(async {
            let _connection = connected(uri.parse().unwrap(), quiet()).await;
            std::future::pending::<()>().await;
        });
    }
    let far = FarHost::start(SshdOptions::default());
    let mut program = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_program_that_is_killed_leaves_no_login_behind"])
        .env(INSIDE, far.uri("test:///default", "").to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let wait_until = |what: &str, is_so: &dyn Fn() -> bool| {
        let deadline = Instant::now() + PATIENCE;
        while !is_so() {
            assert!(
                Instant::now() < deadline,
                "{what} did not come: {}",
                far.sshd.log()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    wait_until("the login", &|| far.sshd.logins() == 1);
    program.kill().unwrap();
    program.wait().unwrap();
    wait_until("the end of the login", &|| far.sshd.processes() == 0);
}
