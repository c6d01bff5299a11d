//! Who has the keyboard in a guest's window: its screen, before anything of the header.

use adw::{prelude::*, subclass::prelude::*};

use super::GuestWindow;

impl GuestWindow {
    /// Gives the screen that is shown the keyboard, if it is live.
    pub(in crate::ui::guest) fn give_screen_keyboard(&self) {
        match self.imp().screens.terminal() {
            Some(terminal) => drop(terminal.grab_focus()),
            None => self.imp().console.take_keyboard(),
        }
    }

    /// A window that opens has the toolkit focus its first button, where Space would pause the machine.
    pub(super) fn take_first_focus_back(&self) {
        if self.imp().screen_stack.is_child_visible() && self.visible_dialog().is_none() {
            GtkWindowExt::set_focus(self, None::<&gtk::Widget>);
            self.focus_screen();
        }
    }

    /// Focuses the screen that is shown, or the button that helps it; nothing where neither can be had yet: a screen that
    /// becomes live takes the keyboard that nobody has.
    pub(super) fn focus_screen(&self) {
        match self.imp().screens.terminal() {
            Some(terminal) => terminal.grab_focus(),
            None => self.imp().console.grab_focus(),
        };
    }

    /// Moves the focus to the header, where Tab and the menus are the window's again: to the menu, which does nothing to
    /// the machine when keys are pressed that were meant for it.
    pub(in crate::ui::guest) fn focus_header(&self) {
        let imp = self.imp();
        imp.frame.set_reveal_top_bars(true);
        imp.menu_button.grab_focus();
    }
}
