//! A screen with TLS but without a certificate: what its window says.

use ::lab::guest;
use adw::prelude::*;
use innkeeper::{
    model::{ConnectionState, Guest, Profile},
    ui::GuestWindow,
};

use crate::{
    lab::{Daemon, Shown, app},
    out_of_reach::start,
    support::{by_id, find_by_id, tree, wait_until},
};

#[gtk::test]
fn a_screen_without_a_certificate_is_shown_with_a_warning() {
    let daemon = Daemon::start().expect("libvirtd is part of the environment");
    let at_a_port = "<graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/>";
    let emulator = guest::emulator_without_certificate(daemon.path());
    let emulator = emulator.expect("a folder that takes files");
    start(&daemon, "stranger", &format!("{emulator}{at_a_port}"));
    start(&daemon, "open", at_a_port);
    let uri = format!("qemu+unix:///system?socket={}", daemon.socket().display());
    let shown = Shown::with(&[&uri]);
    let connection = shown.connection();
    // Who may only look is not handed the screen, and calls at its port.
    let looking = Profile {
        read_only: true,
        ..connection.profile()
    };
    shown
        .connections
        .edit(&connection, looking)
        .expect("another profile");
    connection.connect_host();
    let found = |name: &str| -> Option<Guest> { connection.guests().find(name) };
    wait_until("the guests", || {
        connection.state() == ConnectionState::Connected
            && found("stranger").is_some()
            && found("open").is_some()
    });
    for (name, warns) in [("stranger", true), ("open", false)] {
        let window = GuestWindow::new(&app(), &found(name).expect("it was found"));
        window.present();
        let subtitle = |id: &str| {
            let row: Option<adw::ActionRow> =
                find_by_id(&window, id).and_then(|row| row.downcast().ok());
            row.and_then(|row| row.subtitle()).unwrap_or_default()
        };
        let views = tree(&window).into_iter();
        let mut views = views.filter(|widget| widget.type_().name() == "InnkeeperConsoleView");
        let view = views.next().expect("a guest's window has a screen");
        wait_until("the picture", || view.property("live"));
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
        let toasts = tree(&window).into_iter().filter(|widget| {
            let label = widget.downcast_ref::<gtk::Label>();
            label.is_some_and(|label| label.label() == "Somebody else could pose as this screen")
        });
        assert_eq!(toasts.count(), usize::from(warns));
        window.destroy();
    }
}
