//! The user's connections as a list model, kept across starts.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use gtk::{gio, glib, prelude::*, subclass::prelude::*};
use innkeeper_core::{Error, Uri, wait_for_farewells};

use super::{
    Connection, Profile,
    connection_store::{self, Entry, Kept},
};
use crate::app::runtime;

/// How long the end of the program may wait for daemons.
const LAST_WORDS: Duration = Duration::from_secs(1);

mod imp {
    use std::sync::OnceLock;

    use gtk::glib::subclass::Signal;

    use super::*;

    #[derive(Debug, Default)]
    pub struct ConnectionList {
        pub(super) connections: RefCell<Vec<Connection>>,
        /// What was read from the file, for what this version does not know.
        pub(super) kept: RefCell<Kept>,
        pub(super) autoconnected: Cell<bool>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for ConnectionList {
        const NAME: &'static str = "InnkeeperConnectionList";
        type Type = super::ConnectionList;
        type Interfaces = (gio::ListModel,);
    }

    impl ObjectImpl for ConnectionList {
        fn signals() -> &'static [Signal] {
            static SIGNALS: OnceLock<Vec<Signal>> = OnceLock::new();
            SIGNALS.get_or_init(|| {
                let reason = [String::static_type()];
                vec![Signal::builder("not-kept").param_types(reason).build()]
            })
        }
    }

    impl ListModelImpl for ConnectionList {
        fn item_type(&self) -> glib::Type {
            Connection::static_type()
        }

        fn n_items(&self) -> u32 {
            self.connections.borrow().len() as u32
        }

        fn item(&self, position: u32) -> Option<glib::Object> {
            let connections = self.connections.borrow();
            Some(connections.get(position as usize)?.clone().upcast())
        }
    }
}

glib::wrapper! {
    /// A [`gio::ListModel`] of [`Connection`].
    pub struct ConnectionList(ObjectSubclass<imp::ConnectionList>) @implements gio::ListModel;
}

impl Default for ConnectionList {
    fn default() -> Self {
        glib::Object::new()
    }
}

impl ConnectionList {
    /// Reads the kept connections; at the very first start, looks for this machine's own.
    ///
    /// Reads one small file: it is called once, before the first window.
    pub fn load() -> Self {
        let list = Self::default();
        let kept = connection_store::FILE.read::<Kept>();
        let entries = if let Some(kept) = &kept {
            kept.connections.clone()
        } else {
            let found = innkeeper_core::discover_local();
            found.iter().map(Entry::automatic).collect()
        };
        list.imp().kept.replace(kept.unwrap_or_default());
        for entry in entries {
            if let Some(profile) = entry.profile() {
                let pins = entry.pins(&profile.uri);
                list.append(Connection::with_kept(
                    profile,
                    pins,
                    entry.protections,
                    entry.other,
                ));
            }
        }
        list
    }

    /// Starts every connection that wants it; only the first call does. They do not wait for each other.
    pub fn autoconnect(&self) {
        if self.imp().autoconnected.replace(true) {
            return;
        }
        for connection in self.iter::<Connection>().flatten() {
            if connection.autoconnect() {
                connection.connect_host();
            }
        }
    }

    /// Adds a connection to an address, or finds the one that leads there already. Keeps the list.
    pub fn add(&self, uri: &str, autoconnect: bool) -> Result<Connection, Error> {
        let uri: Uri = uri.parse()?;
        Ok(self.add_profile(Profile {
            autoconnect,
            ..Profile::new(uri)
        }))
    }

    /// Adds a connection, or finds the one that leads to the same address already. Keeps the list.
    pub fn add_profile(&self, profile: Profile) -> Connection {
        if let Some(known) = self.find(&profile.uri.to_string()) {
            return known;
        }
        let connection = Connection::new(profile);
        self.append(connection.clone());
        self.save();
        connection
    }

    /// Changes what is said of a connection; another address is connected anew. Keeps the list.
    ///
    /// Fails with the other connection where one leads to the new address already; nothing changes then.
    pub fn edit(&self, connection: &Connection, profile: Profile) -> Result<(), Connection> {
        match self.find(&profile.uri.to_string()) {
            Some(other) if other != *connection => Err(other),
            _ => {
                connection.set_profile(profile);
                Ok(())
            }
        }
    }

    /// Takes a connection from the list and closes it. Its guests are not touched.
    pub fn remove(&self, connection: &Connection) {
        if let Some(position) = self.position(connection) {
            connection.disconnect_host();
            self.imp().connections.borrow_mut().remove(position);
            self.items_changed(position as u32, 1, 0);
            connection.emit_by_name::<()>("removed", &[]);
            self.save();
        }
    }

    /// Finds a connection by its URI.
    pub fn find(&self, uri: &str) -> Option<Connection> {
        let connections = self.imp().connections.borrow();
        connections.iter().find(|c| c.uri() == uri).cloned()
    }

    /// Gives every group that a connection belongs to, each once, in the order of the alphabet.
    pub fn sites(&self) -> Vec<String> {
        let connections = self.imp().connections.borrow();
        let mut sites: Vec<String> = connections.iter().map(Connection::site).collect();
        drop(connections);
        sites.retain(|site| !site.is_empty());
        sites.sort_by_cached_key(|site| glib::CollationKey::from(site.as_str()));
        sites.dedup();
        sites
    }

    /// Puts a connection before or after another one, and into that one's group. Keeps the list.
    pub fn place(&self, connection: &Connection, side: Side, other: &Connection) {
        if connection == other {
            return;
        }
        connection.set_site(&other.site());
        let (Some(from), Some(beside)) = (self.position(connection), self.position(other)) else {
            return;
        };
        // Where it stands once it is taken out.
        let beside = beside - usize::from(from < beside);
        self.move_to(from, beside + usize::from(side == Side::After));
    }

    /// Gives the connection with which one would change places: its neighbour in the same group.
    pub fn neighbour(&self, connection: &Connection, side: Side) -> Option<Connection> {
        let connections = self.imp().connections.borrow();
        let group_name = connection.site();
        let group: Vec<_> = connections
            .iter()
            .filter(|c| c.site() == group_name)
            .collect();
        let at = group.iter().position(|known| *known == connection)?;
        let next = match side {
            Side::Before => at.checked_sub(1)?,
            Side::After => at + 1,
        };
        group.get(next).copied().cloned()
    }

    fn position(&self, connection: &Connection) -> Option<usize> {
        let connections = self.imp().connections.borrow();
        connections.iter().position(|known| known == connection)
    }

    /// Moves a connection, and says so of no more rows than moved.
    fn move_to(&self, from: usize, to: usize) {
        if from == to {
            return;
        }
        {
            let mut connections = self.imp().connections.borrow_mut();
            let moved = connections.remove(from);
            connections.insert(to, moved);
        }
        let (first, last) = (from.min(to), from.max(to));
        let count = (last - first + 1) as u32;
        self.items_changed(first as u32, count, count);
        self.save();
    }

    fn append(&self, connection: Connection) {
        connection.set_list(self);
        let weak = self.downgrade();
        connection.connect_local("kept-changed", false, move |_| {
            if let Some(list) = weak.upgrade() {
                list.save();
            }
            None
        });
        let weak = self.downgrade();
        connection.connect_site_notify(move |connection| {
            // It moves to another group of whoever sorts this list.
            if let Some(list) = weak.upgrade()
                && let Some(position) = list.position(connection)
            {
                list.items_changed(position as u32, 1, 1);
            }
        });
        let position = self.n_items();
        self.imp().connections.borrow_mut().push(connection);
        self.items_changed(position, 0, 1);
    }

    /// Calls a function whenever the list could not be written, with the system's reason: what changed since the last
    /// time is lost when the program ends.
    pub fn connect_not_kept(&self, told: impl Fn(&str) + 'static) {
        self.connect_local("not-kept", false, move |values| {
            told(values.get(1)?.get().ok()?);
            None
        });
    }

    /// Disconnects all, and waits a moment until leave was taken of daemons that have a stream open for us: for the end of
    /// the program. libvirtd can lock itself up over a console that is just cut.
    pub fn leave(&self) {
        for connection in self.imp().connections.borrow().iter() {
            connection.host().disconnect();
        }
        if !wait_for_farewells(LAST_WORDS) {
            tracing::warn!("a daemon did not hear that we leave");
        }
    }

    fn save(&self) {
        let kept = self.to_keep();
        let weak = self.downgrade();
        let written = connection_store::FILE.write(&kept);
        runtime::local(async move {
            if let Err(error) = written.await {
                tracing::error!(%error, "the connections could not be kept");
                if let Some(list) = weak.upgrade() {
                    list.emit_by_name::<()>("not-kept", &[&error.to_string()]);
                }
            }
        });
    }

    /// Collects what the file is to hold; entries that could not be read stay at its end.
    fn to_keep(&self) -> Kept {
        let kept = self.imp().kept.borrow();
        let connections = self.imp().connections.borrow();
        let mut entries: Vec<Entry> = connections
            .iter()
            .map(|c| Entry::new(c.profile(), c.pins(), c.protections(), c.other()))
            .collect();
        let is_unread = |entry: &&Entry| entry.uri.parse::<Uri>().is_err();
        entries.extend(kept.connections.iter().filter(is_unread).cloned());
        kept.with(entries)
    }
}

/// The side of another connection on which one is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Above it.
    Before,
    /// Below it.
    After,
}
