//! Which guests are on the screen: only for those are figures read.
//!
//! The table makes more rows than can be seen, so the range comes from where it is scrolled to: all rows are equally
//! high. A window that is hidden, minimised or covered sees none.

use gtk::{gdk, glib, prelude::*, subclass::prelude::*};
use uuid::Uuid;

use super::GuestTable;
use crate::model::{Act, Guest};

impl GuestTable {
    /// Follows whatever can bring other guests to the screen.
    pub(super) fn follow_visibility(&self) {
        let imp = self.imp();
        let adjustment = imp.scroller.vadjustment();
        let weak = self.downgrade();
        let queue = move || {
            if let Some(table) = weak.upgrade() {
                table.queue_update_watch();
            }
        };
        let changed = queue.clone();
        adjustment.connect_value_changed(move |_| changed());
        let changed = queue.clone();
        adjustment.connect_changed(move |_| changed());
        let changed = queue.clone();
        imp.shown.connect_items_changed(move |_, _, _, _| changed());
        if let Some(sorter) = imp.view.sorter() {
            let changed = queue.clone();
            sorter.connect_changed(move |_, _| changed());
        }
        let changed = queue.clone();
        self.connect_map(move |table| {
            table.follow_surface();
            changed();
        });
        self.connect_unmap(move |_| queue());
    }

    /// Hears when the window is minimised or covered.
    fn follow_surface(&self) {
        let Some(toplevel) = self.toplevel() else {
            return;
        };
        let weak = self.downgrade();
        let handler = toplevel.connect_state_notify(move |_| {
            if let Some(table) = weak.upgrade() {
                table.queue_update_watch();
            }
        });
        let handler = std::cell::Cell::new(Some((toplevel, handler)));
        let unmapped = std::rc::Rc::new(std::cell::Cell::new(None::<glib::SignalHandlerId>));
        let own = unmapped.clone();
        unmapped.set(Some(self.connect_unmap(move |table| {
            if let Some((toplevel, handler)) = handler.take() {
                toplevel.disconnect(handler);
            }
            if let Some(id) = own.take() {
                table.disconnect(id);
            }
        })));
    }

    /// Says soon which guests are seen.
    pub(super) fn queue_update_watch(&self) {
        if self.imp().pending_watch.replace(true) {
            return;
        }
        let weak = self.downgrade();
        // After the layout, so that the ranges are those of the next picture.
        glib::idle_add_local_once(move || {
            if let Some(table) = weak.upgrade() {
                table.imp().pending_watch.set(false);
                table.update_watch();
            }
        });
    }

    fn update_watch(&self) {
        if let Some(watch) = &*self.imp().watch.borrow() {
            watch.set(self.seen());
        }
    }

    fn seen(&self) -> Vec<Uuid> {
        let imp = self.imp();
        if !self.is_mapped() || self.is_out_of_sight() {
            return Vec::new();
        }
        let guest = |position| imp.filtered.item(position).and_downcast::<Guest>();
        if self.is_sorted_by_cpu() {
            let is_active = |guest: &Guest| !guest.allows(Act::Run);
            return (0..imp.filtered.n_items())
                .filter_map(guest)
                .filter(is_active)
                .map(|guest| guest.uuid())
                .collect();
        }
        let adjustment = imp.scroller.vadjustment();
        let range = rows_in_view(
            adjustment.value(),
            adjustment.page_size(),
            adjustment.upper(),
            imp.shown.n_items(),
        );
        range.filter_map(guest).map(|guest| guest.uuid()).collect()
    }

    fn is_out_of_sight(&self) -> bool {
        self.toplevel().is_some_and(|toplevel| {
            toplevel
                .state()
                .intersects(gdk::ToplevelState::MINIMIZED | gdk::ToplevelState::SUSPENDED)
        })
    }

    fn toplevel(&self) -> Option<gdk::Toplevel> {
        self.native()?.surface()?.downcast().ok()
    }
}

/// Gives the rows that a view of some height shows, of `rows` equally high ones that are `total` high together.
fn rows_in_view(value: f64, page: f64, total: f64, rows: u32) -> std::ops::Range<u32> {
    if rows == 0 || total <= 0.0 {
        return 0..0;
    }
    let row = total.max(1.0) / f64::from(rows);
    let first = (value / row).floor().max(0.0) as u32;
    let last = ((value + page) / row).ceil().max(0.0) as u32;
    first.min(rows)..last.min(rows)
}

#[cfg(test)]
mod tests {
    use super::rows_in_view;

    #[test]
    fn partly_seen_rows_count() {
        assert_eq!(rows_in_view(0.0, 100.0, 4000.0, 100), 0..3);
        assert_eq!(rows_in_view(20.0, 100.0, 4000.0, 100), 0..3);
        assert_eq!(rows_in_view(41.0, 100.0, 4000.0, 100), 1..4);
        assert_eq!(rows_in_view(3900.0, 100.0, 4000.0, 100), 97..100);
    }

    #[test]
    fn few_rows_are_all_seen() {
        // With fewer rows than fit, the adjustment's upper end is the page's.
        assert_eq!(rows_in_view(0.0, 500.0, 120.0, 3), 0..3);
        assert_eq!(rows_in_view(0.0, 500.0, 500.0, 3), 0..3);
        assert_eq!(rows_in_view(0.0, 500.0, 0.0, 0), 0..0);
    }
}
