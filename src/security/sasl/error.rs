//! Why a SASL exchange failed on this side, sorted by what the person can do next. Knows no wire: what a server refuses
//! comes as that wire's error.

use super::Policy;
use super::cyrus::Failure;

/// Why a SASL exchange failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SaslError {
    /// The person closed the question. Nothing is to be shown.
    #[error("authentication was cancelled")]
    Cancelled,
    /// Nobody could be asked for the name and password. Store them, or connect where somebody can be asked.
    #[error("the server asks for a name and a password, and nobody could be asked")]
    CredentialsUnavailable,
    /// A name, password or code cannot be sent in this mechanism. Give another one.
    #[error("the name or password cannot be used: {reason}")]
    UnusableAnswer {
        /// What is wrong with it; never the answer itself.
        reason: String,
    },
    /// There is no Kerberos ticket that opens this service. Get one (`kinit`), or look at the reason.
    #[error("Kerberos: {reason}")]
    KerberosTicket {
        /// What Kerberos says.
        reason: String,
    },
    /// The server offers nothing that this computer has and may use. Install the mechanism, or have the server offer one.
    #[error("no common SASL mechanism: the server offers {}", list(offered))]
    Mechanism {
        /// What the server offers.
        offered: Vec<String>,
        /// What was asked for by name, if anything was.
        wanted: Option<String>,
    },
    /// What the server offers would leave an unprotected link without encryption. Use TLS or ssh instead.
    #[error(
        "what the server offers does not encrypt this unprotected link: {}",
        list(offered)
    )]
    TooWeak {
        /// What the server offers.
        offered: Vec<String>,
        /// The least strength that was asked for, in bits.
        min_ssf: u32,
    },
    /// The server has not proved that it knows the secret as well: it is not the one it seems, or it is broken.
    #[error("the server did not prove its identity: {reason}")]
    Unproved {
        /// What is missing.
        reason: String,
    },
    /// The server does not keep to the mechanism's rules.
    #[error("the server's side of the authentication makes no sense: {reason}")]
    Protocol {
        /// What is wrong.
        reason: String,
    },
    /// The SASL library or one of its mechanisms failed.
    #[error("{reason}")]
    Library {
        /// Its words.
        reason: String,
    },
}

impl SaslError {
    /// Says that the server has not even a list: none of its mechanisms fits its own rules for this link.
    pub fn nothing_offered(policy: Policy) -> Self {
        let (offered, wanted) = (Vec::new(), None);
        match policy {
            Policy::Protected => Self::Mechanism { offered, wanted },
            Policy::Bare => Self::TooWeak {
                offered,
                min_ssf: policy.min_ssf(),
            },
        }
    }

    pub(super) fn protocol(reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self::Protocol { reason }
    }

    pub(super) fn unproved(reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self::Unproved { reason }
    }
}

/// A failure that no better name is known for.
impl From<Failure> for SaslError {
    fn from(failure: Failure) -> Self {
        Self::Library {
            reason: failure.text,
        }
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}
