//! What is taken over from virt-manager, from a real dconf database.

use adw::prelude::*;
use gtk::{gio, glib};
use innkeeper::{
    app::settings::{Key, Settings},
    model::{Connection, Import},
};

use crate::{
    lab::Shown,
    support::{self, settle, tree, wait_until},
};

const ROOT: &str = "/org/virt-manager/virt-manager/";

/// The user's dconf database, whatever this process uses for its own settings.
fn dconf() -> gio::SettingsBackend {
    // GIO reads its modules when the first settings are opened.
    let _ = Settings::get();
    let point = gio::IOExtensionPoint::lookup("gsettings-backend").expect("GIO has backends");
    let backend = point
        .extension_by_name("dconf")
        .expect("dconf's module is part of the environment");
    glib::Object::with_type(backend.type_())
        .downcast()
        .expect("a backend")
}

fn there(backend: Option<&gio::SettingsBackend>, group: &str, path: &str) -> gio::Settings {
    let name = format!("virt-manager.{group}");
    Settings::foreign(&name, &format!("{ROOT}{path}/"), backend).expect("the schema")
}

/// Writes what virt-manager would have written.
fn write(backend: Option<&gio::SettingsBackend>) {
    let connections = there(backend, "connections", "connections");
    let uris = [
        "qemu:///system",
        "qemu+ssh://root@far.example/system?keyfile=/a/b",
        "not a uri",
        "test+unix:///a?socket=/nowhere",
    ];
    connections.set_strv("uris", uris).expect("written");
    connections
        .set_strv(
            "autoconnect",
            ["qemu+ssh://root@far.example/system?keyfile=/a/b"],
        )
        .expect("written");
    let named = "conns/qemu+ssh:root@far.examplesystem?keyfile=ab";
    there(backend, "connection", named)
        .set_string("pretty-name", "Far & Away")
        .expect("written");
    there(backend, "stats", "stats")
        .set_int("update-interval", 600)
        .expect("written");
    there(backend, "confirm", "confirm")
        .set_boolean("pause", true)
        .expect("written");
    gio::Settings::sync();
}

fn forget(backend: Option<&gio::SettingsBackend>) {
    for (group, path) in [
        ("connections", "connections"),
        ("stats", "stats"),
        ("confirm", "confirm"),
    ] {
        let settings = there(backend, group, path);
        let schema = settings.settings_schema().expect("a schema");
        for key in schema.list_keys() {
            settings.reset(&key);
        }
    }
    gio::Settings::sync();
}

#[gtk::test]
fn a_dconf_database_is_read() {
    support::start();
    let backend = dconf();
    let backend = Some(&backend);
    assert_eq!(Import::look(backend), Import::default());
    write(backend);
    let database = glib::user_config_dir().join("dconf/user");
    wait_until("the database", || database.exists());
    let found = Import::look(backend);
    let told: Vec<_> = found
        .connections
        .iter()
        .map(|p| (p.uri.to_string(), p.name.as_str(), p.autoconnect))
        .collect();
    let far = "qemu+ssh://root@far.example/system?keyfile=/a/b";
    assert_eq!(
        told,
        [
            ("qemu:///system".to_owned(), "", false),
            (far.to_owned(), "Far & Away", true),
            ("test+unix:///a?socket=/nowhere".to_owned(), "", false),
        ]
    );
    assert_eq!(found.settings.len(), 2, "{:?}", found.settings);
    forget(backend);
    assert_eq!(Import::look(backend), Import::default());
}

#[gtk::test]
fn the_offer_is_made_once_and_takes_what_is_ticked() {
    let settings = Settings::get();
    let known = "test+unix:///a?socket=/nowhere";
    write(None);
    let shown = Shown::with(&[known]);
    let banner: adw::Banner = support::by_id(&shown.window, "import_banner");
    wait_until("the offer", || banner.is_revealed());
    shown.act("import-connections");
    wait_until("the dialog", || shown.window.visible_dialog().is_some());
    let dialog = shown.window.visible_dialog().expect("it is there");
    let rows: Vec<adw::ActionRow> = tree(&dialog)
        .into_iter()
        .filter_map(|widget| widget.downcast::<adw::ActionRow>().ok())
        .filter(|row| !row.is::<adw::SwitchRow>())
        .collect();
    let titles: Vec<_> = rows.iter().map(|row| row.title().to_string()).collect();
    assert_eq!(
        titles,
        ["QEMU/KVM", "Far & Away"],
        "the known one is left out"
    );
    let tick = rows[0]
        .activatable_widget()
        .and_downcast::<gtk::CheckButton>();
    tick.expect("a tick").set_active(false);
    let import: gtk::Button = support::by_id(&dialog, "import");
    assert!(import.is_sensitive());
    import.emit_clicked();
    wait_until("its end", || shown.window.visible_dialog().is_none());
    settle();

    let added: Connection = shown.connections.item(1).and_downcast().expect("added");
    assert_eq!(shown.connections.n_items(), 2);
    assert_eq!(added.label(), "Far & Away");
    assert!(added.autoconnect());
    added.disconnect_host();
    assert_eq!(settings.int(Key::UpdateInterval), 60);
    assert!(settings.boolean(Key::ConfirmPause));
    assert!(!banner.is_revealed() && !settings.boolean(Key::OfferImport));

    settings.set_int(Key::UpdateInterval, 3);
    settings.set_boolean(Key::ConfirmPause, false);
    forget(None);
    shown.act("import-connections");
    settle();
    assert!(shown.window.visible_dialog().is_none(), "nothing is left");
    settings.set_boolean(Key::OfferImport, true);
}
