//! The crate's only error type, sorted by what the user can do next.
//!
//! It holds facts (what the server said, which limit was passed); sentences for people are made elsewhere.

use std::io;

use link_security::{sasl::SaslError, tls::TlsError};

/// Why a session could not start or came to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    // Ask again.
    /// The server did not accept the credentials. A new connection may try others.
    #[error("authentication failed: {reason}")]
    Authentication {
        /// The server's words, or a plain statement where it gave none.
        reason: String,
    },

    // Say nothing.
    /// The person who was asked for credentials declined.
    #[error("the credentials were not given")]
    Cancelled,
    /// This side closed the session.
    #[error("the session was closed")]
    Closed,

    // Change the guest's or the program's configuration.
    /// The server asks for credentials and there is nobody to ask.
    #[error("the server wants credentials, and none are available")]
    CredentialsUnavailable,
    /// TLS could not be agreed on, or the certificate is not trusted. Its error says what to do.
    #[error(transparent)]
    Tls(Box<TlsError>),
    /// SASL failed on this side. Its error says what to do.
    #[error(transparent)]
    Sasl(SaslError),
    /// The server offers only security types that this build does not speak.
    #[error("the server offers only {}", offered.join(", "))]
    SecurityUnsupported {
        /// The names of the offered types, in the server's order.
        offered: Vec<String>,
    },
    /// The server offers TLS only without a certificate, which keeps out nobody who stands in between, and that is not taken:
    /// the options do not say so ([`Anonymous`](crate::Anonymous)), or this build does not speak it. The server can be given
    /// a certificate.
    #[error("the server offers TLS without a certificate only: {}", offered.join(", "))]
    AnonymousTls {
        /// The names of the offered types, in the server's order.
        offered: Vec<String>,
        /// Whether one of them has a login by SASL inside.
        with_login: bool,
    },
    /// The server wants a password as it is, and nothing says who the server is. It can be given a certificate.
    #[error("the server wants a password in the clear without a certificate: {}", offered.join(", "))]
    PasswordExposed {
        /// The names of the offered types, in the server's order.
        offered: Vec<String>,
    },
    /// The server is no RFB server, or of a version that is not spoken.
    #[error("the server is no usable RFB server: {greeting:?}")]
    NotRfb {
        /// What it sent first, made printable.
        greeting: String,
    },

    // Try again later.
    /// The server turned the connection away before authentication.
    #[error("the server refused the connection: {reason}")]
    Refused {
        /// The server's words.
        reason: String,
    },
    /// The server did not answer in time.
    #[error("the server did not answer in time while {during}")]
    TimedOut {
        /// What was under way.
        during: &'static str,
    },
    /// The connection broke or was closed by the other side.
    #[error("the connection was lost: {0}")]
    Lost(#[from] io::Error),
    /// The server has stopped reading, and too much input waits for it.
    #[error("the server no longer takes input")]
    Stalled,

    // Report it.
    /// The server broke the protocol.
    #[error("the server broke the protocol: {0}")]
    Protocol(&'static str),
    /// The server sent an encoding or message that was not asked for.
    #[error("the server sent {what} {number}, which was not asked for")]
    Unexpected {
        /// "encoding" or "message".
        what: &'static str,
        /// Its number.
        number: i32,
    },
    /// The server asked for more than this crate is willing to hold.
    #[error("the server sent {what} of {value}, more than {limit}")]
    Limit {
        /// What was too large.
        what: &'static str,
        /// What the server announced.
        value: u64,
        /// What [`limits`](crate::limits) allows.
        limit: u64,
    },
}

/// The result of everything here that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Returns an error unless `value` is within `limit`.
    pub(crate) fn check_limit(what: &'static str, value: usize, limit: usize) -> Result<()> {
        if value <= limit {
            return Ok(());
        }
        Err(Self::Limit {
            what,
            value: value as u64,
            limit: limit as u64,
        })
    }
}
