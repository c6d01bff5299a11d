//! What is kept of a connection across starts: what its user says of it, whom the user trusts, how screens were protected.
//!
//! [`super::connection_store`] writes it down.

use std::{cell::RefCell, collections::BTreeMap};

use gtk::{prelude::*, subclass::prelude::*};
use innkeeper_core::ScreenWay;
use serde_json::{Map, Value};

use super::{Connection, ConnectionColour, Pin, Profile};

impl Connection {
    /// Gives what the user said of it.
    pub fn profile(&self) -> Profile {
        self.profile_cell().borrow().clone()
    }

    /// Takes what the user says of it. Another address is another host: a connection that was up is made anew.
    ///
    /// Two connections of a list must not lead to the same address: [`super::ConnectionList::edit`] sees to it.
    pub(super) fn set_profile(&self, profile: Profile) {
        let new = profile.trimmed();
        let old = self.profile_cell().replace(new.clone());
        if old == new {
            return;
        }
        let _batch = self.freeze_notify();
        if old.uri != new.uri || old.read_only != new.read_only {
            self.change_host();
        } else if old.screen_way != new.screen_way {
            self.update_options();
        }
        for (differs, property) in [
            (old.uri != new.uri, "uri"),
            (old.name != new.name, "name"),
            (old.label() != new.label(), "label"),
            (old.colour != new.colour, "colour"),
            (old.site != new.site, "site"),
            (old.autoconnect != new.autoconnect, "autoconnect"),
            (old.read_only != new.read_only, "read-only"),
        ] {
            if differs {
                self.notify(property);
            }
        }
        self.emit_by_name::<()>("kept-changed", &[]);
    }

    /// Sets whether it connects when the program starts.
    pub fn set_autoconnect(&self, autoconnect: bool) {
        self.set_profile(Profile {
            autoconnect,
            ..self.profile()
        });
    }

    /// Gives it a name of the user's own; an empty one brings back the one made from the address.
    pub fn rename(&self, name: &str) {
        self.set_profile(Profile {
            name: name.to_owned(),
            ..self.profile()
        });
    }

    /// Marks it with a colour.
    pub fn set_colour(&self, colour: ConnectionColour) {
        self.set_profile(Profile {
            colour,
            ..self.profile()
        });
    }

    /// Says which ways to its guests' screens are tried, from the next attempt on.
    pub fn set_screen_way(&self, way: ScreenWay) {
        self.set_profile(Profile {
            screen_way: way,
            ..self.profile()
        });
    }

    /// Puts it into a group; an empty one takes it out.
    pub fn set_site(&self, site: &str) {
        self.set_profile(Profile {
            site: site.to_owned(),
            ..self.profile()
        });
    }

    /// Trusts a certificate for a service of a host, by its SHA-256 fingerprint in hexadecimal digits, from the next attempt on.
    pub fn pin(&self, pin: Pin) {
        if !self.imp().pins.borrow().contains(&pin) {
            self.imp().pins.borrow_mut().push(pin);
            self.update_options();
            self.emit_by_name::<()>("kept-changed", &[]);
        }
    }

    /// Trusts a certificate no more.
    pub fn unpin(&self, pin: &Pin) {
        self.imp().pins.borrow_mut().retain(|known| known != pin);
        self.update_options();
        self.emit_by_name::<()>("kept-changed", &[]);
    }

    /// Gives the certificates that the user trusts for hosts.
    pub fn pins(&self) -> Vec<Pin> {
        self.imp().pins.borrow().clone()
    }

    /// Keeps how the host's screens are protected, but not of guests that are no more.
    pub(super) fn keep_protections(&self) {
        let guests = self.guests();
        let known = self.host().protections().into_iter();
        let known = known.filter(|(guest, _)| guests.get(*guest).is_some());
        let protections =
            known.map(|(guest, protection)| (guest.to_string(), protection.id().to_owned()));
        let protections: BTreeMap<_, _> = protections.collect();
        if self.imp().protections.replace(protections.clone()) != protections {
            self.emit_by_name::<()>("kept-changed", &[]);
        }
    }

    /// Gives how screens were protected when they were last seen, for the file.
    pub(super) fn protections(&self) -> BTreeMap<String, String> {
        self.imp().protections.borrow().clone()
    }

    /// Gives what another version keeps of it.
    pub(super) fn other(&self) -> Map<String, Value> {
        self.imp().other.borrow().clone()
    }

    fn profile_cell(&self) -> &RefCell<Profile> {
        self.imp()
            .profile
            .get()
            .expect("a connection is made with its profile")
    }
}
