//! The key combinations that a desktop keeps for itself, sent to the guest from a menu.
//!
//! [`combination`] knows them, [`custom`] is the dialog that makes others. They go to the screen where it is open, and
//! through the hypervisor where it is not.

mod combination;
mod custom;

use adw::prelude::*;
use gtk::{gdk, gio, glib};

use super::GuestWindow;
use crate::{
    app::{
        i18n::{gettext, gettext_f},
        runtime,
        settings::Settings,
    },
    model::rfb::{Session, keys},
    widgets::{keys::symbol_of_number, show_error},
};
use combination::{Combination, FUNCTION_KEYS};
use custom::CustomKeys;

pub(super) fn ensure_types() {
    CustomKeys::static_type();
}

/// Makes the menu, whose items activate an action with the combination's keys; the last one opens the dialog.
pub(super) fn menu(action: &str, custom_action: &str) -> gio::Menu {
    let section = |combinations: Vec<(String, Combination)>| {
        let items = gio::Menu::new();
        for (label, keys) in combinations {
            let item = gio::MenuItem::new(Some(&label), None);
            item.set_action_and_target_value(Some(action), Some(&keys.to_string().to_variant()));
            items.append_item(&item);
        }
        items
    };
    let menu = gio::Menu::new();
    menu.append_section(None, &section(common()));
    menu.append_section(None, &section(consoles()));
    menu.append_section(None, &section(single()));
    let own = section(own());
    own.append(Some(&gettext("_Custom…")), Some(custom_action));
    menu.append_section(None, &own);
    menu
}

fn common() -> Vec<(String, Combination)> {
    use combination::{BACKSPACE, DELETE, END, ESC, F4, LEFT_ALT, LEFT_CTRL, LEFT_SHIFT, TAB};
    [
        (
            gettext("Ctrl+Alt+_Backspace"),
            &[LEFT_CTRL, LEFT_ALT, BACKSPACE][..],
        ),
        (gettext("Ctrl+Alt+_Delete"), &[LEFT_CTRL, LEFT_ALT, DELETE]),
        (gettext("Ctrl+Alt+E_nd"), &[LEFT_CTRL, LEFT_ALT, END]),
        (
            gettext("Ctrl+Alt+Shift+_Esc"),
            &[LEFT_CTRL, LEFT_ALT, LEFT_SHIFT, ESC],
        ),
        (gettext("Alt+_Tab"), &[LEFT_ALT, TAB]),
        (gettext("Alt+F_4"), &[LEFT_ALT, F4]),
    ]
    .map(|(label, keys)| (label, Combination::of(keys.to_vec())))
    .into()
}

fn consoles() -> Vec<(String, Combination)> {
    let console = |(number, key): (i32, u32)| {
        // Translators: a key combination with a function key, such as “Ctrl+Alt+F1”.
        let label = gettext_f("Ctrl+Alt+F{number}", &[("number", &number.to_string())]);
        (label, Combination::console(key))
    };
    (1..).zip(FUNCTION_KEYS).map(console).collect()
}

fn single() -> Vec<(String, Combination)> {
    use combination::{F11, LEFT_SUPER, PRINT};
    [
        (gettext("_Print Screen"), PRINT),
        (gettext("_Super"), LEFT_SUPER),
        ("F11".to_owned(), F11),
    ]
    .map(|(label, key)| (label, Combination::of(vec![key])))
    .into()
}

/// The user's own, by the names that they have.
fn own() -> Vec<(String, Combination)> {
    (Settings::get().combinations().into_iter())
        .map(|(name, keys)| (name.replace('_', "__"), Combination::of(keys)))
        .collect()
}

/// Adds the actions to a window: one that sends, and one that opens the dialog.
pub(super) fn install(window: &GuestWindow) {
    CustomKeys::ensure_type();
    let send_key = gio::ActionEntry::builder("send-key")
        .parameter_type(Some(glib::VariantTy::STRING))
        .activate(|window: &GuestWindow, _, keys| {
            let keys = keys.and_then(glib::Variant::str);
            if let Some(keys) = keys.and_then(Combination::read) {
                send(window, &keys);
            }
        })
        .build();
    let custom = gio::ActionEntry::builder("custom-keys")
        .activate(|window: &GuestWindow, _, _| CustomKeys::new(window).present(Some(window)))
        .build();
    window.add_action_entries([send_key, custom]);
}

/// Presses the keys of a combination one after the other, and lets go of the last one first.
fn send(window: &GuestWindow, keys: &Combination) {
    if let Some(session) = window.session() {
        let display = WidgetExt::display(window);
        for key in keys.keys() {
            press(&display, &session, *key, true);
        }
        for key in keys.keys().iter().rev() {
            press(&display, &session, *key, false);
        }
        window.give_screen_keyboard();
    } else if let Some(guest) = window.guest() {
        let (keys, window) = (keys.keys().to_vec(), window.clone());
        runtime::local(async move {
            if let Err(error) = guest.send_keys(keys).await {
                show_error(&window, &gettext("The keys could not be sent"), &error);
            }
        });
    }
}

fn press(display: &gdk::Display, session: &Session, number: u32, down: bool) {
    let symbol = symbol_of_number(display, number);
    let symbol = glib::translate::IntoGlib::into_glib(symbol);
    session.key(symbol, keys::qnum_from_evdev(number).unwrap_or(0), down);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ctrl_alt_delete_is_what_a_pc_knows() {
        let all = common();
        let (_, found) = all
            .iter()
            .find(|(label, _)| label == "Ctrl+Alt+_Delete")
            .unwrap();
        let numbers: Vec<_> = (found.keys().iter())
            .filter_map(|key| keys::qnum_from_evdev(*key))
            .collect();
        assert_eq!(numbers, [0x1d, 0x38, 0xd3]);
    }

    #[test]
    fn the_hypervisor_takes_every_combination() {
        for (label, keys) in [common(), consoles(), single()].concat() {
            assert!((1..=16).contains(&keys.keys().len()), "{label}");
        }
    }
}
