//! The window's actions: their names, their keys, and when those of the connection can be done.

use adw::{prelude::*, subclass::prelude::*};
use gtk::{gdk, gio, glib};

use super::ManagerWindow;
use crate::model::{Connection, ConnectionList, ConnectionState, Side};

/// One row of the window's actions.
struct Action {
    name: &'static str,
    activate: fn(&ManagerWindow),
}

const ACTIONS: &[Action] = &[
    Action {
        name: "add-connection",
        activate: ManagerWindow::add_connection,
    },
    Action {
        name: "import-connections",
        activate: ManagerWindow::ask_to_import,
    },
    Action {
        name: "search",
        activate: ManagerWindow::toggle_search,
    },
    Action {
        name: "toggle-sidebar",
        activate: ManagerWindow::toggle_sidebar,
    },
    Action {
        name: "show-content",
        activate: ManagerWindow::show_content,
    },
    Action {
        name: "connect",
        activate: |window| with_selected(window, Connection::connect_host),
    },
    Action {
        name: "disconnect",
        activate: |window| with_selected(window, Connection::disconnect_host),
    },
    Action {
        name: "host-details",
        activate: |window| with_selected(window, |c| window.open_host(c)),
    },
    Action {
        name: "edit-connection",
        activate: |window| {
            with_selected(window, |c| {
                window.edit(c);
            });
        },
    },
    Action {
        name: "test-connection",
        activate: |window| with_selected(window, |c| window.test(c)),
    },
    Action {
        name: "duplicate-connection",
        activate: |window| with_selected(window, |c| window.duplicate(c)),
    },
    Action {
        name: "rename-connection",
        activate: |window| with_selected(window, |c| window.ask_for_name(c)),
    },
    Action {
        name: "move-connection-up",
        activate: |window| move_selected(window, Side::Before),
    },
    Action {
        name: "move-connection-down",
        activate: |window| move_selected(window, Side::After),
    },
    Action {
        name: "remove-connection",
        activate: |window| with_selected(window, |c| window.ask_to_remove(c)),
    },
];

/// The keys of the main window; a guest's window leaves plain Ctrl and a letter to the guest.
const KEYS: &[(gdk::Key, gdk::ModifierType, &str)] = &[
    (
        gdk::Key::n,
        gdk::ModifierType::CONTROL_MASK,
        "win.add-connection",
    ),
    (gdk::Key::f, gdk::ModifierType::CONTROL_MASK, "win.search"),
    (
        gdk::Key::F9,
        gdk::ModifierType::empty(),
        "win.toggle-sidebar",
    ),
    (gdk::Key::w, gdk::ModifierType::CONTROL_MASK, "window.close"),
    (gdk::Key::q, gdk::ModifierType::CONTROL_MASK, "app.quit"),
];

/// Binds the keys for every main window.
pub(super) fn bind_keys<T: WidgetClassExt>(klass: &mut T) {
    for (key, modifiers, action) in KEYS {
        klass.add_binding_action(*key, *modifiers, action);
    }
}

/// Gives the window its actions and keeps those of the connection true.
pub(super) fn install(window: &ManagerWindow) {
    for action in ACTIONS {
        let entry = gio::ActionEntry::builder(action.name)
            .activate(|window: &ManagerWindow, _, _| (action.activate)(window))
            .build();
        window.add_action_entries([entry]);
    }
    let autoconnect = gio::ActionEntry::builder("autoconnect")
        .state(false.to_variant())
        .change_state(|window: &ManagerWindow, _, value| {
            if let (Some(connection), Some(value)) =
                (window.selected(), value.and_then(glib::Variant::get))
            {
                connection.set_autoconnect(value);
            }
        })
        .build();
    window.add_action_entries([autoconnect]);
    let select = gio::ActionEntry::builder("select-connection")
        .parameter_type(Some(glib::VariantTy::STRING))
        .activate(|window: &ManagerWindow, _, uri| {
            if let Some(uri) = uri.and_then(glib::Variant::str) {
                window.select_by_uri(uri);
            }
        })
        .build();
    window.add_action_entries([select]);
    follow_selected(window);
}

/// Updates the connection's actions when another is selected, and when it comes to differ.
fn follow_selected(window: &ManagerWindow) {
    let signals = glib::SignalGroup::new::<Connection>();
    for property in ["state", "autoconnect", "site"] {
        let weak = window.downgrade();
        signals.connect_notify_local(Some(property), move |_, _| {
            if let Some(window) = weak.upgrade() {
                update(&window);
            }
        });
    }
    let weak = window.downgrade();
    window.sidebar().connect_selected_notify(move |sidebar| {
        signals.set_target(sidebar.selected().as_ref());
        if let Some(window) = weak.upgrade() {
            update(&window);
        }
    });
    update(window);
}

/// Updates what depends on a connection's place in the list.
pub(super) fn follow_list(window: &ManagerWindow, connections: &ConnectionList) {
    let weak = window.downgrade();
    connections.connect_items_changed(move |_, _, _, _| {
        if let Some(window) = weak.upgrade() {
            update(&window);
        }
    });
    update(window);
}

fn update(window: &ManagerWindow) {
    let connection = window.selected();
    let state = connection.as_ref().map(Connection::state);
    let is_up = matches!(
        state,
        Some(ConnectionState::Connecting | ConnectionState::Connected | ConnectionState::Lost)
    );
    let can_connect = state.is_some() && (!is_up || state == Some(ConnectionState::Lost));
    set_enabled(window, "connect", can_connect);
    set_enabled(window, "disconnect", is_up);
    for name in [
        "host-details",
        "autoconnect",
        "edit-connection",
        "test-connection",
        "duplicate-connection",
        "rename-connection",
        "remove-connection",
    ] {
        set_enabled(window, name, connection.is_some());
    }
    for (name, side) in [
        ("move-connection-up", Side::Before),
        ("move-connection-down", Side::After),
    ] {
        let beside = connection.as_ref().zip(window.connections());
        let beside = beside.and_then(|(connection, list)| list.neighbour(connection, side));
        set_enabled(window, name, beside.is_some());
    }
    if let Some(action) = simple(window, "autoconnect") {
        let is_automatic = connection.is_some_and(|c| c.autoconnect());
        action.set_state(&is_automatic.to_variant());
    }
}

fn set_enabled(window: &ManagerWindow, name: &str, enabled: bool) {
    if let Some(action) = simple(window, name) {
        action.set_enabled(enabled);
    }
}

fn simple(window: &ManagerWindow, name: &str) -> Option<gio::SimpleAction> {
    window.lookup_action(name).and_downcast()
}

fn move_selected(window: &ManagerWindow, side: Side) {
    let Some((connection, list)) = window.selected().zip(window.connections()) else {
        return;
    };
    if let Some(beside) = list.neighbour(&connection, side) {
        list.place(&connection, side, &beside);
    }
}

fn with_selected(window: &ManagerWindow, act: impl FnOnce(&Connection)) {
    if let Some(connection) = window.selected() {
        act(&connection);
    }
}
