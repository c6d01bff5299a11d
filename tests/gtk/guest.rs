//! The guest's window: its templates, its pages, its actions, and what is settled for its guest.

use adw::prelude::*;
use gtk::glib;
use innkeeper::{
    model::{Guest, GuestSettings},
    ui::{GuestPage, GuestWindow},
};

use crate::{
    lab::{Daemon, Shown, app, host, start_guest, uri},
    support,
};

fn window() -> GuestWindow {
    support::start();
    glib::Object::new()
}

#[gtk::test]
fn every_page_can_be_shown() {
    let window = window();
    let pages: adw::ViewStack = support::only(&window);
    for (page, name) in [
        (GuestPage::Console, "console"),
        (GuestPage::Details, "details"),
        (GuestPage::Snapshots, "snapshots"),
        (GuestPage::Performance, "details"),
    ] {
        window.show_page(page);
        assert_eq!(pages.visible_child_name().as_deref(), Some(name));
    }
    window.destroy();
}

#[gtk::test]
fn icon_buttons_say_what_they_do() {
    let window = window();
    support::check_icon_buttons(&window);
    window.destroy();
}

#[gtk::test]
fn what_needs_a_screen_waits_for_it() {
    let window = window();
    for name in [
        "fullscreen",
        "screenshot",
        "send-key",
        "take-over",
        "page",
        "console-scaling",
        "resize-guest",
        "fullscreen-on",
    ] {
        assert!(window.has_action(name), "win.{name}");
    }
    for (name, enabled) in [
        ("fullscreen", true),
        ("screenshot", false),
        ("send-key", false),
        ("take-over", false),
        ("view-only", true),
        ("share-screen", true),
        ("console-autoconnect", true),
        ("zoom-in", false),
        ("fit-window", false),
        ("mute", false),
        ("console-scaling", true),
    ] {
        assert_eq!(window.is_action_enabled(name), enabled, "win.{name}");
    }
    window.destroy();
}

#[gtk::test]
fn the_screen_tells_its_role() {
    let window = window();
    let screens: Vec<_> = support::tree(&window)
        .into_iter()
        .filter(|widget| widget.css_name() == "guest-screen")
        .collect();
    assert_eq!(screens.len(), 1);
    assert!(gtk::test_accessible_has_role(
        &screens[0],
        gtk::AccessibleRole::Img
    ));
    // Without a picture it must not catch the focus.
    assert!(!screens[0].is_focusable());
    window.destroy();
}

#[gtk::test]
fn what_is_settled_for_a_screen_is_kept_with_its_guest() {
    let daemon = Daemon::start().expect("libvirtd is part of the environment");
    let shown = Shown::with(&[&host(&daemon, &[("one", "", "")])]);
    let connection = shown.connect();
    let guest = connection.guests().item(0).and_downcast::<Guest>();
    let guest = guest.expect("a guest");
    let is_on = |window: &GuestWindow, name: &str| -> bool {
        let state = window.action_state(name).and_then(|state| state.get());
        state.unwrap_or_else(|| panic!("{name} is a switch"))
    };
    let window = GuestWindow::new(&app(), &guest);
    let usual = [
        ("view-only", false),
        ("share-screen", true),
        ("console-autoconnect", true),
    ];
    for (name, on) in usual {
        assert_eq!(is_on(&window, name), on, "{name}");
        ActionGroupExt::activate_action(&window, name, None);
        assert_eq!(is_on(&window, name), !on, "{name}");
    }
    let screen = screen_of(&window);
    assert!(!screen.can_focus() && !screen.can_target(), "it only looks");
    window.destroy();

    // The next window finds all of it, and opens no screen by itself.
    let window = GuestWindow::new(&app(), &guest);
    for (name, on) in usual {
        assert_eq!(is_on(&window, name), !on, "{name}");
    }
    let settings = GuestSettings::of(guest.uuid());
    assert!(settings.view_only && settings.exclusive);
    assert_eq!(settings.autoconnect, Some(false));
    let pages = support::tree(&window);
    let mut pages = pages
        .iter()
        .filter_map(|w| w.downcast_ref::<adw::StatusPage>());
    assert!(pages.any(|page| page.title() == "Not Connected to the Screen"));

    // What is usual again leaves nothing behind.
    for (name, _) in usual {
        ActionGroupExt::activate_action(&window, name, None);
    }
    assert_eq!(GuestSettings::of(guest.uuid()), GuestSettings::default());
    assert!(screen_of(&window).can_focus());
    window.destroy();
}

#[gtk::test]
fn the_keys_of_who_begins_to_look_only_press_no_button() {
    support::start();
    let daemon = Daemon::start().expect("libvirtd is part of the environment");
    let xml = ::lab::guest::prepare(daemon.path(), "seen").expect("a disk");
    start_guest(&daemon, "seen", &xml);
    let shown = Shown::with(&[&uri(&daemon)]);
    let guest: Option<Guest> = shown.connect().guests().find("seen");
    let window = GuestWindow::new(&app(), &guest.expect("it is there"));
    window.present();
    let screen = screen_of(&window);
    support::wait_until("the keyboard", || screen.has_focus());
    ActionGroupExt::activate_action(&window, "view-only", None);
    assert!(!screen.has_focus());
    assert_eq!(GtkWindowExt::focus(&window), None);
    ActionGroupExt::activate_action(&window, "view-only", None);
    window.destroy();
}

fn screen_of(window: &GuestWindow) -> gtk::Widget {
    let mut all = support::tree(window).into_iter();
    let screen = all.find(|widget| widget.css_name() == "guest-screen");
    screen.expect("a guest's window has a screen")
}
