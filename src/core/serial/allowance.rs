//! How much may be typed ahead of a guest that says nothing.
//!
//! Nobody tells whether a guest has read what was typed, and what it does not read must not wait in the daemon: libvirtd
//! 11.3 never comes back (`virNetMessageQueuePush` follows a ring) when a line ends whose input it still holds, and long before
//! it stops reading the connection. So no more is sent than the kernel keeps for a pseudo terminal, until the guest answers:
//! an echo is the sign that as much was read.

/// Half of what Linux keeps for a pseudo terminal that is not read (`pty_common_install`, drivers/tty/pty.c).
const UNANSWERED_MAX: usize = 4 * 1024;

/// The bytes that were sent and not yet answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Allowance {
    unanswered: usize,
}

impl Allowance {
    /// How much may be sent now, if so much were wanted; 0 when the guest must answer first.
    pub(super) fn next(self, wanted: usize) -> usize {
        (UNANSWERED_MAX - self.unanswered).min(wanted)
    }

    /// Takes note of what is sent: no more than was allowed.
    pub(super) fn spend(&mut self, bytes: usize) {
        self.unanswered = (self.unanswered + bytes).min(UNANSWERED_MAX);
    }

    /// Takes note of so many bytes from the guest.
    pub(super) fn heard(&mut self, bytes: usize) {
        self.unanswered = self.unanswered.saturating_sub(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_gets_as_much_as_it_answers_beyond_the_bound() {
        let mut allowance = Allowance::default();
        let mut sent = 0;
        while allowance.next(999) > 0 {
            let piece = allowance.next(999);
            allowance.spend(piece);
            sent += piece;
        }
        assert_eq!(sent, UNANSWERED_MAX);
        allowance.heard(7);
        assert_eq!(allowance.next(999), 7);
        allowance.heard(usize::MAX);
        assert_eq!(allowance, Allowance::default());
    }
}
