//! Rows that show one property each: its name small, its value below it, which can be selected and copied.

use adw::prelude::*;

use crate::widgets::warning_icon;

/// Makes the row of a property.
pub(super) fn property(name: &str, value: &str) -> adw::ActionRow {
    adw::ActionRow::builder()
        .title(name)
        .subtitle(value)
        .use_markup(false)
        .subtitle_selectable(true)
        .css_classes(["property"])
        .build()
}

/// Makes the row of something that a person should know.
pub(super) fn warning(title: &str, explanation: &str) -> adw::ActionRow {
    let row = adw::ActionRow::builder()
        .title(title)
        .subtitle(explanation)
        .use_markup(false)
        .build();
    row.add_prefix(&warning_icon());
    row
}

/// Shows rows in a group in place of those before, and no group without rows.
pub(super) fn fill(
    group: &adw::PreferencesGroup,
    shown: &mut Vec<adw::ActionRow>,
    rows: Vec<adw::ActionRow>,
) {
    for row in shown.drain(..) {
        group.remove(&row);
    }
    for row in &rows {
        group.add(row);
    }
    group.set_visible(!rows.is_empty());
    *shown = rows;
}
