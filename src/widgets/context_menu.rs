//! Context menus: every way in which a user asks for one, and how it is shown.

use gtk::{gdk, gio, glib, graphene, prelude::*};

/// Calls a function when the user asks for a widget's menu: by the right button, by a long press, with the place, or
/// by the Menu key or Shift+F10, without one.
pub fn add_context_menu(
    widget: &impl IsA<gtk::Widget>,
    show: impl Fn(Option<(f64, f64)>) + Clone + 'static,
) {
    let click = gtk::GestureClick::builder()
        .button(gdk::BUTTON_SECONDARY)
        .propagation_phase(gtk::PropagationPhase::Capture)
        .build();
    let asked = show.clone();
    click.connect_pressed(move |click, _, x, y| {
        click.set_state(gtk::EventSequenceState::Claimed);
        asked(Some((x, y)));
    });
    widget.add_controller(click);

    let press = gtk::GestureLongPress::builder().touch_only(true).build();
    let asked = show.clone();
    press.connect_pressed(move |press, x, y| {
        press.set_state(gtk::EventSequenceState::Claimed);
        asked(Some((x, y)));
    });
    widget.add_controller(press);

    let keys = gtk::ShortcutController::new();
    let action = gtk::CallbackAction::new(move |_, _| {
        show(None);
        glib::Propagation::Stop
    });
    for trigger in ["Menu", "<Shift>F10"] {
        keys.add_shortcut(gtk::Shortcut::new(
            gtk::ShortcutTrigger::parse_string(trigger),
            Some(action.clone()),
        ));
    }
    widget.add_controller(keys);
}

/// Shows a menu over a widget, at a point of it or below it, until the user has chosen.
pub fn show_context_menu(
    widget: &impl IsA<gtk::Widget>,
    menu: &impl IsA<gio::MenuModel>,
    at: Option<graphene::Point>,
) {
    let widget = widget.as_ref();
    let popover = gtk::PopoverMenu::from_model(Some(menu));
    popover.set_parent(widget);
    popover.set_has_arrow(false);
    popover.set_position(gtk::PositionType::Bottom);
    popover.set_halign(gtk::Align::Start);
    let place = match at {
        Some(at) => gdk::Rectangle::new(at.x() as i32, at.y() as i32, 1, 1),
        None => gdk::Rectangle::new(0, 0, widget.width(), widget.height()),
    };
    popover.set_pointing_to(Some(&place));
    popover.connect_closed(|popover| {
        // Not at once: the chosen item finds its action through the parent.
        let popover = popover.clone();
        glib::idle_add_local_once(move || popover.unparent());
    });
    popover.popup();
}
