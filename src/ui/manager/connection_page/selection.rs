//! What can be done with the selected guests: the action bar, the menu, and which acts are possible now.

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::{ConnectionPage, GuestTable, imp};
use crate::{
    model::Guest,
    ui::manager::{action_bar::ActionBar, guest_menu},
    widgets::{self, ActTarget},
};

impl ActTarget for ConnectionPage {
    fn guests(&self) -> Vec<Guest> {
        self.imp()
            .table
            .get()
            .map(GuestTable::selected)
            .unwrap_or_default()
    }
}

/// Gives the page the actions that open windows.
pub(super) fn install_actions(klass: &mut <imp::ConnectionPage as ObjectSubclass>::Class) {
    klass.install_action("page.open", None, |page, _, _| {
        page.open_selected("console");
    });
    klass.install_action("page.details", None, |page, _, _| {
        page.open_selected("details");
    });
}

impl ConnectionPage {
    pub(super) fn install_acts(&self) {
        let group = widgets::install_acts(self);
        let _ = self.imp().acts.set(group);
    }

    /// Hears of the table's selection, menu and results.
    pub(super) fn follow_table(&self, table: &GuestTable) {
        let weak = self.downgrade();
        table.connect_selection_changed(move || {
            if let Some(page) = weak.upgrade() {
                page.queue_update_acts();
            }
        });
        let weak = self.downgrade();
        table.connect_menu_wanted(move |table, at| {
            if let Some(page) = weak.upgrade() {
                page.update_acts();
                let menu = guest_menu::for_guests(&page.guests());
                widgets::show_context_menu(table, &menu, Some(at));
            }
        });
    }

    /// Updates the acts once, however many guests have changed.
    pub(super) fn queue_update_acts(&self) {
        if self.imp().pending_acts.replace(true) {
            return;
        }
        let weak = self.downgrade();
        glib::idle_add_local_full(glib::Priority::HIGH_IDLE, move || {
            if let Some(page) = weak.upgrade() {
                page.update_acts();
            }
            glib::ControlFlow::Break
        });
    }

    fn update_acts(&self) {
        let imp = self.imp();
        imp.pending_acts.set(false);
        if let Some(group) = imp.acts.get() {
            widgets::update_acts(self, group);
        }
        let guests = if imp.shown.get() == Some(super::View::Table) {
            self.guests()
        } else {
            Vec::new()
        };
        self.action_set_enabled("page.open", !guests.is_empty());
        self.action_set_enabled("page.details", !guests.is_empty());
        if !guests.is_empty() || imp.action_bar.get().is_some() {
            self.action_bar().show_guests(&guests);
        }
        imp.view.set_reveal_bottom_bars(!guests.is_empty());
    }

    fn action_bar(&self) -> &ActionBar {
        self.imp().action_bar.get_or_init(|| {
            let bar = ActionBar::default();
            bar.set_narrow(self.narrow());
            self.imp().view.add_bottom_bar(&bar);
            bar
        })
    }

    /// Opens the windows of the selected guests: the first at once, each other one when there is nothing else to do. Many
    /// at once would hold all that is on the screen until the last was made.
    fn open_selected(&self, window_page: &'static str) {
        let mut guests = self.guests().into_iter();
        let Some(first) = guests.next() else { return };
        self.open(&first, window_page);
        let weak = self.downgrade();
        glib::idle_add_local(move || {
            let (Some(page), Some(guest)) = (weak.upgrade(), guests.next()) else {
                return glib::ControlFlow::Break;
            };
            page.open(&guest, window_page);
            glib::ControlFlow::Continue
        });
    }

    fn open(&self, guest: &Guest, window_page: &str) {
        let uri = guest.connection().map(|c| c.uri()).unwrap_or_default();
        let target = (uri, guest.uuid().to_string(), window_page.to_owned()).to_variant();
        if let Err(error) = self.activate_action("app.open-guest", Some(&target)) {
            tracing::error!(%error, "no application opens the guest");
        }
    }
}
