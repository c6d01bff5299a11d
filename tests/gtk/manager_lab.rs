//! The main window over a real libvirtd: the table, its search, its acts, and a link that breaks.

use adw::prelude::*;
use gtk::glib;
use innkeeper::model::{ConnectionState, Guest, GuestState};

use crate::{
    lab::{Daemon, Shown, host},
    support::{self, by_id, settle, wait_until},
};

fn daemon() -> Daemon {
    Daemon::start().expect("libvirtd is part of the environment")
}

/// Shows a window whose connection is up and has these guests.
fn shown(daemon: &Daemon, guests: &[(&str, &str, &str)]) -> Shown {
    support::start();
    let shown = Shown::with(&[&host(daemon, guests)]);
    shown.connect();
    shown
}

const FEW: &[(&str, &str, &str)] = &[
    ("vm10", "", "builds at night"),
    ("vm2", "", ""),
    ("db", "Vault", ""),
    ("VM1", "", ""),
];

#[gtk::test]
fn guests_are_sorted_as_people_count() {
    let daemon = daemon();
    let shown = shown(&daemon, FEW);
    wait_until("titles sorted in", || {
        shown.names() == ["Vault", "VM1", "vm2", "vm10"]
    });
    support::check_icon_buttons(&shown.window);
}

#[gtk::test]
fn the_search_finds_names_titles_and_notes() {
    let daemon = daemon();
    let shown = shown(&daemon, FEW);
    let button: gtk::ToggleButton = by_id(&shown.window, "search_button");
    button.set_active(true);
    let entry: gtk::SearchEntry = support::only(&shown.window);
    let find = |text: &str, expected: &[&str]| {
        entry.set_text(text);
        wait_until(&format!("the results for {text}"), || {
            shown.names() == expected
        });
    };
    find("vm1", &["VM1", "vm10"]);
    find("DB", &["Vault"]);
    find("vau", &["Vault"]);
    find("night", &["vm10"]);
    assert_eq!(shown.page(), "table");
    find("nobody", &[]);
    assert_eq!(shown.page(), "no-results");
    button.set_active(false);
    shown.wait_for_page("table");
    wait_until("all of them", || shown.names().len() == FEW.len());
}

#[gtk::test]
fn acts_follow_the_selection_and_its_states() {
    let daemon = daemon();
    let shown = shown(&daemon, &[("one", "", ""), ("two", "", "")]);
    let (selection, window) = (shown.selection(), &shown.window);
    let view: adw::ToolbarView = by_id(window, "view");
    assert!(!view.reveals_bottom_bars());

    selection.select_item(0, true);
    wait_until("the bar", || view.reveals_bottom_bars());
    assert!(shown.can("pause") && shown.can("shut_down") && shown.can("open"));
    assert!(!shown.can("run") && !shown.can("resume"));

    let page: adw::NavigationPage = by_id(window, "page");
    page.activate_action("guest.pause", None)
        .expect("an action");
    wait_until("Resume in Pause’s place", || {
        shown.can("resume") && !shown.can("pause")
    });
    let guest: Guest = selection.item(0).and_downcast().expect("a guest");
    assert_eq!(guest.state(), GuestState::Paused);

    // One is paused, the other runs: both acts make sense.
    selection.select_all();
    wait_until("Pause again", || shown.can("pause"));
    let count: gtk::Label = by_id(window, "count");
    assert!(count.is_visible() && count.label().contains('2'));

    // Several are always asked about.
    page.activate_action("guest.shut-down", None)
        .expect("an action");
    wait_until("the question", || window.visible_dialog().is_some());
    let question = window
        .visible_dialog()
        .and_downcast::<adw::AlertDialog>()
        .expect("a question");
    support::answer(&question, "_Shut Down");
    wait_until("both to be off", || shown.can("run") && !shown.can("pause"));

    selection.unselect_all();
    wait_until("no bar", || !view.reveals_bottom_bars());
}

#[gtk::test]
fn a_connection_that_is_up_can_be_closed_or_removed() {
    let daemon = daemon();
    let shown = shown(&daemon, FEW);
    assert!(shown.may("disconnect") && !shown.may("connect"));
    shown.act("disconnect");
    shown.wait_for_page("disconnected");
    assert_eq!(shown.connection().guests().n_items(), 0);

    let connection = shown.connect();
    shown.act("remove-connection");
    wait_until("the question", || shown.window.visible_dialog().is_some());
    let question = shown
        .window
        .visible_dialog()
        .and_downcast::<adw::AlertDialog>()
        .expect("a question");
    assert!(question.body().contains("go on running"));
    support::answer(&question, "_Remove");
    shown.wait_for_page("start");
    wait_until("its end", || {
        connection.state() == ConnectionState::Disconnected
    });
}

#[gtk::test]
fn a_host_without_guests_says_so() {
    let daemon = daemon();
    support::start();
    let shown = Shown::with(&[&host(&daemon, &[])]);
    shown.connection().connect_host();
    shown.wait_for_page("empty");
}

#[gtk::test]
fn a_lost_host_keeps_its_last_list() {
    let mut daemon = daemon();
    let shown = shown(&daemon, FEW);
    let connection = shown.connection();
    let banner: adw::Banner = by_id(&shown.window, "banner");
    assert!(!banner.is_revealed());
    shown.selection().select_item(0, true);
    wait_until("acts", || shown.may("disconnect") && shown.can("pause"));

    daemon.kill();
    wait_until("the banner", || banner.is_revealed());
    assert_eq!(connection.state(), ConnectionState::Lost);
    assert_eq!(shown.page(), "table");
    assert_eq!(shown.names().len(), FEW.len());
    wait_until("acts to end", || !shown.can("pause"));
    assert!(shown.may("connect"), "Reconnect tries at once");
    assert!(shown.may("disconnect"), "the attempts can be ended");
}

#[gtk::test]
fn columns_follow_the_settings_and_the_room() {
    use innkeeper::app::settings::{Key, Settings};
    let daemon = daemon();
    let shown = shown(&daemon, FEW);
    let view: gtk::ColumnView = support::only(&shown.window);
    let visible = || {
        let columns = view.columns();
        let all = columns.iter::<gtk::ColumnViewColumn>().flatten();
        all.filter(gtk::ColumnViewColumn::is_visible)
            .filter_map(|column| column.id())
            .collect::<Vec<_>>()
    };
    assert_eq!(visible(), ["name", "state", "cpu", "memory"]);
    Settings::get().set_boolean(Key::ShowMemory, false);
    assert_eq!(visible(), ["name", "state", "cpu"]);
    Settings::get().set_boolean(Key::ShowMemory, true);
    let table = view
        .ancestor(glib::Type::from_name("InnkeeperGuestTable").expect("it is shown"))
        .expect("the view lies in it");
    for (crowding, expected) in [
        (1_u32, &["name", "state", "cpu"][..]),
        (2, &["name", "state"]),
        (0, &["name", "state", "cpu", "memory"]),
    ] {
        table.set_property("crowding", crowding);
        settle();
        assert_eq!(visible(), expected);
    }
}
