//! How the screen takes the desktop's shortcuts and by which keys it gives them back.
//!
//! [`Chord`] is the combination that releases the keyboard: its keys, pressed together and let go with nothing else
//! between. [`HostKeys`] are the combinations that the guest never gets. [`super::focus`] says when either counts.

use gtk::{gdk, prelude::*};

/// Watches for the combination that gives the keyboard back. Keys are told by the symbol that each has alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Chord {
    wanted: Vec<gdk::Key>,
    held: Vec<gdk::Key>,
    /// All were down together, and nothing else was pressed since.
    whole: bool,
}

impl Chord {
    /// Makes a combination of these keys; one without keys never ends.
    pub(super) fn of(wanted: Vec<gdk::Key>) -> Self {
        Self {
            wanted,
            ..Self::default()
        }
    }

    /// Takes note of a key that goes down, once or again while it is held.
    pub(super) fn press(&mut self, key: gdk::Key) {
        if !self.wanted.contains(&key) {
            self.forget();
            return;
        }
        if !self.held.contains(&key) {
            self.held.push(key);
        }
        self.whole |= self.held.len() == self.wanted.len();
    }

    /// Takes note of a key that comes up. Says whether that ends the combination.
    pub(super) fn release(&mut self, key: gdk::Key) -> bool {
        self.held.retain(|held| *held != key);
        let ended = self.whole && self.held.is_empty();
        self.whole &= !ended;
        ended
    }

    /// Forgets what is held.
    pub(super) fn forget(&mut self) {
        self.held.clear();
        self.whole = false;
    }
}

/// The combinations that stay with the desktop and the window.
#[derive(Debug, Default)]
pub(super) struct HostKeys(Vec<gtk::KeyvalTrigger>);

impl HostKeys {
    /// Reads combinations in GTK's words, such as `<Alt>Tab`; those that are none are left out.
    pub(super) fn of(words: &[String]) -> Self {
        let parse = |word: &String| {
            gtk::ShortcutTrigger::parse_string(word)?
                .downcast::<gtk::KeyvalTrigger>()
                .ok()
        };
        Self(words.iter().filter_map(parse).collect())
    }

    /// Says whether an event presses one of them.
    pub(super) fn has(&self, event: &gdk::Event) -> bool {
        self.0
            .iter()
            .any(|trigger| trigger.trigger(event, false) == gdk::KeyMatch::Exact)
    }

    /// Says whether these modifiers, and no more, begin one of them.
    pub(super) fn begin_with(&self, modifiers: gdk::ModifierType) -> bool {
        !modifiers.is_empty() && self.0.iter().any(|one| one.modifiers() == modifiers)
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

    const CTRL: Key = Key::Control_L;
    const ALT: Key = Key::Alt_L;

    fn ends(wanted: &[Key], keys: &[(Key, bool)]) -> bool {
        let mut chord = Chord::of(wanted.to_vec());
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
    fn the_keys_alone_end_it_in_any_order() {
        let wanted = [CTRL, ALT];
        for (first, second) in [(CTRL, ALT), (ALT, CTRL)] {
            let keys = [
                (first, true),
                (second, true),
                (second, false),
                (first, false),
            ];
            assert!(ends(&wanted, &keys));
            let keys = [
                (first, true),
                (second, true),
                (first, false),
                (second, false),
            ];
            assert!(ends(&wanted, &keys));
        }
        // A key repeats while it is held.
        let keys = [
            (CTRL, true),
            (ALT, true),
            (ALT, true),
            (ALT, false),
            (CTRL, false),
        ];
        assert!(ends(&wanted, &keys));
        let keys = [(Key::F12, true), (Key::F12, false)];
        assert!(ends(&[Key::F12], &keys));
    }

    #[test]
    fn another_key_or_one_alone_does_not_end_it() {
        let wanted = [CTRL, ALT];
        for between in [Key::Delete, Key::F12, Key::Shift_L] {
            let keys = [
                (CTRL, true),
                (ALT, true),
                (between, true),
                (between, false),
                (ALT, false),
                (CTRL, false),
            ];
            assert!(!ends(&wanted, &keys));
        }
        let keys = [(CTRL, true), (CTRL, false), (ALT, true), (ALT, false)];
        assert!(!ends(&wanted, &keys));
        let right = Key::Control_R;
        let keys = [(right, true), (ALT, true), (ALT, false), (right, false)];
        assert!(!ends(&wanted, &keys));
        assert!(!ends(&[], &[(CTRL, true), (CTRL, false)]));
    }

    #[test]
    fn it_ends_once() {
        let mut chord = Chord::of(vec![CTRL]);
        chord.press(CTRL);
        assert!(chord.release(CTRL));
        assert!(!chord.release(CTRL));
    }
}
