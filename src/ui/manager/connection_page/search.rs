//! Finding guests: the bar, which appears as one types, and what it filters.

use adw::{prelude::*, subclass::prelude::*};
use gtk::{gdk, glib};

use super::ConnectionPage;
use crate::app::i18n::gettext;

impl ConnectionPage {
    /// Opens the search; where it is open already, gives it the keyboard.
    pub(in crate::ui::manager) fn toggle_search(&self) {
        let imp = self.imp();
        if imp.search_button.is_active() {
            self.search_entry().grab_focus();
        } else if self.connection().is_some() {
            imp.search_button.set_active(true);
        }
    }

    pub(super) fn end_search(&self) {
        self.imp().search_button.set_active(false);
    }

    pub(super) fn set_searching(&self, searching: bool) {
        if searching {
            let entry = self.search_entry();
            self.search_bar().set_search_mode(true);
            entry.grab_focus();
        } else if let Some((bar, entry)) = self.imp().search_bar.get() {
            entry.set_text("");
            bar.set_search_mode(false);
            self.focus_table();
        }
    }

    /// Starts the search with the first letter that is typed into the window, wherever in it the keyboard is: at first
    /// it is among the connections.
    pub(in crate::ui::manager) fn capture_keys(&self, window: &impl IsA<gtk::Widget>) {
        let keys = gtk::EventControllerKey::new();
        let weak = self.downgrade();
        keys.connect_key_pressed(move |keys, key, _, modifiers| {
            let Some(page) = weak.upgrade() else {
                return glib::Propagation::Proceed;
            };
            if page.imp().search_button.is_active() || !starts_search(key, modifiers) {
                return glib::Propagation::Proceed;
            }
            page.type_first(keys)
        });
        window.add_controller(keys);
    }

    fn type_first(&self, keys: &gtk::EventControllerKey) -> glib::Propagation {
        let window = self.root().and_downcast::<adw::ApplicationWindow>();
        let is_covered = window.is_none_or(|window| window.visible_dialog().is_some());
        if is_covered || self.connection().is_none_or(|c| c.guests().n_items() == 0) {
            return glib::Propagation::Proceed;
        }
        let entry = self.search_entry();
        self.imp().search_button.set_active(true);
        let text = entry.delegate().and_downcast::<gtk::Text>();
        match text {
            Some(text) if keys.forward(&text) => {
                text.grab_focus_without_selecting();
                glib::Propagation::Stop
            }
            _ => glib::Propagation::Proceed,
        }
    }

    fn search_bar(&self) -> &gtk::SearchBar {
        &self.search_parts().0
    }

    fn search_entry(&self) -> &gtk::SearchEntry {
        &self.search_parts().1
    }

    fn search_parts(&self) -> &(gtk::SearchBar, gtk::SearchEntry) {
        self.imp().search_bar.get_or_init(|| {
            let entry = gtk::SearchEntry::builder()
                .placeholder_text(gettext("Search virtual machines"))
                .hexpand(true)
                .build();
            entry.update_property(&[gtk::accessible::Property::Label(&gettext(
                "Search virtual machines",
            ))]);
            let clamp = adw::Clamp::builder()
                .child(&entry)
                .maximum_size(400)
                .build();
            let bar = gtk::SearchBar::builder().child(&clamp).build();
            bar.connect_entry(&entry);
            self.follow_entry(&bar, &entry);
            self.imp().view.add_top_bar(&bar);
            (bar, entry)
        })
    }

    fn follow_entry(&self, bar: &gtk::SearchBar, entry: &gtk::SearchEntry) {
        entry.set_search_delay(0);
        let weak = self.downgrade();
        entry.connect_search_changed(move |entry| {
            if let Some(page) = weak.upgrade() {
                page.table().set_search(&entry.text());
                page.update_view();
            }
        });
        let weak = self.downgrade();
        entry.connect_activate(move |_| {
            if let Some(page) = weak.upgrade() {
                page.table().open_first_result();
            }
        });
        let weak = self.downgrade();
        bar.connect_search_mode_enabled_notify(move |bar| {
            if let Some(page) = weak.upgrade() {
                page.imp().search_button.set_active(bar.is_search_mode());
            }
        });
    }

    fn focus_table(&self) {
        if let Some(table) = self.imp().table.get() {
            table.grab_focus();
        }
    }
}

/// Says whether a key is a letter to look for, rather than a command.
fn starts_search(key: gdk::Key, modifiers: gdk::ModifierType) -> bool {
    let command = gdk::ModifierType::CONTROL_MASK
        | gdk::ModifierType::ALT_MASK
        | gdk::ModifierType::SUPER_MASK
        | gdk::ModifierType::META_MASK;
    let letter = key.to_unicode();
    !modifiers.intersects(command) && letter.is_some_and(|c| !c.is_control() && !c.is_whitespace())
}
