//! A real libvirtd with guests of its test driver, and a main window over connections to it.

use std::{fmt::Write, fs, process::Command};

use adw::prelude::*;
use gtk::{gio, glib};
use innkeeper::{
    model::{Connection, ConnectionList, ConnectionState, Guest},
    ui::{GuestWindow, ManagerWindow},
};

use crate::support::{self, by_id, find_by_id, tree, wait_until};

pub(crate) use ::lab::Daemon;

/// Gives the URI of a host of the test driver that has guests of these names, titles and notes; all run.
pub(crate) fn host(daemon: &Daemon, guests: &[(&str, &str, &str)]) -> String {
    let mut xml = String::from("<node>");
    for (number, (name, title, note)) in guests.iter().enumerate() {
        write!(
            xml,
            "<domain type='test'><name>{name}</name><uuid>00000000-0000-4000-8000-{number:012x}</uuid>\
             <title>{title}</title><description>{note}</description><memory unit='MiB'>64</memory>\
             <vcpu>1</vcpu><os><type>hvm</type></os></domain>"
        )
        .expect("a string takes all");
    }
    xml.push_str("</node>");
    let path = daemon.path().join("host.xml");
    fs::write(&path, xml).expect("the daemon's folder takes a file");
    let (path, socket) = (path.display(), daemon.socket());
    format!("test+unix://{path}?socket={}", socket.display())
}

/// The address of a daemon's QEMU.
pub(crate) fn uri(daemon: &Daemon) -> String {
    let (uri, socket) = (Daemon::qemu_uri(), daemon.socket());
    let uri = uri.replace("qemu:", "qemu+unix:");
    format!("{uri}?socket={}", socket.display())
}

/// Has `virsh` do something there, and gives what it says.
#[track_caller]
pub(crate) fn virsh(daemon: &Daemon, arguments: &[&str]) -> String {
    let output = Command::new("virsh")
        .args(["-q", "-c", &uri(daemon)])
        .args(arguments)
        .output()
        .expect("virsh is part of the environment");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "virsh {arguments:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Defines a guest of the daemon's QEMU and starts it.
pub(crate) fn start_guest(daemon: &Daemon, name: &str, xml: &str) {
    let file = daemon.path().join(format!("{name}.xml"));
    fs::write(&file, xml).expect("a folder that takes files");
    virsh(daemon, &["define", &file.to_string_lossy()]);
    virsh(daemon, &["start", name]);
}

/// Whether a window shows its guest's picture.
pub(crate) fn is_live(window: &GuestWindow) -> bool {
    let mut views = tree(window).into_iter();
    let view = views.find(|widget| widget.type_().name() == "InnkeeperConsoleView");
    view.is_some_and(|view| view.property("live"))
}

thread_local! {
    /// The application that the windows belong to: a process can register one.
    static APP: adw::Application = {
        let app = adw::Application::new(None, gio::ApplicationFlags::NON_UNIQUE);
        app.register(gio::Cancellable::NONE)
            .expect("an application without a name meets no other");
        app
    };
}

/// The application that windows of a test belong to.
pub(crate) fn app() -> gtk::Application {
    APP.with(|app| app.clone().upcast())
}

/// A main window on the screen, destroyed at the end.
pub(crate) struct Shown {
    pub(crate) window: ManagerWindow,
    pub(crate) connections: ConnectionList,
}

impl Shown {
    /// Shows a window over connections to these URIs, none of which is connected yet.
    pub(crate) fn with(uris: &[&str]) -> Self {
        support::start();
        let connections = ConnectionList::default();
        for uri in uris {
            connections.add(uri, false).expect("a good URI");
        }
        let window = ManagerWindow::new(&app(), &connections);
        window.present();
        Self {
            window,
            connections,
        }
    }

    /// The first connection.
    pub(crate) fn connection(&self) -> Connection {
        self.connections
            .item(0)
            .and_downcast()
            .expect("there is a connection")
    }

    /// Connects the first connection and waits until its guests are shown and described.
    pub(crate) fn connect(&self) -> Connection {
        let connection = self.connection();
        connection.connect_host();
        wait_until("the connection", || {
            connection.state() == ConnectionState::Connected
        });
        self.wait_for_page("table");
        wait_until("descriptions", || {
            let guests = connection.guests();
            let mut all = guests.iter::<Guest>().flatten();
            all.all(|guest| guest.domain().description.is_some())
        });
        connection
    }

    /// The name of what fills the page.
    pub(crate) fn page(&self) -> String {
        let stack: gtk::Stack = by_id(&self.window, "stack");
        stack.visible_child_name().unwrap_or_default().into()
    }

    /// Waits until something fills the page.
    #[track_caller]
    pub(crate) fn wait_for_page(&self, name: &str) {
        wait_until(&format!("the page {name}"), || self.page() == name);
    }

    /// The table's model.
    pub(crate) fn selection(&self) -> gtk::MultiSelection {
        let view: gtk::ColumnView = support::only(&self.window);
        view.model()
            .and_downcast()
            .expect("several can be selected")
    }

    /// The guests of the table, from the top.
    pub(crate) fn names(&self) -> Vec<String> {
        let selection = self.selection();
        let guests = selection.iter::<glib::Object>().flatten();
        guests
            .filter_map(|item| item.downcast::<Guest>().ok())
            .map(|guest| guest.shown_name())
            .collect()
    }

    /// Whether a button of the action bar can be pressed.
    pub(crate) fn can(&self, button: &str) -> bool {
        find_by_id(&self.window, button)
            .is_some_and(|button| button.is_visible() && button.is_sensitive())
    }

    /// Does an action of the window.
    pub(crate) fn act(&self, action: &str) {
        ActionGroupExt::activate_action(&self.window, action, None);
    }

    /// Whether an action of the window can be done.
    pub(crate) fn may(&self, action: &str) -> bool {
        self.window.is_action_enabled(action)
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.window.destroy();
    }
}
