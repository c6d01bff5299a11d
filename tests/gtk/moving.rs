//! A guest that moves between two real hosts, and its window, which goes with it.

use ::lab::{Listen, guest};
use adw::prelude::*;
use innkeeper::{
    model::{Connection, ConnectionState, Guest},
    ui::GuestWindow,
};

use crate::{
    lab::{Daemon, Shown, app, is_live, start_guest, uri, virsh},
    support::{by_id, wait_until},
};

/// A host that libvirt tells from the others by its identity.
fn host(number: u8) -> Daemon {
    let identity = format!("host_uuid = \"1ab00000-0000-4000-8000-0000000000{number:02x}\"");
    let listen = Listen::default().line(&identity);
    Daemon::start_with(&listen).expect("libvirtd is part of the environment")
}

fn migrate(from: &Daemon, to: &Daemon, more: &[&str]) {
    let uri = uri(to);
    let mut arguments = vec!["migrate", "--live", "--p2p", "--unsafe"];
    arguments.extend(more);
    // The hosts share the machine's loopback address, and nothing leaves it.
    arguments.extend([
        "--listen-address",
        "127.0.0.1",
        "--migrateuri",
        "tcp:127.0.0.1",
    ]);
    arguments.extend(["screen", &uri]);
    virsh(from, &arguments);
}

fn shows(window: &GuestWindow, connection: &Connection) -> bool {
    let shown = window.guest().and_then(|guest| guest.connection());
    shown.as_ref() == Some(connection) && is_live(window)
}

#[gtk::test]
fn a_window_goes_with_a_guest_that_moves() {
    let (here, there) = (host(1), host(2));
    let xml = guest::prepare(here.path(), "screen").expect("a folder that takes files");
    start_guest(&here, "screen", &xml);

    let shown = Shown::with(&[&uri(&here)]);
    let first = shown.connection();
    first.connect_host();
    let found = || -> Option<Guest> { first.guests().find("screen") };
    wait_until("the host and the guest", || {
        first.state() == ConnectionState::Connected && found().is_some()
    });
    let window = GuestWindow::new(&app(), &found().expect("it was found"));
    window.present();
    wait_until("its screen", || shows(&window, &first));

    // The host that it leaves forgets it.
    migrate(&here, &there, &["--persistent", "--undefinesource"]);
    let body: gtk::Stack = by_id(&window, "body");
    wait_until("its going", || {
        body.visible_child_name().as_deref() == Some("gone")
    });
    let second = shown.connections.add(&uri(&there), false);
    let second = second.expect("a good URI");
    second.connect_host();
    wait_until("its screen on the other host", || shows(&window, &second));

    // The host that it leaves keeps its definition.
    migrate(&there, &here, &["--persistent"]);
    wait_until("its screen on the first host", || shows(&window, &first));
    let left = second.guests().find("screen").expect("it is kept there");
    wait_until("the reason", || left.has_moved());
    window.destroy();
}
