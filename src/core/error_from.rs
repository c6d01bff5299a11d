//! Turns the errors of the layers below into this crate's, by what a user can do next.

use link_security::{sasl::SaslError, tls::TlsError};
use virt_rpc::{CloseReason, RemoteError, code};

use crate::{Error, ErrorKind};

impl From<virt_rpc::Error> for Error {
    fn from(error: virt_rpc::Error) -> Self {
        use virt_rpc::Error as Rpc;
        let message = error.to_string();
        let kind = match &error {
            Rpc::Remote(remote) => return Self::from(&**remote),
            Rpc::UnknownProcedure { .. } | Rpc::NoDescriptors => ErrorKind::Unsupported,
            Rpc::TimedOut { .. } => ErrorKind::TimedOut,
            Rpc::AuthDenied(remote) => return with_message(ErrorKind::PolkitDenied, remote),
            Rpc::AuthCancelled(remote) => return with_message(ErrorKind::PolkitCancelled, remote),
            Rpc::AuthUnavailable(remote) => return with_message(ErrorKind::PolkitNoAgent, remote),
            Rpc::AuthUnsupported(_) => ErrorKind::AuthUnsupported,
            Rpc::SaslRefused(remote) => return with_message(ErrorKind::AuthFailed, remote),
            Rpc::Sasl(error) => sasl(error),
            Rpc::Closed(reason) => return Self::from(reason.clone()),
            _ => ErrorKind::Protocol,
        };
        Self::new(kind, message)
    }
}

fn sasl(error: &SaslError) -> ErrorKind {
    match error {
        SaslError::Cancelled => ErrorKind::Cancelled,
        SaslError::CredentialsUnavailable | SaslError::UnusableAnswer { .. } => {
            ErrorKind::AuthFailed
        }
        SaslError::KerberosTicket { .. } => ErrorKind::KerberosTicket,
        SaslError::Mechanism { offered, wanted } => ErrorKind::SaslMechanism {
            offered: offered.clone(),
            wanted: wanted.clone(),
        },
        SaslError::TooWeak { .. } => ErrorKind::SaslTooWeak,
        _ => ErrorKind::Protocol,
    }
}

impl From<TlsError> for Error {
    fn from(error: TlsError) -> Self {
        let message = error.to_string();
        let kind = match error {
            TlsError::CaMissing { looked } => ErrorKind::CaMissing { looked },
            TlsError::CaUnusable { path, .. }
            | TlsError::CrlUnusable { path, .. }
            | TlsError::ClientCertificate { path, .. } => ErrorKind::CertificateUnusable { path },
            TlsError::KeyUnreadable { path } => ErrorKind::KeyUnreadable { path },
            TlsError::Untrusted {
                problem,
                certificate,
                pin_changed,
            } => ErrorKind::CertificateUntrusted {
                problem,
                certificate,
                pin_changed,
            },
            TlsError::HostName { .. } | TlsError::Priority { .. } => ErrorKind::BadUri,
            _ => ErrorKind::TlsFailed,
        };
        Self::new(kind, message)
    }
}

impl From<CloseReason> for Error {
    fn from(reason: CloseReason) -> Self {
        let kind = match reason {
            CloseReason::Garbage(_) => ErrorKind::Protocol,
            // A socket that was forwarded passes bytes only.
            CloseReason::MissingDescriptors => ErrorKind::Unsupported,
            CloseReason::Silent => ErrorKind::TimedOut,
            CloseReason::Local => ErrorKind::NotConnected,
            _ => ErrorKind::Lost,
        };
        Self::new(kind, reason.to_string())
    }
}

impl From<&RemoteError> for Error {
    /// Sorts libvirt's codes (`virErrorNumber`, include/libvirt/virterror.h).
    fn from(remote: &RemoteError) -> Self {
        let kind = match remote.code {
            code::NO_DOMAIN => ErrorKind::NoDomain,
            code::OPERATION_INVALID => ErrorKind::WrongState,
            code::OPERATION_DENIED | code::ACCESS_DENIED => ErrorKind::Forbidden,
            code::AUTH_FAILED => ErrorKind::AuthFailed,
            code::NO_CONNECT => ErrorKind::NoDriver,
            code::OPERATION_ABORTED => ErrorKind::Cancelled,
            _ if remote.is_unsupported() => ErrorKind::Unsupported,
            code => ErrorKind::Libvirt { code },
        };
        with_message(kind, remote)
    }
}

fn with_message(kind: ErrorKind, remote: &RemoteError) -> Error {
    Error::new(kind, remote.to_string())
}

impl From<&rfb::Error> for Error {
    fn from(error: &rfb::Error) -> Self {
        use rfb::Error as Vnc;
        let kind = match error {
            Vnc::Authentication { .. } => ErrorKind::AuthFailed,
            Vnc::Cancelled | Vnc::Closed | Vnc::CredentialsUnavailable => ErrorKind::Cancelled,
            Vnc::SecurityUnsupported { .. } => ErrorKind::ConsoleSecurity,
            Vnc::AnonymousTls { .. } => ErrorKind::ConsoleAnonymousTls,
            Vnc::PasswordExposed { .. } => ErrorKind::ConsoleExposesPassword,
            Vnc::Tls(error) => return Self::from((**error).clone()),
            Vnc::Sasl(error) => sasl(error),
            Vnc::TimedOut { .. } => ErrorKind::TimedOut,
            Vnc::Lost(_) | Vnc::Stalled | Vnc::Refused { .. } => ErrorKind::Lost,
            _ => ErrorKind::Protocol,
        };
        Self::new(kind, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(code: i32) -> ErrorKind {
        let remote = RemoteError {
            code,
            message: Some("why".to_owned()),
            ..RemoteError::default()
        };
        let error = Error::from(virt_rpc::Error::Remote(Box::new(remote)));
        assert_eq!(error.message, "why");
        error.kind
    }

    #[test]
    fn codes_are_sorted_by_what_one_can_do() {
        assert_eq!(kind_of(42), ErrorKind::NoDomain);
        assert_eq!(kind_of(55), ErrorKind::WrongState);
        for code in [3, 74, 84] {
            assert_eq!(kind_of(code), ErrorKind::Unsupported);
        }
        for code in [29, 88] {
            assert_eq!(kind_of(code), ErrorKind::Forbidden);
        }
        assert_eq!(kind_of(5), ErrorKind::NoDriver);
        assert_eq!(kind_of(9), ErrorKind::Libvirt { code: 9 });
        assert_eq!(kind_of(0), ErrorKind::Libvirt { code: 0 });
    }

    #[test]
    fn the_three_answers_of_polkit_are_told_apart() {
        let remote = || Box::<RemoteError>::default();
        let kind = |error: virt_rpc::Error| Error::from(error).kind;
        assert_eq!(
            kind(virt_rpc::Error::AuthDenied(remote())),
            ErrorKind::PolkitDenied
        );
        assert_eq!(
            kind(virt_rpc::Error::AuthCancelled(remote())),
            ErrorKind::PolkitCancelled
        );
        assert_eq!(
            kind(virt_rpc::Error::AuthUnavailable(remote())),
            ErrorKind::PolkitNoAgent
        );
    }
}
