//! One domain's screen, followed through restarts of the guest, of the daemon and of the link.
//!
//! A [`Console`] is cheap to clone. Behind it one task ([`task`]) watches the domain in its host's list; while the guest
//! runs it opens a way to the screen ([`route`]) and keeps a VNC session on it ([`attempt`]). What a painter needs — the
//! session's picture, its damage, keys — are the types of the crate [`rfb`]. How it is protected is [`gate`]'s.

mod attempt;
mod gate;
mod outbox;
mod place;
mod protection;
mod pulse;
mod reached;
mod route;
mod screen;
mod settings;
mod state;
mod task;
mod told_password;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use link_security::Credentials;
use tokio::{runtime::Handle, sync::watch};
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::{ErrorKind, host};
use outbox::Outbox;
pub(crate) use protection::Protections;
pub use protection::{ScreenProtection, UnknownProtection};
pub use reached::{ScreenRoute, ScreenWay};
pub use settings::ScreenSettings;
use settings::Wanted;
pub use state::{ConsoleEvent, ConsoleState, ScreenStep};

/// A handle to one domain's screen. Its task ends, with the session, when the last handle is dropped.
#[derive(Clone)]
pub struct Console {
    owner: Arc<Owner>,
}

struct Owner {
    shared: Arc<Shared>,
    _life: DropGuard,
}

/// What the handle and the task share.
struct Shared {
    uuid: Uuid,
    host: Arc<host::Shared>,
    credentials: Arc<dyn Credentials>,
    screen: Mutex<Screen>,
    outbox: Outbox,
    /// Counts the requests to try again.
    retries: watch::Sender<u64>,
    paused: watch::Sender<bool>,
    wanted: watch::Sender<Wanted>,
}

/// What a console shows now.
struct Screen {
    state: ConsoleState,
    /// Since when it is on the way, or stands where it does.
    since: Instant,
    session: Option<rfb::Session>,
    route: Option<ScreenRoute>,
    protection: Option<ScreenProtection>,
}

impl Screen {
    fn new() -> Self {
        Self {
            state: ConsoleState::default(),
            since: Instant::now(),
            session: None,
            route: None,
            protection: None,
        }
    }
}

impl Console {
    /// # Panics
    /// Outside of a tokio runtime.
    pub(crate) fn new(
        host: Arc<host::Shared>,
        uuid: Uuid,
        credentials: Arc<dyn Credentials>,
        settings: ScreenSettings,
    ) -> Self {
        let life = CancellationToken::new();
        let shared = Arc::new(Shared {
            uuid,
            host,
            credentials,
            screen: Mutex::new(Screen::new()),
            outbox: Outbox::default(),
            retries: watch::Sender::new(0),
            paused: watch::Sender::new(false),
            wanted: watch::Sender::new(Wanted {
                settings,
                take_overs: 0,
            }),
        });
        Handle::current().spawn(task::run(Arc::clone(&shared), life.clone()));
        Self {
            owner: Arc::new(Owner {
                shared,
                _life: life.drop_guard(),
            }),
        }
    }

    /// Where the console stands.
    pub fn state(&self) -> ConsoleState {
        self.shared().screen().state.clone()
    }

    /// Since when it stands there. On the way to a screen, since when there is no picture: attempts that fail do not
    /// begin it anew.
    pub fn since(&self) -> Instant {
        self.shared().screen().since
    }

    /// By which way the live session reaches the screen, while there is one.
    pub fn route(&self) -> Option<ScreenRoute> {
        self.shared().screen().route.clone()
    }

    /// Waits for news. There is one consumer; one that comes seldom gets merged news: of each kind the newest.
    /// `None` when the host is gone.
    ///
    /// # Cancel safety
    /// Cancel safe: news that was not handed over stays for the next call.
    pub async fn next_event(&self) -> Option<ConsoleEvent> {
        self.shared().outbox.next().await
    }

    /// The live session, for input and its picture, while there is one.
    pub fn session(&self) -> Option<rfb::Session> {
        self.shared().screen().session.clone()
    }

    /// How the live session's screen is protected; `None` without one, and for a screen that libvirt handed over.
    pub fn protection(&self) -> Option<ScreenProtection> {
        let screen = self.shared().screen();
        screen.protection.filter(|_| screen.session.is_some())
    }

    /// Tries again now, where the console waits or has failed.
    pub fn retry(&self) {
        self.shared().retries.send_modify(|count| *count += 1);
    }

    /// Takes what the screen offers, where it has failed because that is less than before, and tries again.
    ///
    /// Holds until the screen offers more, and for nothing weaker than what the failure told of.
    pub fn accept_downgrade(&self) {
        if let ConsoleState::Failed(error) = self.state()
            && let ErrorKind::ConsoleDowngraded { now, .. } = error.kind
        {
            let shared = self.shared();
            shared.host.protections.expect(shared.uuid, now);
            self.retry();
        }
    }

    /// Changes how the screen is wanted. One that is shared no more is opened anew, which ends the others' sessions;
    /// another place is another screen.
    pub fn set_settings(&self, settings: ScreenSettings) {
        let mut is_another = false;
        self.shared().wanted.send_if_modified(|wanted| {
            let differs = wanted.settings != settings;
            is_another = wanted.settings.place != settings.place;
            wanted.settings = settings;
            differs
        });
        // The other screen may be there where this one is waited for.
        if is_another {
            self.retry();
        }
    }

    /// Opens the screen anew as its only viewer: the sessions of all others end, and QEMU lets nobody in until this one
    /// has ended. The session after it is shared again.
    pub fn take_over(&self) {
        self.shared()
            .wanted
            .send_modify(|wanted| wanted.take_overs += 1);
        self.retry();
    }

    /// Stops asking for pictures while nobody looks, or goes on. Holds for later sessions too.
    pub fn set_paused(&self, paused: bool) {
        self.shared().paused.send_replace(paused);
    }

    fn shared(&self) -> &Shared {
        &self.owner.shared
    }
}

impl Shared {
    fn screen(&self) -> MutexGuard<'_, Screen> {
        self.screen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_state(&self, state: ConsoleState) {
        {
            let mut screen = self.screen();
            if !(screen.state.is_on_the_way() && state.is_on_the_way()) {
                screen.since = Instant::now();
            }
            screen.state = state.clone();
        }
        self.outbox.push(ConsoleEvent::State(state));
    }
}
