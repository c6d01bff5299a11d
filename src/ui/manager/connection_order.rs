//! The order of the sidebar: groups by site, and rows that are dragged or moved by keys.
//!
//! The order itself is the model's; this file turns it into sections and gestures into calls of it.

use adw::prelude::*;
use gtk::{gdk, glib};

use super::connection_row::ConnectionRow;
use crate::model::{Connection, ConnectionList, Side};

/// Sorts a list of connections into groups: those without a site first, then the sites by the alphabet.
pub(super) fn grouped(connections: &ConnectionList) -> gtk::SortListModel {
    let by_site = gtk::CustomSorter::new(|one, other| {
        let site = |item: &glib::Object| item.downcast_ref::<Connection>().map(Connection::site);
        let (one, other) = (
            site(one).unwrap_or_default(),
            site(other).unwrap_or_default(),
        );
        let named = one.is_empty().cmp(&other.is_empty()).reverse();
        let key = |site: &str| glib::CollationKey::from(site);
        named
            .then_with(|| key(&one).cmp(&key(&other)))
            .then_with(|| one.cmp(&other))
            .into()
    });
    let sorted = gtk::SortListModel::new(Some(connections.clone()), None::<gtk::Sorter>);
    sorted.set_section_sorter(Some(&by_site));
    sorted
}

/// Makes the headings of the groups.
pub(super) fn headings() -> gtk::SignalListItemFactory {
    let factory = gtk::SignalListItemFactory::new();
    factory.connect_setup(|_, header| {
        let label = gtk::Label::builder()
            .xalign(0.0)
            .ellipsize(gtk::pango::EllipsizeMode::End)
            .css_classes(["caption-heading", "dimmed", "site"])
            .build();
        if let Some(header) = header.downcast_ref::<gtk::ListHeader>() {
            header.set_child(Some(&label));
        }
    });
    factory.connect_bind(|_, header| {
        let header = header.downcast_ref::<gtk::ListHeader>();
        let label = header.and_then(gtk::ListHeader::child);
        let connection = header.and_then(gtk::ListHeader::item);
        if let (Some(label), Some(connection)) = (
            label.and_downcast::<gtk::Label>(),
            connection.and_downcast::<Connection>(),
        ) {
            label.set_label(&connection.site());
            // The first group has no name, and no heading either.
            label.set_visible(!connection.site().is_empty());
        }
    });
    factory
}

/// Lets a row be dragged to another place, and others be dropped beside it.
pub(super) fn make_movable(row: &ConnectionRow, connections: &ConnectionList) {
    row.add_controller(drag_source(row));
    row.add_controller(drop_target(row, connections));
}

fn drag_source(row: &ConnectionRow) -> gtk::DragSource {
    let source = gtk::DragSource::builder()
        .actions(gdk::DragAction::MOVE)
        .build();
    let weak = row.downgrade();
    source.connect_prepare(move |source, x, y| {
        let row = weak.upgrade()?;
        let picture = gtk::WidgetPaintable::new(Some(&row));
        source.set_icon(Some(&picture), x as i32, y as i32);
        Some(gdk::ContentProvider::for_value(
            &row.connection()?.to_value(),
        ))
    });
    source
}

fn drop_target(row: &ConnectionRow, connections: &ConnectionList) -> gtk::DropTarget {
    let target = gtk::DropTarget::new(Connection::static_type(), gdk::DragAction::MOVE);
    let weak = row.downgrade();
    target.connect_motion(move |_, _, y| {
        if let Some(row) = weak.upgrade() {
            show_place(&row, Some(side(&row, y)));
        }
        gdk::DragAction::MOVE
    });
    let weak = row.downgrade();
    target.connect_leave(move |_| {
        if let Some(row) = weak.upgrade() {
            show_place(&row, None);
        }
    });
    let (weak, list) = (row.downgrade(), connections.downgrade());
    target.connect_drop(move |_, value, _, y| {
        let (Some(row), Some(list)) = (weak.upgrade(), list.upgrade()) else {
            return false;
        };
        show_place(&row, None);
        let (Ok(moved), Some(beside)) = (value.get::<Connection>(), row.connection()) else {
            return false;
        };
        list.place(&moved, side(&row, y), &beside);
        true
    });
    target
}

fn side(row: &ConnectionRow, y: f64) -> Side {
    if y < f64::from(row.height()) / 2.0 {
        Side::Before
    } else {
        Side::After
    }
}

/// Draws a line where a dragged row would come to stand.
fn show_place(row: &ConnectionRow, side: Option<Side>) {
    for (class, its_side) in [("drop-before", Side::Before), ("drop-after", Side::After)] {
        if side == Some(its_side) {
            row.add_css_class(class);
        } else {
            row.remove_css_class(class);
        }
    }
}
