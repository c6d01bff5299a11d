//! Authentication: asks the daemon which kind it wants, and does none and polkit.
//! Knows no user interface: polkit's dialog is the desktop's.
//!
//! SASL's exchange (calls 67 to 69) belongs beside polkit's in [`Connection::authenticate`]; a security layer, which
//! begins with the first packet after the exchange, belongs into `transport.rs`, whose halves see all bytes.

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

impl Connection {
    /// Authenticates in the way that the daemon wants, and says which one it was. Must come before every other call.
    ///
    /// With polkit this waits as long as a dialog is open on the desktop.
    ///
    /// # Errors
    /// [`Error::AuthDenied`], [`Error::AuthCancelled`] and [`Error::AuthUnavailable`] tell polkit's answers 45, 79 and
    /// 94 apart; [`Error::AuthUnsupported`] lists what the daemon offers.
    ///
    /// # Cancel safety
    /// When dropped, the dialog may stay open and its answer is discarded; close the connection then.
    pub async fn authenticate(&self) -> Result<AuthType, Error> {
        let offered: Vec<AuthType> = self
            .call(AuthList)
            .await?
            .types
            .into_iter()
            .map(AuthType::from)
            .collect();
        match offered.first() {
            None | Some(AuthType::None) => Ok(AuthType::None),
            Some(AuthType::Polkit) => self.authenticate_polkit().await,
            Some(AuthType::Sasl | AuthType::Other(_)) => Err(Error::AuthUnsupported(offered)),
        }
    }

    async fn authenticate_polkit(&self) -> Result<AuthType, Error> {
        match self.call_with(AuthPolkit, Deadline::Never).await {
            Ok(_) => Ok(AuthType::Polkit),
            Err(Error::Remote(error)) => Err(refusal(error)),
            Err(other) => Err(other),
        }
    }
}

fn refusal(error: Box<RemoteError>) -> Error {
    match error.code {
        code::AUTH_FAILED => Error::AuthDenied(error),
        code::AUTH_CANCELLED => Error::AuthCancelled(error),
        code::AUTH_UNAVAILABLE => Error::AuthUnavailable(error),
        _ => Error::Remote(error),
    }
}
