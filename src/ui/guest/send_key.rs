//! The key combinations that a desktop keeps for itself, sent to the guest from a menu.

use gtk::{gdk, gio, glib};

use crate::{
    app::i18n::{gettext, gettext_f},
    model::rfb::{Session, keys},
};

/// Linux' numbers (`KEY_*`) of the keys that are sent.
mod evdev {
    pub(super) const ESC: u32 = 1;
    pub(super) const BACKSPACE: u32 = 14;
    pub(super) const LEFT_CTRL: u32 = 29;
    pub(super) const LEFT_SHIFT: u32 = 42;
    pub(super) const LEFT_ALT: u32 = 56;
    pub(super) const PRINT: u32 = 99;
    pub(super) const DELETE: u32 = 111;
}

/// A key: its symbol and Linux' number.
type Key = (gdk::Key, u32);

const CTRL: Key = (gdk::Key::Control_L, evdev::LEFT_CTRL);
const ALT: Key = (gdk::Key::Alt_L, evdev::LEFT_ALT);
const SHIFT: Key = (gdk::Key::Shift_L, evdev::LEFT_SHIFT);

/// F1 to F12 with their numbers.
const FUNCTION: [Key; 12] = [
    (gdk::Key::F1, 59),
    (gdk::Key::F2, 60),
    (gdk::Key::F3, 61),
    (gdk::Key::F4, 62),
    (gdk::Key::F5, 63),
    (gdk::Key::F6, 64),
    (gdk::Key::F7, 65),
    (gdk::Key::F8, 66),
    (gdk::Key::F9, 67),
    (gdk::Key::F10, 68),
    (gdk::Key::F11, 87),
    (gdk::Key::F12, 88),
];

/// A combination: the name by which actions know it, and its keys in the order in which they go down.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Combination {
    name: String,
    keys: Vec<Key>,
}

fn combinations() -> Vec<Combination> {
    let with = |name: &str, keys: &[Key]| Combination {
        name: name.to_owned(),
        keys: keys.to_vec(),
    };
    let mut all = vec![
        with(
            "ctrl+alt+backspace",
            &[CTRL, ALT, (gdk::Key::BackSpace, evdev::BACKSPACE)],
        ),
        with(
            "ctrl+alt+delete",
            &[CTRL, ALT, (gdk::Key::Delete, evdev::DELETE)],
        ),
        with(
            "ctrl+alt+shift+escape",
            &[CTRL, ALT, SHIFT, (gdk::Key::Escape, evdev::ESC)],
        ),
        with("print", &[(gdk::Key::Print, evdev::PRINT)]),
        with("f11", &[FUNCTION[10]]),
    ];
    for (number, key) in (1..).zip(FUNCTION) {
        all.push(with(&format!("ctrl+alt+f{number}"), &[CTRL, ALT, key]));
    }
    all
}

/// Makes the menu, whose items activate an action with the combination's name.
pub(super) fn menu(action: &str) -> gio::Menu {
    let item = |label: &str, name: &str| {
        let item = gio::MenuItem::new(Some(label), None);
        item.set_action_and_target_value(Some(action), Some(&name.into()));
        item
    };
    let common = gio::Menu::new();
    common.append_item(&item(&gettext("Ctrl+Alt+_Backspace"), "ctrl+alt+backspace"));
    common.append_item(&item(&gettext("Ctrl+Alt+_Delete"), "ctrl+alt+delete"));
    common.append_item(&item(
        &gettext("Ctrl+Alt+Shift+_Esc"),
        "ctrl+alt+shift+escape",
    ));
    let consoles = gio::Menu::new();
    for number in 1..=FUNCTION.len() {
        let number = number.to_string();
        // Translators: a key combination with a function key, such as “Ctrl+Alt+F1”.
        let label = gettext_f("Ctrl+Alt+F{number}", &[("number", &number)]);
        consoles.append_item(&item(&label, &format!("ctrl+alt+f{number}")));
    }
    let single = gio::Menu::new();
    single.append_item(&item(&gettext("_Print Screen"), "print"));
    single.append_item(&item("F11", "f11"));
    let menu = gio::Menu::new();
    for section in [common, consoles, single] {
        menu.append_section(None, &section);
    }
    menu
}

/// Presses the keys of a combination one after the other, and lets go of the last one first.
pub(super) fn send(session: &Session, name: &str) {
    let Some(combination) = combinations().into_iter().find(|known| known.name == name) else {
        tracing::warn!(name, "an unknown key combination");
        return;
    };
    for key in &combination.keys {
        press(session, *key, true);
    }
    for key in combination.keys.iter().rev() {
        press(session, *key, false);
    }
}

fn press(session: &Session, (key, number): Key, down: bool) {
    let symbol = glib::translate::IntoGlib::into_glib(key);
    session.key(symbol, keys::qnum_from_evdev(number).unwrap_or(0), down);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_has_numbers_that_the_guest_knows() {
        for combination in combinations() {
            for (key, number) in combination.keys {
                assert!(
                    keys::qnum_from_evdev(number).is_some(),
                    "{key:?} in {}",
                    combination.name
                );
            }
        }
    }

    #[test]
    fn ctrl_alt_delete_is_what_a_pc_knows() {
        let all = combinations();
        let found = all
            .iter()
            .find(|known| known.name == "ctrl+alt+delete")
            .unwrap();
        let numbers: Vec<_> = found
            .keys
            .iter()
            .filter_map(|key| keys::qnum_from_evdev(key.1))
            .collect();
        assert_eq!(numbers, [0x1d, 0x38, 0xd3]);
    }

    #[test]
    fn the_menu_names_known_combinations_only() {
        let known: Vec<String> = combinations().into_iter().map(|one| one.name).collect();
        let menu = menu("win.send-key");
        let mut seen = Vec::new();
        for section in 0..gio::prelude::MenuModelExt::n_items(&menu) {
            let items =
                gio::prelude::MenuModelExt::item_link(&menu, section, gio::MENU_LINK_SECTION)
                    .unwrap();
            for item in 0..gio::prelude::MenuModelExt::n_items(&items) {
                let target = gio::prelude::MenuModelExt::item_attribute_value(
                    &items,
                    item,
                    gio::MENU_ATTRIBUTE_TARGET,
                    None,
                );
                seen.push(target.and_then(|target| target.get::<String>()).unwrap());
            }
        }
        seen.sort();
        let mut known = known;
        known.sort();
        assert_eq!(seen, known);
    }
}
