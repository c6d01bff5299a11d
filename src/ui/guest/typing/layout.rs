//! Where symbols lie in the desktop's present keyboard layout.

use gtk::{gdk, prelude::*};

use super::plan::Stroke;
use crate::widgets::keys::number_of_code;

/// The desktop's layout that is at work.
#[derive(Debug)]
pub(super) struct Layout {
    display: gdk::Display,
    group: i32,
    /// What users call it; empty where nobody knows.
    pub(super) name: String,
    /// Caps Lock is on, so that letters would come out the other way round.
    pub(super) caps: bool,
}

impl Layout {
    /// Looks at the keyboard as it is now.
    pub(super) fn of(display: &gdk::Display) -> Self {
        let keyboard = display.default_seat().and_then(|seat| seat.keyboard());
        let group = keyboard
            .as_ref()
            .map_or(0, DeviceExt::active_layout_index)
            .max(0);
        let names = keyboard.as_ref().map(DeviceExt::layout_names);
        let name = names.and_then(|names| names.get(group as usize).map(ToString::to_string));
        Self {
            display: display.clone(),
            group,
            name: name.unwrap_or_default(),
            caps: keyboard.is_some_and(|keyboard| keyboard.is_caps_locked()),
        }
    }

    /// Gives the key of a symbol, the one with the fewest modifiers.
    pub(super) fn stroke(&self, symbol: gdk::Key) -> Option<Stroke> {
        let places = self.display.map_keyval(symbol)?;
        let usable = places.iter().filter(|place| self.has(place));
        let place = usable.min_by_key(|place| place.level())?;
        Some(Stroke {
            symbol,
            number: number_of_code(place.keycode())?,
            // Levels of the types that layouts give to keys with characters (xkeyboard-config, "FOUR_LEVEL").
            shift: place.level() & 1 != 0,
            alt_gr: place.level() & 2 != 0,
        })
    }

    /// Says whether a place can be reached in this layout: keys that are the same in all have the first one only.
    fn has(&self, place: &gdk::KeymapKey) -> bool {
        let is_reachable = (0..4).contains(&place.level());
        is_reachable
            && (place.group() == self.group
                || (place.group() == 0 && !self.differs(place.keycode())))
    }

    fn differs(&self, code: u32) -> bool {
        let entries = self.display.map_keycode(code).unwrap_or_default();
        entries.iter().any(|(place, _)| place.group() == self.group)
    }
}
