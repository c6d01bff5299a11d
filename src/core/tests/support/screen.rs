//! Guests of a real daemon with screens as a test wants them, and waiting for what a console shows.

use innkeeper_core::{Console, ConsoleState, Error};
use lab::{Daemon, guest};
use tokio::time::timeout;
use virt_rpc::procedure::types;

use super::{PATIENCE, admin::Admin, running::PLAIN_SCREEN};

/// A screen at a port of its own: several daemons that choose by themselves would choose the same.
pub(crate) fn at_a_port() -> String {
    at_a_port_with("")
}

/// A screen at a port with further attributes.
pub(crate) fn at_a_port_with(attributes: &str) -> String {
    let port = lab::own_port().unwrap();
    format!("<graphics type='vnc' port='{port}' autoport='no' listen='127.0.0.1' {attributes}/>")
}

/// A screen at a socket in a folder of the daemon's.
pub(crate) const AT_A_SOCKET: &str =
    "<graphics type='vnc'><listen type='socket' socket='DIR/lib/screen.sock'/></graphics>";

/// Starts a guest whose screen is as the XML says; `DIR` is a folder of the daemon's.
pub(crate) async fn start_guest(daemon: &Daemon, name: &str, graphics: &str) -> types::Domain {
    start_guest_with(daemon, name, graphics, "").await
}

/// Starts a guest with a further element in its XML.
pub(crate) async fn start_guest_with(
    daemon: &Daemon,
    name: &str,
    graphics: &str,
    element: &str,
) -> types::Domain {
    let admin = Admin::connect(&daemon.socket(), Daemon::qemu_uri()).await;
    let xml = guest::prepare(daemon.path(), name).unwrap();
    assert!(xml.contains(PLAIN_SCREEN));
    let graphics = graphics.replace("DIR", &daemon.path().display().to_string());
    let xml = xml.replace(PLAIN_SCREEN, &graphics);
    let dom = admin
        .define(xml.replace("<memory", &format!("{element}<memory")))
        .await;
    admin.start(&dom).await;
    dom
}

/// Waits until the console stands where it should.
pub(crate) async fn until(console: &Console, what: &str, is_so: impl Fn(&ConsoleState) -> bool) {
    let waited = timeout(PATIENCE, async {
        while !is_so(&console.state()) {
            console.next_event().await.expect("the host lives");
        }
    });
    let in_time = waited.await.is_ok();
    assert!(in_time, "{what} did not come; {:?}", console.state());
}

/// Waits until the picture is live.
pub(crate) async fn until_live(console: &Console) {
    let is_live = |state: &ConsoleState| matches!(state, ConsoleState::Connected);
    until(console, "the picture", is_live).await;
}

/// Waits until the console has given up, and says why.
pub(crate) async fn failure(console: &Console) -> Error {
    let has_failed = |state: &ConsoleState| matches!(state, ConsoleState::Failed(_));
    until(console, "the failure", has_failed).await;
    match console.state() {
        ConsoleState::Failed(error) => (*error).clone(),
        other => panic!("{other:?}"),
    }
}
