//! What can go wrong with certificates.

use std::path::PathBuf;

use innkeeper_core::{ErrorKind, security::tls::CertificateProblem};

use super::{Case, Guidance};
use crate::app::i18n::{gettext, gettext_f};

const PAGE: &str = "connect-tls";

pub(super) fn headline(kind: &ErrorKind) -> Option<String> {
    Some(match kind {
        ErrorKind::CaMissing { .. } => gettext("The certificate authority’s file is missing"),
        ErrorKind::ClientCertificateMissing { .. } => {
            gettext("The host asks for a certificate of yours")
        }
        ErrorKind::ClientCertificateRefused => gettext("The host refused your certificate"),
        ErrorKind::KeyUnreadable { .. } => gettext("The private key cannot be read"),
        ErrorKind::CertificateUnusable { .. } => gettext("A certificate’s file cannot be used"),
        ErrorKind::CertificateUntrusted {
            pin_changed: true, ..
        } => gettext("The host’s certificate has changed"),
        ErrorKind::CertificateUntrusted { problem, .. } => untrusted(problem),
        ErrorKind::TlsFailed => gettext("No secure connection could be made"),
        _ => return None,
    })
}

fn untrusted(problem: &CertificateProblem) -> String {
    use CertificateProblem as Problem;
    match problem {
        Problem::WrongName { .. } => gettext("The certificate is for another host"),
        Problem::Expired { .. } => gettext("The host’s certificate has expired"),
        Problem::NotYetValid { .. } => gettext("The host’s certificate is not valid yet"),
        Problem::AuthorityOutOfTime => gettext("The certificate’s authority has expired"),
        Problem::UnknownAuthority => gettext("Nobody you trust has signed the certificate"),
        Problem::Revoked => gettext("The host’s certificate was revoked"),
        Problem::OldVersion { .. } | Problem::WeakSignature { .. } | Problem::WeakKey { .. } => {
            gettext("The host’s certificate is too weak")
        }
        Problem::AuthorityAsHost | Problem::WrongPurpose => {
            gettext("The certificate is not made for this")
        }
        _ => gettext("The host’s certificate is not trusted"),
    }
}

pub(super) fn guidance(case: &Case<'_>) -> Option<Guidance> {
    let guidance = match case.kind {
        ErrorKind::CaMissing { looked } => {
            let text = gettext(
                "Without it the host cannot be told from an impostor. Ask its administrator for the file cacert.pem.",
            );
            looked_for(Guidance::new(text), looked)
        }
        ErrorKind::ClientCertificateMissing { looked } => {
            let text = gettext(
                "It lets in only who shows a certificate, and none was found. The certificate and its key lie side by side.",
            );
            looked_for(Guidance::new(text), looked)
        }
        ErrorKind::ClientCertificateRefused => Guidance::new(gettext(
            "It may have expired, be of an authority that the host does not know, or not be on the host’s list of clients. Without one, the host may want one.",
        )),
        ErrorKind::KeyUnreadable { path } => {
            let path = path.display().to_string();
            Guidance::new(gettext_f(
                "{file} may not be read by you, is locked with a passphrase, or is no key.",
                &[("file", &path)],
            ))
            .command(gettext("Who may read it"), format!("ls -l {path}"))
        }
        ErrorKind::CertificateUntrusted {
            pin_changed: true, ..
        } => Guidance::new(gettext(
            "You trusted another certificate for this host before. It was renewed, or somebody else answers in the host’s place. Ask its administrator.",
        )),
        ErrorKind::CertificateUntrusted { problem, .. } => Guidance::new(about(problem)),
        ErrorKind::CertificateUnusable { path } => Guidance::new(gettext_f(
            "{file} is broken, or does not fit to the files beside it.",
            &[("file", &path.display().to_string())],
        )),
        ErrorKind::TlsFailed => {
            Guidance::new(gettext("What the other side says is under Details."))
        }
        _ => return None,
    };
    Some(guidance.help(PAGE))
}

fn looked_for(mut guidance: Guidance, looked: &[PathBuf]) -> Guidance {
    for path in looked {
        guidance = guidance.command(gettext("Looked for"), path.display().to_string());
    }
    guidance
}

/// The likely cause, and who can mend it.
fn about(problem: &CertificateProblem) -> String {
    use CertificateProblem as Problem;
    match problem {
        Problem::WrongName { host } => gettext_f(
            "It is not for “{host}”. Connect by one of its names, if it is the right host.",
            &[("host", host)],
        ),
        Problem::Expired { .. } => gettext(
            "Its administrator has to renew it. If the date of this computer is wrong, set that right first.",
        ),
        Problem::NotYetValid { .. } => {
            gettext("The date of this computer or of the host may be wrong.")
        }
        Problem::AuthorityOutOfTime => {
            gettext("Its administrator has to renew the authority’s own certificate.")
        }
        Problem::UnknownAuthority => gettext(
            "The file cacert.pem on this computer is of another authority, or somebody else answers in the host’s place.",
        ),
        Problem::Revoked => gettext(
            "Its authority has declared it invalid: its key may be in wrong hands. Do not connect before its administrator has replaced it.",
        ),
        Problem::OldVersion { version } => gettext_f(
            "It is of version {version}, which cannot say for which hosts it is. Its administrator has to make a new one.",
            &[("version", &version.to_string())],
        ),
        Problem::WeakSignature { algorithm } => gettext_f(
            "It is signed with {algorithm}, which can be forged. Its administrator has to make a new one.",
            &[("algorithm", algorithm)],
        ),
        Problem::WeakKey { bits } => gettext_f(
            "A key of {bits} bits can be broken. Its administrator has to make a new one.",
            &[("bits", &bits.to_string())],
        ),
        Problem::AuthorityAsHost => gettext(
            "It is the certificate of an authority, not of a host. Its administrator has to make one for the host.",
        ),
        Problem::WrongPurpose => gettext(
            "It is made for clients, not for hosts. Its administrator has to make a new one.",
        ),
        _ => gettext("What is wrong with it is under Details."),
    }
}
