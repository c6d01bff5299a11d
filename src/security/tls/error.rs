//! Why a stream could not be protected, sorted by what a person can do next.

use std::{fmt, io, path::PathBuf};

use rustls::AlertDescription;

use super::CertificateProblem;
use crate::certificate::CertificateInfo;

/// Why there is no TLS stream.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// There is no file with the certificates of the authorities to trust. Put one where it was looked for.
    #[error("no certificate authority: looked for {}", list(looked))]
    CaMissing {
        /// Where it was looked for.
        looked: Vec<PathBuf>,
    },
    /// The file with the authorities' certificates cannot be used. Replace it.
    #[error("{}: {reason}", path.display())]
    CaUnusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The list of revoked certificates cannot be used; without it nobody could be trusted. Replace or remove it.
    #[error("{}: {reason}", path.display())]
    CrlUnusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Our own certificate or its key cannot be used. Replace it.
    #[error("{}: {problem}", path.display())]
    ClientCertificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: ClientCertificateProblem,
    },
    /// The key, or another of the files, must not be read by this user. Change its permissions.
    #[error("{} cannot be read: permission denied", path.display())]
    KeyUnreadable {
        /// The file.
        path: PathBuf,
    },
    /// The other side's certificate is not trusted. For some problems it can be pinned
    /// ([`CertificateProblem::can_be_pinned`]).
    #[error("the certificate of the host is not trusted: {problem}")]
    Untrusted {
        /// Why.
        problem: CertificateProblem,
        /// The certificate, to be shown.
        certificate: Box<CertificateInfo>,
        /// Whether certificates are pinned for this host, but not this one: it changed since somebody trusted it.
        pin_changed: bool,
    },
    /// The name of the host is none that a certificate could be for.
    #[error("a certificate cannot be for “{host}”")]
    HostName {
        /// The name.
        host: String,
    },
    /// The priority string leaves nothing that could be spoken. Change it.
    #[error("the TLS priority “{priority}” cannot be used: {reason}")]
    Priority {
        /// The priority string.
        priority: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The handshake failed: both sides have nothing in common, or the other one has hung up.
    #[error("the TLS handshake failed: {0}")]
    Handshake(HandshakeProblem),
}

/// What is wrong with our own certificate or its key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClientCertificateProblem {
    /// The file cannot be read, for another reason than its permissions.
    #[error("{0}")]
    Unreadable(String),
    /// The file holds no certificate.
    #[error("it holds no certificate")]
    Malformed,
    /// The file holds no private key.
    #[error("it holds no private key")]
    KeyMalformed,
    /// The key is protected by a passphrase. libvirt cannot use such a key either.
    #[error("the key is encrypted")]
    KeyEncrypted,
    /// The key is not that of the certificate.
    #[error("the key does not belong to the certificate")]
    KeyMismatch,
    /// The kind or the size of the key cannot be used, such as RSA with less than 2048 bits.
    #[error("a key of this kind or size cannot be used: {0}")]
    KeyUnsupported(String),
}

/// What went wrong in a handshake.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HandshakeProblem {
    /// The other side said no.
    #[error("the host answered “{0}”")]
    Alert(Alert),
    /// The other side hung up without a word.
    #[error("the host closed the connection")]
    Cut,
    /// What answers does not speak TLS.
    #[error("the host does not speak TLS on this port")]
    NotTls,
    /// The certificate that the other side showed is none, or it showed none.
    #[error("the host showed no usable certificate")]
    BadCertificate,
    /// There is no version, cipher or key exchange that both sides can use.
    #[error("nothing in common: {0}")]
    NothingInCommon(String),
    /// The key exchange, which the other side chooses, can be undone by who listens.
    #[error("its key exchange of {bits} bits is too weak")]
    WeakExchange {
        /// The size of its prime, in bits.
        bits: u32,
    },
    /// The other side broke the protocol.
    #[error("{0}")]
    Protocol(String),
    /// The connection below broke.
    #[error("{0}")]
    Io(String),
}

/// A reason that TLS has a number for (RFC 8446 §6.2).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Alert(AlertDescription);

impl Alert {
    /// The number of the reason.
    pub fn code(self) -> u8 {
        u8::from(self.0)
    }

    /// Whether the other side refuses our certificate, or misses one.
    pub fn is_about_our_certificate(self) -> bool {
        use AlertDescription as Is;
        matches!(
            self.0,
            Is::NoCertificate
                | Is::BadCertificate
                | Is::UnsupportedCertificate
                | Is::CertificateRevoked
                | Is::CertificateExpired
                | Is::CertificateUnknown
                | Is::UnknownCA
                | Is::AccessDenied
                | Is::CertificateRequired
        )
    }
}

impl fmt::Debug for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl fmt::Display for Alert {
    /// Writes it as OpenSSL and GnuTLS do: `HandshakeFailure` becomes `handshake failure`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = format!("{:?}", self.0);
        let mut last_was_lower = false;
        for sign in name.chars() {
            if sign.is_uppercase() && last_was_lower {
                f.write_str(" ")?;
            }
            last_was_lower = sign.is_lowercase();
            write!(f, "{}", sign.to_lowercase())?;
        }
        Ok(())
    }
}

impl From<AlertDescription> for Alert {
    fn from(description: AlertDescription) -> Self {
        Self(description)
    }
}

impl HandshakeProblem {
    /// Whether the other side refuses our certificate, or misses one.
    pub fn is_about_our_certificate(&self) -> bool {
        matches!(self, Self::Alert(alert) if alert.is_about_our_certificate())
    }

    /// Understands what rustls says of a failed handshake.
    pub(super) fn from_io(error: &io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(inner) => Self::from_rustls(inner),
            None if error.kind() == io::ErrorKind::UnexpectedEof => Self::Cut,
            None => Self::Io(error.to_string()),
        }
    }

    fn from_rustls(error: &rustls::Error) -> Self {
        use rustls::Error as Is;
        match error {
            Is::AlertReceived(alert) => Self::Alert((*alert).into()),
            Is::InvalidMessage(
                rustls::InvalidMessage::InvalidContentType
                | rustls::InvalidMessage::UnknownProtocolVersion,
            ) => Self::NotTls,
            Is::NoCertificatesPresented | Is::InvalidCertificate(_) => Self::BadCertificate,
            Is::PeerIncompatible(why) => Self::NothingInCommon(format!("{why:?}")),
            other => Self::Protocol(other.to_string()),
        }
    }
}

fn list(paths: &[PathBuf]) -> String {
    let each: Vec<_> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    each.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_have_numbers_and_words() {
        let alert = Alert::from(AlertDescription::HandshakeFailure);
        assert_eq!(alert.code(), 40);
        assert_eq!(alert.to_string(), "handshake failure");
        assert!(!alert.is_about_our_certificate());
        let alert = Alert::from(AlertDescription::UnknownCA);
        assert_eq!(alert.to_string(), "unknown ca");
        assert!(alert.is_about_our_certificate());
    }

    #[test]
    fn a_missing_authority_names_the_places() {
        let error = TlsError::CaMissing {
            looked: vec!["/a/cacert.pem".into(), "/b/cacert.pem".into()],
        };
        assert_eq!(
            error.to_string(),
            "no certificate authority: looked for /a/cacert.pem, /b/cacert.pem"
        );
    }
}
