//! The menu of one or several guests, in the words that fit their states.

use gtk::gio;

use crate::{
    app::i18n::gettext,
    model::{Act, Guest, GuestState},
};

/// Makes the menu. Its actions belong to the page: `page.open`, and the group `guest`.
pub(super) fn for_guests(guests: &[Guest]) -> gio::Menu {
    let menu = gio::Menu::new();
    menu.append_section(
        None,
        &section(&[
            (gettext("_Open"), "page.open"),
            (gettext("_Details"), "page.details"),
        ]),
    );
    let pause = if only_resumes(guests) {
        (gettext("R_esume"), "guest.resume")
    } else {
        (gettext("_Pause"), "guest.pause")
    };
    let life = section(&[(run_label(guests), "guest.run"), pause]);
    let stop = section(&[
        (gettext("_Shut Down"), "guest.shut-down"),
        (gettext("_Reboot"), "guest.reboot"),
        (gettext("Force _Reset"), "guest.force-reset"),
        (gettext("_Force Off"), "guest.force-off"),
        (gettext("S_ave"), "guest.save"),
    ]);
    life.append_submenu(Some(&gettext("_Shut Down")), &stop);
    menu.append_section(None, &life);
    menu
}

/// Names the act that starts guests: all of those that can be started wait with a saved state, or not.
pub(super) fn run_label(guests: &[Guest]) -> String {
    let mut startable = guests
        .iter()
        .filter(|guest| guest.allows(Act::Run))
        .peekable();
    if startable.peek().is_some() && startable.all(|guest| guest.state() == GuestState::Saved) {
        gettext("_Restore")
    } else {
        gettext("_Run")
    }
}

/// Says whether resuming is possible and pausing is not.
pub(super) fn only_resumes(guests: &[Guest]) -> bool {
    guests.iter().any(|guest| guest.allows(Act::Resume))
        && !guests.iter().any(|guest| guest.allows(Act::Pause))
}

fn section(items: &[(String, &str)]) -> gio::Menu {
    let menu = gio::Menu::new();
    for (label, action) in items {
        menu.append(Some(label), Some(action));
    }
    menu
}
