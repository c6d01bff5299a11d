//! The guests of one connection as a list model, in the order in which the host named them.

use std::cell::RefCell;

use gtk::{gio, glib, prelude::*, subclass::prelude::*};
use indexmap::IndexMap;
use innkeeper_core::{Domain, DomainChange, Sample};
use uuid::Uuid;

use super::{Connection, Guest};

mod imp {
    use super::*;

    #[derive(Debug, Default)]
    pub struct GuestList {
        pub(super) guests: RefCell<IndexMap<Uuid, Guest>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for GuestList {
        const NAME: &'static str = "InnkeeperGuestList";
        type Type = super::GuestList;
        type Interfaces = (gio::ListModel,);
    }

    impl ObjectImpl for GuestList {
        fn signals() -> &'static [glib::subclass::Signal] {
            static SIGNALS: std::sync::LazyLock<Vec<glib::subclass::Signal>> =
                std::sync::LazyLock::new(|| {
                    vec![
                        // Names, notes or states of some of the guests differ. Once a batch.
                        glib::subclass::Signal::builder("changed").build(),
                        // Figures of some of the guests came. Once a tick.
                        glib::subclass::Signal::builder("sampled").build(),
                    ]
                });
            &SIGNALS
        }
    }

    impl ListModelImpl for GuestList {
        fn item_type(&self) -> glib::Type {
            Guest::static_type()
        }

        fn n_items(&self) -> u32 {
            self.guests.borrow().len() as u32
        }

        fn item(&self, position: u32) -> Option<glib::Object> {
            let guests = self.guests.borrow();
            let (_, guest) = guests.get_index(position as usize)?;
            Some(guest.clone().upcast())
        }
    }
}

glib::wrapper! {
    /// A [`gio::ListModel`] of [`Guest`].
    pub struct GuestList(ObjectSubclass<imp::GuestList>) @implements gio::ListModel;
}

impl Default for GuestList {
    fn default() -> Self {
        glib::Object::new()
    }
}

impl GuestList {
    /// Applies a batch: what was added together is announced together.
    pub(super) fn apply(&self, connection: &Connection, changes: Vec<DomainChange>) {
        let mut added = Vec::new();
        let mut has_changed = false;
        for change in changes {
            match change {
                DomainChange::Added(domain) => added.push(domain),
                DomainChange::Changed(domain) => match self.get(domain.uuid) {
                    Some(guest) => {
                        guest.update(domain);
                        has_changed = true;
                    }
                    None => added.push(domain),
                },
                DomainChange::Removed(uuid) => self.remove(uuid),
            }
        }
        self.append(connection, added);
        if has_changed {
            self.emit_by_name::<()>("changed", &[]);
        }
    }

    fn append(&self, connection: &Connection, domains: Vec<Domain>) {
        let before = self.n_items();
        {
            let mut guests = self.imp().guests.borrow_mut();
            for domain in domains {
                guests
                    .entry(domain.uuid)
                    .or_insert_with(|| Guest::new(connection, domain));
            }
        }
        let added = self.n_items() - before;
        if added > 0 {
            self.items_changed(before, 0, added);
        }
    }

    fn remove(&self, uuid: Uuid) {
        let removed = self.imp().guests.borrow_mut().shift_remove_full(&uuid);
        if let Some((position, _, guest)) = removed {
            self.items_changed(position as u32, 1, 0);
            guest.announce_gone();
        }
    }

    /// Takes figures for the guests that they name.
    pub(super) fn sample(&self, samples: Vec<(Uuid, Sample)>) {
        let has_samples = !samples.is_empty();
        for (uuid, sample) in samples {
            if let Some(guest) = self.get(uuid) {
                guest.sample(sample);
            }
        }
        if has_samples {
            self.emit_by_name::<()>("sampled", &[]);
        }
    }

    pub(super) fn set_online(&self, online: bool) {
        let guests: Vec<Guest> = self.imp().guests.borrow().values().cloned().collect();
        for guest in guests {
            guest.set_online(online);
        }
    }

    /// Empties the list, as a connection does that its user closed.
    pub(super) fn clear(&self) {
        let guests = self.imp().guests.take();
        if !guests.is_empty() {
            self.items_changed(0, guests.len() as u32, 0);
        }
        for guest in guests.into_values() {
            guest.set_online(false);
        }
    }

    /// Finds a guest by its identity.
    pub fn get(&self, uuid: Uuid) -> Option<Guest> {
        self.imp().guests.borrow().get(&uuid).cloned()
    }

    /// Finds a guest as the command line names it: by name, id or UUID.
    pub fn find(&self, text: &str) -> Option<Guest> {
        if let Some(guest) = Uuid::parse_str(text).ok().and_then(|uuid| self.get(uuid)) {
            return Some(guest);
        }
        let id = text.parse::<i32>().ok();
        let guests = self.imp().guests.borrow();
        let by_name = guests.values().find(|guest| guest.name() == text);
        by_name
            .or_else(|| {
                guests
                    .values()
                    .find(|g| id.is_some() && g.domain().id == id)
            })
            .cloned()
    }
}
