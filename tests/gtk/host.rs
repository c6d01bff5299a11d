//! The window of a connection: its host's figures, its link, its log, and its end.

use adw::prelude::*;
use innkeeper::{
    model::{Connection, ConnectionState},
    ui::HostWindow,
};

use crate::{
    lab::{self, Daemon, Shown},
    support::{self, by_id, settle, tree, wait_until},
};

/// Shows a connection's window; the list keeps the connection.
fn open(shown: &Shown) -> HostWindow {
    let window = HostWindow::new(&lab::app(), &shown.connection());
    window.present();
    window
}

fn connect(connection: &Connection) {
    connection.connect_host();
    wait_until("the connection", || {
        connection.state() == ConnectionState::Connected
    });
}

/// The value of the row with a title, where one is shown.
fn value(window: &HostWindow, title: &str) -> Option<String> {
    let rows = tree(window).into_iter();
    let mut rows = rows.filter_map(|widget| widget.downcast::<adw::ActionRow>().ok());
    let row = rows.find(|row| row.title() == title && row.is_visible())?;
    row.subtitle().map(String::from)
}

fn log(window: &HostWindow) -> Vec<String> {
    let list: gtk::ListView = by_id(window, "list");
    let labels = tree(&list).into_iter();
    labels
        .filter_map(|widget| widget.downcast::<gtk::Label>().ok())
        .filter(|label| !label.has_css_class("time"))
        .map(|label| label.label().into())
        .collect()
}

#[gtk::test]
fn it_shows_the_host_with_live_figures() {
    let daemon = Daemon::start().expect("libvirtd is part of the environment");
    support::start();
    let uri = format!(
        "{}?socket={}",
        Daemon::qemu_uri(),
        daemon.socket().display()
    );
    let shown = Shown::with(&[&uri]);
    let connection = shown.connection();
    let window = open(&shown);
    let stack: gtk::Stack = by_id(&window, "stack");
    assert_eq!(stack.visible_child_name().as_deref(), Some("unknown"));

    connect(&connection);
    wait_until("the facts", || {
        value(&window, "Hypervisor").is_some_and(|v| v.starts_with("QEMU"))
    });
    wait_until("the capabilities", || {
        value(&window, "Runs").is_some_and(|v| v.contains("x86_64"))
    });
    let load: adw::PreferencesGroup = by_id(&window, "load");
    wait_until("the figures", || load.is_visible());
    let memory: gtk::Label = by_id(&window, "memory_text");
    assert!(memory.label().contains("iB of"), "{}", memory.label());

    connection.disconnect_host();
    wait_until("no figures", || !load.is_visible());
    assert!(
        value(&window, "Hypervisor").is_some(),
        "what the host is stays"
    );
    window.destroy();
}

#[gtk::test]
fn nobody_reads_figures_behind_another_page() {
    let daemon = Daemon::start().expect("libvirtd is part of the environment");
    support::start();
    let uri = format!(
        "{}?socket={}",
        Daemon::qemu_uri(),
        daemon.socket().display()
    );
    let shown = Shown::with(&[&uri]);
    let connection = shown.connection();
    let window = open(&shown);
    connect(&connection);
    let count = || connection.with_host_history(std::collections::VecDeque::len);
    wait_until("a sample", || count() > 0);
    let pages: adw::ViewStack = by_id(&window, "pages");
    pages.set_visible_child_name("log");
    settle();
    assert!(!connection.is_host_watched());
    pages.set_visible_child_name("overview");
    settle();
    assert!(connection.is_host_watched());
    window.destroy();
    settle();
    assert!(!connection.is_host_watched());
}

#[gtk::test]
fn it_tells_the_link_and_the_log() {
    let daemon = Daemon::start().expect("libvirtd is part of the environment");
    support::start();
    let shown = Shown::with(&[&lab::host(&daemon, &[("one", "", "")])]);
    let connection = shown.connection();
    let window = open(&shown);
    let pages: adw::ViewStack = by_id(&window, "pages");
    pages.set_visible_child_name("log");
    assert!(log(&window).is_empty());
    connect(&connection);
    wait_until("the log", || {
        log(&window)
            .last()
            .is_some_and(|line| line.starts_with("Connected to"))
    });
    assert!(log(&window)[0].starts_with("Connecting to test+unix://"));
    let socket = daemon.socket().display().to_string();
    assert_eq!(value(&window, "Other Side"), Some(socket));
    assert_eq!(
        value(&window, "Encryption").as_deref(),
        Some("Does not leave this computer")
    );
    connection.disconnect_host();
    wait_until("the end in the log", || {
        log(&window)
            .last()
            .is_some_and(|line| line == "Disconnected")
    });
    wait_until("no link", || value(&window, "Other Side").is_none());
    support::check_icon_buttons(&shown.window);
    window.destroy();
}

#[gtk::test]
fn it_closes_with_its_connection() {
    let shown = Shown::with(&["test+unix:///a?socket=/nowhere"]);
    let window = open(&shown);
    assert_eq!(
        window.title().as_deref(),
        Some(&*shown.connection().label())
    );
    shown.connection().rename("Another");
    assert_eq!(window.title().as_deref(), Some("Another"));
    shown.connections.remove(&shown.connection());
    wait_until("its end", || !window.is_visible());
}
