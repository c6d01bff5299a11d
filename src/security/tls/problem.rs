//! The reasons not to trust a certificate, and how the verifier's and TLS' words become them.

use std::time::{Duration, SystemTime};

use rustls::pki_types::UnixTime;
use rustls::{CertificateError, Error as Rustls};

/// Why the certificate of the other side is not trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateProblem {
    /// It is for other hosts than the one that was asked for.
    #[error("it is not for “{host}”")]
    WrongName {
        /// The host that was asked for.
        host: String,
    },
    /// Its time is over.
    #[error("it has expired")]
    Expired {
        /// When it was over.
        since: SystemTime,
    },
    /// Its time has not begun: perhaps a clock is wrong.
    #[error("it is not valid yet")]
    NotYetValid {
        /// When it begins.
        from: SystemTime,
    },
    /// The certificate of an authority above it is out of its time.
    #[error("the certificate of its authority has expired or is not valid yet")]
    AuthorityOutOfTime,
    /// None of the trusted authorities has signed it.
    #[error("its authority is not known")]
    UnknownAuthority,
    /// The authority has revoked it, or another certificate between them.
    #[error("it was revoked")]
    Revoked,
    /// It is of X.509 version 1 or 2, which cannot say for which hosts it is.
    #[error("it is of the old version {version}")]
    OldVersion {
        /// Its version.
        version: u32,
    },
    /// It, or one above it, is signed with a digest that can be forged (MD5, SHA-1).
    #[error("it is signed with {algorithm}, which can be forged")]
    WeakSignature {
        /// How it is signed.
        algorithm: String,
    },
    /// Its key, or that of an authority above it, is too short: RSA needs 2048 bits.
    #[error("its key of {bits} bits, or its authority's, is too short")]
    WeakKey {
        /// How many bits the key has.
        bits: u32,
    },
    /// It is the certificate of an authority, which must not be a host's as well.
    #[error("it is an authority's certificate, not a host's")]
    AuthorityAsHost,
    /// It may be used, but not by a server: it is made for clients only, for example.
    #[error("it is not made for servers")]
    WrongPurpose,
    /// Something else is wrong with it.
    #[error("{0}")]
    Other(String),
}

impl CertificateProblem {
    /// Whether a person may decide to trust the certificate nevertheless: its name, its time or its authority is
    /// wrong. Nobody can vouch for one that is revoked, forgeable or made for something else.
    pub fn can_be_pinned(&self) -> bool {
        matches!(
            self,
            Self::WrongName { .. }
                | Self::Expired { .. }
                | Self::NotYetValid { .. }
                | Self::AuthorityOutOfTime
                | Self::UnknownAuthority
        )
    }

    /// What webpki says of a chain. `authority_bits` is the size of the shortest key above the leaf that is too short.
    pub(super) fn from_webpki(error: &webpki::Error, authority_bits: Option<u32>) -> Self {
        use webpki::Error as Is;
        match error {
            Is::CertExpired { not_after, .. } => Self::Expired {
                since: moment(*not_after),
            },
            Is::CertNotValidYet { not_before, .. } => Self::NotYetValid {
                from: moment(*not_before),
            },
            Is::CertNotValidForName(_) => Self::WrongName {
                host: String::new(),
            },
            Is::CertRevoked => Self::Revoked,
            Is::CaUsedAsEndEntity => Self::AuthorityAsHost,
            Is::RequiredEkuNotFoundContext(_) | Is::EmptyEkuExtension => Self::WrongPurpose,
            Is::UnsupportedCertVersion => Self::OldVersion { version: 1 },
            Is::InvalidSignatureForPublicKey if authority_bits.is_none() => Self::UnknownAuthority,
            Is::UnknownIssuer => Self::UnknownAuthority,
            other => match authority_bits {
                Some(bits) => Self::WeakKey { bits },
                None => Self::Other(format!("{other:?}")),
            },
        }
    }

    /// What TLS tells the other side: the alert follows from it.
    pub(super) fn to_rustls(&self) -> Rustls {
        Rustls::InvalidCertificate(match self {
            Self::WrongName { .. } => CertificateError::NotValidForName,
            Self::Expired { .. } | Self::AuthorityOutOfTime => CertificateError::Expired,
            Self::NotYetValid { .. } => CertificateError::NotValidYet,
            Self::UnknownAuthority => CertificateError::UnknownIssuer,
            Self::Revoked => CertificateError::Revoked,
            Self::WrongPurpose | Self::AuthorityAsHost => CertificateError::InvalidPurpose,
            _ => CertificateError::ApplicationVerificationFailure,
        })
    }
}

fn moment(time: UnixTime) -> SystemTime {
    let since = Duration::from_secs(time.as_secs());
    SystemTime::UNIX_EPOCH
        .checked_add(since)
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_name_time_and_authority_are_a_persons_to_judge() {
        let now = SystemTime::now();
        let judged = [
            CertificateProblem::WrongName { host: "a".into() },
            CertificateProblem::Expired { since: now },
            CertificateProblem::NotYetValid { from: now },
            CertificateProblem::AuthorityOutOfTime,
            CertificateProblem::UnknownAuthority,
        ];
        assert!(judged.iter().all(CertificateProblem::can_be_pinned));
        let never = [
            CertificateProblem::Revoked,
            CertificateProblem::OldVersion { version: 1 },
            CertificateProblem::WeakSignature {
                algorithm: "sha1".into(),
            },
            CertificateProblem::WeakKey { bits: 1024 },
            CertificateProblem::AuthorityAsHost,
            CertificateProblem::WrongPurpose,
            CertificateProblem::Other("odd".into()),
        ];
        assert!(!never.iter().any(CertificateProblem::can_be_pinned));
    }
}
