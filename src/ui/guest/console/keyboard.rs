//! Sends keys to the guest while it has the keyboard: all of them but the combinations that stay with the desktop.
//!
//! The keys are taken in the window's capture phase, before its accelerators, mnemonics and focus moves see them. No
//! input method is asked: the guest has its own layout, and gets the key's number beside its symbol.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use gtk::{gdk, glib, prelude::*};

use super::{
    grab::{self, Chord, HostKeys},
    locks::{Lock, Locks},
    widget::Screen,
};
use crate::{
    app::settings::{Key, Settings},
    model::rfb::{self, keys},
    widgets::keys::{modifier_of, plain_symbol, symbols_of},
};

/// What is known of the keyboard.
#[derive(Debug, Default)]
pub(super) struct Keyboard {
    /// The symbol with which each key went down, by hardware code: Shift may be gone when it comes up.
    held: RefCell<HashMap<u32, u32>>,
    chord: RefCell<Chord>,
    host_keys: RefCell<HostKeys>,
    locks: RefCell<Locks>,
    /// The desktop has its shortcuts for now, because a combination of its own may be coming.
    lifted: Cell<bool>,
    attached: RefCell<Option<(gtk::Window, gtk::EventControllerKey)>>,
}

impl Keyboard {
    /// Follows the settings, as long as the screen lives.
    pub(super) fn watch_settings(screen: &Screen) {
        let read = |screen: &Screen| {
            let (settings, keyboard) = (Settings::get(), screen.keyboard());
            let chord = symbols_of(&settings.words(Key::ConsoleReleaseKeys));
            keyboard.chord.replace(Chord::of(chord));
            let host_keys = HostKeys::of(&settings.words(Key::ConsoleHostKeys));
            keyboard.host_keys.replace(host_keys);
        };
        read(screen);
        for key in [Key::ConsoleReleaseKeys, Key::ConsoleHostKeys] {
            Settings::get().watch(key, screen, read);
        }
    }

    /// Listens in the window that holds the screen: called whenever it is realized, so that it hears keys first.
    pub(super) fn attach(&self, screen: &Screen) {
        self.detach();
        let Some(window) = screen.root().and_downcast::<gtk::Window>() else {
            return;
        };
        let controller = gtk::EventControllerKey::new();
        controller.set_propagation_phase(gtk::PropagationPhase::Capture);
        let weak = screen.downgrade();
        controller.connect_key_pressed(move |controller, key, code, modifiers| {
            let (Some(screen), Some(event)) = (weak.upgrade(), controller.current_event()) else {
                return glib::Propagation::Proceed;
            };
            screen
                .keyboard()
                .press(&screen, key, code, modifiers, &event)
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

    fn press(
        &self,
        screen: &Screen,
        key: gdk::Key,
        code: u32,
        modifiers: gdk::ModifierType,
        event: &gdk::Event,
    ) -> glib::Propagation {
        if screen.offers_keyboard() && matches!(key, gdk::Key::Return | gdk::Key::KP_Enter) {
            screen.take_keyboard();
            return glib::Propagation::Stop;
        }
        if !screen.has_keyboard() {
            return glib::Propagation::Proceed;
        }
        if self.host_keys.borrow().has(event) {
            // Whoever takes it may take the releases too.
            self.release_all(screen);
            return glib::Propagation::Proceed;
        }
        self.lift_for(screen, modifiers | modifier_of(key));
        let plain = plain_symbol(&screen.display(), key, code);
        self.chord.borrow_mut().press(plain);
        self.held.borrow_mut().insert(code, symbol(key));
        send(screen, symbol(key), code, true);
        glib::Propagation::Stop
    }

    fn release(&self, screen: &Screen, key: gdk::Key, code: u32) {
        let Some(pressed_as) = self.held.borrow_mut().remove(&code) else {
            return;
        };
        send(screen, pressed_as, code, false);
        if self.lifted.get() && !modifier_of(key).is_empty() && screen.has_keyboard() {
            self.lifted.set(false);
            grab::hold_desktop_shortcuts(screen, true);
        }
        let plain = plain_symbol(&screen.display(), key, code);
        let ended = self.chord.borrow_mut().release(plain);
        if ended {
            screen.release_keyboard();
        }
    }

    /// Leaves the desktop its shortcuts while exactly the modifiers of one of its own combinations are held: it acts
    /// before this program hears of the key.
    fn lift_for(&self, screen: &Screen, modifiers: gdk::ModifierType) {
        let modifiers = modifiers & gtk::accelerator_get_default_mod_mask();
        if !self.lifted.get() && self.host_keys.borrow().begin_with(modifiers) {
            self.lifted.set(true);
            grab::hold_desktop_shortcuts(screen, false);
        }
    }

    /// The guest gets the keyboard.
    pub(super) fn take(&self, screen: &Screen) {
        let due = self.locks.borrow_mut().take(lamps_of(screen));
        press_locks(screen, &due);
    }

    /// The guest's lamps are these now.
    pub(super) fn hear_lamps(&self, screen: &Screen, leds: rfb::Leds) {
        let due = self.locks.borrow_mut().hear(leds, lamps_of(screen));
        press_locks(screen, &due);
    }

    /// Forgets what another session's guest was told.
    pub(super) fn forget(&self) {
        self.held.borrow_mut().clear();
        self.locks.borrow_mut().forget();
    }

    /// Releases what is held, because its releases will be told to somebody else.
    pub(super) fn release_all(&self, screen: &Screen) {
        self.chord.borrow_mut().forget();
        self.lifted.set(false);
        self.locks.borrow_mut().let_go();
        self.held.borrow_mut().clear();
        if let Some(session) = screen.session() {
            session.release_all_keys();
        }
    }
}

/// Gives the lamps of this desktop's keyboard.
fn lamps_of(screen: &Screen) -> rfb::Leds {
    let keyboard = screen
        .display()
        .default_seat()
        .and_then(|seat| seat.keyboard());
    keyboard.map_or_else(rfb::Leds::default, |keyboard| rfb::Leds {
        scroll: keyboard.is_scroll_locked(),
        num: keyboard.is_num_locked(),
        caps: keyboard.is_caps_locked(),
    })
}

fn press_locks(screen: &Screen, locks: &[Lock]) {
    let Some(session) = screen.session() else {
        return;
    };
    for lock in locks {
        let (key, number) = lock.key();
        for down in [true, false] {
            let qnum = keys::qnum_from_evdev(number).unwrap_or(0);
            session.key(symbol(key), qnum, down);
        }
    }
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
