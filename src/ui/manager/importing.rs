//! The offer to take over virt-manager's connections: a banner until it was answered once, and a menu item for later.

use adw::prelude::*;
use gtk::glib;

use super::{ManagerWindow, import_dialog::ImportDialog};
use crate::{
    app::{
        i18n::gettext,
        settings::{Key, Settings},
    },
    model::{Connection, ConnectionState, Import},
};

impl ManagerWindow {
    /// Offers the import once the window is there, where there is something to import and nobody has answered yet.
    pub(super) fn offer_import_soon(&self) {
        if !Settings::get().boolean(Key::OfferImport) {
            return;
        }
        let weak = self.downgrade();
        glib::idle_add_local_full(glib::Priority::LOW, move || {
            if let Some(window) = weak.upgrade() {
                let has_connections = !window.importable().connections.is_empty();
                window.sidebar().offer_import(has_connections);
            }
            glib::ControlFlow::Break
        });
    }

    /// Finds what virt-manager has and this program does not.
    fn importable(&self) -> Import {
        let found = Import::look(None);
        match self.connections() {
            Some(list) => found.without(|profile| list.find(&profile.uri.to_string()).is_some()),
            None => found,
        }
    }

    /// Asks what to import, and imports it.
    pub(super) fn ask_to_import(&self) {
        let found = self.importable();
        if found.is_empty() {
            self.show_message(&gettext("There is nothing to import"));
            return;
        }
        let weak = self.downgrade();
        let dialog = ImportDialog::new(found, move |chosen| {
            if let Some(window) = weak.upgrade() {
                window.import(chosen);
            }
        });
        let weak = self.downgrade();
        dialog.connect_closed(move |_| {
            // Answered in either way: the menu has it from now on.
            Settings::get().set_boolean(Key::OfferImport, false);
            if let Some(window) = weak.upgrade() {
                window.sidebar().offer_import(false);
            }
        });
        dialog.present(Some(self));
    }

    fn import(&self, chosen: Import) {
        let Some(list) = self.connections() else {
            return;
        };
        for setting in chosen.settings {
            setting.apply();
        }
        let added: Vec<Connection> = chosen
            .connections
            .into_iter()
            .map(|profile| list.add_profile(profile))
            .collect();
        for connection in added {
            if connection.autoconnect() && connection.state() == ConnectionState::Disconnected {
                connection.connect_host();
            }
        }
    }
}
