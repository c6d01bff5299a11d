//! A screen that only its own host reaches: what its page says, and what its buttons do, with a real host over the network.

use ::lab::{Listen, guest};
use adw::prelude::*;
use innkeeper::{
    model::{ConnectionState, Guest},
    ui::GuestWindow,
};

use crate::{
    lab::{Daemon, Shown, app, start_guest, virsh},
    support::{answer, by_id, tree, wait_until},
};

/// Starts a guest whose screen is as the XML says.
pub(crate) fn start(daemon: &Daemon, name: &str, graphics: &str) {
    let xml = guest::prepare(daemon.path(), name).expect("a folder that takes files");
    let plain = "<graphics type='vnc'><listen type='none'/></graphics>";
    assert!(xml.contains(plain));
    start_guest(daemon, name, &xml.replace(plain, graphics));
}

/// What stands in the screen's place.
fn cover(window: &GuestWindow) -> gtk::Widget {
    let all = tree(window);
    let mut covers = all
        .into_iter()
        .filter(|widget| widget.type_().name() == "InnkeeperConsoleCover");
    covers.next().expect("a guest's window has a cover")
}

fn label_of(window: &GuestWindow, id: &str) -> Option<String> {
    let button: gtk::Button = by_id(&cover(window), id);
    let label = button.label().map(String::from);
    label.filter(|_| button.is_visible())
}

#[gtk::test]
fn the_page_of_a_screen_out_of_reach_offers_two_ways_out() {
    let (listen, port) = Listen::default().tcp("none").expect("a free port");
    let daemon = Daemon::start_with(&listen).expect("libvirtd is part of the environment");
    let inside = "<graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/>";
    start(&daemon, "screen", inside);

    let shown = Shown::with(&[&format!("qemu+tcp://127.0.0.1:{port}/system")]);
    let connection = shown.connection();
    connection.connect_host();
    let found = || -> Option<Guest> { connection.guests().find("screen") };
    wait_until("the guest", || {
        connection.state() == ConnectionState::Connected && found().is_some()
    });
    let window = GuestWindow::new(&app(), &found().expect("it was found"));
    window.present();
    wait_until("the ways out", || {
        label_of(&window, "button").as_deref() == Some("Connect Through _SSH…")
            && label_of(&window, "other_button").as_deref() == Some("Change _Listen Address…")
    });

    let other: gtk::Button = by_id(&cover(&window), "other_button");
    other.emit_clicked();
    wait_until("the question", || window.visible_dialog().is_some());
    let question = window.visible_dialog().and_downcast::<adw::AlertDialog>();
    let question = question.expect("it is asked");
    let body = question.body();
    assert!(body.contains("0.0.0.0"), "who can reach it then: {body}");
    assert!(body.contains("It has no password"), "{body}");
    answer(&question, "C_hange");

    let page: adw::StatusPage = by_id(&cover(&window), "still");
    wait_until("what comes next", || {
        page.title() == "The screen can be reached after the next start"
    });
    assert_eq!(label_of(&window, "other_button"), None);
    let kept = virsh(&daemon, &["dumpxml", "--inactive", "screen"]);
    assert!(kept.contains("address='0.0.0.0'"), "{kept}");
    let runs = virsh(&daemon, &["dumpxml", "screen"]);
    assert!(!runs.contains("0.0.0.0"), "{runs}");
    window.destroy();
}
