//! What is still to be read from a host, and in which order: a domain that is looked at comes first.
//!
//! Pure bookkeeping; [`super::live`] does the reading.

use std::collections::HashSet;

use indexmap::IndexSet;
use uuid::Uuid;

/// Domains whose XML may be on its way at the same time.
const DESCRIPTIONS_AT_ONCE: usize = 64;

/// Domains whose state may be read at the same time.
const STATES_AT_ONCE: usize = 64;

/// The reading that is to be done.
#[derive(Default)]
pub(crate) struct Agenda {
    descriptions: Queue,
    states: Queue,
}

/// One kind of reading: what waits, and what is on its way.
#[derive(Default)]
struct Queue {
    waiting: IndexSet<Uuid>,
    under_way: HashSet<Uuid>,
}

impl Agenda {
    /// Notes that a domain's XML is to be read.
    pub(crate) fn describe(&mut self, uuid: Uuid) {
        self.descriptions.waiting.insert(uuid);
    }

    /// Notes that a domain's state and flags are to be read, whatever is on its way already.
    pub(crate) fn read_state(&mut self, uuid: Uuid) {
        self.states.waiting.insert(uuid);
    }

    /// Says whether an answer about a domain's state is stale already, because something happened since it was asked.
    pub(crate) fn is_stale(&self, uuid: Uuid) -> bool {
        self.states.waiting.contains(&uuid)
    }

    /// Takes the next domain whose XML is to be read, the visible ones first; `None` when enough is on its way.
    pub(crate) fn next_description(&mut self, visible: &[Uuid]) -> Option<Uuid> {
        self.descriptions.next(visible, DESCRIPTIONS_AT_ONCE)
    }

    /// Takes the domains whose state is to be read now.
    pub(crate) fn next_states(&mut self) -> Vec<Uuid> {
        std::iter::from_fn(|| self.states.next(&[], STATES_AT_ONCE)).collect()
    }

    /// Notes that a domain's XML has come, or will not.
    pub(crate) fn described(&mut self, uuid: Uuid) {
        self.descriptions.under_way.remove(&uuid);
    }

    /// Notes that a domain's state has come, or will not.
    pub(crate) fn state_read(&mut self, uuid: Uuid) {
        self.states.under_way.remove(&uuid);
    }
}

impl Queue {
    /// Takes one that is not on its way: its answer would be as old as the one that comes.
    fn next(&mut self, first: &[Uuid], at_once: usize) -> Option<Uuid> {
        if self.waiting.is_empty() || self.under_way.len() >= at_once {
            return None;
        }
        let uuid = first
            .iter()
            .chain(&self.waiting)
            .copied()
            .find(|uuid| self.waiting.contains(uuid) && !self.under_way.contains(uuid))?;
        self.waiting.swap_remove(&uuid);
        self.under_way.insert(uuid);
        Some(uuid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uuid(number: usize) -> Uuid {
        Uuid::from_u128(number as u128)
    }

    #[test]
    fn what_is_visible_is_described_first() {
        let mut agenda = Agenda::default();
        (0..10).for_each(|n| agenda.describe(uuid(n)));
        let visible = [uuid(7), uuid(3), uuid(99)];
        let order: Vec<_> = std::iter::from_fn(|| agenda.next_description(&visible)).collect();
        assert_eq!(order.len(), 10);
        assert_eq!(order[..2], [uuid(7), uuid(3)]);
    }

    #[test]
    fn only_so_many_are_on_their_way() {
        let mut agenda = Agenda::default();
        (0..1_000).for_each(|n| agenda.describe(uuid(n)));
        let first: Vec<_> = std::iter::from_fn(|| agenda.next_description(&[])).collect();
        assert_eq!(first.len(), DESCRIPTIONS_AT_ONCE);
        agenda.described(first[0]);
        assert!(agenda.next_description(&[]).is_some());
        assert!(agenda.next_description(&[]).is_none());
    }

    #[test]
    fn what_changes_while_it_is_read_is_read_again() {
        let mut agenda = Agenda::default();
        agenda.read_state(uuid(1));
        assert_eq!(agenda.next_states(), [uuid(1)]);
        assert!(!agenda.is_stale(uuid(1)));
        agenda.read_state(uuid(1));
        assert!(agenda.is_stale(uuid(1)));
        assert!(
            agenda.next_states().is_empty(),
            "the first answer is not there"
        );
        agenda.state_read(uuid(1));
        assert_eq!(agenda.next_states(), [uuid(1)]);
    }
}
