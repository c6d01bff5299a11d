//! The guest's window without a guest: its templates, its pages, its actions.

use adw::prelude::*;
use gtk::glib;
use innkeeper::ui::{GuestPage, GuestWindow};

use crate::support;

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
        "page",
        "console-scaling",
    ] {
        assert!(window.has_action(name), "win.{name}");
    }
    for (name, enabled) in [
        ("fullscreen", true),
        ("screenshot", false),
        ("send-key", false),
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
