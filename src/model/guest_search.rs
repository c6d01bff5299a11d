//! Looks through all connections for a guest that left its host: where it runs now, and until it does.

use std::{cell::RefCell, rc::Rc};

use gtk::{gio, glib, prelude::*};
use innkeeper_core::StateReason;
use uuid::Uuid;

use super::{Connection, ConnectionList, Guest};

/// A search. It ends when it is dropped.
pub struct GuestSearch {
    handlers: Handlers,
}

type Handlers = Rc<RefCell<Vec<(glib::Object, glib::SignalHandlerId)>>>;

impl GuestSearch {
    /// Looks for a guest on every other connection than its own, those that are added later among them, and calls a
    /// function where it runs; at the latest when it does.
    pub fn start(guest: &Guest, found: impl Fn(Guest) + 'static) -> Option<Self> {
        let own = guest.connection()?;
        let list = own.list()?;
        let uuid = guest.uuid();
        if let Some(there) = running(&list, &own, uuid) {
            glib::idle_add_local_once(move || found(there));
            return None;
        }
        let look: Rc<dyn Fn()> = {
            let (list, own) = (list.downgrade(), own.downgrade());
            Rc::new(move || {
                if let (Some(list), Some(own)) = (list.upgrade(), own.upgrade())
                    && let Some(there) = running(&list, &own, uuid)
                {
                    found(there);
                }
            })
        };
        let handlers = Handlers::default();
        for connection in list.iter::<Connection>().flatten() {
            listen(&connection, &look, &handlers);
        }
        let to = Rc::downgrade(&handlers);
        let more = list.connect_items_changed(move |list, position, _, added| {
            let Some(handlers) = to.upgrade() else { return };
            for position in position..position + added {
                if let Some(connection) = list.item(position).and_downcast() {
                    listen(&connection, &look, &handlers);
                }
            }
        });
        handlers.borrow_mut().push((list.upcast(), more));
        Some(Self { handlers })
    }
}

/// Looks again whenever the guests of a connection are others, or in another state.
fn listen(connection: &Connection, look: &Rc<dyn Fn()>, handlers: &Handlers) {
    let guests = connection.guests();
    let again = look.clone();
    let changed = guests.connect_local("changed", false, move |_| {
        again();
        None
    });
    let again = look.clone();
    let arrived = guests.connect_items_changed(move |_, _, _, _| again());
    let mut handlers = handlers.borrow_mut();
    handlers.push((guests.clone().upcast(), changed));
    handlers.push((guests.upcast(), arrived));
}

impl Drop for GuestSearch {
    fn drop(&mut self) {
        for (object, handler) in self.handlers.take() {
            object.disconnect(handler);
        }
    }
}

impl Guest {
    /// Says whether it went to another host, or was on its way there when it was last heard of.
    pub fn has_moved(&self) -> bool {
        let domain = self.domain();
        let is_away = !domain.state.is_active() && domain.reason == StateReason::Migrated;
        let was_leaving = matches!(
            domain.reason,
            StateReason::Migration | StateReason::PostCopy
        );
        is_away || (was_leaving && !self.is_listed())
    }

    /// Says whether its connection's list has it.
    fn is_listed(&self) -> bool {
        let connection = self.connection();
        connection
            .is_some_and(|connection| connection.guests().get(self.uuid()).as_ref() == Some(self))
    }
}

fn running(list: &ConnectionList, own: &Connection, uuid: Uuid) -> Option<Guest> {
    let others = list
        .upcast_ref::<gio::ListModel>()
        .iter::<Connection>()
        .flatten();
    others
        .filter(|connection| connection != own)
        .filter_map(|connection| connection.guests().get(uuid))
        .find(|guest| guest.online() && guest.domain().state.is_active())
}
