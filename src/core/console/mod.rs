//! One domain's screen, followed through restarts of the guest, of the daemon and of the link.
//!
//! A [`Console`] is cheap to clone. Behind it one task ([`task`]) watches the domain in its host's list; while the guest
//! runs it opens a way to the screen ([`route`]) and keeps a VNC session on it. What a painter needs — the session's
//! picture, its damage, keys — are the types of the crate [`rfb`]. How it is protected is [`gate`]'s.

mod gate;
mod outbox;
mod place;
mod protection;
mod route;
mod task;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use link_security::Credentials;
use tokio::{runtime::Handle, sync::watch};
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::{DomainState, Error, ErrorKind, GraphicsKind, host};
use outbox::Outbox;
pub(crate) use protection::Protections;
pub use protection::ScreenProtection;

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
}

/// What a console shows now.
#[derive(Default)]
struct Screen {
    state: ConsoleState,
    session: Option<rfb::Session>,
    framebuffer: rfb::SharedFramebuffer,
}

/// Where a console stands.
#[derive(Clone, Debug, Default)]
pub enum ConsoleState {
    /// The domain does not run; its screen will be shown when it does.
    Off(DomainState),
    /// It has no screen that this version shows; the kind of its first one, if it has any.
    NoScreen(Option<GraphicsKind>),
    /// On the way to the screen; a question for a password may be open.
    #[default]
    Connecting,
    /// The picture is live.
    Connected,
    /// The screen went away, or cannot be reached, while the domain runs; another attempt is coming.
    Waiting {
        /// What was in the way; `None` when a screen that was there has just gone.
        error: Option<Arc<Error>>,
        /// When the next attempt starts.
        retry_at: Instant,
    },
    /// Nothing happens until somebody asks again, or the domain starts anew.
    Failed(Arc<Error>),
    /// The host has the domain no more.
    Ended,
}

/// News of a console.
#[derive(Debug)]
pub enum ConsoleEvent {
    /// It stands somewhere else.
    State(ConsoleState),
    /// News of the session. [`rfb::Event::Damage`] asks to look at the session's picture.
    Screen(rfb::Event),
}

impl Console {
    /// # Panics
    /// Outside of a tokio runtime.
    pub(crate) fn new(
        host: Arc<host::Shared>,
        uuid: Uuid,
        credentials: Arc<dyn Credentials>,
    ) -> Self {
        let life = CancellationToken::new();
        let shared = Arc::new(Shared {
            uuid,
            host,
            credentials,
            screen: Mutex::default(),
            outbox: Outbox::default(),
            retries: watch::Sender::new(0),
            paused: watch::Sender::new(false),
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

    /// The newest session's picture; the last one stays until the next session has one. Fetch it anew after
    /// [`ConsoleState::Connected`].
    pub fn framebuffer(&self) -> rfb::SharedFramebuffer {
        self.shared().screen().framebuffer.clone()
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
        self.screen().state = state.clone();
        self.outbox.push(ConsoleEvent::State(state));
    }
}
