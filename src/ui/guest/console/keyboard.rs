//! Sends keys to the guest while its screen has the focus: all of them but F11, which leaves fullscreen.
//!
//! The keys are taken in the window's capture phase, before its accelerators, mnemonics and focus moves see them. No
//! input method is asked: the guest has its own layout, and gets the key's number beside its symbol.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use gtk::{gdk, glib, prelude::*};

use super::{grab::Chord, widget::Screen};
use crate::model::rfb::keys;

/// What is known of the keyboard.
#[derive(Debug, Default)]
pub(super) struct Keyboard {
    /// The symbol with which each key went down, by hardware code: Shift may be gone when it comes up.
    held: RefCell<HashMap<u32, u32>>,
    chord: Cell<Chord>,
    attached: RefCell<Option<(gtk::Window, gtk::EventControllerKey)>>,
}

impl Keyboard {
    /// Listens in the window that holds the screen: called whenever it is realized, so that it hears keys first.
    pub(super) fn attach(&self, screen: &Screen) {
        self.detach();
        let Some(window) = screen.root().and_downcast::<gtk::Window>() else {
            return;
        };
        let controller = gtk::EventControllerKey::new();
        controller.set_propagation_phase(gtk::PropagationPhase::Capture);
        let weak = screen.downgrade();
        controller.connect_key_pressed(move |_, key, code, _| match weak.upgrade() {
            Some(screen) => screen.keyboard().press(&screen, key, code),
            None => glib::Propagation::Proceed,
        });
        let weak = screen.downgrade();
        controller.connect_key_released(move |_, key, code, _| {
            if let Some(screen) = weak.upgrade() {
                screen.keyboard().release(&screen, key, code);
            }
        });
        window.add_controller(controller.clone());
        self.attached.replace(Some((window, controller)));
    }

    /// Stops listening.
    pub(super) fn detach(&self) {
        if let Some((window, controller)) = self.attached.take() {
            window.remove_controller(&controller);
        }
    }

    fn press(&self, screen: &Screen, key: gdk::Key, code: u32) -> glib::Propagation {
        if !screen.has_keyboard() || stays_here(key) {
            return glib::Propagation::Proceed;
        }
        let mut chord = self.chord.get();
        chord.press(key);
        self.chord.set(chord);
        self.held.borrow_mut().insert(code, symbol(key));
        send(screen, symbol(key), code, true);
        glib::Propagation::Stop
    }

    fn release(&self, screen: &Screen, key: gdk::Key, code: u32) {
        let Some(pressed_as) = self.held.borrow_mut().remove(&code) else {
            return;
        };
        send(screen, pressed_as, code, false);
        let mut chord = self.chord.get();
        let ended = chord.release(key);
        self.chord.set(chord);
        if ended {
            screen.release_keyboard();
        }
    }

    /// Releases what is held, because its releases will be told to somebody else.
    pub(super) fn release_all(&self, screen: &Screen) {
        self.chord.take();
        self.held.borrow_mut().clear();
        if let Some(session) = screen.session() {
            session.release_all_keys();
        }
    }
}

/// Says which keys stay with the window whatever has the focus.
fn stays_here(key: gdk::Key) -> bool {
    key == gdk::Key::F11
}

/// Gives the X11 symbol of a key.
fn symbol(key: gdk::Key) -> u32 {
    glib::translate::IntoGlib::into_glib(key)
}

fn send(screen: &Screen, symbol: u32, code: u32, down: bool) {
    if let Some(session) = screen.session() {
        session.key(symbol, keys::qnum_from_hardware(code).unwrap_or(0), down);
    }
}
