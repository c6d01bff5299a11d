//! One serial line or text console of a guest as properties and bytes: a text console of the core, on the main loop.

use std::cell::{Cell, OnceCell, RefCell};

use gtk::{glib, prelude::*, subclass::prelude::*};
use innkeeper_core::{Host, TextConsoleEvent, TextConsoleState, TextDeviceId, Unsent};

use super::{Guest, console_texts, guest_state_text};
use crate::app::{
    errors::UserFacing,
    i18n::{gettext, gettext_f},
    runtime,
};

/// What a text console's page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, glib::Enum)]
#[enum_type(name = "InnkeeperTextConsolePhase")]
pub enum TextConsolePhase {
    /// The guest does not run.
    #[default]
    Off,
    /// On the way.
    Connecting,
    /// Bytes pass.
    Connected,
    /// Another client has the line.
    InUse,
    /// The line broke; it is being tried again.
    Waiting,
    /// It failed; somebody must ask again.
    Failed,
    /// The guest is gone.
    Ended,
}

/// Hears what the guest writes.
type Listener = Box<dyn Fn(&[u8])>;

mod imp {
    use super::*;

    #[derive(Default, glib::Properties)]
    #[properties(wrapper_type = super::TextConsole)]
    pub struct TextConsole {
        pub(super) core: OnceCell<innkeeper_core::TextConsole>,
        pub(super) listener: RefCell<Option<Listener>>,
        pub(super) task: RefCell<Option<glib::JoinHandle<()>>>,

        /// What its page shows.
        #[property(get, builder(TextConsolePhase::default()))]
        pub(super) phase: Cell<TextConsolePhase>,
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
    impl ObjectSubclass for TextConsole {
        const NAME: &'static str = "InnkeeperTextConsole";
        type Type = super::TextConsole;
    }

    #[glib::derived_properties]
    impl ObjectImpl for TextConsole {
        fn dispose(&self) {
            if let Some(task) = self.task.take() {
                task.abort();
            }
        }
    }
}

glib::wrapper! {
    /// A serial line of one guest, followed through restarts and lost links.
    pub struct TextConsole(ObjectSubclass<imp::TextConsole>);
}

impl TextConsole {
    pub(super) fn new(guest: &Guest, host: &Host, device: TextDeviceId) -> Self {
        let console: Self = glib::Object::new();
        let core = runtime::enter(|| host.text_console(guest.uuid(), device));
        let _ = console.imp().core.set(core);
        console.take_state(&console.core().state());
        console.follow_events();
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
                    TextConsoleEvent::State(state) => console.take_state(&state),
                    TextConsoleEvent::Output(bytes) => console.tell(&bytes),
                }
            }
        });
        self.imp().task.replace(Some(task));
    }

    fn tell(&self, bytes: &[u8]) {
        if let Some(listener) = &*self.imp().listener.borrow() {
            listener(bytes);
        }
    }

    /// Says who hears what the guest writes; there is one listener at a time.
    pub fn set_listener(&self, listener: impl Fn(&[u8]) + 'static) {
        self.imp().listener.replace(Some(Box::new(listener)));
    }

    fn take_state(&self, state: &TextConsoleState) {
        let imp = self.imp();
        let (phase, headline, advice) = describe(state);
        imp.waits_long.set(matches!(
            state,
            TextConsoleState::Waiting { retry_at, .. } if console_texts::is_long_wait(*retry_at)
        ));
        imp.headline.replace(headline);
        imp.advice.replace(advice);
        let _batch = self.freeze_notify();
        self.notify_headline();
        self.notify_advice();
        imp.phase.set(phase);
        self.notify_phase();
    }

    /// Types text: all of it or nothing.
    pub fn send(&self, text: &[u8]) -> Result<(), Unsent> {
        self.core().send(text)
    }

    /// Says whether the next attempt is so far away that a user may want to have it now.
    pub fn waits_long(&self) -> bool {
        self.imp().waits_long.get()
    }

    /// Tries again now.
    pub fn retry(&self) {
        self.core().retry();
    }

    /// Takes the line from whoever has it.
    pub fn take_over(&self) {
        self.core().take_over();
    }

    fn core(&self) -> &innkeeper_core::TextConsole {
        self.imp()
            .core
            .get()
            .expect("a console is made with its core")
    }
}

/// The phase, the headline and the advice of a state.
fn describe(state: &TextConsoleState) -> (TextConsolePhase, String, String) {
    match state {
        TextConsoleState::Off(domain) => (
            TextConsolePhase::Off,
            guest_state_text((*domain).into()),
            String::new(),
        ),
        TextConsoleState::Connecting => (
            TextConsolePhase::Connecting,
            gettext("Connecting to the text console…"),
            String::new(),
        ),
        TextConsoleState::Connected => (TextConsolePhase::Connected, String::new(), String::new()),
        TextConsoleState::InUse => (
            TextConsolePhase::InUse,
            gettext("In Use Elsewhere"),
            gettext(
                "Another program is connected to this text console, such as virsh or another window, and only one can be. It appears here once it is free. Taking it over disconnects the other program.",
            ),
        ),
        TextConsoleState::Waiting { error, .. } => (
            TextConsolePhase::Waiting,
            gettext("Connecting to the text console again…"),
            error.as_ref().map_or_else(String::new, |e| e.headline()),
        ),
        TextConsoleState::Failed(error) if error.is_silent() => (
            TextConsolePhase::Failed,
            gettext("Not Connected to the Text Console"),
            String::new(),
        ),
        TextConsoleState::Failed(error) => (
            TextConsolePhase::Failed,
            error.headline(),
            error.advice().unwrap_or_else(|| {
                gettext_f(
                    "The server said: {message}",
                    &[("message", &error.details())],
                )
            }),
        ),
        TextConsoleState::Ended => (
            TextConsolePhase::Ended,
            gettext("The virtual machine is gone"),
            String::new(),
        ),
    }
}
