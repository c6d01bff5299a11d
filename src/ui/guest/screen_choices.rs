//! What the user settles for the screen of one guest: the switches of the window's menu, kept with the guest.

use gtk::{gio, prelude::*};

use super::GuestWindow;
use crate::{
    app::settings::{Key, Settings},
    model::{Guest, GuestSettings},
};

/// A switch: its action's name, how it is read, how it is set.
struct Choice {
    name: &'static str,
    get: fn(&GuestSettings) -> bool,
    set: fn(&mut GuestSettings, bool),
}

const CHOICES: &[Choice] = &[
    Choice {
        name: "view-only",
        get: |settings| settings.view_only,
        set: |settings, on| settings.view_only = on,
    },
    Choice {
        name: "share-screen",
        get: |settings| !settings.exclusive,
        set: |settings, on| settings.exclusive = !on,
    },
    Choice {
        name: "console-autoconnect",
        get: opens_by_itself,
        set: |settings, on| {
            let usual = Settings::get().boolean(Key::ConsoleAutoconnect);
            settings.autoconnect = (on != usual).then_some(on);
        },
    },
];

/// Says whether a guest's screen opens with its window: as settled for it, else for all.
pub(super) fn opens_by_itself(settings: &GuestSettings) -> bool {
    let usual = || Settings::get().boolean(Key::ConsoleAutoconnect);
    settings.autoconnect.unwrap_or_else(usual)
}

/// Adds the switches to a window.
pub(super) fn install(window: &GuestWindow) {
    for choice in CHOICES {
        let entry = gio::ActionEntry::builder(choice.name)
            .state(false.to_variant())
            .activate(|window: &GuestWindow, action, _| {
                let on = action.state().and_then(|state| state.get::<bool>());
                if let (Some(guest), Some(on)) = (window.guest(), on) {
                    GuestSettings::change(guest.uuid(), |settings| {
                        (choice.set)(settings, !on);
                    });
                    window.take_choices();
                }
            })
            .build();
        window.add_action_entries([entry]);
    }
    let take_over = gio::ActionEntry::builder("take-over")
        .activate(|window: &GuestWindow, _, _| window.take_over())
        .build();
    window.add_action_entries([take_over]);
}

/// Shows what is settled for a guest, and gives it.
pub(super) fn show(window: &GuestWindow, guest: &Guest) -> GuestSettings {
    let settings = GuestSettings::of(guest.uuid());
    for choice in CHOICES {
        let action = window.lookup_action(choice.name);
        if let Some(action) = action.and_downcast::<gio::SimpleAction>() {
            action.set_state(&(choice.get)(&settings).to_variant());
        }
    }
    settings
}
