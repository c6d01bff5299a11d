//! One libvirt host: the handle through which everything above this crate uses it.
//!
//! A [`Host`] is cheap to clone. Behind it one task ([`task`]) connects, keeps the list of domains true and writes
//! what it learns on a [`board`], from which readers fetch it. Calls that act ([`acts`]) or answer a question ([`reads`])
//! go over the same connection, straight from the caller's task.

mod acts;
mod agenda;
mod answers;
mod board;
mod clipboard_channel;
mod doubts;
mod driver;
mod events;
mod farewell;
mod fetch;
mod figures;
mod inventory;
mod keys;
mod link;
mod listening;
mod live;
mod login;
mod node;
mod reads;
mod task;
mod ticks;
mod xml;

pub(crate) use answers::Answers;
pub use board::ChangesReceiver;
pub use farewell::wait_for_farewells;
pub(crate) use link::{Lane, Link};
pub(crate) use live::handle_of;
pub(crate) use xml::{XmlKind, domain_xml};

use std::sync::{Arc, Mutex, PoisonError};

use link_security::Credentials;
use tokio::{runtime::Handle, sync::watch};
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::console::Protections;
use crate::{
    Console, Domain, Error, ErrorKind, HostState, Interest, LinkInfo, LogLine, Options,
    ScreenProtection, ScreenSettings, TextConsole, TextDeviceId, Traffic, Uri,
};
use board::Board;
use doubts::Doubts;

/// A handle to one libvirt host.
///
/// Its task lives on the tokio runtime that was current at [`Host::new`] and ends, with the connection, when the last
/// handle is dropped. Every method returns at once or is async; none blocks the thread.
#[derive(Clone)]
pub struct Host {
    owner: Arc<Owner>,
}

/// What the handles share; the task holds only [`Shared`], so that it ends with the last handle.
struct Owner {
    shared: Arc<Shared>,
    _life: DropGuard,
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.shared.board.close();
    }
}

/// What the task and the calls share.
pub(crate) struct Shared {
    pub(crate) uri: Uri,
    options: Mutex<Arc<Options>>,
    pub(crate) board: Arc<Board>,
    pub(crate) interest: watch::Sender<Interest>,
    pub(crate) wish: watch::Sender<Wish>,
    pub(crate) doubts: Doubts,
    /// What was answered on the way in, while the host is wanted.
    answers: Arc<Answers>,
    /// How the guests' screens were protected when they were last seen.
    pub(crate) protections: Protections,
    /// The connection while the host is connected.
    pub(crate) link: watch::Sender<Option<Link>>,
}

/// What the user wants of the connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    /// Whether there should be one.
    pub(crate) connected: bool,
    /// Counts the requests to connect: a new one ends a wait.
    pub(crate) asked: u64,
}

impl Shared {
    /// How the host connects, as it was last set.
    pub(crate) fn options(&self) -> Arc<Options> {
        Arc::clone(&self.options.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tries a lost link again at once, if somebody wants it at all.
    pub(crate) fn ask_again(&self) {
        self.wish.send_if_modified(|wish| {
            wish.asked += u64::from(wish.connected);
            wish.connected
        });
    }
}

impl Host {
    /// Makes a host that is not connected.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn new(uri: Uri) -> Self {
        Self::with_options(uri, Options::default())
    }

    /// How the guests' screens were protected when they were last seen, to be kept for
    /// [`Options::protections`] of the next handle.
    pub fn protections(&self) -> Vec<(Uuid, ScreenProtection)> {
        self.owner.shared.protections.all()
    }

    /// Makes a host with waits of one's own.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn with_options(uri: Uri, options: Options) -> Self {
        let life = CancellationToken::new();
        let protections = Protections::from_before(&options.protections);
        let shared = Arc::new(Shared {
            uri,
            options: Mutex::new(Arc::new(options)),
            board: Arc::new(Board::new()),
            interest: watch::Sender::new(Interest::default()),
            wish: watch::Sender::new(Wish::default()),
            doubts: Doubts::default(),
            answers: Arc::default(),
            protections,
            link: watch::Sender::new(None),
        });
        Handle::current().spawn(task::run(Arc::clone(&shared), life.clone()));
        Self {
            owner: Arc::new(Owner {
                shared,
                _life: life.drop_guard(),
            }),
        }
    }

    /// The URI that leads to the host.
    pub fn uri(&self) -> &Uri {
        &self.shared().uri
    }

    /// Changes how the host connects, from the next attempt on; a connection that is up stays as it is.
    pub fn set_options(&self, options: Options) {
        let present = self.shared().options.lock();
        *present.unwrap_or_else(PoisonError::into_inner) = Arc::new(options);
    }

    /// How the host connects, from the next attempt on.
    pub fn options(&self) -> Options {
        (*self.shared().options()).clone()
    }

    /// What is known of the present link; `None` while there is none.
    pub fn link_info(&self) -> Option<Arc<LinkInfo>> {
        self.shared().board.link()
    }

    /// What happened to the connection, the oldest first; at most [`crate::LOG_LINES_MAX`] lines.
    pub fn log(&self) -> Vec<LogLine> {
        self.shared().board.log()
    }

    /// Asks for a connection. While one is there or on its way nothing happens; a lost one is tried again at once.
    pub fn connect(&self) {
        self.shared().wish.send_modify(|wish| {
            wish.connected = true;
            wish.asked += 1;
        });
    }

    /// Ends the connection, or the attempts to get one, and empties the list.
    pub fn disconnect(&self) {
        self.shared()
            .wish
            .send_modify(|wish| wish.connected = false);
    }

    /// Where the connection stands.
    pub fn state(&self) -> HostState {
        self.shared().board.state()
    }

    /// What is known of one domain now.
    pub fn domain(&self, uuid: Uuid) -> Option<Domain> {
        self.shared().board.domain(uuid)
    }

    /// Opens a reader of news, which starts with the present.
    pub fn changes(&self) -> ChangesReceiver {
        ChangesReceiver::new(Arc::clone(&self.shared().board))
    }

    /// Says what is looked at.
    pub fn set_interest(&self, interest: Interest) {
        self.shared().interest.send_if_modified(|present| {
            let differs = *present != interest;
            *present = interest;
            differs
        });
    }

    /// What went over the present connection; `None` while there is none.
    pub fn traffic(&self) -> Option<Traffic> {
        let link = self.shared().link.borrow();
        link.as_ref().map(|link| link.main().stats().into())
    }

    /// Follows one domain's screen. `credentials` are asked when the screen wants a password.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn console(&self, uuid: Uuid, credentials: Arc<dyn Credentials>) -> Console {
        self.console_with(uuid, credentials, ScreenSettings::default())
    }

    /// Follows one domain's screen, as the user wants it.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn console_with(
        &self,
        uuid: Uuid,
        credentials: Arc<dyn Credentials>,
        settings: ScreenSettings,
    ) -> Console {
        Console::new(Arc::clone(self.shared()), uuid, credentials, settings)
    }

    /// Follows one text console of a domain.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn text_console(&self, uuid: Uuid, device: TextDeviceId) -> TextConsole {
        TextConsole::new(Arc::clone(self.shared()), uuid, device)
    }

    fn known(&self, uuid: Uuid) -> Result<Domain, Error> {
        self.domain(uuid)
            .ok_or_else(|| Error::new(ErrorKind::NoDomain, format!("no domain {uuid}")))
    }

    fn link(&self) -> Result<Link, Error> {
        let link = self.shared().link.borrow().clone();
        link.ok_or_else(|| Error::new(ErrorKind::NotConnected, "not connected"))
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.owner.shared
    }
}
