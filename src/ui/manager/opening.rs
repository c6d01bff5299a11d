//! What a user decides about a connection: a new one, another address, whether to keep one that failed or to remove one.

use adw::prelude::*;

use super::ManagerWindow;
use crate::{
    app::{
        errors::UserFacing,
        i18n::{gettext, gettext_f},
        runtime,
    },
    model::{Connection, ConnectionState, Profile, Uri},
    ui::dialogs::ConnectionDialog,
};

impl ManagerWindow {
    /// Adds a connection, or finds it where it is known, and opens it.
    pub(super) fn open(&self, profile: Profile) {
        let Some(connections) = self.connections() else {
            return;
        };
        let known = connections.n_items();
        let connection = connections.add_profile(profile);
        let is_new = connections.n_items() > known;
        self.select(&connection);
        connection.connect_host();
        if is_new {
            self.ask_if_it_fails(&connection);
        }
    }

    /// Asks for a connection to add.
    pub(super) fn add_connection(&self) {
        if let Some(connections) = self.connections() {
            self.ask_and_open(&ConnectionDialog::add(connections));
        }
    }

    /// Asks for a connection to add that is like another one.
    pub(super) fn duplicate(&self, connection: &Connection) {
        if let Some(connections) = self.connections() {
            self.ask_and_open(&ConnectionDialog::duplicate(connections, connection));
        }
    }

    fn ask_and_open(&self, dialog: &ConnectionDialog) {
        let window = self.downgrade();
        dialog.connect_chosen(move |profile| {
            if let Some(window) = window.upgrade() {
                window.open(profile);
            }
        });
        dialog.present(Some(self));
    }

    /// Asks what is to change of a connection, and tests it as it is.
    pub(super) fn test(&self, connection: &Connection) {
        if let Some(dialog) = self.edit(connection) {
            dialog.start_test();
        }
    }

    /// Asks what is to change of a connection.
    pub(super) fn edit(&self, connection: &Connection) -> Option<ConnectionDialog> {
        let dialog = ConnectionDialog::edit(self.connections()?, connection);
        self.edit_with(dialog, connection)
    }

    /// Asks what is to change of a connection, with an address to begin with that is not its present one.
    pub fn edit_as(&self, connection: &Connection, uri: &Uri) {
        if let Some(connections) = self.connections() {
            let dialog = ConnectionDialog::edit_as(connections, connection, uri);
            self.edit_with(dialog, connection);
        }
    }

    fn edit_with(
        &self,
        dialog: ConnectionDialog,
        connection: &Connection,
    ) -> Option<ConnectionDialog> {
        let connections = self.connections()?;
        let (connections, connection) = (connections.downgrade(), connection.clone());
        dialog.connect_chosen(move |profile| {
            // The dialog lets no address pass that another connection has.
            if let Some(connections) = connections.upgrade()
                && let Err(other) = connections.edit(&connection, profile)
            {
                tracing::warn!(other = %other.uri(), "two connections would lead to the same address");
            }
        });
        dialog.present(Some(self));
        Some(dialog)
    }

    /// Waits for a new connection's first attempt; where it fails, asks whether to keep the connection.
    pub(super) fn ask_if_it_fails(&self, connection: &Connection) {
        let (window, connection) = (self.downgrade(), connection.clone());
        runtime::local(async move {
            if first_outcome(&connection).await == ConnectionState::Failed
                && let Some(window) = window.upgrade()
            {
                window.ask_to_remember(&connection).await;
            }
        });
    }

    async fn ask_to_remember(&self, connection: &Connection) {
        let Some(error) = connection.error().filter(|error| !error.is_silent()) else {
            return;
        };
        let body = gettext_f(
            // Translators: {uri} is an address, {reason} a short sentence without a full stop, such as “The host does not answer”.
            "{uri} was added, but not connected.\n{reason}.",
            &[("uri", &connection.uri()), ("reason", &error.headline())],
        );
        let heading = gettext("Keep This Connection?");
        let dialog = adw::AlertDialog::new(Some(&heading), Some(&body));
        dialog.add_responses(&[
            ("forget", &gettext("_Remove")),
            ("remember", &gettext("_Keep")),
        ]);
        dialog.set_default_response(Some("remember"));
        dialog.set_close_response("remember");
        if dialog.choose_future(Some(self)).await == "forget" {
            self.remove(connection);
        }
    }

    fn remove(&self, connection: &Connection) {
        if let Some(connections) = self.connections() {
            connections.remove(connection);
        }
    }

    /// Asks before a connection is taken from the list; one that is up is closed then.
    pub(super) fn ask_to_remove(&self, connection: &Connection) {
        let name = connection.label();
        let values = [("name", name.as_str())];
        let body = if connection.is_idle() {
            gettext_f(
                "“{name}” is taken from the list. Its virtual machines are not touched.",
                &values,
            )
        } else {
            gettext_f(
                "“{name}” is disconnected and taken from the list. Its virtual machines go on running.",
                &values,
            )
        };
        let heading = gettext("Remove This Connection?");
        let dialog = adw::AlertDialog::new(Some(&heading), Some(&body));
        dialog.add_responses(&[
            ("cancel", &gettext("_Cancel")),
            ("remove", &gettext("_Remove")),
        ]);
        dialog.set_response_appearance("remove", adw::ResponseAppearance::Destructive);
        dialog.set_default_response(Some("cancel"));
        dialog.set_close_response("cancel");
        let (window, connection) = (self.clone(), connection.clone());
        runtime::local(async move {
            if dialog.choose_future(Some(&window)).await == "remove" {
                window.remove(&connection);
            }
        });
    }

    /// Asks for a connection's name; an empty one brings back the one made from its address.
    pub(super) fn ask_for_name(&self, connection: &Connection) {
        let heading = gettext("Rename Connection");
        let dialog = adw::AlertDialog::new(Some(&heading), None);
        let entry = adw::EntryRow::builder()
            .title(gettext("Name"))
            .text(connection.label())
            .activates_default(true)
            .build();
        let list = gtk::ListBox::builder()
            .selection_mode(gtk::SelectionMode::None)
            .css_classes(["boxed-list"])
            .build();
        list.append(&entry);
        dialog.set_extra_child(Some(&list));
        dialog.add_responses(&[
            ("cancel", &gettext("_Cancel")),
            ("rename", &gettext("_Rename")),
        ]);
        dialog.set_response_appearance("rename", adw::ResponseAppearance::Suggested);
        dialog.set_default_response(Some("rename"));
        dialog.set_close_response("cancel");
        dialog.set_focus(Some(&entry));
        let (window, connection) = (self.clone(), connection.clone());
        runtime::local(async move {
            if dialog.choose_future(Some(&window)).await == "rename" {
                connection.rename(&entry.text());
            }
        });
    }
}

/// Waits until an attempt to connect has ended, one way or another.
async fn first_outcome(connection: &Connection) -> ConnectionState {
    let (ended, wait) = async_channel::bounded(1);
    let mut has_started = false;
    let started = std::cell::Cell::new(connection.state() == ConnectionState::Connecting);
    let handler = connection.connect_state_notify(move |connection| match connection.state() {
        ConnectionState::Connecting => started.set(true),
        ConnectionState::Disconnected if !started.get() => {}
        state => {
            let _ = ended.try_send(state);
        }
    });
    has_started |= matches!(
        connection.state(),
        ConnectionState::Connected | ConnectionState::Failed
    );
    let outcome = if has_started {
        connection.state()
    } else {
        wait.recv().await.unwrap_or_default()
    };
    connection.disconnect(handler);
    outcome
}
