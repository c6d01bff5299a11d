//! One connection: a host of the core as properties, and its guests.

use std::{
    cell::{Cell, OnceCell, RefCell},
    marker::PhantomData,
    rc::Weak,
    sync::Arc,
    time::Duration,
};

use gtk::{glib, prelude::*, subclass::prelude::*};
use innkeeper_core::{Changes, Error, Host, HostFacts, HostState, Interest, Uri};
use uuid::Uuid;

use super::{GuestList, Watch, host_name, texts};
use crate::app::{
    runtime,
    settings::{Key, Settings},
};

/// The shortest time between two batches of news on the main loop: one frame.
const FRAME: Duration = Duration::from_millis(16);

/// Where a connection stands, as rows and pages tell it apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, glib::Enum)]
#[enum_type(name = "InnkeeperConnectionState")]
pub enum ConnectionState {
    /// Nobody asked for it.
    #[default]
    Disconnected,
    /// On the way.
    Connecting,
    /// Its list is true.
    Connected,
    /// The link broke; it is being tried again.
    Lost,
    /// The attempt failed.
    Failed,
}

mod imp {
    use super::*;

    #[derive(Default, glib::Properties)]
    #[properties(wrapper_type = super::Connection)]
    pub struct Connection {
        pub(super) host: OnceCell<Host>,
        pub(super) news: RefCell<Option<glib::JoinHandle<()>>>,
        pub(super) host_state: RefCell<HostState>,
        pub(super) facts: RefCell<Option<HostFacts>>,
        pub(in crate::model) watches: RefCell<Vec<Weak<RefCell<Vec<Uuid>>>>>,

        /// The URI as the user wrote it.
        #[property(name = "uri", get = Self::uri_text)]
        pub(super) uri: PhantomData<String>,
        /// The name by which users know it.
        #[property(name = "label", get = Self::label)]
        pub(super) label: PhantomData<String>,
        /// Where it stands.
        #[property(get, builder(ConnectionState::default()))]
        pub(super) state: Cell<ConnectionState>,
        /// Where it stands, in words.
        #[property(name = "state-text", get = Self::state_text)]
        pub(super) state_text: PhantomData<String>,
        /// Its guests.
        #[property(get)]
        pub(super) guests: GuestList,
        /// Whether it connects when the program starts.
        #[property(get)]
        pub(super) autoconnect: Cell<bool>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Connection {
        const NAME: &'static str = "InnkeeperConnection";
        type Type = super::Connection;
    }

    #[glib::derived_properties]
    impl ObjectImpl for Connection {
        fn signals() -> &'static [glib::subclass::Signal] {
            static SIGNALS: std::sync::LazyLock<Vec<glib::subclass::Signal>> =
                std::sync::LazyLock::new(|| {
                    // Something new is known of the host itself.
                    vec![glib::subclass::Signal::builder("facts-changed").build()]
                });
            &SIGNALS
        }

        fn dispose(&self) {
            if let Some(news) = self.news.take() {
                news.abort();
            }
        }
    }

    impl Connection {
        fn uri_text(&self) -> String {
            self.host
                .get()
                .map(|host| host.uri().to_string())
                .unwrap_or_default()
        }

        fn label(&self) -> String {
            self.host
                .get()
                .map(|host| host_name::label(host.uri()))
                .unwrap_or_default()
        }

        fn state_text(&self) -> String {
            texts::connection_state(&self.host_state.borrow())
        }
    }
}

glib::wrapper! {
    /// A connection to one libvirt host.
    pub struct Connection(ObjectSubclass<imp::Connection>);
}

impl Connection {
    /// Makes a connection that does nothing yet.
    pub fn new(uri: Uri, autoconnect: bool) -> Self {
        let connection: Self = glib::Object::new();
        let imp = connection.imp();
        imp.autoconnect.set(autoconnect);
        let host = runtime::enter(|| Host::new(uri));
        let mut changes = host.changes();
        let is_new = imp.host.set(host).is_ok();
        debug_assert!(is_new, "a new connection has no host yet");
        let weak = connection.downgrade();
        let news = runtime::local(async move {
            while let Some(batch) = changes.next().await {
                let Some(connection) = weak.upgrade() else {
                    return;
                };
                connection.apply(batch);
                drop(connection);
                glib::timeout_future(FRAME).await;
            }
        });
        imp.news.replace(Some(news));
        Settings::get().watch(Key::UpdateInterval, &connection, Self::update_interest);
        connection
    }

    fn apply(&self, changes: Changes) {
        let _batch = self.freeze_notify();
        if let Some(facts) = changes.facts {
            self.imp().facts.replace(Some(facts));
            self.emit_by_name::<()>("facts-changed", &[]);
        }
        // A list that is emptied because the connection was closed is no end of its guests.
        let closed = matches!(changes.state, Some(HostState::Disconnected));
        if closed {
            self.take_state(HostState::Disconnected);
        }
        let guests = self.guests();
        guests.apply(self, changes.domains);
        guests.sample(changes.samples);
        if let Some(state) = changes.state.filter(|_| !closed) {
            self.take_state(state);
        }
    }

    fn take_state(&self, host_state: HostState) {
        let imp = self.imp();
        let state = match host_state {
            HostState::Disconnected => ConnectionState::Disconnected,
            HostState::Connecting(_) if self.state() == ConnectionState::Lost => {
                ConnectionState::Lost
            }
            HostState::Connecting(_) => ConnectionState::Connecting,
            HostState::Connected => ConnectionState::Connected,
            HostState::Lost { .. } => ConnectionState::Lost,
            HostState::Failed(_) => ConnectionState::Failed,
        };
        imp.host_state.replace(host_state);
        self.guests()
            .set_online(state == ConnectionState::Connected);
        if state == ConnectionState::Disconnected {
            self.guests().clear();
        }
        if imp.state.replace(state) != state {
            self.notify_state();
        }
        self.notify_state_text();
    }

    /// Starts to connect; while the link is lost, tries again now.
    pub fn connect_host(&self) {
        tracing::info!(uri = %self.uri(), "connect");
        self.host().connect();
    }

    /// Closes the connection. Guests go on running.
    pub fn disconnect_host(&self) {
        tracing::info!(uri = %self.uri(), "disconnect");
        self.host().disconnect();
    }

    /// Gives the error that keeps it from being connected.
    pub fn error(&self) -> Option<Arc<Error>> {
        match &*self.imp().host_state.borrow() {
            HostState::Failed(error) | HostState::Lost { error, .. } => Some(error.clone()),
            _ => None,
        }
    }

    /// Gives what is known of the host.
    pub fn facts(&self) -> Option<HostFacts> {
        self.imp().facts.borrow().clone()
    }

    /// Says whether it can be taken from the list: never while a link is up or on its way.
    pub fn can_be_removed(&self) -> bool {
        matches!(
            self.state(),
            ConnectionState::Disconnected | ConnectionState::Failed
        )
    }

    /// Sets whether it connects when the program starts.
    pub fn set_autoconnect(&self, autoconnect: bool) {
        if self.imp().autoconnect.replace(autoconnect) != autoconnect {
            self.notify_autoconnect();
        }
    }

    /// Makes an onlooker who says which guests are on the screen.
    pub fn watch(&self) -> Watch {
        Watch::new(self)
    }

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
            visible,
            interval: Duration::from_secs(seconds.unsigned_abs().into()),
        });
    }

    pub(super) fn host(&self) -> &Host {
        self.imp()
            .host
            .get()
            .expect("a connection is made with its host")
    }
}
