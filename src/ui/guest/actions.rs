//! What the guest's window can do, in one table: names, keys, deeds.
//!
//! Keys with Ctrl+Shift leave Ctrl and a letter to the guest; while the guest has the keyboard, none of them acts but
//! those that the user has kept from it (F11 at first).

use gtk::{gdk, gio, glib, prelude::*};

use super::{
    GuestPage, GuestWindow, clipboard_channel, picture_actions, screen_offers::Choice, screenshot,
    send_key, typing,
};
use crate::app::runtime;

/// One action of the window.
struct Action {
    name: &'static str,
    activate: fn(&GuestWindow),
}

const ACTIONS: &[Action] = &[
    Action {
        name: "fullscreen",
        activate: picture_actions::toggle_fullscreen,
    },
    Action {
        name: "screenshot",
        activate: |window| {
            let window = window.clone();
            runtime::local(async move { screenshot::take(&window).await });
        },
    },
    Action {
        name: "reconnect",
        activate: |window| {
            if let Some(connection) = window.guest().and_then(|guest| guest.connection()) {
                connection.connect_host();
            }
        },
    },
    Action {
        name: "type-clipboard",
        activate: |window| {
            let window = window.clone();
            runtime::local(async move { typing::type_clipboard(&window).await });
        },
    },
    Action {
        name: "add-clipboard",
        activate: |window| {
            let window = window.clone();
            runtime::local(async move { clipboard_channel::add(&window).await });
        },
    },
    Action {
        name: "grab-keyboard",
        activate: GuestWindow::give_screen_keyboard,
    },
    Action {
        name: "focus-header",
        activate: GuestWindow::focus_header,
    },
];

/// Keys: key, modifiers, the action's full name, the page where it has one.
const KEYS: &[(gdk::Key, gdk::ModifierType, &str, Option<&str>)] = &[
    (
        gdk::Key::F11,
        gdk::ModifierType::empty(),
        "win.fullscreen",
        None,
    ),
    (gdk::Key::w, CTRL_SHIFT, "window.close", None),
    (gdk::Key::q, CTRL_SHIFT, "app.quit", None),
    (
        gdk::Key::_1,
        gdk::ModifierType::ALT_MASK,
        "win.page",
        Some("console"),
    ),
    (
        gdk::Key::_2,
        gdk::ModifierType::ALT_MASK,
        "win.page",
        Some("details"),
    ),
    (
        gdk::Key::_3,
        gdk::ModifierType::ALT_MASK,
        "win.page",
        Some("snapshots"),
    ),
];

const CTRL_SHIFT: gdk::ModifierType =
    gdk::ModifierType::CONTROL_MASK.union(gdk::ModifierType::SHIFT_MASK);

/// Binds the keys for every window of the class.
pub(super) fn bind_keys<C: gtk::subclass::prelude::WidgetClassExt>(class: &mut C) {
    for (key, modifiers, action, page) in KEYS.iter().chain(picture_actions::KEYS) {
        let shortcut = gtk::Shortcut::new(
            Some(gtk::KeyvalTrigger::new(*key, *modifiers)),
            Some(gtk::NamedAction::new(action)),
        );
        let page = page.map(ToVariant::to_variant);
        shortcut.set_arguments(page.as_ref());
        class.add_shortcut(&shortcut);
    }
}

/// Adds the actions to a window.
pub(super) fn install(window: &GuestWindow) {
    for action in ACTIONS {
        let entry = gio::ActionEntry::builder(action.name)
            .activate(|window: &GuestWindow, _, _| (action.activate)(window))
            .build();
        window.add_action_entries([entry]);
    }
    let page = gio::ActionEntry::builder("page")
        .parameter_type(Some(glib::VariantTy::STRING))
        .activate(|window: &GuestWindow, _, name| {
            if let Some(name) = name.and_then(glib::Variant::str) {
                window.show_page(GuestPage::from_name(name));
            }
        })
        .build();
    let screen = gio::ActionEntry::builder("screen")
        .parameter_type(Some(glib::VariantTy::STRING))
        .state(Choice::default().to_string().to_variant())
        .activate(|window: &GuestWindow, _, word| {
            let word = word.and_then(glib::Variant::str);
            if let Some(choice) = word.and_then(Choice::from_word) {
                window.choose_screen(choice);
            }
        })
        .build();
    window.add_action_entries([page, screen]);
    send_key::install(window);
    picture_actions::install(window);
}

/// Enables or disables an action of a window.
pub(super) fn set_enabled(window: &GuestWindow, name: &str, enabled: bool) {
    let action = window
        .lookup_action(name)
        .and_downcast::<gio::SimpleAction>();
    if let Some(action) = action {
        action.set_enabled(enabled);
    }
}

/// Marks in the menu what is shown.
pub(super) fn set_screen(window: &GuestWindow, shown: Choice) {
    let action = window
        .lookup_action("screen")
        .and_downcast::<gio::SimpleAction>();
    if let Some(action) = action {
        action.set_state(&shown.to_string().to_variant());
    }
}
