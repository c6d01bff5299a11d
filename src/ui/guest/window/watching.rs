//! What a guest's window hears: of its guest, of the connection, of itself.
//!
//! What it then shows is said in [`super::showing`].

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::GuestWindow;
use crate::{
    model::{Connection, ConnectionState, Guest},
    ui::guest::hearing::hear,
};

impl GuestWindow {
    pub(super) fn watch_guest(&self) {
        let signals = glib::SignalGroup::new::<Guest>();
        hear(&signals, self, &["notify", "changed"], Self::update);
        hear(&signals, self, &["gone"], Self::show_gone);
        let _ = self.imp().guest_signals.set(signals);
    }

    pub(super) fn watch_connection(&self) {
        let signals = glib::SignalGroup::new::<Connection>();
        hear(&signals, self, &["notify::state"], |window| {
            window.find_guest_again();
            window.update();
        });
        let _ = self.imp().connection_signals.set(signals);
    }

    /// A connection that was closed and opened again has new objects for its guests: takes the one that is meant.
    fn find_guest_again(&self) {
        let (Some(old), Some(connection)) = (self.guest(), self.connection()) else {
            return;
        };
        if connection.state() != ConnectionState::Connected {
            return;
        }
        match connection.guests().get(old.uuid()) {
            Some(new) if new != old => self.set_guest(&new),
            Some(_) => {}
            None => self.show_gone(),
        }
    }

    pub(super) fn watch_self(&self) {
        self.connect_fullscreened_notify(Self::update_fullscreen);
        self.connect_show(Self::take_first_focus_back);
        self.imp().console.connect_live_notify({
            let weak = self.downgrade();
            move |_| {
                if let Some(window) = weak.upgrade() {
                    window.update_actions();
                }
            }
        });
        // A dialog that has gone, a question's above all, leaves the keyboard to nobody.
        self.connect_visible_dialog_notify(|window| {
            let is_free =
                window.visible_dialog().is_none() && GtkWindowExt::focus(window).is_none();
            if is_free && window.imp().screen_stack.is_mapped() {
                window.focus_screen();
            }
        });
        let narrow = &self.imp().narrow;
        let weak = self.downgrade();
        narrow.connect_apply(move |_| {
            if let Some(window) = weak.upgrade() {
                window.imp().screens.set_narrow(true, &window.imp().stage());
            }
        });
        let weak = self.downgrade();
        narrow.connect_unapply(move |_| {
            if let Some(window) = weak.upgrade() {
                window
                    .imp()
                    .screens
                    .set_narrow(false, &window.imp().stage());
            }
        });
        let weak = self.downgrade();
        self.imp().pages.connect_visible_child_notify(move |_| {
            if let Some(window) = weak.upgrade() {
                window.update_actions();
            }
        });
    }
}
