//! Keys of the keyboard as settings keep them and as people call them.
//!
//! [`capture_keys`] asks for keys. A key is told by the symbol that it gives alone: with Shift held, the key beside the space bar may be called Meta.

mod capture;
mod names;

pub use capture::{Pressed, capture_keys};
pub use names::{combination_text, key_text};

use gtk::{gdk, prelude::*};

/// Gives the symbol of a key without any modifier, in the keyboard's first layout; `key` where the layout has none.
pub fn plain_symbol(display: &gdk::Display, key: gdk::Key, code: u32) -> gdk::Key {
    let entries = display.map_keycode(code).unwrap_or_default();
    let first = entries
        .iter()
        .find(|(place, _)| place.group() == 0 && place.level() == 0);
    first.map_or(key, |(_, symbol)| *symbol)
}

/// What X11 and Wayland add to a key's number in the kernel.
const CODE_OFFSET: u32 = 8;

/// Gives the symbol that a key gives alone, by Linux' number (`KEY_*`).
pub fn symbol_of_number(display: &gdk::Display, number: u32) -> gdk::Key {
    plain_symbol(display, gdk::Key::VoidSymbol, number + CODE_OFFSET)
}

/// Gives Linux' number of a key by its hardware code; `None` for what is no key.
pub fn number_of_code(code: u32) -> Option<u32> {
    code.checked_sub(CODE_OFFSET).filter(|number| *number > 0)
}

/// Reads the symbols that GDK gives names; what has none is left out.
pub fn symbols_of(names: &[String]) -> Vec<gdk::Key> {
    names.iter().filter_map(gdk::Key::from_name).collect()
}

/// Writes keys that are pressed together in GTK's words, such as `<Control><Alt>Right`; `None` unless exactly one of them
/// is no modifier.
pub fn accelerator_of(keys: &[gdk::Key]) -> Option<String> {
    let (modifiers, others): (Vec<_>, Vec<_>) =
        keys.iter().partition(|key| !modifier_of(**key).is_empty());
    let modifiers = modifiers.into_iter().copied().map(modifier_of).collect();
    match others[..] {
        [key] => Some(gtk::accelerator_name(*key, modifiers).into()),
        _ => None,
    }
}

/// Gives the names of the keys of a combination in GTK's words.
pub fn accelerator_text(word: &str) -> String {
    match gtk::accelerator_parse(word) {
        Some((key, modifiers)) => gtk::accelerator_get_label(key, modifiers).into(),
        None => word.to_owned(),
    }
}

/// Gives the modifier that a key is; none for other keys.
pub fn modifier_of(key: gdk::Key) -> gdk::ModifierType {
    match key {
        gdk::Key::Control_L | gdk::Key::Control_R => gdk::ModifierType::CONTROL_MASK,
        gdk::Key::Shift_L | gdk::Key::Shift_R => gdk::ModifierType::SHIFT_MASK,
        gdk::Key::Alt_L | gdk::Key::Alt_R | gdk::Key::Meta_L | gdk::Key::Meta_R => {
            gdk::ModifierType::ALT_MASK
        }
        gdk::Key::Super_L | gdk::Key::Super_R => gdk::ModifierType::SUPER_MASK,
        _ => gdk::ModifierType::empty(),
    }
}
