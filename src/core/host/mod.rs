//! One libvirt host: the handle through which everything above this crate uses it.
//!
//! A [`Host`] is cheap to clone. Behind it one task ([`task`]) connects, keeps the list of domains true and writes
//! what it learns on a [`board`], from which readers fetch it. Calls that answer a question or act go over the same
//! connection, straight from the caller's task.

mod board;
mod inventory;
mod task;

pub use board::ChangesReceiver;

use std::sync::Arc;

use tokio::{runtime::Handle, sync::watch};
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::{
    Act, Domain, DomainDetails, Error, ErrorKind, HostState, Interest, Options, Screenshot,
    Snapshot, Uri,
};
use board::Board;

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
    pub(crate) options: Options,
    pub(crate) board: Arc<Board>,
    pub(crate) interest: watch::Sender<Interest>,
    pub(crate) wish: watch::Sender<Wish>,
}

/// What the user wants of the connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    /// Whether there should be one.
    pub(crate) connected: bool,
    /// Counts the requests to connect: a new one ends a wait.
    pub(crate) asked: u64,
}

impl Host {
    /// Makes a host that is not connected.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn new(uri: Uri) -> Self {
        Self::with_options(uri, Options::default())
    }

    /// Makes a host with waits of one's own.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn with_options(uri: Uri, options: Options) -> Self {
        let life = CancellationToken::new();
        let shared = Arc::new(Shared {
            uri,
            options,
            board: Arc::new(Board::new()),
            interest: watch::Sender::new(Interest::default()),
            wish: watch::Sender::new(Wish::default()),
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

    /// Does a lifecycle act and waits until the hypervisor has taken it. It is never repeated by itself.
    ///
    /// A save takes as long as writing the guest's memory does.
    ///
    /// # Errors
    /// [`ErrorKind::WrongState`] without asking the host when the known state forbids it.
    ///
    /// # Cancel safety
    /// Dropping the future stops the waiting, not the act.
    pub async fn act(&self, uuid: Uuid, act: Act) -> Result<(), Error> {
        let domain = self.known(uuid)?;
        if !act.is_allowed(&domain) {
            return Err(Error::new(
                ErrorKind::WrongState,
                format!("{act:?} is not possible while {:?}", domain.state),
            ));
        }
        Err(not_connected())
    }

    /// Asks the hypervisor to give up what it does to the domain, such as a save.
    pub async fn cancel_job(&self, uuid: Uuid) -> Result<(), Error> {
        self.known(uuid)?;
        Err(not_connected())
    }

    /// How far a save has come, 0.0 to 1.0; `None` while nothing is going on.
    pub async fn job_progress(&self, uuid: Uuid) -> Result<Option<f32>, Error> {
        self.known(uuid)?;
        Err(not_connected())
    }

    /// Throws the saved state away, so that the next start boots.
    pub async fn discard_saved_state(&self, uuid: Uuid) -> Result<(), Error> {
        self.known(uuid)?;
        Err(not_connected())
    }

    /// Reads the domain's hardware.
    pub async fn details(&self, uuid: Uuid) -> Result<DomainDetails, Error> {
        self.known(uuid)?;
        Err(not_connected())
    }

    /// Reads the domain's snapshots, each after the one that it was taken on top of.
    pub async fn snapshots(&self, uuid: Uuid) -> Result<Vec<Snapshot>, Error> {
        self.known(uuid)?;
        Err(not_connected())
    }

    /// Takes a picture of the domain's first screen.
    pub async fn screenshot(&self, uuid: Uuid) -> Result<Screenshot, Error> {
        self.known(uuid)?;
        Err(not_connected())
    }

    fn known(&self, uuid: Uuid) -> Result<Domain, Error> {
        self.domain(uuid)
            .ok_or_else(|| Error::new(ErrorKind::NoDomain, format!("no domain {uuid}")))
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.owner.shared
    }
}

fn not_connected() -> Error {
    Error::new(ErrorKind::NotConnected, "not connected")
}
