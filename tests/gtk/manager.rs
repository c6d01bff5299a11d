//! The main window with connections that lead nowhere, and its dialogs.

use adw::prelude::*;
use innkeeper::{model::ConnectionState, ui::dialogs};

use crate::{
    lab::Shown,
    support::{self, by_id, settle, wait_until},
};

const NOWHERE: &str = "qemu+unix:///system?socket=/nowhere/libvirt-sock";

#[gtk::test]
fn without_connections_it_says_what_to_install() {
    let shown = Shown::with(&[]);
    assert_eq!(shown.page(), "start");
    for action in ["connect", "disconnect", "host-details", "remove-connection"] {
        assert!(!shown.may(action), "win.{action}");
    }
    assert!(shown.may("add-connection"));
    let commands = support::tree(&shown.window)
        .into_iter()
        .filter(|widget| widget.type_().name() == "InnkeeperCommandRow");
    assert!(commands.count() >= 3);
}

#[gtk::test]
fn icon_buttons_say_what_they_do() {
    let shown = Shown::with(&[NOWHERE]);
    support::check_icon_buttons(&shown.window);
}

#[gtk::test]
fn it_folds_and_unfolds() {
    let shown = Shown::with(&[NOWHERE]);
    let split_view: adw::NavigationSplitView = by_id(&shown.window, "split_view");
    for collapsed in [true, false, true] {
        split_view.set_collapsed(collapsed);
        settle();
    }
    split_view.set_collapsed(false);
    settle();
    // F9 hides the connections where there is room for both, and shows them again.
    shown.act("toggle-sidebar");
    assert!(split_view.is_collapsed() && split_view.shows_content());
    settle();
    shown.act("toggle-sidebar");
    assert!(!split_view.is_collapsed());
    settle();
}

#[gtk::test]
fn pages_follow_a_connection_that_fails() {
    let shown = Shown::with(&[NOWHERE]);
    let connection = shown.connection();
    assert_eq!(shown.page(), "disconnected");
    assert!(shown.may("connect") && shown.may("remove-connection"));
    assert!(!shown.may("disconnect"));

    connection.connect_host();
    shown.wait_for_page("failed");
    assert_eq!(connection.state(), ConnectionState::Failed);
    assert!(shown.may("connect") && shown.may("remove-connection"));
    let details: gtk::Label = by_id(&shown.window, "details");
    assert!(details.label().contains("/nowhere/libvirt-sock"));
    assert!(details.is_selectable());
    let commands: gtk::ListBox = by_id(&shown.window, "commands");
    assert!(commands.is_visible() && commands.row_at_index(0).is_some());
}

#[gtk::test]
fn the_window_selects_a_neighbour_of_what_is_removed() {
    let shown = Shown::with(&[NOWHERE, "qemu+unix:///session?socket=/nowhere/else"]);
    let title: adw::WindowTitle = by_id(&shown.window, "window_title");
    let second: innkeeper::model::Connection =
        shown.connections.item(1).and_downcast().expect("two");
    shown.connections.remove(&shown.connection());
    settle();
    assert_eq!(title.title(), second.label());
    shown.connections.remove(&second);
    settle();
    assert_eq!(shown.page(), "start");
}

#[gtk::test]
fn a_new_connection_that_fails_can_be_dropped() {
    let shown = Shown::with(&[]);
    shown.window.open_connection(NOWHERE);
    assert_eq!(shown.connections.n_items(), 1);
    wait_until("the question", || shown.window.visible_dialog().is_some());
    let question = shown
        .window
        .visible_dialog()
        .and_downcast::<adw::AlertDialog>();
    let question = question.expect("it is a question");
    assert!(question.body().contains(NOWHERE), "{}", question.body());
    support::answer(&question, "_Remove");
    wait_until("the removal", || shown.connections.n_items() == 0);
    shown.wait_for_page("start");
}

#[gtk::test]
fn removing_asks_first() {
    let shown = Shown::with(&[NOWHERE]);
    for (response, left) in [("_Cancel", 1), ("_Remove", 0)] {
        shown.act("remove-connection");
        wait_until("the question", || shown.window.visible_dialog().is_some());
        let question = shown.window.visible_dialog().expect("it is there");
        support::answer(&question, response);
        wait_until("its end", || shown.window.visible_dialog().is_none());
        settle();
        assert_eq!(shown.connections.n_items(), left, "after {response}");
    }
}

#[gtk::test]
fn a_known_connection_is_not_added_twice() {
    let shown = Shown::with(&[NOWHERE]);
    shown.window.open_connection(NOWHERE);
    assert_eq!(shown.connections.n_items(), 1);
    shown.wait_for_page("failed");
    settle();
    assert!(shown.window.visible_dialog().is_none(), "it is not new");
}

#[gtk::test]
fn the_menu_sets_whether_to_connect_automatically() {
    let shown = Shown::with(&[NOWHERE]);
    let state = || {
        shown
            .window
            .action_state("autoconnect")
            .and_then(|s| s.get())
    };
    assert_eq!(state(), Some(false));
    shown.act("autoconnect");
    assert!(shown.connection().autoconnect());
    assert_eq!(state(), Some(true));
}

#[gtk::test]
fn the_programs_dialogs_open() {
    let shown = Shown::with(&[NOWHERE]);
    let parent: &gtk::Window = shown.window.upcast_ref();
    for (show, name) in [
        (dialogs::show_about as fn(&gtk::Window), "AdwAboutDialog"),
        (dialogs::show_preferences, "InnkeeperPreferencesDialog"),
    ] {
        show(parent);
        let dialog = shown.window.visible_dialog().expect("a dialog");
        assert_eq!(dialog.type_().name(), name);
        dialog.force_close();
        wait_until("its end", || shown.window.visible_dialog().is_none());
    }
    let before = gtk::Window::list_toplevels().len();
    dialogs::show_shortcuts(parent);
    let windows = gtk::Window::list_toplevels();
    assert_eq!(windows.len(), before + 1);
    let is_it = |window: &gtk::Widget| window.type_().name() == "GtkShortcutsWindow";
    let shortcuts = windows
        .into_iter()
        .find(is_it)
        .and_downcast::<gtk::Window>();
    shortcuts.expect("the shortcuts").destroy();
}
