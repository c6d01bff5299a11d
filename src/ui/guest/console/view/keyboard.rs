//! Whose the keyboard is, in words: a note over the picture, and what a screen reader says of the screen.

use gtk::{prelude::*, subclass::prelude::*};

use super::ConsoleView;
use crate::{
    app::{
        i18n::{gettext, gettext_f},
        settings::{Key, Settings},
    },
    widgets::keys::{combination_text, symbols_of},
};

/// Between the upper edge and the note, in application pixels.
const NOTE_MARGIN: i32 = 18;

impl ConsoleView {
    /// Has the page say each change.
    pub(super) fn watch_keyboard(&self) {
        self.hear("keyboard-taken", |view| {
            let text = taken_text();
            view.describe(&text);
            view.imp().note.show_once(&text);
        });
        self.hear("keyboard-offered", |view| {
            let text = gettext("Press Enter to use the keyboard in the virtual machine");
            view.describe(&text);
            view.imp().note.forget();
            view.imp().note.keep(&text);
            view.set_offers_keyboard(true);
        });
        self.hear("keyboard-declined", |view| {
            view.describe("");
            view.imp().note.forget();
            view.set_offers_keyboard(false);
        });
        let weak = self.downgrade();
        self.imp().screen.connect_has_focus_notify(move |screen| {
            if let Some(view) = weak.upgrade().filter(|_| !screen.has_focus()) {
                view.describe("");
            }
        });
    }

    /// Takes how much of the upper edge the header covers, in application pixels: the note stays below it.
    pub(in crate::ui::guest) fn set_covered(&self, height: i32) {
        self.imp().note.set_margin_top(height + NOTE_MARGIN);
    }

    /// Has screen readers say of the screen whose the keyboard is.
    fn describe(&self, text: &str) {
        let screen = &*self.imp().screen;
        screen.update_property(&[gtk::accessible::Property::Description(text)]);
    }

    fn set_offers_keyboard(&self, offers: bool) {
        if self.imp().offers_keyboard.replace(offers) != offers {
            self.notify_offers_keyboard();
        }
    }

    fn hear(&self, signal: &str, act: fn(&Self)) {
        let weak = self.downgrade();
        self.imp().screen.connect_local(signal, false, move |_| {
            if let Some(view) = weak.upgrade() {
                act(&view);
            }
            None
        });
    }
}

/// Says how the keyboard comes back.
fn taken_text() -> String {
    let keys = symbols_of(&Settings::get().words(Key::ConsoleReleaseKeys));
    let keys = combination_text(&keys);
    gettext_f(
        // Translators: {keys} are names of keys, such as “Left Ctrl + Left Alt”.
        "Press {keys} to release the keyboard",
        &[("keys", &keys)],
    )
}
