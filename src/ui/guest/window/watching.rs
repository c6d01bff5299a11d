//! What a guest's window hears: of its guest, of the connection, of itself.
//!
//! What it then shows is said in [`super::showing`].

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;

use super::GuestWindow;
use crate::{
    model::{Connection, ConnectionState, Guest},
    ui::guest::hearing::hear,
    widgets::keep_focus_over_breakpoints,
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
        keep_focus_over_breakpoints(self);
        self.imp().console.connect_live_notify({
            let weak = self.downgrade();
            move |_| {
                if let Some(window) = weak.upgrade() {
                    window.update_actions();
                }
            }
        });
        self.watch_keyboard();
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

    /// As long as the keyboard is the window's, the way to its header is open; the note about it is not behind that.
    fn watch_keyboard(&self) {
        let weak = self.downgrade();
        self.imp().frame.connect_top_bar_height_notify(move |_| {
            let weak = weak.clone();
            // Not while places are being given out, which is when this is heard.
            glib::idle_add_local_once(move || {
                if let Some(window) = weak.upgrade() {
                    window.place_note();
                }
            });
        });
        let weak = self.downgrade();
        self.imp()
            .console
            .connect_offers_keyboard_notify(move |console| {
                if let Some(window) = weak.upgrade() {
                    let kept = console.offers_keyboard();
                    let header = &window.imp().edge_header;
                    header.set_kept(kept, &window, |window| &window.imp().edge_header);
                }
            });
    }

    /// Keeps the note about the keyboard out from behind the header.
    pub(super) fn place_note(&self) {
        let imp = self.imp();
        let is_over = imp.frame.is_extend_content_to_top_edge();
        let height = if is_over {
            imp.frame.top_bar_height()
        } else {
            0
        };
        imp.console.set_covered(height);
    }
}
