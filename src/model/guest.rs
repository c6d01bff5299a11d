//! One guest: a domain of the core as properties that rows and headers bind to.

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::VecDeque,
    marker::PhantomData,
};

use gtk::{glib, prelude::*, subclass::prelude::*};
use innkeeper_core::{
    Act, Domain, DomainDetails, DomainState, Error, ErrorKind, Host, Sample, Screenshot, Snapshot,
    TextDeviceId,
};
use uuid::Uuid;

use super::{Connection, Console, Job, TextConsole, memory_text, texts};
use crate::app::runtime;

/// How many samples a graph shows.
pub const HISTORY: usize = 40;

/// A guest's state as users know it: libvirt's, and Saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, glib::Enum)]
#[enum_type(name = "InnkeeperGuestState")]
pub enum GuestState {
    /// Nothing is known.
    #[default]
    Unknown,
    /// It runs.
    Running,
    /// Its CPUs are stopped.
    Paused,
    /// It is shutting down.
    ShuttingDown,
    /// It is off.
    ShutOff,
    /// It is off and its memory is kept on disk.
    Saved,
    /// It crashed.
    Crashed,
    /// The guest sleeps.
    Suspended,
}

impl GuestState {
    /// Gives a domain's state as users know it.
    pub(super) fn of(domain: &Domain) -> Self {
        match domain.state {
            DomainState::ShutOff if domain.managed_save => Self::Saved,
            state => state.into(),
        }
    }
}

impl From<DomainState> for GuestState {
    fn from(state: DomainState) -> Self {
        match state {
            DomainState::Running => Self::Running,
            DomainState::Paused => Self::Paused,
            DomainState::ShuttingDown => Self::ShuttingDown,
            DomainState::ShutOff => Self::ShutOff,
            DomainState::Crashed => Self::Crashed,
            DomainState::PmSuspended => Self::Suspended,
            DomainState::Unknown => Self::Unknown,
        }
    }
}

mod imp {
    use super::*;

    #[derive(Debug, Default, glib::Properties)]
    #[properties(wrapper_type = super::Guest)]
    pub struct Guest {
        pub(super) domain: OnceCell<RefCell<Domain>>,
        pub(super) connection: glib::WeakRef<Connection>,
        pub(super) history: RefCell<VecDeque<f32>>,
        pub(super) sort_key: RefCell<Option<glib::FilenameCollationKey>>,

        /// The text by which users know it: its title, else its name.
        #[property(name = "shown-name", get = Self::shown_name)]
        pub(super) shown_name: PhantomData<String>,
        /// Its name on the host.
        #[property(name = "name", get = Self::name)]
        pub(super) name: PhantomData<String>,
        /// The user's note.
        #[property(name = "note", get = Self::note)]
        pub(super) note: PhantomData<Option<String>>,
        /// What it does now.
        #[property(get, builder(GuestState::default()))]
        pub(super) state: Cell<GuestState>,
        /// Its state in words, with the reason where that helps.
        #[property(name = "state-text", get = Self::state_text)]
        pub(super) state_text: PhantomData<String>,
        /// An icon of its operating system.
        #[property(name = "icon-name", get = Self::icon_name)]
        pub(super) icon_name: PhantomData<String>,
        /// Share of its CPUs that it uses, 0.0 to 1.0.
        #[property(get)]
        pub(super) cpu: Cell<f64>,
        /// Memory that it has now, in KiB.
        #[property(get)]
        pub(super) memory: Cell<u64>,
        /// Its memory in words.
        #[property(name = "memory-text", get = Self::memory_text)]
        pub(super) memory_text: PhantomData<String>,
        /// Whether its host is connected, so that what is shown is true now.
        #[property(get)]
        pub(super) online: Cell<bool>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Guest {
        const NAME: &'static str = "InnkeeperGuest";
        type Type = super::Guest;
    }

    #[glib::derived_properties]
    impl ObjectImpl for Guest {
        fn signals() -> &'static [glib::subclass::Signal] {
            static SIGNALS: std::sync::LazyLock<Vec<glib::subclass::Signal>> =
                std::sync::LazyLock::new(|| {
                    vec![
                        // The host has it no more.
                        glib::subclass::Signal::builder("gone").build(),
                        // Anything of the domain differs: what actions are allowed may differ too.
                        glib::subclass::Signal::builder("changed").build(),
                    ]
                });
            &SIGNALS
        }
    }

    impl Guest {
        fn with<R>(&self, read: impl FnOnce(&Domain) -> R) -> Option<R> {
            self.domain.get().map(|domain| read(&domain.borrow()))
        }

        fn shown_name(&self) -> String {
            self.with(|d| d.shown_name().to_owned()).unwrap_or_default()
        }

        fn name(&self) -> String {
            self.with(|d| d.name.clone()).unwrap_or_default()
        }

        fn note(&self) -> Option<String> {
            self.with(|d| d.description.as_ref()?.note.clone())?
        }

        fn state_text(&self) -> String {
            self.with(texts::state_with_reason).unwrap_or_default()
        }

        fn icon_name(&self) -> String {
            self.with(|d| texts::os_icon(d.description.as_ref()?.os_id.as_deref()))
                .flatten()
                .unwrap_or("computer-symbolic")
                .to_owned()
        }

        fn memory_text(&self) -> String {
            match self.memory.get() {
                0 => String::new(),
                kib => memory_text(kib),
            }
        }
    }
}

glib::wrapper! {
    /// A virtual machine of one connection.
    pub struct Guest(ObjectSubclass<imp::Guest>);
}

impl Guest {
    pub(super) fn new(connection: &Connection, domain: Domain) -> Self {
        let guest: Self = glib::Object::new();
        let imp = guest.imp();
        imp.connection.set(Some(connection));
        imp.online.set(true);
        imp.state.set(GuestState::of(&domain));
        imp.memory.set(memory_of(&domain));
        imp.domain
            .set(RefCell::new(domain))
            .expect("a new guest has no domain yet");
        guest
    }

    /// Takes a new state of the domain and notifies exactly what differs.
    pub(super) fn update(&self, domain: Domain) {
        let imp = self.imp();
        let old = self.cell().replace(domain);
        let _batch = self.freeze_notify();
        let new = self.cell().borrow().clone();
        if old == new {
            return;
        }
        if old.name != new.name {
            self.notify_name();
        }
        if old.shown_name() != new.shown_name() {
            imp.sort_key.replace(None);
            self.notify_shown_name();
        }
        if old.description != new.description {
            self.notify_note();
            self.notify_icon_name();
        }
        self.update_state(&new);
        self.emit_by_name::<()>("changed", &[]);
    }

    fn update_state(&self, new: &Domain) {
        let imp = self.imp();
        let state = GuestState::of(new);
        if imp.state.replace(state) != state {
            self.notify_state();
        }
        self.notify_state_text();
        if !new.state.is_active() {
            imp.history.borrow_mut().clear();
            imp.cpu.set(0.0);
            self.notify_cpu();
        }
        let memory = memory_of(new);
        if imp.memory.get() == 0 || !new.state.is_active() {
            self.set_memory(memory);
        }
    }

    /// Takes the figures of one tick.
    pub(super) fn sample(&self, sample: Sample) {
        let imp = self.imp();
        if let Some(cpu) = sample.guest_cpu {
            let mut history = imp.history.borrow_mut();
            if history.len() == HISTORY {
                history.pop_front();
            }
            history.push_back(cpu);
            drop(history);
            imp.cpu.set(f64::from(cpu));
            self.notify_cpu();
        }
        if let Some(memory) = sample.memory_kib {
            self.set_memory(memory);
        }
    }

    fn set_memory(&self, kib: u64) {
        if self.imp().memory.replace(kib) != kib {
            self.notify_memory();
            self.notify_memory_text();
        }
    }

    pub(super) fn set_online(&self, online: bool) {
        if self.imp().online.replace(online) != online {
            self.notify_online();
        }
    }

    pub(super) fn announce_gone(&self) {
        self.emit_by_name::<()>("gone", &[]);
    }

    fn cell(&self) -> &RefCell<Domain> {
        self.imp()
            .domain
            .get()
            .expect("a guest is made with its domain")
    }

    /// Gives what the core knows of it.
    pub fn domain(&self) -> Domain {
        self.cell().borrow().clone()
    }

    /// Gives its lasting identity.
    pub fn uuid(&self) -> Uuid {
        self.cell().borrow().uuid
    }

    /// Gives its connection, unless that was removed.
    pub fn connection(&self) -> Option<Connection> {
        self.imp().connection.upgrade()
    }

    /// Calls a function with the CPU samples, oldest first, each 0.0 to 1.0.
    pub fn with_history<R>(&self, read: impl FnOnce(&VecDeque<f32>) -> R) -> R {
        read(&self.imp().history.borrow())
    }

    /// Orders guests as people count: `vm2` before `vm10`, without regard to case.
    pub fn compare(&self, other: &Self) -> std::cmp::Ordering {
        self.fill_sort_key();
        other.fill_sort_key();
        let (mine, theirs) = (self.imp().sort_key.borrow(), other.imp().sort_key.borrow());
        mine.cmp(&theirs)
            .then_with(|| self.uuid().cmp(&other.uuid()))
    }

    fn fill_sort_key(&self) {
        let mut key = self.imp().sort_key.borrow_mut();
        if key.is_none() {
            *key = Some(glib::FilenameCollationKey::from(
                self.shown_name().to_lowercase(),
            ));
        }
    }

    /// Says whether its state and its connection allow an act.
    pub fn allows(&self, act: Act) -> bool {
        self.online() && act.is_allowed(&self.cell().borrow())
    }

    /// Does an act and waits for its end.
    ///
    /// # Cancel safety
    /// Dropping the future stops the waiting; the host may still do it.
    pub async fn perform(&self, act: Act) -> Result<(), Error> {
        let (host, uuid) = (self.host()?, self.uuid());
        runtime::run(async move { host.act(uuid, act).await }).await
    }

    /// Has the hypervisor press keys together, by Linux' numbers (`KEY_*`), and let go of them.
    pub async fn send_keys(&self, keys: Vec<u32>) -> Result<(), Error> {
        let (host, uuid) = (self.host()?, self.uuid());
        runtime::run(async move { host.send_keys(uuid, &keys).await }).await
    }

    /// Says whether it lacks the channel through which it could share its clipboard.
    pub async fn lacks_clipboard_channel(&self) -> Result<bool, Error> {
        let (host, uuid) = (self.host()?, self.uuid());
        runtime::run(async move { host.lacks_clipboard_channel(uuid).await }).await
    }

    /// Gives it what it needs to share its clipboard, from its next start.
    pub async fn add_clipboard_channel(&self) -> Result<(), Error> {
        let (host, uuid) = (self.host()?, self.uuid());
        runtime::run(async move { host.add_clipboard_channel(uuid).await }).await
    }

    /// Saves its memory to disk, as a job that shows its progress and can be cancelled.
    pub fn save(&self) -> Result<Job, Error> {
        Ok(Job::save(self, self.host()?))
    }

    /// Throws its saved state away, so that the next start boots it.
    pub async fn discard_saved_state(&self) -> Result<(), Error> {
        let (host, uuid) = (self.host()?, self.uuid());
        runtime::run(async move { host.discard_saved_state(uuid).await }).await
    }

    /// Reads its hardware.
    pub async fn details(&self) -> Result<DomainDetails, Error> {
        let (host, uuid) = (self.host()?, self.uuid());
        runtime::run(async move { host.details(uuid).await }).await
    }

    /// Reads its snapshots.
    pub async fn snapshots(&self) -> Result<Vec<Snapshot>, Error> {
        let (host, uuid) = (self.host()?, self.uuid());
        runtime::run(async move { host.snapshots(uuid).await }).await
    }

    /// Has the hypervisor take a picture of its first screen.
    pub async fn screenshot(&self) -> Result<Screenshot, Error> {
        let (host, uuid) = (self.host()?, self.uuid());
        runtime::run(async move { host.screenshot(uuid).await }).await
    }

    /// Makes a console that follows its screen. Dropping it closes the screen.
    pub fn console(&self, place: Option<usize>) -> Result<Console, Error> {
        Ok(Console::new(self, &self.host()?, place))
    }

    /// Makes a console that follows one of its serial lines. Dropping it closes the line.
    pub fn text_console(&self, device: TextDeviceId) -> Result<TextConsole, Error> {
        Ok(TextConsole::new(self, &self.host()?, device))
    }

    pub(super) fn host(&self) -> Result<Host, Error> {
        self.connection()
            .map(|connection| connection.host())
            .ok_or_else(|| Error::new(ErrorKind::NotConnected, "the connection was removed"))
    }
}

fn memory_of(domain: &Domain) -> u64 {
    domain.description.as_ref().map_or(0, |d| d.memory_kib)
}
