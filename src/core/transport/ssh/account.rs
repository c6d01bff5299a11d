//! The account on another host: keeps the one login that serves all who come for it.
//!
//! Whoever comes while a login is on its way waits for it; questions are asked once. An account is forgotten, with what was
//! answered for it, when nobody uses it any more.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use link_security::Credentials;
use tokio::{
    sync::{Mutex as AsyncMutex, OnceCell},
    time::timeout,
};

use super::{
    Channel, Far,
    asker::{Memory, Person},
    effective::Effective,
    far_socket::{FarSocket, MARK},
    login::Login,
    master::Master,
    mux, separate,
    start::Starter,
    words::Words,
};
use crate::{Error, ErrorKind, Options, SshWay};

/// The accounts that somebody uses.
static ACCOUNTS: Mutex<Option<HashMap<Key, Weak<Account>>>> = Mutex::new(None);

/// What makes two accounts one.
type Key = (Login, Starter);

/// The longest wait for a channel on a login that others made: it may be dead without knowing it.
const REUSE_PATIENCE: Duration = Duration::from_secs(6);

/// How long a script may take to say what it became.
const MARK_MAY_COME: Duration = Duration::from_secs(5);

/// An account on another host.
pub(super) struct Account {
    login: Login,
    starter: Starter,
    /// What ssh makes of its configuration; `None` where it is not OpenSSH.
    effective: OnceCell<Option<Effective>>,
    /// One login at a time: the questions of two would be the same.
    master: AsyncMutex<Weak<Master>>,
    memory: Memory,
    ways: Mutex<HashMap<FarSocket, Known>>,
}

/// What led to a daemon before.
#[derive(Clone, Debug)]
pub(super) enum Known {
    /// sshd forwarded this socket.
    Socket(String),
    /// A program over there.
    Script,
}

/// How channels are had now.
#[derive(Clone)]
pub(super) enum Session {
    /// They ride on a login; whether it was there before.
    Master { master: Arc<Master>, reused: bool },
    /// Each needs a login of its own.
    Separate,
}

/// Why a channel was not opened over a login.
#[derive(Debug)]
pub(super) enum Refused {
    /// There is no login that it could ride on.
    NoMaster,
    /// The other side said no, in these words.
    No(String),
    /// The login does not answer.
    Dead(String),
}

impl Account {
    /// Finds the account of a login, or begins one.
    pub(super) fn of(login: Login, options: &Options) -> Result<Arc<Self>, Error> {
        let starter = Starter::find(&login, options)?;
        let mut accounts = ACCOUNTS.lock().unwrap_or_else(PoisonError::into_inner);
        let accounts = accounts.get_or_insert_default();
        let key = (login.clone(), starter.clone());
        if let Some(account) = accounts.get(&key).and_then(Weak::upgrade) {
            return Ok(account);
        }
        accounts.retain(|_, account| account.strong_count() > 0);
        let account = Arc::new(Self {
            login,
            starter,
            effective: OnceCell::new(),
            master: AsyncMutex::default(),
            memory: Memory::default(),
            ways: Mutex::default(),
        });
        accounts.insert(key, Arc::downgrade(&account));
        Ok(account)
    }

    pub(super) fn login(&self) -> &Login {
        &self.login
    }

    /// Takes the login that there is, or logs in.
    pub(super) async fn session(&self, options: &Options) -> Result<Session, Error> {
        let mut present = self.master.lock().await;
        if let Some(master) = present.upgrade().filter(|master| master.is_alive()) {
            return Ok(Session::Master {
                master,
                reused: true,
            });
        }
        let Some(effective) = self.effective().await? else {
            return Ok(Session::Separate);
        };
        if let Some(master) = Master::of_the_user(effective).await {
            *present = Arc::downgrade(&master);
            return Ok(Session::Master {
                master,
                reused: true,
            });
        }
        let person = self.person(options);
        let login = Master::log_in(&self.starter, &self.login, effective, options, person);
        let master = login.await?;
        *present = Arc::downgrade(&master);
        Ok(Session::Master {
            master,
            reused: false,
        })
    }

    /// Runs a script of [`super::far_socket`] over there: over the login where that goes, else over one of its own. With
    /// the channel comes what the script became, if it said so.
    pub(super) async fn execute(
        &self,
        session: &Session,
        command: &str,
        options: &Options,
    ) -> Result<(Channel, Option<SshWay>), Error> {
        match session.execute(command, options).await {
            Ok((channel, words)) => return introduced(channel, words).await,
            Err(refused) if refused.is_final() => return Err(refused.into()),
            Err(refused) => tracing::debug!(%refused, "a login of its own for a command"),
        }
        let _one_at_a_time = self.master.lock().await;
        let effective = self.effective().await?;
        let person = self.person(options);
        let (starter, login) = (&self.starter, &self.login);
        let run = separate::execute(starter, login, effective, options, person, command);
        let (channel, words) = run.await?;
        introduced(channel, words).await
    }

    async fn effective(&self) -> Result<Option<&Effective>, Error> {
        let program = self.starter.program.as_os_str();
        let read = || Effective::read(program, &self.login);
        Ok(self.effective.get_or_try_init(read).await?.as_ref())
    }

    fn person(&self, options: &Options) -> Person {
        let credentials: Arc<dyn Credentials> = Arc::clone(&options.credentials);
        Person {
            credentials,
            target: self.login.host.clone(),
            memory: self.memory.clone(),
        }
    }

    fn ways(&self) -> MutexGuard<'_, HashMap<FarSocket, Known>> {
        self.ways.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn known_way(&self, far: &FarSocket) -> Option<Known> {
        self.ways().get(far).cloned()
    }

    pub(super) fn note_way(&self, far: &FarSocket, known: Known) {
        self.ways().insert(far.clone(), known);
    }

    pub(super) fn forget_way(&self, far: &FarSocket) {
        self.ways().remove(far);
    }
}

/// Waits for a script to say what it became.
async fn introduced(channel: Channel, words: Words) -> Result<(Channel, Option<SshWay>), Error> {
    match timeout(MARK_MAY_COME, words.until(0, way_in)).await {
        Ok(Some(way)) => Ok((channel, Some(way))),
        Ok(None) => Err(channel.into_reason().await),
        // The key that let us in may be tied to a command of the other side's choice.
        Err(_) => Ok((channel, None)),
    }
}

/// Reads what a script became from a line of its words.
fn way_in(line: &str) -> Option<SshWay> {
    let said = line.strip_prefix(MARK)?.trim();
    Some(match said.strip_prefix("netcat ") {
        Some(target) => SshWay::Netcat {
            socket: target.trim_start_matches("-U ").to_owned(),
        },
        None => SshWay::Helper,
    })
}

impl Session {
    /// Says whether a login that others had made turned out to be dead.
    pub(super) fn was_dead(&self) -> bool {
        matches!(self, Self::Master { master, reused: true } if !master.is_alive())
    }

    /// Opens a channel to a place as the other host sees it.
    pub(super) async fn forward(&self, far: &Far, options: &Options) -> Result<Channel, Refused> {
        match self {
            Self::Master { master, .. } => self.over(options, master.forward(far)).await,
            Self::Separate => Err(Refused::NoMaster),
        }
    }

    async fn execute(&self, command: &str, options: &Options) -> Result<(Channel, Words), Refused> {
        match self {
            Self::Master { master, .. } => self.over(options, master.execute(command)).await,
            Self::Separate => Err(Refused::NoMaster),
        }
    }

    /// What ssh last said, if it has ended.
    pub(super) async fn last_words(&self) -> Option<String> {
        match self {
            Self::Master { master, .. } => master.last_words().await,
            Self::Separate => None,
        }
    }

    /// Waits for something that the login does; a login that does not answer is given up.
    async fn over<T>(
        &self,
        options: &Options,
        work: impl Future<Output = Result<T, mux::Refusal>>,
    ) -> Result<T, Refused> {
        let Self::Master { master, reused } = self else {
            return Err(Refused::NoMaster);
        };
        let patience = if *reused {
            options.reach.min(REUSE_PATIENCE)
        } else {
            options.reach
        };
        let dead = match timeout(patience, work).await {
            Ok(Ok(done)) => return Ok(done),
            Ok(Err(mux::Refusal::Refused(why))) => return Err(Refused::No(why)),
            Ok(Err(mux::Refusal::Broken(error))) => error.to_string(),
            Err(_) => format!("no answer within {patience:?}"),
        };
        master.give_up();
        Err(Refused::Dead(dead))
    }
}

impl Refused {
    /// Says whether no other way over the same login can be better.
    pub(super) fn is_final(&self) -> bool {
        matches!(self, Self::Dead(_))
    }

    /// Says whether a program over there may lead where sshd does not. It could not where nobody listens.
    pub(super) fn leaves_a_choice(&self) -> bool {
        match self {
            Self::NoMaster => true,
            Self::No(why) => !why.contains("Connection refused"),
            Self::Dead(_) => false,
        }
    }

    /// Says whether sshd forwards nothing of the kind.
    pub(super) fn is_forbidden(&self) -> bool {
        match self {
            Self::NoMaster => true,
            Self::No(why) => why.contains("prohibited") || why.contains("unknown channel type"),
            Self::Dead(_) => false,
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMaster => f.write_str("ssh cannot share its login"),
            Self::No(why) | Self::Dead(why) => f.write_str(why),
        }
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        let kind = match refused {
            Refused::Dead(_) => ErrorKind::Lost,
            Refused::NoMaster | Refused::No(_) => ErrorKind::ConsoleUnreachable,
        };
        Self::new(kind, refused.to_string())
    }
}
