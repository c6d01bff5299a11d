//! Who looks at which guests: figures are read for those and for nobody else.

use std::{cell::RefCell, rc::Rc, time::Duration};

use gtk::{glib, prelude::*, subclass::prelude::*};
use innkeeper_core::Interest;
use uuid::Uuid;

use super::Connection;
use crate::app::settings::{Key, Settings};

/// One onlooker's share of a connection's interest; dropping it ends the interest.
#[derive(Debug)]
pub struct Watch {
    connection: glib::WeakRef<Connection>,
    visible: Rc<RefCell<Vec<Uuid>>>,
}

impl Watch {
    pub(super) fn new(connection: &Connection) -> Self {
        let visible = Rc::new(RefCell::new(Vec::new()));
        connection
            .imp()
            .watches
            .borrow_mut()
            .push(Rc::downgrade(&visible));
        Self {
            connection: connection.downgrade(),
            visible,
        }
    }

    /// Says which guests are on the screen now; none stops the reading.
    pub fn set(&self, visible: Vec<Uuid>) {
        if *self.visible.borrow() == visible {
            return;
        }
        self.visible.replace(visible);
        if let Some(connection) = self.connection.upgrade() {
            connection.update_interest();
        }
    }
}

/// One onlooker of the host itself; dropping it ends the reading of its figures.
#[derive(Debug)]
pub struct HostWatch {
    connection: glib::WeakRef<Connection>,
}

impl HostWatch {
    pub(super) fn new(connection: &Connection) -> Self {
        let onlookers = &connection.imp().host_onlookers;
        onlookers.set(onlookers.get() + 1);
        connection.update_interest();
        Self {
            connection: connection.downgrade(),
        }
    }
}

impl Drop for HostWatch {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.upgrade() {
            let onlookers = &connection.imp().host_onlookers;
            onlookers.set(onlookers.get() - 1);
            connection.update_interest();
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.set(Vec::new());
    }
}

impl Connection {
    /// Makes an onlooker who says which guests are on the screen.
    pub fn watch(&self) -> Watch {
        Watch::new(self)
    }

    /// Tells the core who looks at what now, and how often figures are read.
    pub(super) fn update_interest(&self) {
        let mut visible: Vec<Uuid> = Vec::new();
        self.imp().watches.borrow_mut().retain(|watch| {
            watch.upgrade().is_some_and(|uuids| {
                visible.extend(uuids.borrow().iter());
                true
            })
        });
        visible.sort_unstable();
        visible.dedup();
        let seconds = Settings::get().int(Key::UpdateInterval).max(1);
        self.host().set_interest(Interest {
            ticking: !visible.is_empty(),
            host: self.is_host_watched(),
            visible,
            interval: Duration::from_secs(seconds.unsigned_abs().into()),
        });
    }
}
