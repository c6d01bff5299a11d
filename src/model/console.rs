//! A guest's screen as properties and news: a console of the core, on the main loop.

use std::cell::{Cell, OnceCell, RefCell};

use gtk::{glib, prelude::*, subclass::prelude::*};
use innkeeper_core::{ConsoleEvent, ConsoleState, ErrorKind, Host, rfb};

use super::{Guest, UserCredentials, guest_state_text};
use crate::app::{
    errors::UserFacing,
    i18n::{gettext, gettext_f},
    runtime,
};

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
        pub(super) listener: RefCell<Option<Listener>>,
        pub(super) tasks: RefCell<Vec<glib::JoinHandle<()>>>,

        /// What its page shows.
        #[property(get, builder(ConsolePhase::default()))]
        pub(super) phase: Cell<ConsolePhase>,
        /// The phase in a few words.
        #[property(get)]
        pub(super) headline: RefCell<String>,
        /// The likely cause and what to do; may be empty.
        #[property(get)]
        pub(super) advice: RefCell<String>,
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
        }
    }
}

glib::wrapper! {
    /// The screen of one guest, followed through restarts and lost links.
    pub struct Console(ObjectSubclass<imp::Console>);
}

impl Console {
    pub(super) fn new(guest: &Guest, host: &Host) -> Self {
        let console: Self = glib::Object::new();
        let credentials = UserCredentials::of_guest(host.uri(), guest.uuid());
        let core = runtime::enter(|| host.console(guest.uuid(), credentials));
        let _ = console.imp().core.set(core);
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
        let (phase, headline, advice) = describe(state);
        imp.headline.replace(headline);
        imp.advice.replace(advice);
        let _batch = self.freeze_notify();
        self.notify_headline();
        self.notify_advice();
        imp.phase.set(phase);
        self.notify_phase();
    }

    /// Gives the live session's handle for input and its picture, while there is one.
    pub fn session(&self) -> Option<rfb::Session> {
        self.core().session()
    }

    /// Tries again now.
    pub fn retry(&self) {
        self.core().retry();
    }

    /// Says whether it has failed because the screen is less protected than before.
    pub fn is_downgraded(&self) -> bool {
        let state = self.core().state();
        matches!(state, ConsoleState::Failed(error) if matches!(error.kind, ErrorKind::ConsoleDowngraded { .. }))
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

/// The phase, the headline and the advice of a state.
fn describe(state: &ConsoleState) -> (ConsolePhase, String, String) {
    match state {
        ConsoleState::Off(domain) => (
            ConsolePhase::Off,
            guest_state_text((*domain).into()),
            String::new(),
        ),
        ConsoleState::NoScreen(None) => (
            ConsolePhase::NoScreen,
            gettext("No Screen"),
            gettext("This virtual machine has no graphical display."),
        ),
        ConsoleState::NoScreen(Some(_)) => (
            ConsolePhase::NoScreen,
            gettext("No VNC Screen"),
            gettext(
                "The display of this virtual machine uses another protocol than VNC. Change its graphics device to VNC to see it here.",
            ),
        ),
        ConsoleState::Connecting => (
            ConsolePhase::Connecting,
            gettext("Connecting to the screen…"),
            String::new(),
        ),
        ConsoleState::Connected => (ConsolePhase::Connected, String::new(), String::new()),
        ConsoleState::Waiting { error, .. } => (
            ConsolePhase::Waiting,
            gettext("Connecting to the screen again…"),
            error.as_ref().map_or_else(String::new, |e| e.headline()),
        ),
        ConsoleState::Failed(error) if error.is_silent() => (
            ConsolePhase::Failed,
            gettext("Not Connected to the Screen"),
            String::new(),
        ),
        ConsoleState::Failed(error) => (
            ConsolePhase::Failed,
            error.headline(),
            error.advice().unwrap_or_else(|| {
                gettext_f(
                    "The server said: {message}",
                    &[("message", &error.details())],
                )
            }),
        ),
        ConsoleState::Ended => (
            ConsolePhase::Ended,
            gettext("The virtual machine is gone"),
            String::new(),
        ),
    }
}
