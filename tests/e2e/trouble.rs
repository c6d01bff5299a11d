//! What can go wrong with a host: nothing hangs, each trouble has its text, the way out works.

use std::time::Duration;

use testbed::{
    State,
    socket::{Peer, Relay},
    until_true,
};

use crate::{
    guests::{ANIMATED, OFF},
    runner::tests,
    scope::Scope,
    stage::{PATIENCE, Stage},
};

tests![
    comes_back_when_the_daemon_was_killed,
    a_missing_socket_is_explained,
    a_refusing_socket_is_explained_and_tried_again,
    a_peer_that_talks_garbage_is_explained,
    a_silent_peer_is_given_up_and_harms_no_other,
];

fn comes_back_when_the_daemon_was_killed(stage: &mut Stage<'_>) {
    let lab = stage.lab;
    stage.start(&[]);
    let window = stage.manager();
    window.row_says(ANIMATED, "Running");
    window.open(ANIMATED);
    let guest = stage.window(ANIMATED.title);
    guest.is_live(ANIMATED);

    window.activate();
    let black = window.picture_of(&window.row(OFF)).darkest();
    lab.kill_daemon();
    window.reads("Connection lost");
    // The last states are kept, and grey.
    until_true("grey rows", PATIENCE, || {
        window.picture_of(&window.row(OFF)).darkest() > black + 30
    });
    assert_eq!(window.rows().len(), 3);
    window.keep("lost");

    lab.raise();
    window.reads_no_more("Connection lost");
    window.row_says(ANIMATED, "Running");
    window.row_says(OFF, "Shut Off");
    guest.is_live(ANIMATED);
    // The list hears of news again.
    lab.virsh(&["start", OFF.name]);
    window.row_says(OFF, "Running");
    lab.virsh(&["destroy", OFF.name]);
    window.row_says(OFF, "Shut Off");
}

fn a_missing_socket_is_explained(stage: &mut Stage<'_>) {
    let uri = Stage::uri_through(&stage.place("missing"));
    let window = try_in_vain(stage, &uri);
    window.reads("No libvirt daemon was found");
    window.reads("sudo apt install libvirt-daemon-system");
    window.keep("missing");
    another_works(stage);
}

fn a_refusing_socket_is_explained_and_tried_again(stage: &mut Stage<'_>) {
    let lab = stage.lab;
    let socket = stage.place("refusing");
    Peer::refusing(&socket);
    let window = try_in_vain(stage, &Stage::uri_through(&socket));
    window.reads("The libvirt daemon is not running");
    window.keep("refusing");
    // The daemon comes, and one press later it is there.
    std::fs::remove_file(&socket).expect("the old socket");
    let _relay = Relay::start(&socket, lab.socket(), Duration::ZERO);
    window.press("Try Again");
    window.row_says(ANIMATED, "Running");
}

fn a_peer_that_talks_garbage_is_explained(stage: &mut Stage<'_>) {
    let socket = stage.place("garbage");
    let _peer = Peer::talking_garbage(&socket);
    let window = try_in_vain(stage, &Stage::uri_through(&socket));
    window.reads("The answer was not understood");
    window.keep("garbage");
    another_works(stage);
}

fn a_silent_peer_is_given_up_and_harms_no_other(stage: &mut Stage<'_>) {
    let socket = stage.place("silent");
    let _peer = Peer::silent(&socket);
    let window = try_in_vain(stage, &Stage::uri_through(&socket));
    window.reads("Cancel");
    another_works(stage);
    connection(&window, 0);
    window.reads_within(Duration::from_secs(40), "The host does not answer");
    window.reads("Try Again");
    window.keep("silent");
}

/// Starts with a connection that will fail and with the system's, and tries the first.
#[track_caller]
fn try_in_vain(stage: &mut Stage<'_>, uri: &str) -> Scope {
    stage.keep_connections(&[uri, "qemu:///system"]);
    stage.start(&["--connect", uri]);
    stage.manager()
}

/// Uses the other connection while the first is in trouble.
#[track_caller]
fn another_works(stage: &mut Stage<'_>) {
    let window = stage.manager();
    connection(&window, 1);
    window.press("Connect");
    window.row_says(ANIMATED, "Running");
    window.row_says(OFF, "Shut Off");
}

/// Selects a connection by its place in the sidebar.
#[track_caller]
fn connection(window: &Scope, place: usize) {
    let mut all = window.a11y.all(&window.root);
    all.retain(|e| e.role == "list item");
    window.click(&all[place]);
    let name = all[place].name.clone();
    window.wait_for("the selected connection", |e| {
        e.role == "list item" && e.name == name && e.is(State::Selected)
    });
}
