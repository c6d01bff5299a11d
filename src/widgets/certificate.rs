//! A certificate as rows of a list: for whom it is, of whom, how long, and by what it is recognised.

use std::time::{SystemTime, UNIX_EPOCH};

use adw::prelude::*;
use gtk::glib;

use super::{code_markup, exact_markup};
use crate::{
    app::i18n::{gettext, gettext_f},
    model::CertificateInfo,
};

/// Makes a row for each thing that a person compares.
pub fn certificate_rows(certificate: &CertificateInfo) -> Vec<adw::ActionRow> {
    let fingerprint = row(&gettext("Fingerprint (SHA-256)"), "");
    fingerprint.set_subtitle(&code_markup(&certificate.fingerprint.to_string()));
    let mut rows = vec![row(&gettext("Subject"), &certificate.subject)];
    if !certificate.names.is_empty() {
        let names: Vec<String> = certificate.names.iter().map(ToString::to_string).collect();
        rows.push(row(&gettext("Names"), &names.join(", ")));
    }
    rows.extend([
        row(&gettext("Issuer"), &certificate.issuer),
        row(&gettext("Validity"), &validity(certificate)),
        row(&gettext("Key"), &key(certificate)),
        fingerprint,
    ]);
    rows
}

fn row(title: &str, value: &str) -> adw::ActionRow {
    adw::ActionRow::builder()
        .title(glib::markup_escape_text(title))
        .subtitle(exact_markup(value))
        .subtitle_selectable(true)
        .css_classes(["property"])
        .build()
}

fn validity(certificate: &CertificateInfo) -> String {
    gettext_f(
        // Translators: two dates.
        "{from} to {until}",
        &[
            ("from", &date(certificate.not_before)),
            ("until", &date(certificate.not_after)),
        ],
    )
}

fn key(certificate: &CertificateInfo) -> String {
    gettext_f(
        // Translators: a kind of key with its size, and how its certificate is signed, such as “RSA, 3072 bits, signed with sha256WithRSAEncryption”.
        "{kind}, {bits} bits, signed with {algorithm}",
        &[
            ("kind", &certificate.key_type),
            ("bits", &certificate.key_bits.to_string()),
            ("algorithm", &certificate.signature_algorithm),
        ],
    )
}

/// Writes a day and a time as the user's locale does; a certificate may say any year.
fn date(time: SystemTime) -> String {
    let seconds = match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
    };
    glib::DateTime::from_unix_local(seconds)
        .and_then(|time| time.format("%x %H:%M"))
        .map_or_else(|_| "?".to_owned(), Into::into)
}
