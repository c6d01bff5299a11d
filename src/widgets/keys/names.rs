//! What people call keys.

use gtk::gdk;

use crate::app::i18n::gettext;

/// Gives a key's name, such as “Left Ctrl”, “Space” or “A”.
pub fn key_text(key: gdk::Key) -> String {
    match key {
        gdk::Key::Control_L => gettext("Left Ctrl"),
        gdk::Key::Control_R => gettext("Right Ctrl"),
        gdk::Key::Shift_L => gettext("Left Shift"),
        gdk::Key::Shift_R => gettext("Right Shift"),
        gdk::Key::Alt_L => gettext("Left Alt"),
        gdk::Key::Alt_R => gettext("Right Alt"),
        gdk::Key::ISO_Level3_Shift => gettext("AltGr"),
        gdk::Key::Super_L => gettext("Left Super"),
        gdk::Key::Super_R => gettext("Right Super"),
        other => gtk::accelerator_get_label(other, gdk::ModifierType::empty()).into(),
    }
}

/// Gives the names of keys that are pressed together.
pub fn combination_text(keys: &[gdk::Key]) -> String {
    let names: Vec<String> = keys.iter().map(|key| key_text(*key)).collect();
    names.join(" + ")
}
