//! The list of connections: groups, order, names, colours, and what becomes of a connection that is changed.

use ::lab::{Listen, sasl::Accounts};
use adw::prelude::*;
use gtk::glib;
use innkeeper::{
    model::{Connection, ConnectionColour, ConnectionState, Pin, Profile, Service, Side},
    ui::dialogs::questions::Presenter,
};

use crate::{
    lab::{Daemon, Shown, host},
    support::{self, answer, by_id, settle, tree, wait_until},
};

const URIS: [&str; 4] = [
    "test+unix:///a?socket=/nowhere",
    "test+unix:///b?socket=/nowhere",
    "test+unix:///c?socket=/nowhere",
    "test+unix:///d?socket=/nowhere",
];

/// Shows four connections that bear the names of their paths.
fn four() -> Shown {
    let shown = Shown::with(&URIS);
    for connection in connections(&shown) {
        let path = connection.profile().uri.path().to_owned();
        connection.rename(path.trim_start_matches('/'));
    }
    shown
}

fn connections(shown: &Shown) -> Vec<Connection> {
    shown.connections.iter::<Connection>().flatten().collect()
}

fn called(shown: &Shown, name: &str) -> Connection {
    let found = connections(shown).into_iter().find(|c| c.label() == name);
    found.unwrap_or_else(|| panic!("no connection is called {name}"))
}

fn sidebar(shown: &Shown) -> gtk::ListView {
    by_id(&shown.window, "list")
}

/// The names in the order of the sidebar.
fn names(shown: &Shown) -> String {
    let model = sidebar(shown).model().expect("a model");
    let all = model.iter::<glib::Object>().flatten();
    all.filter_map(|item| item.downcast::<Connection>().ok())
        .map(|connection| connection.label())
        .collect()
}

fn select(shown: &Shown, name: &str) {
    let position = names(shown).find(name).expect("it is listed");
    let model = sidebar(shown).model().expect("a model");
    model.select_item(position as u32, true);
}

/// The name of the row that is selected.
fn selected(shown: &Shown) -> String {
    let model = sidebar(shown)
        .model()
        .and_downcast::<gtk::SingleSelection>();
    let item = model.and_then(|model| model.selected_item());
    item.and_downcast::<Connection>()
        .map(|connection| connection.label())
        .unwrap_or_default()
}

/// The headings that can be seen, from the top.
fn headings(shown: &Shown) -> Vec<String> {
    let labels = tree(&sidebar(shown)).into_iter();
    labels
        .filter(|widget| widget.has_css_class("site") && widget.is_visible() && widget.is_mapped())
        .filter_map(|widget| widget.downcast::<gtk::Label>().ok())
        .map(|label| label.label().into())
        .collect()
}

#[gtk::test]
fn sites_become_groups_below_those_without() {
    let shown = four();
    assert_eq!(names(&shown), "abcd");
    assert!(sidebar(&shown).header_factory().is_none());
    called(&shown, "a").set_site("Ōsaka");
    called(&shown, "c").set_site("Berlin");
    assert_eq!(names(&shown), "bdca");
    assert_eq!(shown.connections.sites(), ["Berlin", "Ōsaka"]);
    wait_until("the headings", || headings(&shown) == ["Berlin", "Ōsaka"]);
    called(&shown, "a").set_site("");
    called(&shown, "c").set_site(" ");
    assert_eq!(names(&shown), "abcd");
    wait_until("no headings", || headings(&shown).is_empty());
}

#[gtk::test]
fn rows_move_within_their_group_by_keys() {
    let shown = four();
    called(&shown, "b").set_site("Berlin");
    called(&shown, "d").set_site("Berlin");
    assert_eq!(names(&shown), "acbd");
    select(&shown, "a");
    assert!(!shown.may("move-connection-up") && shown.may("move-connection-down"));
    shown.act("move-connection-down");
    assert_eq!(
        (names(&shown).as_str(), selected(&shown).as_str()),
        ("cabd", "a")
    );
    assert!(!shown.may("move-connection-down"), "the group ends there");
    select(&shown, "d");
    shown.act("move-connection-up");
    assert_eq!(
        (names(&shown).as_str(), selected(&shown).as_str()),
        ("cadb", "d")
    );
    assert!(!shown.may("move-connection-up") && shown.may("move-connection-down"));
}

#[gtk::test]
fn a_row_that_is_dropped_takes_its_neighbours_site() {
    let shown = four();
    called(&shown, "d").set_site("Berlin");
    let (a, b, c, d) = (
        called(&shown, "a"),
        called(&shown, "b"),
        called(&shown, "c"),
        called(&shown, "d"),
    );
    let list = &shown.connections;
    for (moved, side, beside, expected) in [
        (&a, Side::After, &c, "bcad"),
        (&a, Side::Before, &b, "abcd"),
        (&b, Side::Before, &d, "acbd"),
        (&d, Side::Before, &a, "dacb"),
        (&c, Side::After, &c, "dacb"),
    ] {
        list.place(moved, side, beside);
        assert_eq!(names(&shown), expected);
    }
    assert_eq!((b.site().as_str(), d.site().as_str()), ("Berlin", ""));
}

#[gtk::test]
fn a_name_is_asked_for_and_can_be_taken_back() {
    let shown = Shown::with(&["qemu+ssh://far.example/system"]);
    for (typed, expected) in [
        ("Backup & More", "Backup & More"),
        ("  ", "far.example (QEMU/KVM)"),
    ] {
        shown.act("rename-connection");
        wait_until("the question", || shown.window.visible_dialog().is_some());
        let question = shown.window.visible_dialog().expect("it is there");
        let entry: adw::EntryRow = support::only(&question);
        entry.set_text(typed);
        answer(&question, "_Rename");
        wait_until("its end", || shown.window.visible_dialog().is_none());
        let title: adw::WindowTitle = by_id(&shown.window, "window_title");
        wait_until("the name", || shown.connection().label() == expected);
        assert_eq!(title.title(), expected);
    }
    assert_eq!(shown.connection().name(), "");
}

#[gtk::test]
fn colours_mark_the_row() {
    let shown = Shown::with(&URIS[..1]);
    let icon: gtk::Image = by_id(&sidebar(&shown), "icon");
    assert!(!icon.has_css_class("mark"));
    shown.connection().set_colour(ConnectionColour::Teal);
    assert!(icon.has_css_class("mark") && icon.has_css_class("teal"));
    shown.connection().set_colour(ConnectionColour::Red);
    assert!(icon.has_css_class("red") && !icon.has_css_class("teal"));
    shown.connection().set_colour(ConnectionColour::None);
    assert!(!icon.has_css_class("mark") && !icon.has_css_class("red"));
}

#[gtk::test]
fn another_address_is_connected_anew() {
    let daemon = Daemon::start().expect("libvirtd is part of the environment");
    support::start();
    let first = host(&daemon, &[("one", "", "")]);
    let shown = Shown::with(&[&first]);
    let connection = shown.connect();
    let second = host(&daemon, &[("two", "", ""), ("three", "", "")]);
    let second = second.replace("test+unix:///", "test+unix:////");
    let other = shown.connections.add(URIS[0], false).expect("a good URI");

    let to = |uri: &str| Profile {
        uri: uri.parse().expect("a good URI"),
        ..connection.profile()
    };
    let refused = shown.connections.edit(&connection, to(URIS[0]));
    assert_eq!(refused, Err(other), "two cannot lead to the same address");
    assert_eq!(connection.uri(), first);

    assert_eq!(shown.connections.edit(&connection, to(&second)), Ok(()));
    assert_eq!(connection.uri(), second);
    wait_until("the other host's guests", || {
        connection.state() == ConnectionState::Connected && connection.guests().n_items() == 2
    });
    wait_until("their rows", || {
        let mut names = shown.names();
        names.sort();
        names == ["three", "two"]
    });
}

#[gtk::test]
fn what_does_not_change_the_way_keeps_the_connection_up() {
    let daemon = Daemon::start().expect("libvirtd is part of the environment");
    support::start();
    let shown = Shown::with(&[&host(&daemon, &[("one", "", "")])]);
    let connection = shown.connect();
    let guest = connection.guests().item(0);
    let profile = Profile {
        name: "Renamed".to_owned(),
        site: "Berlin".to_owned(),
        autoconnect: true,
        ..connection.profile()
    };
    assert_eq!(shown.connections.edit(&connection, profile), Ok(()));
    settle();
    assert_eq!(connection.state(), ConnectionState::Connected);
    assert_eq!(connection.guests().item(0), guest);
}

#[gtk::test]
fn a_pin_is_kept_once() {
    let shown = Shown::with(&URIS[..1]);
    let pin = Pin {
        service: Service::Daemon,
        host: "far.example".to_owned(),
        sha256: "00ff".to_owned(),
    };
    let connection = shown.connection();
    connection.pin(pin.clone());
    connection.pin(pin.clone());
    assert_eq!(connection.pins(), std::slice::from_ref(&pin));
    connection.unpin(&pin);
    assert!(connection.pins().is_empty());
}

#[gtk::test]
fn whoever_closes_a_question_sees_no_failure() {
    let accounts = Accounts::new("libvirt", "DIGEST-MD5").expect("a folder");
    let (listen, port) = Listen::default().tcp("sasl").expect("a free port");
    let listen = listen.environment("SASL_CONF_PATH", accounts.path());
    let _daemon = Daemon::start_with(&listen).expect("libvirtd is part of the environment");
    let uri = format!("test+tcp://localhost:{port}/default");
    let shown = Shown::with(&[&uri]);
    let window = shown.window.downgrade();
    let _presenter = Presenter::new(move |_| Some(window.upgrade()?.upcast()));
    let connection = shown.connection();
    connection.connect_host();
    wait_until("the question", || shown.window.visible_dialog().is_some());
    let question = shown.window.visible_dialog().expect("a question");
    answer(&question, "_Cancel");
    shown.wait_for_page("disconnected");
    assert_eq!(connection.state(), ConnectionState::Disconnected);
    assert!(connection.error().is_none());

    // It is asked again only when somebody wants the connection again.
    settle();
    assert!(shown.window.visible_dialog().is_none());
    connection.connect_host();
    wait_until("the question", || shown.window.visible_dialog().is_some());
    connection.disconnect_host();
    shown.wait_for_page("disconnected");
}
