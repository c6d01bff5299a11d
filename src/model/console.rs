//! A guest's screen as properties and news: a console of the core, on the main loop.

use std::{
    cell::{Cell, OnceCell, RefCell},
    sync::Arc,
    time::Duration,
};

use gtk::{glib, prelude::*, subclass::prelude::*};
use innkeeper_core::{
    ConsoleEvent, ConsoleState, Error, ErrorKind, Host, ScreenProtection, ScreenRoute,
    ScreenSettings, rfb,
};

use super::{Connection, Guest, GuestSettings, Sound, UserCredentials, console_texts};
use crate::app::runtime;

/// How often a wait is told anew.
const BEAT: Duration = Duration::from_secs(1);

/// What a console's page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, glib::Enum)]
#[enum_type(name = "InnkeeperConsolePhase")]
pub enum ConsolePhase {
    /// The guest does not run.
    #[default]
    Off,
    /// The guest has no screen that can be shown.
    NoScreen,
    /// On the way.
    Connecting,
    /// The screen is live.
    Connected,
    /// The link broke; it is being tried again.
    Waiting,
    /// It failed; somebody must ask again.
    Failed,
    /// The guest is gone.
    Ended,
}

/// Hears what happens on the screen.
type Listener = Box<dyn Fn(rfb::Event)>;

mod imp {
    use super::*;

    #[derive(Default, glib::Properties)]
    #[properties(wrapper_type = super::Console)]
    pub struct Console {
        pub(super) core: OnceCell<innkeeper_core::Console>,
        pub(super) connection: glib::WeakRef<Connection>,
        pub(super) sound: OnceCell<Sound>,
        pub(super) settings: Cell<ScreenSettings>,
        pub(super) listener: RefCell<Option<Listener>>,
        pub(super) tasks: RefCell<Vec<glib::JoinHandle<()>>>,
        /// Tells a wait anew while there is one.
        pub(super) beat: RefCell<Option<glib::SourceId>>,

        /// What its page shows.
        #[property(get, builder(ConsolePhase::default()))]
        pub(super) phase: Cell<ConsolePhase>,
        /// The phase in a few words.
        #[property(get)]
        pub(super) headline: RefCell<String>,
        /// The likely cause and what to do; may be empty.
        #[property(get)]
        pub(super) advice: RefCell<String>,
        /// The next attempt was far away when this state began.
        pub(super) waits_long: Cell<bool>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Console {
        const NAME: &'static str = "InnkeeperConsole";
        type Type = super::Console;
    }

    #[glib::derived_properties]
    impl ObjectImpl for Console {
        fn dispose(&self) {
            for task in self.tasks.take() {
                task.abort();
            }
            if let Some(beat) = self.beat.take() {
                beat.remove();
            }
        }
    }
}

glib::wrapper! {
    /// The screen of one guest, followed through restarts and lost links.
    pub struct Console(ObjectSubclass<imp::Console>);
}

impl Console {
    pub(super) fn new(guest: &Guest, host: &Host, place: Option<usize>) -> Self {
        let console: Self = glib::Object::new();
        let credentials = UserCredentials::of_guest(host.uri(), guest.uuid());
        let settings = core_settings(&GuestSettings::of(guest.uuid()), place);
        let core = runtime::enter(|| host.console_with(guest.uuid(), credentials, settings));
        let _ = console.imp().core.set(core);
        console.imp().connection.set(guest.connection().as_ref());
        let _ = console.imp().sound.set(Sound::new(guest, place));
        console.imp().settings.set(settings);
        console.follow_events();
        console.take_state(&console.core().state());
        console
    }

    fn follow_events(&self) {
        let (weak, core) = (self.downgrade(), self.core().clone());
        let task = runtime::local(async move {
            while let Some(event) = core.next_event().await {
                let Some(console) = weak.upgrade() else {
                    return;
                };
                match event {
                    ConsoleEvent::State(state) => {
                        console.take_state(&state);
                    }
                    ConsoleEvent::Screen(event) => console.tell(event),
                }
            }
        });
        self.imp().tasks.borrow_mut().push(task);
    }

    fn tell(&self, event: rfb::Event) {
        match event {
            rfb::Event::Connected { .. } => self.sound().set_session(self.session()),
            rfb::Event::AudioOffered => self.sound().set_offered(),
            _ => {}
        }
        if let Some(listener) = &*self.imp().listener.borrow() {
            listener(event);
        }
    }

    /// Says who hears what happens on the screen; there is one listener at a time.
    pub fn set_listener(&self, listener: impl Fn(rfb::Event) + 'static) {
        self.imp().listener.replace(Some(Box::new(listener)));
    }

    fn take_state(&self, state: &ConsoleState) {
        let imp = self.imp();
        let (phase, headline, advice) = console_texts::describe(state, self.core().since());
        imp.waits_long.set(matches!(
            state,
            ConsoleState::Waiting { retry_at, .. } if console_texts::is_long_wait(*retry_at)
        ));
        imp.headline.replace(headline);
        imp.advice.replace(advice);
        self.tell_waits(matches!(
            phase,
            ConsolePhase::Connecting | ConsolePhase::Waiting
        ));
        if self.session().is_none() {
            self.sound().set_session(None);
        }
        let _batch = self.freeze_notify();
        self.notify_headline();
        self.notify_advice();
        imp.phase.set(phase);
        self.notify_phase();
        if phase == ConsolePhase::Connected
            && let Some(connection) = imp.connection.upgrade()
        {
            connection.keep_protections();
        }
    }

    /// Tells each second anew for how long there has been no picture, and when it is tried again.
    fn tell_waits(&self, is_waiting: bool) {
        let beat = &self.imp().beat;
        if !is_waiting {
            if let Some(beat) = beat.take() {
                beat.remove();
            }
            return;
        }
        if beat.borrow().is_some() {
            return;
        }
        let weak = self.downgrade();
        let source = glib::timeout_add_local(BEAT, move || {
            if let Some(console) = weak.upgrade() {
                let core = console.core();
                let (.., advice) = console_texts::describe(&core.state(), core.since());
                if console.imp().advice.replace(advice.clone()) != advice {
                    console.notify_advice();
                }
            }
            glib::ControlFlow::Continue
        });
        beat.replace(Some(source));
    }

    /// Gives what keeps it from the screen, where somebody must act.
    pub fn error(&self) -> Option<Arc<Error>> {
        match self.core().state() {
            ConsoleState::Failed(error) => Some(error),
            _ => None,
        }
    }

    /// Says whether the next attempt is so far away that a user may want to have it now.
    pub fn waits_long(&self) -> bool {
        self.imp().waits_long.get()
    }

    /// Gives the way by which the live screen is reached.
    pub fn route(&self) -> Option<ScreenRoute> {
        self.core().route()
    }

    /// Says whether somebody else could pose as the live screen: it is reached over a network, and its TLS has neither a certificate
    /// nor a login inside that would tell who it is.
    pub fn is_unproven(&self) -> bool {
        let is_direct = matches!(self.route(), Some(ScreenRoute::Port { .. }));
        is_direct && self.core().protection() == Some(ScreenProtection::Anonymous)
    }

    /// Takes what the user has settled for the guest. A screen that is shared no more is opened anew.
    pub fn set_settings(&self, settings: &GuestSettings) {
        let place = self.imp().settings.get().place;
        self.take_settings(core_settings(settings, place));
    }

    /// Shows the screen at a place among the guest's screens; without one, the first that can be shown.
    pub fn set_place(&self, place: Option<usize>) {
        let settings = self.imp().settings.get();
        self.sound().set_place(place);
        self.take_settings(ScreenSettings { place, ..settings });
    }

    fn take_settings(&self, settings: ScreenSettings) {
        self.imp().settings.set(settings);
        self.core().set_settings(settings);
    }

    /// Opens the screen anew as its only viewer: the sessions of all others end.
    pub fn take_over(&self) {
        self.core().take_over();
    }

    /// Gives the live session's handle for input and its picture, while there is one.
    pub fn session(&self) -> Option<rfb::Session> {
        self.core().session()
    }

    /// Gives the sound that comes with the screen.
    pub fn sound(&self) -> Sound {
        let sound = self.imp().sound.get();
        sound.expect("a console is made with its sound").clone()
    }

    /// Tries again now.
    pub fn retry(&self) {
        self.core().retry();
    }

    /// Says whether it has failed because the screen is less protected than before.
    pub fn is_downgraded(&self) -> bool {
        let error = self.error();
        error.is_some_and(|error| matches!(error.kind, ErrorKind::ConsoleDowngraded { .. }))
    }

    /// Takes the screen as little protected as it is now, and tries again.
    pub fn accept_downgrade(&self) {
        self.core().accept_downgrade();
    }

    /// Stops the picture while nobody looks, or lets it go on.
    pub fn set_paused(&self, paused: bool) {
        self.core().set_paused(paused);
    }

    fn core(&self) -> &innkeeper_core::Console {
        self.imp()
            .core
            .get()
            .expect("a console is made with its core")
    }
}

fn core_settings(settings: &GuestSettings, place: Option<usize>) -> ScreenSettings {
    ScreenSettings {
        place,
        share: !settings.exclusive,
        view_only: settings.view_only,
    }
}
