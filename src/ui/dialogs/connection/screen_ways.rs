//! The ways to the screens of a host over ssh, as a row offers them.

use adw::prelude::*;

use crate::{app::i18n::gettext, model::ScreenWay};

/// The choices in the order of the row.
const WAYS: [ScreenWay; 3] = [ScreenWay::Auto, ScreenWay::Tunnel, ScreenWay::Direct];

/// Gives a row the ways to choose from.
pub(super) fn fill(row: &adw::ComboRow) {
    let titles = gtk::StringList::default();
    for way in WAYS {
        titles.append(&title(way));
    }
    row.set_model(Some(&titles));
}

/// Selects a way.
pub(super) fn select(row: &adw::ComboRow, way: ScreenWay) {
    let position = WAYS.iter().position(|known| *known == way);
    row.set_selected(position.unwrap_or(0) as u32);
}

/// Gives the way that is selected.
pub(super) fn selected(row: &adw::ComboRow) -> ScreenWay {
    let way = WAYS.get(row.selected() as usize);
    way.copied().unwrap_or_default()
}

fn title(way: ScreenWay) -> String {
    match way {
        // Translators: a way to the screens: through the SSH login, and only through it.
        ScreenWay::Tunnel => gettext("Through SSH Only"),
        // Translators: a way to the screens: over the network, past the SSH login.
        ScreenWay::Direct => gettext("Directly, Past SSH"),
        // Translators: a way to the screens: SSH, or the network where SSH does not lead there.
        _ => gettext("Through SSH, Else Directly"),
    }
}
