//! A host over ssh, whose link is cut: its news and its screen come back by themselves, over one new login.

use lab::{Sshd, SshdOptions};
use testbed::until_true;

use crate::{
    console::{ink, typed_line},
    guests::ANIMATED,
    input::clear_the_line,
    runner::tests,
    stage::{PATIENCE, Stage},
};

tests![a_cut_ssh_connection_comes_back];

/// A connection's news, in the program's log.
const CONNECTED: &str = "event=connected by";

pub(crate) fn a_cut_ssh_connection_comes_back(stage: &mut Stage<'_>) {
    let lab = stage.lab;
    let sshd = Sshd::start(&SshdOptions::default()).expect("sshd");
    let uri = sshd.uri().expect("known hosts");
    stage.keep_connections(&[&uri]);
    stage.start_logging(
        "warn,innkeeper=info,innkeeper_core::host=debug",
        &["--connect", &uri, "--show-domain-console", ANIMATED.name],
    );
    let window = stage.window(ANIMATED.title);
    window.is_live(ANIMATED);
    assert_eq!(sshd.logins(), 1, "{}", sshd.log());

    sshd.cut();
    until_true("another login", PATIENCE, || sshd.logins() == 2);
    until_true("the host is back", PATIENCE, || stage.said(CONNECTED) == 2);
    let screen = window.is_live(ANIMATED);
    window.activate();
    window.click(&screen);
    let line = typed_line(window.place(&screen));
    window.screen.type_text("back again");
    until_true("the typed text", PATIENCE, || {
        ink(&window.screen.picture().part(line)) > 500
    });
    window.keep("back");
    clear_the_line(&window);

    // The host's news come, too.
    lab.virsh(&["suspend", ANIMATED.name]);
    window.reads("Paused");
    lab.virsh(&["resume", ANIMATED.name]);
    window.is_live(ANIMATED);
    assert_eq!(sshd.logins(), 2, "{}", sshd.log());
}
