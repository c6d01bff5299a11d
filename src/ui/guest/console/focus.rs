//! Who has the keyboard: the guest, or the window.
//!
//! The guest has it while its screen has the focus *and* the user wants that: a click, the menu, or Enter. Who comes by
//! Tab goes by Tab. Who takes it back leaves the focus on the screen, where keys do nothing but for Enter and Tab: hands that
//! type on press no button. Whenever the focus goes, however that comes about, nothing stays pressed.

use std::cell::Cell;

use gtk::{glib, prelude::*};

use super::{grab, widget::Screen};

/// Where the keyboard is.
#[derive(Debug, Default)]
pub(super) struct Grab {
    /// The user wants the guest to have it whenever the screen has the focus.
    wanted: Cell<bool>,
    /// The guest has it.
    held: Cell<bool>,
    /// The user was told that Enter gives it to the guest.
    offered: Cell<bool>,
}

impl Screen {
    /// Gives the guest the keyboard, as soon as the window has it.
    pub(super) fn take_keyboard(&self) {
        self.grab().wanted.set(true);
        if self.has_focus() {
            self.engage();
        } else {
            self.grab_focus();
        }
    }

    /// Gives the guest the keyboard again that it has lost by going out of sight for a moment.
    pub(super) fn resume_keyboard(&self) {
        if self.has_focus() && self.grab().wanted.get() {
            self.engage();
        }
    }

    /// Takes the focus for a user who comes by Tab or an arrow; moves on where it is here already.
    pub(super) fn visit(&self) -> bool {
        if self.is_focus() {
            return false;
        }
        self.grab().wanted.set(false);
        self.grab_focus()
    }

    /// Gives the keyboard back to the window, at the user's wish.
    pub(super) fn release_keyboard(&self) {
        self.grab().wanted.set(false);
        self.let_go();
        self.update_offer(self.has_focus());
        if let Some(window) = self.root().and_downcast::<gtk::Window>() {
            window.set_focus_visible(true);
        }
    }

    /// Says whether the user has taken the keyboard back and left the focus here.
    pub(super) fn is_released(&self) -> bool {
        self.has_focus() && !self.grab().wanted.get()
    }

    /// Tells whether Enter gives the guest the keyboard, when that has changed.
    pub(super) fn update_offer(&self, has_focus: bool) {
        let offered = has_focus && !self.grab().held.get() && self.session().is_some();
        if self.grab().offered.replace(offered) != offered {
            let news = if offered {
                "keyboard-offered"
            } else {
                "keyboard-declined"
            };
            self.emit_by_name::<()>(news, &[]);
        }
    }

    /// Says whether keys are the guest's.
    pub(super) fn has_keyboard(&self) -> bool {
        self.grab().held.get() && self.session().is_some()
    }

    /// Says whether Enter gives the guest the keyboard.
    pub(super) fn offers_keyboard(&self) -> bool {
        self.grab().offered.get()
    }

    pub(super) fn watch_focus(&self) {
        let focus = gtk::EventControllerFocus::new();
        let weak = self.downgrade();
        focus.connect_enter(move |_| {
            let Some(screen) = weak.upgrade() else { return };
            if screen.grab().wanted.get() {
                screen.engage();
            } else {
                screen.update_offer(true);
            }
        });
        let weak: glib::WeakRef<Self> = self.downgrade();
        focus.connect_leave(move |_| {
            if let Some(screen) = weak.upgrade() {
                screen.let_go();
                screen.update_offer(false);
            }
        });
        self.add_controller(focus);
    }

    fn engage(&self) {
        if self.grab().held.replace(true) {
            return;
        }
        self.update_offer(true);
        self.add_css_class("taken");
        grab::hold_desktop_shortcuts(self, true);
        self.keyboard().take(self);
        self.clipboard_link().keyboard_came(self);
        self.emit_by_name::<()>("keyboard-taken", &[]);
    }

    /// Releases everything that is held, and the desktop's shortcuts.
    pub(super) fn let_go(&self) {
        if self.grab().held.replace(false) {
            self.remove_css_class("taken");
            grab::hold_desktop_shortcuts(self, false);
            self.clipboard_link().keyboard_went();
        }
        self.pointer().release_all(self);
        self.pointer().unlock(self);
        self.keyboard().release_all(self);
    }
}
