//! The cells of each column, bound to the properties of the row's guest, and what the row says to a screen reader.

use gtk::{glib, pango, prelude::*};

use super::{NameCell, imp};
use crate::{
    model::{Guest, GuestState},
    widgets::UsageGraph,
};

/// Gives each column its factory.
pub(super) fn fill(table: &imp::GuestTable) {
    table.view.set_row_factory(Some(&row_factory()));
    table.name_column.set_factory(Some(&factory(name_cell)));
    table.state_column.set_factory(Some(&factory(state_cell)));
    table.cpu_column.set_factory(Some(&factory(cpu_cell)));
    table.memory_column.set_factory(Some(&factory(memory_cell)));
}

fn factory(fill: fn(&gtk::ColumnViewCell)) -> gtk::SignalListItemFactory {
    let factory = gtk::SignalListItemFactory::new();
    factory.connect_setup(move |_, item| {
        let cell = item.downcast_ref().expect("a column view makes such cells");
        fill(cell);
    });
    factory
}

/// Names each row after its guest.
fn row_factory() -> gtk::SignalListItemFactory {
    let factory = gtk::SignalListItemFactory::new();
    factory.connect_setup(|_, item| {
        let row: &gtk::ColumnViewRow = item.downcast_ref().expect("a column view makes such rows");
        bind(row, "shown-name", row, "accessible-label");
        bind(row, "state-text", row, "accessible-description");
    });
    factory
}

fn name_cell(cell: &gtk::ColumnViewCell) {
    let contents = NameCell::new(cell);
    let icon = gtk::Image::builder()
        .accessible_role(gtk::AccessibleRole::Presentation)
        .build();
    let name = text();
    name.set_hexpand(true);
    contents.append(&icon);
    contents.append(&name);
    bind(cell, "icon-name", &icon, "icon-name");
    bind(cell, "shown-name", &name, "text");
    cell.set_child(Some(&contents));
}

fn state_cell(cell: &gtk::ColumnViewCell) {
    let contents = gtk::Box::builder()
        .spacing(6)
        .css_classes(["state"])
        .build();
    let icon = gtk::Image::builder()
        .accessible_role(gtk::AccessibleRole::Presentation)
        .build();
    let words = text();
    words.set_hexpand(true);
    contents.append(&icon);
    contents.append(&words);
    let state = cell
        .property_expression("item")
        .chain_property::<Guest>("state");
    state
        .chain_closure_with_callback(|values| icon_of(state_in(values)).to_owned())
        .bind(&icon, "icon-name", Some(cell));
    state
        .chain_closure_with_callback(|values| {
            vec!["state".to_owned(), class_of(state_in(values)).to_owned()]
        })
        .bind(&contents, "css-classes", Some(cell));
    bind(cell, "state-text", &words, "text");
    cell.set_child(Some(&contents));
}

fn cpu_cell(cell: &gtk::ColumnViewCell) {
    let graph = UsageGraph::default();
    cell.property_expression("item")
        .bind(&graph, "guest", Some(cell));
    cell.set_child(Some(&graph));
}

fn memory_cell(cell: &gtk::ColumnViewCell) {
    let memory = text();
    memory.add_css_class("numeric");
    bind(cell, "memory-text", &memory, "text");
    cell.set_child(Some(&memory));
}

/// Makes a line of text that costs less than a label: it never asks for more room than it gets.
fn text() -> gtk::Inscription {
    gtk::Inscription::builder()
        .text_overflow(gtk::InscriptionOverflow::EllipsizeEnd)
        .wrap_mode(pango::WrapMode::Char)
        .nat_lines(1)
        .min_lines(1)
        .xalign(0.0)
        .build()
}

/// Binds a property of whichever guest a cell or row shows.
fn bind(
    item: &impl IsA<glib::Object>,
    property: &str,
    target: &impl IsA<glib::Object>,
    name: &str,
) {
    item.property_expression("item")
        .chain_property::<Guest>(property)
        .bind(target, name, Some(item));
}

/// Takes the state out of what a closure expression is called with: the cell, then the state.
fn state_in(values: &[glib::Value]) -> GuestState {
    values
        .get(1)
        .and_then(|value| value.get().ok())
        .unwrap_or_default()
}

fn icon_of(state: GuestState) -> &'static str {
    match state {
        GuestState::Running => "media-playback-start-symbolic",
        GuestState::Paused => "media-playback-pause-symbolic",
        GuestState::ShuttingDown | GuestState::ShutOff => "system-shutdown-symbolic",
        GuestState::Saved => "document-save-symbolic",
        GuestState::Crashed => "dialog-error-symbolic",
        GuestState::Suspended => "weather-clear-night-symbolic",
        GuestState::Unknown => "dialog-question-symbolic",
    }
}

fn class_of(state: GuestState) -> &'static str {
    match state {
        GuestState::Running => "running",
        GuestState::Paused | GuestState::Suspended => "paused",
        GuestState::Crashed => "crashed",
        _ => "off",
    }
}
