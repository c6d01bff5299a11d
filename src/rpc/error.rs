//! What a call can end with, sorted by what the caller can do next. Knows no texts for users.

use std::time::Duration;

use link_security::sasl::SaslError;

use crate::connection::{AuthType, CloseReason};
use crate::remote_error::RemoteError;
use crate::wire::xdr::{DecodeError, EncodeError};

/// Why a call, stream or authentication failed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The daemon refused or failed; the connection is usable. Read the code.
    #[error("{0}")]
    Remote(Box<RemoteError>),
    /// The daemon is too old for this call, or lacks the program. Do without.
    #[error("the daemon does not know {procedure} ({number})")]
    UnknownProcedure {
        /// The call's name.
        procedure: &'static str,
        /// The call's number.
        number: i32,
    },
    /// No answer, or no free place in its lane, for this long. The late answer will be discarded; ask again.
    #[error("{procedure} was not answered within {after:?}")]
    TimedOut {
        /// The call's name.
        procedure: &'static str,
        /// The deadline that passed.
        after: Duration,
    },
    /// Policy refused the person (libvirt's 45). Another account or group membership is needed.
    #[error("authentication was refused: {0}")]
    AuthDenied(Box<RemoteError>),
    /// The daemon refused the name, password or ticket that SASL gave it (libvirt's 45). Another one is needed.
    #[error("the daemon did not accept the login: {0}")]
    SaslRefused(Box<RemoteError>),
    /// The person closed the dialog (libvirt's 79). Nothing needs to be said.
    #[error("authentication was cancelled")]
    AuthCancelled(Box<RemoteError>),
    /// Nobody could be asked (libvirt's 94): no polkit agent runs, or no mechanism fits.
    #[error("authentication is not available: {0}")]
    AuthUnavailable(Box<RemoteError>),
    /// The daemon wants a kind of authentication that is not spoken here, or was not allowed.
    #[error("the daemon asks for {0:?} authentication, which is not available here")]
    AuthUnsupported(Vec<AuthType>),
    /// SASL failed on this side, or was cancelled. Its error says what to do.
    #[error(transparent)]
    Sasl(SaslError),
    /// The connection is gone. Connect anew.
    #[error("the connection is closed: {0}")]
    Closed(CloseReason),
    /// The arguments do not fit into the protocol. Nothing was sent.
    #[error("the arguments of {procedure} cannot be sent: {source}")]
    Encode {
        /// The call's name.
        procedure: &'static str,
        /// What does not fit.
        source: EncodeError,
    },
    /// This kind of connection cannot pass file descriptors.
    #[error("only a local socket can pass file descriptors")]
    NoDescriptors,
    /// The daemon's answer to this call makes no sense; other calls are not harmed.
    #[error("the answer to {procedure} cannot be read: {source}")]
    Decode {
        /// The call's name.
        procedure: &'static str,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// The daemon broke the protocol's rules within this call or stream; others are not harmed.
    #[error("{procedure} was answered against the protocol: {what}")]
    Protocol {
        /// The call's name.
        procedure: &'static str,
        /// The rule.
        what: &'static str,
    },
}

impl Error {
    /// Gives the daemon's error, whatever became of it.
    pub fn remote(&self) -> Option<&RemoteError> {
        match self {
            Self::Remote(error)
            | Self::AuthDenied(error)
            | Self::SaslRefused(error)
            | Self::AuthCancelled(error)
            | Self::AuthUnavailable(error) => Some(error),
            _ => None,
        }
    }

    /// Gives the daemon's error code.
    pub fn code(&self) -> Option<i32> {
        self.remote().map(|error| error.code)
    }

    /// Says whether the function is missing on that host, so that doing without is right.
    pub fn is_unsupported(&self) -> bool {
        matches!(self, Self::UnknownProcedure { .. })
            || self.remote().is_some_and(RemoteError::is_unsupported)
    }
}
