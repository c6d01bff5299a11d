//! One device: a row that opens to its values.

use adw::prelude::*;

use super::texts;
use crate::model::Device;

/// Makes the row of a device. Values can be selected and copied.
pub(super) fn new(device: &Device) -> adw::PreferencesRow {
    let icon = icon(texts::icon(device));
    if device.properties.is_empty() {
        let row = adw::ActionRow::builder()
            .title(texts::title(device))
            .use_markup(false)
            .build();
        row.add_prefix(&icon);
        return row.upcast();
    }
    let row = adw::ExpanderRow::builder()
        .use_markup(false)
        .title(texts::title(device))
        .subtitle(texts::summary(device))
        .subtitle_lines(1)
        .build();
    row.add_prefix(&icon);
    for (name, value) in &device.properties {
        row.add_row(&value_row(
            &texts::property(*name),
            &texts::value(*name, value),
        ));
    }
    row.upcast()
}

/// Makes a row with a label and a value.
pub(super) fn value_row(label: &str, value: &str) -> adw::ActionRow {
    adw::ActionRow::builder()
        .title(label)
        .subtitle(value)
        .use_markup(false)
        .subtitle_selectable(true)
        .css_classes(["property"])
        .build()
}

fn icon(name: &str) -> gtk::Image {
    gtk::Image::builder()
        .icon_name(name)
        .accessible_role(gtk::AccessibleRole::Presentation)
        .build()
}
