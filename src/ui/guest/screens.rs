//! The screens of a guest's window: which of those that its guest has is looked at, and the menu to choose from.
//!
//! What the user chose is kept for each guest. Where nothing was chosen, the picture is shown; a guest that has none that
//! can be shown has its first serial line instead. [`super::screen_offers`] lists them.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use adw::prelude::*;
use gtk::gio;

use super::{
    console::ConsoleView,
    screen_offers::{Choice, Offer, first_choice, menu, offers},
    terminal::TerminalView,
};
use crate::{
    app::i18n::gettext,
    model::{Guest, GuestSettings, TextDeviceId},
};

/// What a guest's window knows of its screens.
#[derive(Debug, Default)]
pub(super) struct Screens {
    guest: RefCell<Option<Guest>>,
    offers: RefCell<Vec<Offer>>,
    shown: Cell<Option<Choice>>,
    /// Whether the user has chosen in this window.
    is_chosen: Cell<bool>,
    terminals: RefCell<HashMap<TextDeviceId, TerminalView>>,
    /// Whether the header has no room for the picker.
    is_narrow: Cell<bool>,
    /// Whether the picture was asked for, so that it is followed.
    has_picture: Cell<bool>,
}

/// The widgets that show them.
pub(super) struct Stage<'a> {
    pub(super) stack: &'a gtk::Stack,
    pub(super) picture: &'a ConsoleView,
    pub(super) picker: &'a gtk::MenuButton,
    /// The part of the window's menu that stands in for the picker.
    pub(super) menu: &'a gio::Menu,
}

impl Screens {
    /// Takes a guest, or a new object for the one that it has.
    pub(super) fn set_guest(&self, guest: &Guest, stage: &Stage<'_>) {
        self.guest.replace(Some(guest.clone()));
        for (device, terminal) in &*self.terminals.borrow() {
            terminal.set_line(guest, *device);
        }
        if self.has_picture.get() {
            stage.picture.set_guest(guest);
        }
        self.update(stage);
        if self.shown.get().is_none() {
            // Nothing is known of its devices yet: what was looked at last, or most likely the picture.
            self.show(last(guest).unwrap_or_default(), stage);
        }
    }

    /// Brings menu and choice up to date with the guest's devices.
    pub(super) fn update(&self, stage: &Stage<'_>) {
        let Some(guest) = self.guest.borrow().clone() else {
            return;
        };
        let Some(description) = guest.domain().description else {
            return;
        };
        let offers = offers(&description);
        if offers != *self.offers.borrow() {
            self.offers.replace(offers);
            self.offer(stage);
        }
        if !self.is_chosen.get() {
            let choice = first_choice(&self.offers.borrow(), last(&guest));
            self.show(choice, stage);
        }
    }

    /// Takes whether the header has room for the picker; where it has none, the window's menu has the choices.
    pub(super) fn set_narrow(&self, is_narrow: bool, stage: &Stage<'_>) {
        self.is_narrow.set(is_narrow);
        self.offer(stage);
    }

    fn offer(&self, stage: &Stage<'_>) {
        let menu = menu(&self.offers.borrow());
        let (is_choice, is_narrow) = (menu.n_items() > 1, self.is_narrow.get());
        stage.menu.remove_all();
        if is_choice && is_narrow {
            let label = gettext("Screens and Text Consoles");
            stage.menu.append_submenu(Some(&label), &menu);
        }
        stage.picker.set_menu_model(Some(&menu));
        stage.picker.set_visible(is_choice && !is_narrow);
    }

    /// Shows what the user chooses, and keeps it for the next time.
    pub(super) fn choose(&self, choice: Choice, stage: &Stage<'_>) {
        self.is_chosen.set(true);
        if let Some(guest) = &*self.guest.borrow() {
            GuestSettings::change(guest.uuid(), |settings| {
                settings.screen = Some(choice.to_string());
            });
        }
        self.show(choice, stage);
    }

    /// What is shown.
    pub(super) fn shown(&self) -> Choice {
        self.shown.get().unwrap_or_default()
    }

    /// The terminal that is shown, if it is one.
    pub(super) fn terminal(&self) -> Option<TerminalView> {
        match self.shown() {
            Choice::Graphics(_) => None,
            Choice::Text(device) => self.terminals.borrow().get(&device).cloned(),
        }
    }

    fn show(&self, choice: Choice, stage: &Stage<'_>) {
        let Some(guest) = self.guest.borrow().clone() else {
            return;
        };
        if self.shown.replace(Some(choice)) == Some(choice) {
            return;
        }
        match choice {
            Choice::Graphics(place) => {
                stage.picture.show_place(place);
                if !self.has_picture.replace(true) {
                    stage.picture.set_guest(&guest);
                }
                stage.stack.set_visible_child(stage.picture);
            }
            Choice::Text(device) => {
                let mut terminals = self.terminals.borrow_mut();
                let terminal = terminals.entry(device).or_insert_with(|| {
                    let terminal = TerminalView::new(&guest, device);
                    stage.stack.add_child(&terminal);
                    terminal
                });
                stage.stack.set_visible_child(terminal);
            }
        }
        stage.picker.set_icon_name(choice.icon_name());
    }
}

/// What was looked at last.
fn last(guest: &Guest) -> Option<Choice> {
    let word = GuestSettings::of(guest.uuid()).screen?;
    Choice::from_word(&word)
}
