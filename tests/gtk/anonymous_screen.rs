//! A screen with TLS but without a certificate: what its window says.

use ::lab::guest;
use adw::prelude::*;
use innkeeper::{
    model::{ConnectionState, Guest, Profile},
    ui::GuestWindow,
};

use crate::{
    lab::{Daemon, Shown, app, is_live, start_guest, uri, virsh},
    out_of_reach::start,
    support::{by_id, find_by_id, tree, wait_until},
};

const AT_A_PORT: &str = "<graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/>";

/// The element of a guest whose screen has TLS without a certificate.
fn emulator(daemon: &Daemon) -> String {
    let emulator = guest::emulator_without_certificate(daemon.path());
    emulator.expect("a folder that takes files")
}

/// Connects as who may only look: who manages is handed the screen, and does not call at its port.
fn look_at(daemon: &Daemon, guests: &[&str]) -> Shown {
    let shown = Shown::with(&[&uri(daemon)]);
    let connection = shown.connection();
    let looking = Profile {
        read_only: true,
        ..connection.profile()
    };
    shown
        .connections
        .edit(&connection, looking)
        .expect("another profile");
    connection.connect_host();
    wait_until("the guests", || {
        let are_there = || guests.iter().all(|name| found(&shown, name).is_some());
        connection.state() == ConnectionState::Connected && are_there()
    });
    shown
}

fn found(shown: &Shown, name: &str) -> Option<Guest> {
    shown.connection().guests().find(name)
}

/// How many toasts say that somebody else could pose as the screen.
fn warnings(window: &GuestWindow) -> usize {
    let labels = tree(window).into_iter();
    let labels = labels.filter_map(|widget| widget.downcast::<gtk::Label>().ok());
    labels
        .filter(|label| label.label() == "Somebody else could pose as this screen")
        .count()
}

#[gtk::test]
fn a_screen_without_a_certificate_is_shown_with_a_warning() {
    let daemon = Daemon::start().expect("libvirtd is part of the environment");
    let with_tls = format!("{}{AT_A_PORT}", emulator(&daemon));
    start(&daemon, "stranger", &with_tls);
    start(&daemon, "open", AT_A_PORT);
    let shown = look_at(&daemon, &["stranger", "open"]);
    for (name, warns) in [("stranger", true), ("open", false)] {
        let window = GuestWindow::new(&app(), &found(&shown, name).expect("it was found"));
        window.present();
        let subtitle = |id: &str| {
            let row: Option<adw::ActionRow> =
                find_by_id(&window, id).and_then(|row| row.downcast().ok());
            row.and_then(|row| row.subtitle()).unwrap_or_default()
        };
        wait_until("the picture", || is_live(&window));
        // The toast goes by itself.
        wait_until("the warning", || warnings(&window) == usize::from(warns));
        WidgetExt::activate_action(&window, "win.statistics", None).expect("there is a link");
        wait_until("the figures", || !subtitle("security").is_empty());
        let kind = if warns { "VeNCrypt TLSNone" } else { "None" };
        assert_eq!(subtitle("security"), kind);
        let says = subtitle("encryption");
        assert_eq!(says.contains("without a certificate"), warns, "{says}");
        let warning: adw::ActionRow = by_id(&window, "unproven");
        wait_until("the dialog", || {
            by_id::<adw::ActionRow>(&window, "security").is_mapped()
        });
        assert_eq!(warning.is_mapped(), warns);
        window.destroy();
    }
}

#[gtk::test]
fn a_screen_that_had_tls_without_a_certificate_is_not_taken_without_any() {
    let daemon = Daemon::start().expect("libvirtd is part of the environment");
    let emulator = emulator(&daemon);
    start(&daemon, "screen", &format!("{emulator}{AT_A_PORT}"));
    let shown = look_at(&daemon, &["screen"]);
    let window = GuestWindow::new(&app(), &found(&shown, "screen").expect("it was found"));
    window.present();
    wait_until("the picture", || is_live(&window));

    let xml = virsh(&daemon, &["dumpxml", "--inactive", "screen"]);
    assert!(xml.contains(&emulator));
    virsh(&daemon, &["destroy", "screen"]);
    wait_until("its end", || !is_live(&window));
    start_guest(&daemon, "screen", &xml.replace(&emulator, ""));
    let page: adw::StatusPage = by_id(&window, "still");
    let button: gtk::Button = by_id(&page, "button");
    wait_until("the refusal", || {
        page.title() == "The screen is less protected than before"
            && button.is_mapped()
            && button.label().as_deref() == Some("Connect _Anyway")
    });
    assert!(!is_live(&window) && button.has_css_class("destructive-action"));
    button.emit_clicked();
    wait_until("the picture", || is_live(&window));
    window.destroy();
}
