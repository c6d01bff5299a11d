//! A guest that leaves its host: its window looks for it elsewhere, and goes with it.

use adw::{prelude::*, subclass::prelude::*};

use super::GuestWindow;
use crate::{
    app::i18n::{gettext, gettext_f},
    model::{Guest, GuestSearch},
};

impl GuestWindow {
    /// Looks for the guest on the other connections, if it has left this one.
    pub(super) fn follow_if_moved(&self, guest: &Guest) {
        if guest.has_moved() {
            self.look_elsewhere(guest);
        } else {
            self.imp().search.take();
        }
    }

    /// Looks for the guest on the other connections, and turns to it once it runs there.
    pub(super) fn look_elsewhere(&self, guest: &Guest) {
        let imp = self.imp();
        if imp.search.borrow().is_some() {
            return;
        }
        let (weak, left) = (self.downgrade(), guest.clone());
        let search = GuestSearch::start(guest, move |there| {
            if let Some(window) = weak.upgrade()
                && window.guest().as_ref() == Some(&left)
            {
                window.imp().search.take();
                window.turn_to(&there);
            }
        });
        imp.search.replace(search);
    }

    /// Shows the page of a guest that its host has no more.
    pub(super) fn show_gone(&self) {
        let (Some(guest), imp) = (self.guest(), self.imp()) else {
            return;
        };
        let name = guest.shown_name();
        let values = [("name", name.as_str())];
        let (title, text) = if guest.has_moved() {
            (
                gettext_f("“{name}” Was Moved", &values),
                gettext(
                    "It runs on another host now. Connect to that host, and this window turns to it.",
                ),
            )
        } else {
            (
                gettext_f("“{name}” Was Deleted", &values),
                gettext(
                    "The host no longer has this virtual machine. Nothing else is lost by closing this window.",
                ),
            )
        };
        imp.gone.set_title(&title);
        imp.gone.set_description(Some(&text));
        imp.body.set_visible_child_name("gone");
        imp.lifecycle.set_sensitive(false);
        imp.send_key.set_sensitive(false);
        imp.title.set_subtitle("");
        self.update_actions();
        self.look_elsewhere(&guest);
    }
}
