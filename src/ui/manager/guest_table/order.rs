//! The sorting: by name as people count, by state, by figures with the highest first; and when it is done again.
//!
//! Figures come with every tick. Rows must not jump for each, nor may an idle host cost a sort a tick: guests are
//! compared by whole hundredths, and a sort follows only where the present order is wrong by that.

use std::{cmp::Ordering, time::Duration};

use gtk::{glib, prelude::*, subclass::prelude::*};

use super::{GuestTable, imp};
use crate::{
    model::{Guest, GuestState},
    widgets::percent,
};

/// Titles come one by one after the list; they are sorted in together.
const PATIENCE: Duration = Duration::from_millis(150);

/// What may have put guests out of order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Names or states differ.
    Changed,
    /// Figures came.
    Sampled,
}

impl Cause {
    /// Says whether a column's order can suffer from this.
    fn concerns(self, column: &str) -> bool {
        match self {
            Self::Changed => column != "cpu",
            Self::Sampled => matches!(column, "cpu" | "memory"),
        }
    }
}

/// Gives each column its order and sorts by name.
pub(super) fn install(table: &imp::GuestTable) {
    table.name_column.set_sorter(Some(&sorter(Guest::compare)));
    table.state_column.set_sorter(Some(&sorter(by_state)));
    table.cpu_column.set_sorter(Some(&sorter(by_cpu)));
    table.memory_column.set_sorter(Some(&sorter(by_memory)));
    table.sorted.set_sorter(table.view.sorter().as_ref());
    table
        .view
        .sort_by_column(Some(&table.name_column), gtk::SortType::Ascending);
}

fn sorter(compare: fn(&Guest, &Guest) -> Ordering) -> gtk::CustomSorter {
    gtk::CustomSorter::new(
        move |one, other| match (one.downcast_ref(), other.downcast_ref()) {
            (Some(one), Some(other)) => compare(one, other).into(),
            _ => gtk::Ordering::Equal,
        },
    )
}

fn by_state(one: &Guest, other: &Guest) -> Ordering {
    let rank = |guest: &Guest| match guest.state() {
        GuestState::Crashed => 0,
        GuestState::Running => 1,
        GuestState::Paused => 2,
        GuestState::Suspended => 3,
        GuestState::ShuttingDown => 4,
        GuestState::Saved => 5,
        GuestState::ShutOff => 6,
        GuestState::Unknown => 7,
    };
    rank(one).cmp(&rank(other)).then_with(|| one.compare(other))
}

fn by_cpu(one: &Guest, other: &Guest) -> Ordering {
    let busiest = percent(other.cpu()).cmp(&percent(one.cpu()));
    busiest.then_with(|| one.compare(other))
}

fn by_memory(one: &Guest, other: &Guest) -> Ordering {
    let largest = other.memory().cmp(&one.memory());
    largest.then_with(|| one.compare(other))
}

impl GuestTable {
    /// Says whether the table is sorted by what only figures can tell, so that all running guests must be asked.
    pub(super) fn is_sorted_by_cpu(&self) -> bool {
        self.sort_column().as_deref() == Some("cpu")
    }

    /// Sorts soon, if the cause can matter and the order is wrong.
    pub(super) fn sort_again(&self, cause: Cause) {
        let concerned = self.sort_column().is_some_and(|id| cause.concerns(&id));
        if !concerned || self.imp().pending_order.replace(true) {
            return;
        }
        let weak = self.downgrade();
        glib::timeout_add_local_once(PATIENCE, move || {
            if let Some(table) = weak.upgrade() {
                table.imp().pending_order.set(false);
                table.sort_if_wrong();
            }
        });
    }

    fn sort_if_wrong(&self) {
        let model = &self.imp().sorted;
        let Some(sorter) = model.sorter() else {
            return;
        };
        let guests: Vec<glib::Object> = model.iter().flatten().collect();
        let wrong =
            |pair: &[glib::Object]| sorter.compare(&pair[0], &pair[1]) == gtk::Ordering::Larger;
        if guests.windows(2).any(wrong) {
            sorter.changed(gtk::SorterChange::Different);
        }
    }

    fn sort_column(&self) -> Option<glib::GString> {
        let sorter = self
            .imp()
            .view
            .sorter()
            .and_downcast::<gtk::ColumnViewSorter>()?;
        sorter.primary_sort_column()?.id()
    }
}
