//! What the window's menu does with the picture: its size, the guest's size, the monitor that it fills.
//!
//! The console's page knows what was chosen; here are the actions' names, their states and their keys.

use std::cell::Cell;

use gtk::{gdk, gio, glib, prelude::*};

use super::{
    GuestWindow,
    console::{ScalingChoice, ZoomStep},
    statistics,
};
use crate::{app::i18n::gettext, model::GuestSettings};

/// The state of the action for scaling where the guest has no choice of its own.
const AS_PREFERRED: &str = "default";

const CTRL: gdk::ModifierType = gdk::ModifierType::CONTROL_MASK;

/// Keys of the zoom, which are the guest's while its screen has the keyboard.
pub(super) const KEYS: &[(gdk::Key, gdk::ModifierType, &str, Option<&str>)] = &[
    (gdk::Key::plus, CTRL, "win.zoom-in", None),
    (gdk::Key::equal, CTRL, "win.zoom-in", None),
    (gdk::Key::KP_Add, CTRL, "win.zoom-in", None),
    (gdk::Key::minus, CTRL, "win.zoom-out", None),
    (gdk::Key::KP_Subtract, CTRL, "win.zoom-out", None),
    (gdk::Key::_0, CTRL, "win.zoom-original", None),
    (gdk::Key::KP_0, CTRL, "win.zoom-original", None),
];

/// The actions that need a picture.
pub(super) const OF_A_PICTURE: [&str; 5] = [
    "zoom-in",
    "zoom-out",
    "zoom-original",
    "fit-window",
    "statistics",
];

/// Adds the actions to a window.
pub(super) fn install(window: &GuestWindow) {
    let zoom = |name: &str, step: ZoomStep| {
        gio::ActionEntry::builder(name)
            .activate(move |window: &GuestWindow, _, _| {
                window.console().zoom(step);
                update(window);
            })
            .build()
    };
    let original = gio::ActionEntry::builder("zoom-original")
        .activate(|window: &GuestWindow, _, _| {
            choose_scaling(window, Some(ScalingChoice::Percent(100)));
        })
        .build();
    let fit = gio::ActionEntry::builder("fit-window")
        .activate(|window: &GuestWindow, _, _| fit_window(window))
        .build();
    let scaling = gio::ActionEntry::builder("console-scaling")
        .parameter_type(Some(glib::VariantTy::STRING))
        .state(AS_PREFERRED.to_variant())
        .change_state(|window: &GuestWindow, _, word| {
            let word = word.and_then(glib::Variant::str).unwrap_or(AS_PREFERRED);
            choose_scaling(window, ScalingChoice::from_word(word));
        })
        .build();
    let resizing = gio::ActionEntry::builder("resize-guest")
        .state(false.to_variant())
        .change_state(|window: &GuestWindow, _, on| {
            let on = on.and_then(bool::from_variant).unwrap_or_default();
            window.console().choose_resizing(on);
            update(window);
        })
        .build();
    let statistics = gio::ActionEntry::builder("statistics")
        .activate(|window: &GuestWindow, _, _| statistics::show(window))
        .build();
    let monitor = gio::ActionEntry::builder("fullscreen-on")
        .parameter_type(Some(glib::VariantTy::STRING))
        .activate(|window: &GuestWindow, _, name| {
            if let Some(name) = name.and_then(glib::Variant::str) {
                fill_monitor(window, name);
            }
        })
        .build();
    window.add_action_entries([
        zoom("zoom-in", ZoomStep::In),
        zoom("zoom-out", ZoomStep::Out),
        original,
        fit,
        scaling,
        resizing,
        statistics,
        monitor,
    ]);
}

/// Brings the actions' states in line with what is chosen for the guest.
pub(super) fn update(window: &GuestWindow) {
    let console = window.console();
    let word = console
        .scaling_choice()
        .map_or_else(|| AS_PREFERRED.to_owned(), ScalingChoice::word);
    set_state(window, "console-scaling", &word.to_variant());
    let resizes = console.resizes_guest();
    set_state(window, "resize-guest", &resizes.to_variant());
}

fn set_state(window: &GuestWindow, name: &str, state: &glib::Variant) {
    let action = window.lookup_action(name);
    if let Some(action) = action.and_downcast::<gio::SimpleAction>() {
        action.set_state(state);
    }
}

fn choose_scaling(window: &GuestWindow, choice: Option<ScalingChoice>) {
    window.console().choose_scaling(choice);
    update(window);
}

/// Gives the window the size at which the picture is shown pixel by pixel.
fn fit_window(window: &GuestWindow) {
    let Some((width, height)) = window.console().missing_room() else {
        return;
    };
    window.unmaximize();
    window.unfullscreen();
    window.set_default_size(window.width() + width, window.height() + height);
}

/// Fills the screen: the monitor that was chosen for this guest, where that is there.
pub(super) fn toggle_fullscreen(window: &GuestWindow) {
    let chosen = window
        .guest()
        .and_then(|guest| GuestSettings::of(guest.uuid()).monitor);
    let monitor = chosen.and_then(|name| find(&WidgetExt::display(window), &name));
    match monitor {
        Some(monitor) if !window.is_fullscreen() => window.fullscreen_on_monitor(&monitor),
        _ => window.set_fullscreened(!window.is_fullscreen()),
    }
}

/// Fills a monitor now, and from now on.
fn fill_monitor(window: &GuestWindow, name: &str) {
    let Some(monitor) = find(&WidgetExt::display(window), name) else {
        return;
    };
    if let Some(guest) = window.guest() {
        GuestSettings::change(guest.uuid(), |settings| {
            settings.monitor = Some(name.to_owned());
        });
    }
    window.fullscreen_on_monitor(&monitor);
}

/// Lists the monitors in a section of the menu as long as there are several.
pub(super) fn list_monitors(window: &GuestWindow, section: &gio::Menu) {
    let monitors = WidgetExt::display(window).monitors();
    show_monitors(&monitors, section);
    let section = section.clone();
    let handler = monitors.connect_items_changed(move |monitors, _, _, _| {
        show_monitors(monitors, &section);
    });
    // The list is the display's and outlives the window.
    let handler = Cell::new(Some(handler));
    window.connect_destroy(move |_| {
        if let Some(handler) = handler.take() {
            monitors.disconnect(handler);
        }
    });
}

fn show_monitors(monitors: &gio::ListModel, section: &gio::Menu) {
    section.remove_all();
    if monitors.n_items() < 2 {
        return;
    }
    let names = gio::Menu::new();
    for monitor in monitors.iter::<gdk::Monitor>().flatten() {
        let item = gio::MenuItem::new(Some(&shown_name(&monitor)), None);
        let name = connector(&monitor).to_variant();
        item.set_action_and_target_value(Some("win.fullscreen-on"), Some(&name));
        names.append_item(&item);
    }
    section.append_submenu(Some(&gettext("Fullscreen _On")), &names);
}

fn find(display: &gdk::Display, name: &str) -> Option<gdk::Monitor> {
    let monitors = display.monitors();
    let mut all = monitors.iter::<gdk::Monitor>().flatten();
    all.find(|monitor| connector(monitor) == name)
}

fn connector(monitor: &gdk::Monitor) -> String {
    monitor.connector().unwrap_or_default().into()
}

/// Gives a monitor's name: underlines are no mnemonics.
fn shown_name(monitor: &gdk::Monitor) -> String {
    let connector = connector(monitor);
    let name = match monitor.description() {
        Some(text) if !text.is_empty() && text != connector => format!("{text} ({connector})"),
        _ => connector,
    };
    name.replace('_', "__")
}
