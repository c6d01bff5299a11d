//! Lets many guests into the table in steps, a few rows a frame.
//!
//! A list of GTK makes up to two hundred rows at once, which holds the main loop for longer than a user should notice.
//! So the table shows as many as fit on a screen first and grows by as many with each frame, until GTK would make no
//! more rows. It knows positions and counts only, no guests.

use gtk::{glib, prelude::*, subclass::prelude::*};

use super::{GuestTable, imp};

/// How many rows come with a frame: about as many as a window shows.
const STEP: u32 = 32;
/// From how many rows on GTK makes no more widgets for what is added (gtk/gtklistview.c: the most, and some more).
const GTK_MAKES: u32 = 256;

/// Has the table filled in steps from now on.
pub(super) fn install(table: &imp::GuestTable) {
    table.shown.set_size(STEP);
    let weak = table.obj().downgrade();
    table
        .filtered
        .connect_items_changed(move |wanted, _, _, _| {
            let Some(table) = weak.upgrade() else { return };
            let shown = &table.imp().shown;
            // Room beyond what is there would be taken by the next guests all at once.
            shown.set_size(room_for(wanted.n_items(), shown.n_items()));
            grow(&table);
        });
}

/// Shows a screenful only, and the rest step by step again: for before another list, or another search.
pub(super) fn restart(table: &GuestTable) {
    table.imp().shown.set_size(STEP);
    grow(table);
}

/// Gives the table more room with each frame, until everything is shown.
fn grow(table: &GuestTable) {
    let imp = table.imp();
    if imp.shown.size() >= imp.filtered.n_items() || imp.is_filling.replace(true) {
        return;
    }
    table.add_tick_callback(|table, _| {
        let imp = table.imp();
        let wanted = imp.filtered.n_items();
        let room = next_room(wanted, imp.shown.n_items());
        imp.shown.set_size(room);
        imp.is_filling.set(room < wanted);
        if room < wanted {
            glib::ControlFlow::Continue
        } else {
            glib::ControlFlow::Break
        }
    });
}

/// Says how many rows there may be when the list has just changed.
fn room_for(wanted: u32, shown: u32) -> u32 {
    shown.max(STEP).min(wanted.max(STEP))
}

/// Says how many rows there may be with the next frame.
fn next_room(wanted: u32, shown: u32) -> u32 {
    let next = shown.saturating_add(STEP);
    if next >= GTK_MAKES {
        wanted.max(STEP)
    } else {
        next.min(wanted.max(STEP))
    }
}

#[cfg(test)]
mod tests {
    use super::{GTK_MAKES, STEP, next_room, room_for};

    #[test]
    fn a_long_list_comes_in_steps_and_whole() {
        let mut shown = room_for(10_000, 0);
        assert_eq!(shown, STEP);
        let mut frames = 0;
        while shown < 10_000 {
            let next = next_room(10_000, shown);
            assert!(
                next - shown <= STEP || shown + STEP >= GTK_MAKES,
                "{shown} {next}"
            );
            shown = next;
            frames += 1;
        }
        assert_eq!((shown, frames), (10_000, GTK_MAKES / STEP - 1));
    }

    #[test]
    fn what_is_shown_stays_when_guests_come_and_go() {
        assert_eq!(room_for(1001, 1000), 1000);
        assert_eq!(next_room(1001, 1000), 1001);
        assert_eq!(room_for(11, 1000), STEP);
        assert_eq!(room_for(11, 11), STEP);
    }
}
