//! The test of a connection in the dialog that adds or edits it.

use adw::prelude::*;

use crate::{
    connection_dialog::Shown,
    support::{self, by_id, wait_until},
};

/// The rows of a test, as the words of their marks and their texts.
fn steps(shown: &Shown) -> Vec<(String, adw::ActionRow)> {
    let group: gtk::Widget = by_id(&shown.dialog, "check");
    support::tree(&group)
        .into_iter()
        .filter(|widget| widget.type_().name() == "InnkeeperCheckRow")
        .map(|row| {
            let icon: gtk::Image = by_id(&row, "icon");
            let mark: gtk::Stack = by_id(&row, "mark");
            let icon = icon.icon_name().unwrap_or_default().to_string();
            let is_running = mark.visible_child_name().as_deref() == Some("running");
            let icon = if is_running {
                "running".to_owned()
            } else {
                icon
            };
            (icon, row.downcast().expect("a row of an action"))
        })
        .collect()
}

fn press_test(shown: &Shown) {
    let group: gtk::Widget = by_id(&shown.dialog, "check");
    let button: adw::ButtonRow = by_id(&group, "button");
    assert!(button.is_sensitive());
    button.emit_by_name::<()>("activated", &[]);
}

#[gtk::test]
fn a_test_passes_every_step_against_a_real_daemon() {
    let daemon = crate::lab::Daemon::start().expect("libvirtd is part of the environment");
    let socket = daemon.socket().display().to_string();
    let shown = Shown::edit(&format!("test+unix:///default?socket={socket}"));
    press_test(&shown);
    wait_until("a test that passes", || {
        let steps = steps(&shown);
        !steps.is_empty()
            && steps
                .iter()
                .all(|(icon, _)| icon == "object-select-symbolic")
    });
    let (_, last) = steps(&shown).pop().expect("steps");
    assert!(
        last.subtitle().is_some_and(|text| !text.is_empty()),
        "the daemon says what it is"
    );
    shown
        .entry("uri")
        .set_text("test+unix:///default?socket=/nowhere");
    assert!(
        steps(&shown).is_empty(),
        "what was shown tells of another address"
    );
}

#[gtk::test]
fn a_test_that_fails_says_where_and_why() {
    let shown = Shown::edit("qemu+unix:///system?socket=/nowhere/libvirt-sock");
    press_test(&shown);
    wait_until("a step that fails", || {
        steps(&shown)
            .iter()
            .any(|(icon, _)| icon == "dialog-error-symbolic")
    });
    wait_until("steps that are skipped", || {
        steps(&shown)
            .last()
            .is_some_and(|(icon, _)| icon == "list-remove-symbolic")
    });
    let steps = steps(&shown);
    let (_, failed) = steps
        .iter()
        .find(|(icon, _)| icon == "dialog-error-symbolic")
        .expect("it failed");
    assert!(
        failed
            .subtitle()
            .is_some_and(|text| text.contains("/nowhere"))
    );
    let help: gtk::Button = by_id(failed, "help");
    assert!(help.is_visible());
    assert_eq!(help.action_name().as_deref(), Some("app.help"));
    let raw = support::tree(&shown.dialog)
        .into_iter()
        .any(|widget| widget.has_css_class("raw-message"));
    assert!(raw, "the raw message can be copied");
}

#[gtk::test]
fn a_test_can_be_stopped() {
    // Somebody takes the connection and never says a word.
    let folder = tempfile::tempdir().expect("a folder");
    let socket = folder.path().join("mute");
    let _mute = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
    let shown = Shown::edit(&format!("qemu+unix:///system?socket={}", socket.display()));
    press_test(&shown);
    wait_until("a step that waits", || {
        steps(&shown)
            .iter()
            .any(|(icon, row)| icon == "running" && row.title() == "Sign-In")
    });
    press_test(&shown);
    assert!(steps(&shown).iter().all(|(icon, _)| icon != "running"));
    press_test(&shown);
    wait_until("the step again", || {
        steps(&shown).iter().any(|(icon, _)| icon == "running")
    });
}
