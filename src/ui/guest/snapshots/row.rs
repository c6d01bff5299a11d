//! One snapshot as a row.

use adw::prelude::*;
use gtk::glib;

use crate::{
    app::i18n::gettext,
    model::{Snapshot, guest_state_text},
};

/// Application pixels by which each generation stands further right.
const INDENT: i32 = 24;
/// Deeper ones stand no further right, so that names stay readable.
const DEEPEST: u32 = 6;

/// Makes the row of a snapshot, further right for each that it was taken on top of.
pub(super) fn new(snapshot: &Snapshot) -> adw::ActionRow {
    let row = adw::ActionRow::builder()
        .use_markup(false)
        .title(&snapshot.name)
        .subtitle(subtitle(snapshot))
        .subtitle_lines(4)
        .build();
    let icon = gtk::Image::builder()
        .icon_name("camera-photo-symbolic")
        .accessible_role(gtk::AccessibleRole::Presentation)
        .margin_start(INDENT * snapshot.depth.min(DEEPEST) as i32)
        .build();
    row.add_prefix(&icon);
    if snapshot.current {
        let badge = gtk::Label::builder()
            // Translators: marks the snapshot from which the virtual machine's present state descends.
            .label(gettext("Current"))
            .css_classes(["badge", "caption-heading", "accent"])
            .valign(gtk::Align::Center)
            .build();
        row.add_suffix(&badge);
    }
    row
}

/// Says when it was taken, what the guest did then, what it holds, and the user's note.
fn subtitle(snapshot: &Snapshot) -> String {
    let mut facts = vec![guest_state_text(snapshot.state.into())];
    if let Some(taken) = taken(snapshot.created) {
        facts.insert(0, taken);
    }
    if snapshot.has_memory {
        facts.push(gettext("With Memory"));
    }
    if snapshot.external {
        facts.push(gettext("External"));
    }
    let facts = facts.join(" · ");
    match &snapshot.description {
        Some(note) if !note.trim().is_empty() => format!("{facts}\n{}", note.trim()),
        _ => facts,
    }
}

fn taken(created: i64) -> Option<String> {
    let time = glib::DateTime::from_unix_local(created).ok()?;
    Some(time.format("%x %X").ok()?.into())
}
