//! Keeps the guest's lock keys as the desktop's are: pure decisions.
//!
//! A guest counts for itself how often Caps Lock went down, and hears nothing of what was pressed elsewhere. When it gets
//! the keyboard, each lock whose lamp differs is pressed once; what happens afterwards both sides see. A guest that does
//! not answer with its lamp is not pressed again: it would change its mind at each visit.

use crate::model::rfb::Leds;

/// A key that locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lock {
    Scroll,
    Num,
    Caps,
}

impl Lock {
    const ALL: [Self; 3] = [Self::Scroll, Self::Num, Self::Caps];

    /// The key's X11 symbol and Linux' number (`KEY_*`).
    pub(super) fn key(self) -> (gtk::gdk::Key, u32) {
        match self {
            Self::Scroll => (gtk::gdk::Key::Scroll_Lock, 70),
            Self::Num => (gtk::gdk::Key::Num_Lock, 69),
            Self::Caps => (gtk::gdk::Key::Caps_Lock, 58),
        }
    }

    fn is_on(self, leds: Leds) -> bool {
        match self {
            Self::Scroll => leds.scroll,
            Self::Num => leds.num,
            Self::Caps => leds.caps,
        }
    }
}

/// What is known of both sides' locks.
#[derive(Debug, Default)]
pub(super) struct Locks {
    /// The guest's lamps; nothing until it has told of them.
    guest: Option<Leds>,
    /// The guest has just got the keyboard, and nothing was compared yet.
    is_due: bool,
    /// Pressed by us, and no lamp has answered.
    unanswered: Vec<Lock>,
}

impl Locks {
    /// The guest gets the keyboard: gives the locks to press.
    pub(super) fn take(&mut self, desktop: Leds) -> Vec<Lock> {
        self.is_due = true;
        self.compare(desktop)
    }

    /// The keyboard goes elsewhere.
    pub(super) fn let_go(&mut self) {
        self.is_due = false;
    }

    /// The guest's lamps are these now: gives the locks to press.
    pub(super) fn hear(&mut self, leds: Leds, desktop: Leds) -> Vec<Lock> {
        if let Some(before) = self.guest.replace(leds) {
            self.unanswered
                .retain(|lock| lock.is_on(before) == lock.is_on(leds));
        }
        self.compare(desktop)
    }

    /// The session is another one, whose guest has said nothing yet.
    pub(super) fn forget(&mut self) {
        self.guest = None;
        self.unanswered.clear();
    }

    fn compare(&mut self, desktop: Leds) -> Vec<Lock> {
        let Some(guest) = self.guest.filter(|_| self.is_due) else {
            return Vec::new();
        };
        self.is_due = false;
        let differs = |lock: &Lock| lock.is_on(guest) != lock.is_on(desktop);
        let mut due: Vec<Lock> = Lock::ALL.into_iter().filter(differs).collect();
        due.retain(|lock| !self.unanswered.contains(lock));
        self.unanswered.extend(&due);
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFF: Leds = Leds {
        scroll: false,
        num: false,
        caps: false,
    };
    const CAPS: Leds = Leds { caps: true, ..OFF };
    const NUM: Leds = Leds { num: true, ..OFF };

    #[test]
    fn what_differs_is_pressed_once_when_the_keyboard_comes() {
        let mut locks = Locks::default();
        assert!(
            locks.hear(OFF, CAPS).is_empty(),
            "the keyboard is elsewhere"
        );
        assert_eq!(locks.take(CAPS), [Lock::Caps]);
        // The guest's answer, and whatever it does later, is nobody's business.
        assert!(locks.hear(CAPS, CAPS).is_empty());
        assert!(locks.hear(OFF, CAPS).is_empty());
        locks.let_go();
        assert_eq!(locks.take(CAPS), [Lock::Caps]);
    }

    #[test]
    fn lamps_that_come_late_count() {
        let mut locks = Locks::default();
        assert!(locks.take(NUM).is_empty(), "the guest has said nothing");
        assert_eq!(locks.hear(CAPS, NUM), [Lock::Num, Lock::Caps]);
        assert!(locks.hear(NUM, NUM).is_empty());
    }

    #[test]
    fn a_guest_without_an_answer_is_not_pressed_again() {
        let mut locks = Locks::default();
        locks.hear(OFF, OFF);
        assert_eq!(locks.take(CAPS), [Lock::Caps]);
        for _ in 0..3 {
            locks.let_go();
            assert!(locks.take(CAPS).is_empty());
        }
        // Another lamp is no answer for this one; its own is.
        locks.let_go();
        locks.hear(NUM, CAPS);
        assert_eq!(locks.take(CAPS), [Lock::Num]);
        locks.let_go();
        locks.hear(CAPS, CAPS);
        assert_eq!(locks.take(OFF), [Lock::Caps]);
    }

    #[test]
    fn another_session_knows_nothing() {
        let mut locks = Locks::default();
        locks.hear(CAPS, OFF);
        locks.forget();
        assert!(locks.take(OFF).is_empty());
        assert!(locks.hear(OFF, OFF).is_empty());
    }
}
