//! Authentication: asks the daemon which kind it wants, and does none, polkit and SASL.
//! Knows no user interface: polkit's dialog is the desktop's, and SASL's questions go to a trait.
//! Read next: `sasl.rs`.

use std::fmt;
use std::sync::Arc;

use link_security::{Credentials, sasl::Setup};

use super::{Connection, Deadline};
use crate::error::Error;
use crate::procedure::{AuthList, AuthPolkit};
use crate::remote_error::{RemoteError, code};

/// A kind of authentication (`remote_auth_type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthType {
    /// 0: who can reach the socket may use it.
    None,
    /// 1: Cyrus SASL.
    Sasl,
    /// 2: polkit asks the person at the daemon's machine.
    Polkit,
    /// A number that is not known here.
    Other(i32),
}

impl From<i32> for AuthType {
    fn from(number: i32) -> Self {
        match number {
            0 => Self::None,
            1 => Self::Sasl,
            2 => Self::Polkit,
            other => Self::Other(other),
        }
    }
}

/// How this side may authenticate. The default does none and polkit.
#[derive(Clone, Default)]
pub struct Authentication {
    wanted: Option<AuthType>,
    pub(super) sasl: Option<(Setup, Arc<dyn Credentials>)>,
}

impl Authentication {
    /// Does SASL as well: by these rules, asking these credentials.
    #[must_use]
    pub fn with_sasl(mut self, setup: Setup, credentials: Arc<dyn Credentials>) -> Self {
        self.sasl = Some((setup, credentials));
        self
    }

    /// Does this kind and no other (`auth=sasl`, `auth=polkit`).
    #[must_use]
    pub fn only(mut self, kind: AuthType) -> Self {
        self.wanted = Some(kind);
        self
    }

    fn allows(&self, kind: AuthType) -> bool {
        self.wanted.is_none_or(|wanted| wanted == kind)
            && (kind != AuthType::Sasl || self.sasl.is_some())
    }
}

impl fmt::Debug for Authentication {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Authentication")
            .field("wanted", &self.wanted)
            .field("sasl", &self.sasl.as_ref().map(|(setup, _)| setup))
            .finish()
    }
}

/// How a connection was authenticated.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Authenticated {
    /// The kind that the daemon wanted.
    pub kind: AuthType,
    /// SASL's mechanism, in upper case.
    pub mechanism: Option<String>,
    /// The strength of SASL's layer, in bits; 0 when there is none.
    pub ssf: u32,
}

impl Authenticated {
    fn by(kind: AuthType) -> Self {
        Self {
            kind,
            mechanism: None,
            ssf: 0,
        }
    }
}

impl Connection {
    /// Authenticates in the way that the daemon wants, and says how. Must come before every other call.
    ///
    /// With polkit this waits as long as a dialog is open on the desktop; with SASL, as long as a question is. A password
    /// that the daemon refuses is asked for again, with the reason, while somebody answers and the daemon listens.
    ///
    /// # Errors
    /// [`Error::AuthDenied`], [`Error::AuthCancelled`] and [`Error::AuthUnavailable`] tell polkit's answers 45, 79 and 94
    /// apart; [`Error::SaslRefused`] is the daemon's answer to SASL, [`Error::Sasl`] what failed on this side; [`Error::AuthUnsupported`] lists what the daemon offers.
    /// After an error the connection is of no more use, except after [`Error::AuthUnavailable`]: it may be tried again
    /// when polkit has somebody to ask.
    ///
    /// # Cancel safety
    /// When dropped, polkit's dialog may stay open and its answer is discarded; close the connection then.
    pub async fn authenticate(&self, how: Authentication) -> Result<Authenticated, Error> {
        let offered: Vec<AuthType> = self
            .call(AuthList)
            .await?
            .types
            .into_iter()
            .map(AuthType::from)
            .collect();
        // libvirt's daemons offer exactly one; an empty list is none as well.
        let first = offered.first().copied().unwrap_or(AuthType::None);
        let kind = offered.iter().copied().find(|kind| how.allows(*kind));
        match kind.unwrap_or(first) {
            kind if !how.allows(kind) => Err(Error::AuthUnsupported(offered)),
            AuthType::None => Ok(Authenticated::by(AuthType::None)),
            AuthType::Polkit => self.authenticate_polkit().await,
            AuthType::Sasl => self.authenticate_sasl(how).await,
            AuthType::Other(_) => Err(Error::AuthUnsupported(offered)),
        }
    }

    async fn authenticate_polkit(&self) -> Result<Authenticated, Error> {
        match self.call_with(AuthPolkit, Deadline::Never).await {
            Ok(_) => Ok(Authenticated::by(AuthType::Polkit)),
            Err(Error::Remote(error)) => Err(refusal(error)),
            Err(other) => Err(other),
        }
    }
}

/// Tells the daemon's ways to refuse apart.
pub(super) fn refusal(error: Box<RemoteError>) -> Error {
    match error.code {
        code::AUTH_FAILED => Error::AuthDenied(error),
        code::AUTH_CANCELLED => Error::AuthCancelled(error),
        code::AUTH_UNAVAILABLE => Error::AuthUnavailable(error),
        _ => Error::Remote(error),
    }
}
