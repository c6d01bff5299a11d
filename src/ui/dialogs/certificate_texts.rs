//! What is said of each file with certificates: where it is, whose certificate it holds and how long that is good, or
//! where it was looked for, or why it cannot be used. Pure texts.

use std::{
    path::{Path, PathBuf},
    time::SystemTime,
};

use crate::{
    app::i18n::{gettext, gettext_f, ngettext_f},
    model::{CertificateInfo, ClientCertificateProblem as Problem, PkiFile, Survey, TlsError},
    widgets::validity,
};

/// The row of one file.
pub(super) struct FileText {
    pub(super) title: String,
    pub(super) lines: Vec<String>,
    /// Whether something is to be mended.
    pub(super) is_faulty: bool,
}

/// Says what there is to say of the four files.
pub(super) fn texts_of(survey: &Survey) -> [FileText; 4] {
    [
        authorities(survey),
        revoked(survey),
        own(survey),
        key(survey),
    ]
}

fn authorities(survey: &Survey) -> FileText {
    let title = gettext("Authorities to Trust");
    match &survey.authorities {
        Ok(all) => {
            let lines = all.iter().map(certificate).collect();
            let is_faulty = all.iter().any(has_ended);
            found(title, &survey.files.ca, lines, is_faulty)
        }
        Err(TlsError::CaMissing { looked }) => {
            let first = gettext("Without this file no host can be told from an impostor.");
            missing(title, looked, vec![first], true)
        }
        Err(error) => faulty(title, &survey.files.ca, error),
    }
}

fn revoked(survey: &Survey) -> FileText {
    let (title, file) = (gettext("Revoked Certificates"), &survey.files.crl);
    match &survey.revoked {
        Ok(_) if file.found.is_none() => missing(title, &file.looked, Vec::new(), false),
        Ok(count) => {
            let count = *count as u32;
            let line = ngettext_f(
                "{count} certificate is revoked",
                "{count} certificates are revoked",
                count,
                &[("count", &count.to_string())],
            );
            found(title, file, vec![line], false)
        }
        Err(error) => faulty(title, file, error),
    }
}

fn own(survey: &Survey) -> FileText {
    let (title, file) = (gettext("Your Certificate"), &survey.files.certificate);
    match &survey.own {
        Ok(Some(own)) => found(title, file, vec![certificate(own)], has_ended(own)),
        Ok(None) => {
            let alone = survey.files.alone.iter().map(|path| {
                gettext_f(
                    // Translators: a file with a certificate or with its key.
                    "{file} is not used, because its other half is not there.",
                    &[("file", &path.display().to_string())],
                )
            });
            let alone: Vec<_> = alone.collect();
            let is_faulty = !alone.is_empty();
            missing(title, &file.looked, alone, is_faulty)
        }
        Err(error) if is_about(error, file) => faulty(title, file, error),
        Err(_) => found(title, file, Vec::new(), false),
    }
}

fn key(survey: &Survey) -> FileText {
    let (title, file) = (gettext("Its Private Key"), &survey.files.key);
    match &survey.own {
        Ok(Some(_)) => found(
            title,
            file,
            vec![gettext("Belongs to the certificate")],
            false,
        ),
        Ok(None) => missing(title, &file.looked, Vec::new(), false),
        Err(error) if is_about(error, file) => faulty(title, file, error),
        Err(_) => found(title, file, Vec::new(), false),
    }
}

fn found(title: String, file: &PkiFile, mut lines: Vec<String>, is_faulty: bool) -> FileText {
    let path = file.found.iter().map(|path| path.display().to_string());
    lines.splice(0..0, path);
    FileText {
        title,
        lines,
        is_faulty,
    }
}

fn faulty(title: String, file: &PkiFile, error: &TlsError) -> FileText {
    found(title, file, vec![fault(error)], true)
}

fn missing(title: String, looked: &[PathBuf], mut lines: Vec<String>, is_faulty: bool) -> FileText {
    lines.extend(looked.iter().map(|path| {
        gettext_f(
            // Translators: a file that is not there.
            "Not found: {file}",
            &[("file", &path.display().to_string())],
        )
    }));
    FileText {
        title,
        lines,
        is_faulty,
    }
}

/// Whether an error names this file.
fn is_about(error: &TlsError, file: &PkiFile) -> bool {
    let named: Option<&Path> = match error {
        TlsError::ClientCertificate { path, .. } | TlsError::KeyUnreadable { path } => Some(path),
        _ => None,
    };
    named.is_some() && named == file.found.as_deref()
}

fn certificate(certificate: &CertificateInfo) -> String {
    gettext_f(
        // Translators: whose certificate it is, and the day until when it is valid.
        "{subject}, valid until {day}",
        &[
            ("subject", &certificate.subject),
            ("day", &validity(certificate.not_after, SystemTime::now())),
        ],
    )
}

fn has_ended(certificate: &CertificateInfo) -> bool {
    certificate.not_after < SystemTime::now()
}

fn fault(error: &TlsError) -> String {
    match error {
        TlsError::KeyUnreadable { .. } => gettext("You may not read this file."),
        TlsError::ClientCertificate { problem, .. } => match problem {
            Problem::Malformed => gettext("It holds no certificate."),
            Problem::KeyMalformed => gettext("It holds no private key."),
            Problem::KeyEncrypted => {
                gettext("It is locked with a passphrase. Such keys cannot be used here.")
            }
            Problem::KeyMismatch => gettext("It does not belong to the certificate."),
            other => cannot_be_used(&other.to_string()),
        },
        TlsError::CaUnusable { reason, .. } | TlsError::CrlUnusable { reason, .. } => {
            cannot_be_used(reason)
        }
        other => cannot_be_used(&other.to_string()),
    }
}

fn cannot_be_used(reason: &str) -> String {
    gettext_f("It cannot be used: {reason}", &[("reason", reason)])
}
