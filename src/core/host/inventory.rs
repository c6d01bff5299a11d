//! The domains of one host, and which of them changed since somebody last asked.
//!
//! Pure bookkeeping: it knows no wire and no clock. [`super::board`] hands its changes out.

use indexmap::{IndexMap, IndexSet};
use uuid::Uuid;

use crate::Domain;

/// The list of domains. Every method marks what it really changed, and only that.
#[derive(Default)]
pub(crate) struct Inventory {
    domains: IndexMap<Uuid, Domain>,
    touched: IndexSet<Uuid>,
}

impl Inventory {
    /// Looks a domain up.
    pub(crate) fn get(&self, uuid: Uuid) -> Option<&Domain> {
        self.domains.get(&uuid)
    }

    /// Goes through the domains in the order in which they came.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Domain> {
        self.domains.values()
    }

    /// Puts a whole list in place of the present one.
    ///
    /// What was read of a domain's XML stays until it is read again, and so does its revision.
    pub(crate) fn replace_all(&mut self, list: Vec<Domain>) {
        let mut gone: IndexSet<Uuid> = self.domains.keys().copied().collect();
        for domain in list {
            gone.swap_remove(&domain.uuid);
            self.merge(domain);
        }
        for uuid in gone {
            self.remove(uuid);
        }
    }

    /// Takes over a domain as the host listed it: what its XML said, and its revision, stay.
    pub(crate) fn merge(&mut self, mut domain: Domain) {
        if let Some(old) = self.domains.get(&domain.uuid) {
            domain.description.clone_from(&old.description);
            domain.revision = old.revision;
        }
        self.insert(domain);
    }

    /// Adds a domain, or puts it in place of what was known of it.
    pub(crate) fn insert(&mut self, domain: Domain) {
        let uuid = domain.uuid;
        if self.domains.get(&uuid) != Some(&domain) {
            self.domains.insert(uuid, domain);
            self.touched.insert(uuid);
        }
    }

    /// Changes one domain if it is there; says whether it is.
    pub(crate) fn change(&mut self, uuid: Uuid, edit: impl FnOnce(&mut Domain)) -> bool {
        let Some(domain) = self.domains.get_mut(&uuid) else {
            return false;
        };
        let before = domain.clone();
        edit(domain);
        if *domain != before {
            self.touched.insert(uuid);
        }
        true
    }

    /// Takes a domain out.
    pub(crate) fn remove(&mut self, uuid: Uuid) {
        if self.domains.shift_remove(&uuid).is_some() {
            self.touched.insert(uuid);
        }
    }

    /// Takes everything out.
    pub(crate) fn clear(&mut self) {
        self.touched.extend(self.domains.keys().copied());
        self.domains.clear();
    }

    /// Hands over which domains changed since the last call.
    pub(crate) fn take_touched(&mut self) -> IndexSet<Uuid> {
        std::mem::take(&mut self.touched)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Description, DomainState};

    fn domain(number: u128, name: &str) -> Domain {
        Domain {
            uuid: Uuid::from_u128(number),
            name: name.to_owned(),
            ..Domain::default()
        }
    }

    #[test]
    fn a_list_twice_touches_nothing() {
        let mut inventory = Inventory::default();
        inventory.replace_all(vec![domain(1, "a"), domain(2, "b")]);
        assert_eq!(inventory.take_touched().len(), 2);
        inventory.replace_all(vec![domain(1, "a"), domain(2, "b")]);
        assert!(inventory.take_touched().is_empty());
    }

    #[test]
    fn a_new_list_adds_changes_and_removes() {
        let mut inventory = Inventory::default();
        inventory.replace_all(vec![domain(1, "a"), domain(2, "b"), domain(3, "c")]);
        inventory.take_touched();
        inventory.replace_all(vec![domain(4, "d"), domain(2, "renamed"), domain(3, "c")]);
        let touched: Vec<u128> = inventory.take_touched().iter().map(Uuid::as_u128).collect();
        assert_eq!(touched, [4, 2, 1]);
        assert!(inventory.get(Uuid::from_u128(1)).is_none());
        assert_eq!(inventory.iter().count(), 3);
    }

    #[test]
    fn a_new_list_keeps_what_the_xml_said() {
        let mut inventory = Inventory::default();
        inventory.replace_all(vec![domain(1, "a")]);
        inventory.change(Uuid::from_u128(1), |d| {
            d.description = Some(Description::default());
        });
        let mut again = domain(1, "a");
        again.state = DomainState::Running;
        inventory.replace_all(vec![again]);
        let known = inventory.get(Uuid::from_u128(1)).unwrap();
        assert!(known.description.is_some());
        assert_eq!(known.state, DomainState::Running);
    }

    #[test]
    fn an_edit_that_changes_nothing_is_no_news() {
        let mut inventory = Inventory::default();
        inventory.insert(domain(1, "a"));
        inventory.take_touched();
        assert!(inventory.change(Uuid::from_u128(1), |d| d.name = "a".to_owned()));
        assert!(inventory.take_touched().is_empty());
        assert!(!inventory.change(Uuid::from_u128(9), |_| ()));
    }
}
