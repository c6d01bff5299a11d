//! Rows that show one property each: its name small, its value below it, which can be selected and copied.

use adw::prelude::*;

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
    let icon = gtk::Image::builder()
        .icon_name("dialog-warning-symbolic")
        .accessible_role(gtk::AccessibleRole::Presentation)
        .css_classes(["warning"])
        .build();
    row.add_prefix(&icon);
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
