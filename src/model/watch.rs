//! Who looks at which guests: figures are read for those and for nobody else.

use std::{cell::RefCell, rc::Rc};

use gtk::{glib, subclass::prelude::*};
use uuid::Uuid;

use super::Connection;

/// One onlooker's share of a connection's interest; dropping it ends the interest.
#[derive(Debug)]
pub struct Watch {
    connection: glib::WeakRef<Connection>,
    visible: Rc<RefCell<Vec<Uuid>>>,
}

impl Watch {
    pub(super) fn new(connection: &Connection) -> Self {
        use gtk::prelude::ObjectExt;
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
        use gtk::prelude::ObjectExt;
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
