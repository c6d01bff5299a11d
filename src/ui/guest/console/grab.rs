//! How the screen takes the keyboard whole and gives it back.
//!
//! While the screen has the focus, the desktop is asked to leave its shortcuts to it. Left Ctrl and Left Alt, pressed
//! together and let go with nothing else between, give the keyboard back to the window.

use gtk::{gdk, prelude::*};

/// Watches for the chord that gives the keyboard back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Chord {
    ctrl: bool,
    alt: bool,
    /// Both were down together, and nothing else was pressed since.
    whole: bool,
}

impl Chord {
    /// Takes note of a key that goes down.
    pub(super) fn press(&mut self, key: gdk::Key) {
        match key {
            gdk::Key::Control_L => self.ctrl = true,
            gdk::Key::Alt_L | gdk::Key::Meta_L => self.alt = true,
            _ => {
                *self = Self::default();
                return;
            }
        }
        self.whole |= self.ctrl && self.alt;
    }

    /// Takes note of a key that comes up. Says whether that ends the chord.
    pub(super) fn release(&mut self, key: gdk::Key) -> bool {
        match key {
            gdk::Key::Control_L => self.ctrl = false,
            gdk::Key::Alt_L | gdk::Key::Meta_L => self.alt = false,
            _ => return false,
        }
        let ended = self.whole && !self.ctrl && !self.alt;
        if ended {
            *self = Self::default();
        }
        ended
    }
}

/// Asks the desktop to leave its shortcuts to the window, or gives them back.
pub(super) fn hold_desktop_shortcuts(widget: &impl IsA<gtk::Widget>, hold: bool) {
    let surface = widget.native().and_then(|native| native.surface());
    let Some(toplevel) = surface.and_downcast::<gdk::Toplevel>() else {
        return;
    };
    if hold {
        toplevel.inhibit_system_shortcuts(None::<&gdk::Event>);
    } else {
        toplevel.restore_system_shortcuts();
    }
}

#[cfg(test)]
mod tests {
    use super::Chord;
    use gtk::gdk::Key;

    fn ends(keys: &[(Key, bool)]) -> bool {
        let mut chord = Chord::default();
        let mut ended = false;
        for (key, down) in keys {
            if *down {
                chord.press(*key);
            } else {
                ended |= chord.release(*key);
            }
        }
        ended
    }

    #[test]
    fn left_ctrl_and_left_alt_alone_end_it_in_any_order() {
        let (ctrl, alt) = (Key::Control_L, Key::Alt_L);
        assert!(ends(&[
            (ctrl, true),
            (alt, true),
            (alt, false),
            (ctrl, false)
        ]));
        assert!(ends(&[
            (alt, true),
            (ctrl, true),
            (alt, false),
            (ctrl, false)
        ]));
        // With Ctrl held, the key beside it may be called Meta.
        assert!(ends(&[
            (ctrl, true),
            (Key::Meta_L, true),
            (Key::Meta_L, false),
            (ctrl, false)
        ]));
        // A key repeats while it is held.
        assert!(ends(&[
            (ctrl, true),
            (alt, true),
            (alt, true),
            (alt, false),
            (ctrl, false)
        ]));
    }

    #[test]
    fn another_key_or_one_alone_does_not_end_it() {
        let (ctrl, alt) = (Key::Control_L, Key::Alt_L);
        let delete = Key::Delete;
        assert!(!ends(&[
            (ctrl, true),
            (alt, true),
            (delete, true),
            (delete, false),
            (alt, false),
            (ctrl, false)
        ]));
        assert!(!ends(&[
            (ctrl, true),
            (ctrl, false),
            (alt, true),
            (alt, false)
        ]));
        assert!(!ends(&[
            (Key::Control_R, true),
            (alt, true),
            (alt, false),
            (Key::Control_R, false)
        ]));
    }
}
