//! Looks through all connections for a guest that left its host: where it runs now, and until it does.

use gtk::{gio, glib, prelude::*};
use innkeeper_core::StateReason;
use uuid::Uuid;

use super::{Connection, ConnectionList, Guest};

/// A search. It ends when it is dropped.
pub struct GuestSearch {
    handlers: Vec<(glib::Object, glib::SignalHandlerId)>,
}

impl GuestSearch {
    /// Looks for a guest on every other connection than its own, and calls a function once where it runs; at the latest
    /// when it does. A connection that is added later is not looked through.
    pub fn start(guest: &Guest, found: impl Fn(Guest) + 'static) -> Option<Self> {
        let own = guest.connection()?;
        let list = own.list()?;
        let uuid = guest.uuid();
        if let Some(there) = running(&list, &own, uuid) {
            glib::idle_add_local_once(move || found(there));
            return None;
        }
        let look = {
            let (list, own) = (list.downgrade(), own.downgrade());
            std::rc::Rc::new(move || {
                if let (Some(list), Some(own)) = (list.upgrade(), own.upgrade())
                    && let Some(there) = running(&list, &own, uuid)
                {
                    found(there);
                }
            })
        };
        let mut handlers = Vec::new();
        for connection in list.iter::<Connection>().flatten() {
            let guests = connection.guests();
            let again = look.clone();
            let changed = guests.connect_local("changed", false, move |_| {
                again();
                None
            });
            let again = look.clone();
            let arrived = guests.connect_items_changed(move |_, _, _, _| again());
            handlers.push((guests.clone().upcast(), changed));
            handlers.push((guests.upcast(), arrived));
        }
        Some(Self { handlers })
    }
}

impl Drop for GuestSearch {
    fn drop(&mut self) {
        for (object, handler) in self.handlers.drain(..) {
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
