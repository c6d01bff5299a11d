//! Screens over ssh, beside the list, on one login: real sshd, libvirtd, QEMU. Needs the feature `daemon-tests` and root,
//! and fails where a part is missing.

#![cfg(feature = "daemon-tests")]

mod support;

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use innkeeper_core::{Console, ErrorKind, Host};
use lab::{Daemon, SshdOptions};
use support::{
    PATIENCE,
    far_host::{FarHost, connected, quiet},
    screen::{AT_A_SOCKET, at_a_port, failure, start_guest, until_live},
    script::Script,
    view::View,
};
use tokio::time::Instant;
use virt_rpc::procedure::types;

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
        start_guest(&far.daemon, "one", &at_a_port()).await,
        start_guest(&far.daemon, "two", &at_a_port()).await,
        start_guest(&far.daemon, "three", AT_A_SOCKET).await,
    ];
    let (host, mut view, consoles) = screens(&far, &guests).await;
    assert_eq!(view.domains.len(), 3);
    for guest in &guests {
        let details = host.details(guest.uuid).await.unwrap();
        assert_eq!(details.uuid, guest.uuid);
        assert!(host.snapshots(guest.uuid).await.unwrap().is_empty());
        host.screenshot(guest.uuid).await.unwrap();
    }
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
        start_guest(&far.daemon, "port", &at_a_port()).await,
        start_guest(&far.daemon, "socket", AT_A_SOCKET).await,
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
    let guests = [start_guest(&far.daemon, "port", &at_a_port()).await];
    let _screens = screens(&far, &guests).await;
    assert_eq!(far.sshd.logins(), 2, "{}", far.sshd.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_listens_nowhere_stays_with_its_host() {
    let far = FarHost::start(SshdOptions::default());
    let nowhere = "<graphics type='vnc'><listen type='none'/></graphics>";
    let dom = start_guest(&far.daemon, "inward", nowhere).await;
    let (host, _view) = connected(far.uri(Daemon::qemu_uri(), ""), quiet()).await;
    let console = host.console(dom.uuid, Script::of(&[]));
    let kind = failure(&console).await.kind;
    let inside = ErrorKind::ConsoleInside {
        place: None,
        opens_at_next_start: false,
    };
    assert_eq!(kind, inside);
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
