//! A domain's text consoles: serial lines and the like, over libvirt's streams.
//!
//! A [`TextConsole`] is cheap to clone. Behind it one task ([`task`]) watches the domain in its host's list; while the
//! domain runs it opens a stream to the line ([`opening`]) on a connection of its own, and passes bytes both ways: what
//! the guest says waits in the [`outbox`], what is typed in the [`input`], both bounded. Which lines there are says
//! [`device`]. libvirt has no word for a terminal's size, so the guest does not learn of it.

mod allowance;
mod device;
mod input;
mod opening;
mod outbox;
mod task;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use bytes::Bytes;
use tokio::{runtime::Handle, sync::watch};
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::{DomainState, Error, host};
pub(crate) use device::devices;
pub use device::{NoTextDevice, TextDevice, TextDeviceId, TextKind};
use input::Input;
pub use input::{INPUT_MAX, Unsent};
use outbox::Outbox;

/// A handle to one text console. Its task ends, with the stream, when the last handle is dropped.
#[derive(Clone)]
pub struct TextConsole {
    owner: Arc<Owner>,
}

struct Owner {
    shared: Arc<Shared>,
    _life: DropGuard,
}

/// What the handle and the task share.
struct Shared {
    uuid: Uuid,
    device: TextDeviceId,
    host: Arc<host::Shared>,
    state: Mutex<TextConsoleState>,
    outbox: Outbox,
    input: Input,
    demand: watch::Sender<Demand>,
}

/// What somebody asks of a console that is not there.
#[derive(Clone, Copy, Debug, Default)]
struct Demand {
    /// Counts the requests to try again.
    retries: u64,
    /// Whether the next attempt takes the line from whoever has it.
    force: bool,
}

/// Where a text console stands.
#[derive(Clone, Debug, Default)]
pub enum TextConsoleState {
    /// The domain does not run; the line will be opened when it does.
    Off(DomainState),
    /// On the way to the line.
    #[default]
    Connecting,
    /// Bytes pass.
    Connected,
    /// Another client has the line: libvirt gives it to one at a time. It is asked for again now and then, and
    /// [`TextConsole::take_over`] takes it.
    InUse,
    /// The line went away, or cannot be reached, while the domain runs; another attempt is coming.
    Waiting {
        /// What was in the way; `None` when a line that was there has just ended.
        error: Option<Arc<Error>>,
        /// When the next attempt starts.
        retry_at: Instant,
    },
    /// Nothing happens until somebody asks again, or the domain starts anew.
    Failed(Arc<Error>),
    /// The host has the domain no more.
    Ended,
}

/// News of a text console.
#[derive(Debug)]
pub enum TextConsoleEvent {
    /// It stands somewhere else.
    State(TextConsoleState),
    /// The guest wrote.
    Output(Bytes),
}

impl TextConsole {
    /// # Panics
    /// Outside of a tokio runtime.
    pub(crate) fn new(host: Arc<host::Shared>, uuid: Uuid, device: TextDeviceId) -> Self {
        let life = CancellationToken::new();
        let shared = Arc::new(Shared {
            uuid,
            device,
            host,
            state: Mutex::default(),
            outbox: Outbox::default(),
            input: Input::default(),
            demand: watch::Sender::default(),
        });
        Handle::current().spawn(task::run(Arc::clone(&shared), life.clone()));
        Self {
            owner: Arc::new(Owner {
                shared,
                _life: life.drop_guard(),
            }),
        }
    }

    /// Which line it is.
    pub fn device(&self) -> TextDeviceId {
        self.shared().device
    }

    /// Where the console stands.
    pub fn state(&self) -> TextConsoleState {
        self.shared().state().clone()
    }

    /// Waits for news: states, of which only the newest counts, and all that the guest writes, in order. There is one
    /// consumer; while it does not come, the guest's line is not read. `None` when the host is gone.
    ///
    /// # Cancel safety
    /// Cancel safe: news that was not handed over stays for the next call.
    pub async fn next_event(&self) -> Option<TextConsoleEvent> {
        self.shared().outbox.next().await
    }

    /// Types bytes: all or none of them.
    ///
    /// # Errors
    /// [`Unsent::NotConnected`] while the line is not there; [`Unsent::Full`] when the guest has not read what was typed
    /// before, and with these it would be more than [`INPUT_MAX`].
    pub fn send(&self, bytes: &[u8]) -> Result<(), Unsent> {
        self.shared().input.push(bytes)
    }

    /// Tries again now, where the console waits or has failed.
    pub fn retry(&self) {
        self.demand(false);
    }

    /// Takes the line from the client that has it: that one's stream ends (`VIR_DOMAIN_CONSOLE_FORCE`). In other states as
    /// [`Self::retry`].
    pub fn take_over(&self) {
        self.demand(true);
    }

    fn demand(&self, force: bool) {
        let force = force && matches!(self.state(), TextConsoleState::InUse);
        self.shared().demand.send_modify(|demand| {
            demand.retries += 1;
            demand.force |= force;
        });
    }

    fn shared(&self) -> &Shared {
        &self.owner.shared
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, TextConsoleState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_state(&self, state: TextConsoleState) {
        *self.state() = state.clone();
        self.outbox.set_state(state);
    }
}
