//! The way to another host over the user's own OpenSSH.
//!
//! One login serves everything that goes to one account: [`login`] says which logins are one, [`account`] keeps it,
//! [`master`] holds it as a multiplexed OpenSSH and opens channels over it ([`mux`]), [`separate`] logs in anew where
//! that cannot be. [`far_socket`] knows what leads to a daemon's socket over there, [`asker`] and [`prompt`] bring
//! ssh's questions to people, [`words`] reads why something failed, [`folder`] is where the sockets lie. Descriptors do not pass over any of it.

mod account;
mod asker;
mod channel;
mod effective;
mod far_socket;
mod folder;
mod login;
mod master;
mod mux;
mod prompt;
mod separate;
mod start;
mod words;

use std::{pin::Pin, sync::Arc};

use account::{Account, Known, Session};
pub(crate) use channel::Channel;
use channel::Ending;
use far_socket::FarSocket;
pub use folder::remove_left_folders;
use login::Login;

use super::{Carrier, Reached, Shield, Wire};
use crate::{
    CheckStep, Error, ErrorKind, LogEvent, Options, SshWay, Transport, Uri, progress::Progress,
};

/// A place as the other host sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Far {
    /// A TCP port.
    Tcp {
        /// The name or address, which that host resolves.
        host: String,
        /// The port.
        port: u16,
    },
    /// A local socket's path.
    Unix(String),
}

/// A login on another host, for as long as this is held, and the channel over which the daemon is spoken to.
pub(crate) struct Ssh {
    account: Arc<Account>,
    session: Session,
    options: Options,
    netcat: String,
    ending: Ending,
}

/// Logs in, unless a login is there, and opens a channel to the daemon that a URI means.
///
/// # Cancel safety
/// Cancel safe: a login that nobody else waits for ends.
pub(super) async fn reach(
    uri: &Uri,
    options: &Options,
    progress: &Progress,
) -> Result<Reached, Error> {
    let far = FarSocket::of(uri, options.read_only)?;
    let account = Account::of(Login::of(uri)?, options)?;
    loop {
        progress.begin(CheckStep::SshLogin);
        let session = account.session(options).await?;
        progress.passed(CheckStep::SshLogin, account.login().name());
        progress.begin(CheckStep::FarSocket);
        let way = ToDaemon {
            account: &account,
            session: &session,
            far: &far,
            options,
            progress,
        };
        let (channel, way) = match way.open().await {
            // A login that others had made may have died since; its successor is of our own making.
            Err(error) if session.was_dead() => {
                tracing::debug!(%error, "the login was dead; logging in again");
                continue;
            }
            opened => opened?,
        };
        let named = way.as_ref().map(describe).unwrap_or_default();
        progress.passed(CheckStep::FarSocket, named);
        let netcat = uri.parameter("netcat").unwrap_or("nc").to_owned();
        let (options, ending) = (options.clone(), channel.ending());
        let ssh = Ssh {
            account,
            session,
            options,
            netcat,
            ending,
        };
        return Ok(reached(channel, ssh, way));
    }
}

fn reached(channel: Channel, ssh: Ssh, way: Option<SshWay>) -> Reached {
    let wire = Wire::Stream(Box::new(channel));
    let peer = ssh.account.login().name();
    // libvirt's client tells SASL of no strength under ssh, and lets it use any mechanism.
    let shield = Shield::Protected { strength: 0 };
    let mut reached = Reached::plain(wire, Transport::Ssh, peer, shield);
    reached.info.ssh = way;
    reached.carrier = Some(Arc::new(ssh));
    reached
}

fn describe(way: &SshWay) -> String {
    match way {
        SshWay::Forwarded { socket } => socket.clone(),
        SshWay::Helper => "virt-ssh-helper".to_owned(),
        SshWay::Netcat { socket } => format!("nc {socket}"),
    }
}

impl Ssh {
    /// Opens a further channel over the login.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub(crate) async fn open_channel(&self, far: &Far) -> Result<Channel, Error> {
        let command = far_socket::netcat_to(&self.netcat, far);
        let refused = match self.session.forward(far, &self.options).await {
            Ok(channel) => return Ok(channel),
            Err(refused) => refused,
        };
        if !refused.leaves_a_choice() {
            return Err(refused.into());
        }
        tracing::debug!(?far, %refused, "sshd does not lead there; trying netcat");
        let run = self.account.execute(&self.session, &command, &self.options);
        let (channel, _) = run.await?;
        Ok(channel)
    }

    async fn obituary(&self) -> Option<Error> {
        if let Some(error) = self.ending.error() {
            return Some(error);
        }
        let words = self.session.last_words().await?;
        Some(Error::new(ErrorKind::Lost, words))
    }
}

impl Carrier for Ssh {
    fn obituary(&self) -> Pin<Box<dyn Future<Output = Option<Error>> + Send + '_>> {
        Box::pin(self.obituary())
    }

    fn ssh(&self) -> Option<&Ssh> {
        Some(self)
    }
}

/// The search for what leads to a daemon.
struct ToDaemon<'a> {
    account: &'a Account,
    session: &'a Session,
    far: &'a FarSocket,
    options: &'a Options,
    progress: &'a Progress,
}

impl ToDaemon<'_> {
    async fn open(&self) -> Result<(Channel, Option<SshWay>), Error> {
        let opened = match self.by_forwarding().await? {
            Some((channel, way)) => (channel, Some(way)),
            None => self.by_script().await?,
        };
        if let Some(way) = &opened.1 {
            self.progress.log(LogEvent::SshWay(way.clone()));
        }
        Ok(opened)
    }

    /// Tries the sockets that sshd may forward; `None` when it is another way's turn.
    async fn by_forwarding(&self) -> Result<Option<(Channel, SshWay)>, Error> {
        let known = self.account.known_way(self.far);
        // Where a program over there led on before, what did not needs no second try.
        let sockets = match &known {
            Some(Known::Script) => &[],
            Some(Known::Socket(socket)) => std::slice::from_ref(socket),
            None => self.far.forwarded.as_slice(),
        };
        for socket in sockets {
            let far = Far::Unix(socket.clone());
            match self.session.forward(&far, self.options).await {
                Ok(channel) => {
                    self.account
                        .note_way(self.far, Known::Socket(socket.clone()));
                    let socket = socket.clone();
                    return Ok(Some((channel, SshWay::Forwarded { socket })));
                }
                Err(refused) if refused.is_final() => return Err(refused.into()),
                Err(refused) => {
                    self.account.forget_way(self.far);
                    let (what, why) = (socket.clone(), refused.to_string());
                    self.progress.log(LogEvent::Tried { what, why });
                    if refused.is_forbidden() {
                        break;
                    }
                }
            }
        }
        Ok(None)
    }

    async fn by_script(&self) -> Result<(Channel, Option<SshWay>), Error> {
        let run = self
            .account
            .execute(self.session, &self.far.script, self.options);
        let opened = run.await;
        match &opened {
            Ok(_) => self.account.note_way(self.far, Known::Script),
            Err(_) => self.account.forget_way(self.far),
        }
        opened
    }
}
