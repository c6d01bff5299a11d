//! The user's connections as a list model, kept across starts.

use std::cell::RefCell;

use gtk::{gio, glib, prelude::*, subclass::prelude::*};
use innkeeper_core::{Error, Uri};

use super::{
    Connection,
    connection_store::{self, Entry},
};
use crate::app::runtime;

mod imp {
    use super::*;

    #[derive(Debug, Default)]
    pub struct ConnectionList {
        pub(super) connections: RefCell<Vec<Connection>>,
        pub(super) saving: RefCell<Option<runtime::Task<()>>>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for ConnectionList {
        const NAME: &'static str = "InnkeeperConnectionList";
        type Type = super::ConnectionList;
        type Interfaces = (gio::ListModel,);
    }

    impl ObjectImpl for ConnectionList {}

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
        let entries = connection_store::load().unwrap_or_else(|| {
            let found = innkeeper_core::discover_local();
            found.into_iter().map(Entry::automatic).collect()
        });
        for entry in entries {
            match entry.uri.parse::<Uri>() {
                Ok(uri) => list.append(Connection::new(uri, entry.autoconnect)),
                Err(error) => tracing::warn!(%error, "a kept connection cannot be read"),
            }
        }
        list
    }

    /// Starts every connection that wants it. They do not wait for each other.
    pub fn autoconnect(&self) {
        for connection in self.iter::<Connection>().flatten() {
            if connection.autoconnect() {
                connection.connect_host();
            }
        }
    }

    /// Adds a connection, or finds the one that has this URI already. Keeps the list.
    pub fn add(&self, uri: &str, autoconnect: bool) -> Result<Connection, Error> {
        let uri: Uri = uri.parse()?;
        if let Some(known) = self.find(&uri.to_string()) {
            return Ok(known);
        }
        let connection = Connection::new(uri, autoconnect);
        self.append(connection.clone());
        self.save();
        Ok(connection)
    }

    /// Takes a connection from the list and closes it. Its guests are not touched.
    pub fn remove(&self, connection: &Connection) {
        let position = {
            let connections = self.imp().connections.borrow();
            connections.iter().position(|known| known == connection)
        };
        if let Some(position) = position {
            connection.disconnect_host();
            self.imp().connections.borrow_mut().remove(position);
            self.items_changed(position as u32, 1, 0);
            self.save();
        }
    }

    /// Finds a connection by its URI.
    pub fn find(&self, uri: &str) -> Option<Connection> {
        let connections = self.imp().connections.borrow();
        connections.iter().find(|c| c.uri() == uri).cloned()
    }

    fn append(&self, connection: Connection) {
        let weak = self.downgrade();
        connection.connect_autoconnect_notify(move |_| {
            if let Some(list) = weak.upgrade() {
                list.save();
            }
        });
        let position = self.n_items();
        self.imp().connections.borrow_mut().push(connection);
        self.items_changed(position, 0, 1);
    }

    fn save(&self) {
        let entries = {
            let connections = self.imp().connections.borrow();
            let entry = |c: &Connection| Entry {
                uri: c.uri(),
                autoconnect: c.autoconnect(),
            };
            connections.iter().map(entry).collect()
        };
        let previous = self.imp().saving.take();
        let task = runtime::spawn(async move {
            // One after the other: the newest list is written last.
            if let Some(previous) = previous {
                previous.finish().await;
            }
            if let Err(error) = connection_store::save(entries) {
                tracing::error!(%error, "the connections could not be kept");
            }
        });
        self.imp().saving.replace(Some(task));
    }
}
