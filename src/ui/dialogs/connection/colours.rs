//! The palette: each colour as a dot with its name.

use adw::prelude::*;
use gtk::{gio, glib};

use crate::{app::i18n::gettext, model::ConnectionColour};

/// Gives a row the palette to choose from, in the order of [`ConnectionColour::ALL`].
pub(super) fn fill(row: &adw::ComboRow) {
    let colours = ConnectionColour::ALL.map(glib::BoxedAnyObject::new);
    let model: gio::ListStore = colours.into_iter().collect();
    let factory = gtk::SignalListItemFactory::new();
    factory.connect_setup(|_, item| {
        if let Some(item) = item.downcast_ref::<gtk::ListItem>() {
            item.set_child(Some(&sample()));
        }
    });
    factory.connect_bind(|_, item| {
        if let Some(item) = item.downcast_ref::<gtk::ListItem>() {
            bind(item);
        }
    });
    row.set_factory(Some(&factory));
    row.set_model(Some(&model));
}

/// Selects a colour.
pub(super) fn select(row: &adw::ComboRow, colour: ConnectionColour) {
    let position = ConnectionColour::ALL.iter().position(|c| *c == colour);
    row.set_selected(position.unwrap_or(0) as u32);
}

/// Gives the colour that is selected.
pub(super) fn selected(row: &adw::ComboRow) -> ConnectionColour {
    let colour = ConnectionColour::ALL.get(row.selected() as usize);
    colour.copied().unwrap_or_default()
}

fn sample() -> gtk::Box {
    let dot = gtk::Box::builder()
        .css_classes(["mark", "dot"])
        .valign(gtk::Align::Center)
        .accessible_role(gtk::AccessibleRole::Presentation)
        .build();
    let sample = gtk::Box::new(gtk::Orientation::Horizontal, 9);
    sample.append(&dot);
    sample.append(&gtk::Label::new(None));
    sample
}

fn bind(item: &gtk::ListItem) {
    let colour = item.item().and_downcast::<glib::BoxedAnyObject>();
    let colour = colour.map(|boxed| *boxed.borrow::<ConnectionColour>());
    let (Some(colour), Some(dot)) = (colour, item.child().and_then(|child| child.first_child()))
    else {
        return;
    };
    dot.set_visible(colour != ConnectionColour::None);
    dot.set_css_classes(&["mark", "dot", colour.id()]);
    if let Some(label) = dot.next_sibling().and_downcast::<gtk::Label>() {
        label.set_label(&name(colour));
    }
}

fn name(colour: ConnectionColour) -> String {
    match colour {
        // Translators: No color.
        ConnectionColour::None => gettext("None"),
        ConnectionColour::Blue => gettext("Blue"),
        ConnectionColour::Teal => gettext("Teal"),
        ConnectionColour::Green => gettext("Green"),
        ConnectionColour::Yellow => gettext("Yellow"),
        ConnectionColour::Orange => gettext("Orange"),
        ConnectionColour::Red => gettext("Red"),
        ConnectionColour::Pink => gettext("Pink"),
        ConnectionColour::Purple => gettext("Purple"),
        ConnectionColour::Slate => gettext("Slate"),
    }
}
