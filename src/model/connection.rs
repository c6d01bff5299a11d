//! One connection: a host of the core as properties, and its guests.
//!
//! What is kept of it is in [`super::connection_kept`], what it tells of its host in [`super::connection_host`].

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::{BTreeMap, VecDeque},
    marker::PhantomData,
    rc::Weak,
    sync::Arc,
    time::{Duration, SystemTime},
};

use gtk::{glib, prelude::*, subclass::prelude::*};
use innkeeper_core::{Changes, Error, Host, HostFacts, HostSample, HostState, LinkInfo};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    ConnectionColour, ConnectionList, GuestList, Pin, Profile, Questions, UserCredentials,
    host_options, texts,
};
use crate::app::{
    errors::UserFacing,
    i18n::gettext_f,
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
        pub(super) host: RefCell<Option<Host>>,
        pub(super) news: RefCell<Option<glib::JoinHandle<()>>>,
        pub(in crate::model) profile: OnceCell<RefCell<Profile>>,
        pub(super) credentials: RefCell<Option<Arc<UserCredentials>>>,
        pub(in crate::model) pins: RefCell<Vec<Pin>>,
        /// The list that it stands in.
        pub(super) list: glib::WeakRef<ConnectionList>,
        /// How screens were protected when they were last seen, by the guests' numbers.
        pub(in crate::model) protections: RefCell<BTreeMap<String, String>>,
        /// What another version keeps of it.
        pub(in crate::model) other: RefCell<Map<String, Value>>,
        pub(in crate::model) host_state: RefCell<HostState>,
        pub(in crate::model) facts: RefCell<Option<HostFacts>>,
        pub(in crate::model) link: RefCell<Option<Arc<LinkInfo>>>,
        pub(in crate::model) last_news: Cell<Option<SystemTime>>,
        pub(in crate::model) host_history: RefCell<VecDeque<HostSample>>,
        pub(in crate::model) host_onlookers: Cell<u32>,
        pub(in crate::model) watches: RefCell<Vec<Weak<RefCell<Vec<Uuid>>>>>,

        /// The URI as the user wrote it.
        #[property(name = "uri", get = Self::uri_text)]
        pub(super) uri: PhantomData<String>,
        /// The user's own name for it; empty for none.
        #[property(name = "name", get = |imp: &Self| imp.said(|p| p.name.clone()))]
        pub(super) name: PhantomData<String>,
        /// The mark by which it is found again.
        #[property(name = "colour", get = |imp: &Self| imp.said(|p| p.colour), builder(ConnectionColour::default()))]
        pub(super) colour: PhantomData<ConnectionColour>,
        /// The group that it belongs to; empty for none.
        #[property(name = "site", get = |imp: &Self| imp.said(|p| p.site.clone()))]
        pub(super) site: PhantomData<String>,
        /// Whether nothing may be changed over it.
        #[property(name = "read-only", get = |imp: &Self| imp.said(|p| p.read_only))]
        pub(super) read_only: PhantomData<bool>,
        /// The name by which users know it.
        #[property(name = "label", get = Self::label)]
        pub(super) label: PhantomData<String>,
        /// Where it stands.
        #[property(get, builder(ConnectionState::default()))]
        pub(super) state: Cell<ConnectionState>,
        /// Whether the host waits for an answer of the user.
        #[property(get)]
        pub(super) asks: Cell<bool>,
        /// Where it stands, in words.
        #[property(name = "state-text", get = Self::state_text)]
        pub(super) state_text: PhantomData<String>,
        /// What a person should know about the link that is up, in a few words; empty for nothing.
        #[property(name = "warning", get = Self::warning)]
        pub(super) warning: PhantomData<String>,
        /// Its guests.
        #[property(get)]
        pub(super) guests: GuestList,
        /// Whether it connects when the program starts.
        #[property(name = "autoconnect", get = |imp: &Self| imp.said(|p| p.autoconnect))]
        pub(super) autoconnect: PhantomData<bool>,
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
                    vec![
                        // Something new is known of the host itself.
                        glib::subclass::Signal::builder("facts-changed").build(),
                        // A link came up, or is gone.
                        glib::subclass::Signal::builder("link-changed").build(),
                        // Lines were added to the log.
                        glib::subclass::Signal::builder("log-changed").build(),
                        // Figures of the host itself came.
                        glib::subclass::Signal::builder("host-sampled").build(),
                        // It was taken from the list.
                        glib::subclass::Signal::builder("removed").build(),
                        // Something that is kept across starts differs.
                        glib::subclass::Signal::builder("kept-changed").build(),
                    ]
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
        /// Reads what the user said of it.
        pub(super) fn said<T: Default>(&self, read: impl FnOnce(&Profile) -> T) -> T {
            self.profile
                .get()
                .map(|profile| read(&profile.borrow()))
                .unwrap_or_default()
        }

        fn uri_text(&self) -> String {
            self.said(|profile| profile.uri.to_string())
        }

        fn label(&self) -> String {
            self.said(Profile::label)
        }

        fn state_text(&self) -> String {
            if self.asks.get() {
                return texts::waits_for_answer();
            }
            let state = texts::connection_state(&self.host_state.borrow());
            match self.warning() {
                warning if warning.is_empty() => state,
                // Translators: a state and what to know about it, such as “Connected, Not Encrypted”.
                warning => gettext_f(
                    "{state}, {warning}",
                    &[("state", &state), ("warning", &warning)],
                ),
            }
        }

        fn warning(&self) -> String {
            let link = self.link.borrow();
            let warning = link.as_ref().and_then(|link| link.warnings.first());
            warning
                .map(|warning| texts::link_warning_text(warning).0)
                .unwrap_or_default()
        }
    }
}

glib::wrapper! {
    /// A connection to one libvirt host.
    pub struct Connection(ObjectSubclass<imp::Connection>);
}

impl Connection {
    /// Makes a connection that does nothing yet.
    pub fn new(profile: Profile) -> Self {
        Self::with_kept(profile, Vec::new(), BTreeMap::new(), Map::new())
    }

    /// Makes a connection with all that is kept of it.
    pub(super) fn with_kept(
        profile: Profile,
        pins: Vec<Pin>,
        protections: BTreeMap<String, String>,
        other: Map<String, Value>,
    ) -> Self {
        let connection: Self = glib::Object::new();
        let imp = connection.imp();
        imp.profile
            .set(RefCell::new(profile.trimmed()))
            .expect("a new connection has no profile yet");
        imp.pins.replace(pins);
        imp.protections.replace(protections);
        imp.other.replace(other);
        connection.make_host();
        Settings::get().watch(Key::UpdateInterval, &connection, Self::update_interest);
        Settings::get().watch(Key::PolkitAgent, &connection, Self::update_options);
        connection.follow_questions();
        connection
    }

    /// Makes the core's host for the present address, in place of the one before.
    fn make_host(&self) {
        let imp = self.imp();
        if let Some(news) = imp.news.take() {
            news.abort();
        }
        let profile = self.profile();
        let credentials = UserCredentials::of_host(&profile.uri).with_tested_answers();
        let mut options = host_options::with(credentials.clone(), &profile, &imp.pins.borrow());
        options.protections = host_options::protections(&imp.protections.borrow());
        imp.credentials.replace(Some(credentials));
        let host = runtime::enter(|| Host::with_options(profile.uri, options));
        let mut changes = host.changes();
        imp.host.replace(Some(host));
        let weak = self.downgrade();
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
        self.update_interest();
    }

    /// Brings how the host connects in line with what the user says, from the next attempt on.
    pub(super) fn update_options(&self) {
        let credentials = self.imp().credentials.borrow().clone();
        if let Some(credentials) = credentials {
            let pins = self.imp().pins.borrow();
            let options = host_options::with(credentials, &self.profile(), &pins);
            self.host().set_options(options);
        }
    }

    /// Says, whenever it changes, whether the host waits for an answer.
    fn follow_questions(&self) {
        let desk = Questions::get();
        let weak = self.downgrade();
        let handler = desk.connect_changed(move |desk| {
            if let Some(connection) = weak.upgrade() {
                let asks = desk.count(&connection.uri()) > 0;
                if connection.imp().asks.replace(asks) != asks {
                    connection.notify_asks();
                    connection.notify_state_text();
                }
            }
        });
        self.add_weak_ref_notify_local(move || desk.disconnect(handler));
    }

    /// Turns to another host, connected if the old one was or was to be.
    pub(super) fn change_host(&self) {
        let was_wanted = !matches!(
            self.state(),
            ConnectionState::Disconnected | ConnectionState::Failed
        );
        self.host().disconnect();
        self.imp().protections.take();
        self.take_state(HostState::Disconnected);
        self.imp().facts.replace(None);
        self.emit_by_name::<()>("facts-changed", &[]);
        self.make_host();
        if was_wanted {
            self.connect_host();
        }
    }

    /// Gives the list that it stands in.
    pub fn list(&self) -> Option<ConnectionList> {
        self.imp().list.upgrade()
    }

    /// Notes the list that it was put into.
    pub(super) fn set_list(&self, list: &ConnectionList) {
        self.imp().list.set(Some(list));
    }

    fn apply(&self, mut changes: Changes) {
        let _batch = self.freeze_notify();
        self.apply_host(&mut changes);
        if matches!(&changes.state, Some(HostState::Failed(error)) if error.is_silent()) {
            // Whoever closes a question wants no connection now: nothing has failed, and nothing is tried again.
            self.host().disconnect();
            changes.state = Some(HostState::Disconnected);
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
        self.note_last_news(&host_state);
        imp.host_state.replace(host_state);
        self.guests()
            .set_online(state == ConnectionState::Connected);
        if state == ConnectionState::Disconnected {
            if let Some(credentials) = &*imp.credentials.borrow() {
                credentials.forget();
            }
            self.guests().clear();
            self.forget_host();
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

    /// Says whether nothing of it is up, on its way or waited for.
    pub fn is_idle(&self) -> bool {
        matches!(
            self.state(),
            ConnectionState::Disconnected | ConnectionState::Failed
        )
    }

    pub(super) fn host(&self) -> Host {
        self.imp()
            .host
            .borrow()
            .clone()
            .expect("a connection is made with its host")
    }
}
