//! A certificate as rows of a list: for whom it is, of whom, how long, and by what it is recognised.

use adw::prelude::*;
use gtk::glib;

use super::{exact_markup, fingerprint_markup};
use crate::{
    app::i18n::{day_and_time, gettext, gettext_f},
    model::CertificateInfo,
};

/// Makes a row for each thing that a person compares.
pub fn certificate_rows(certificate: &CertificateInfo) -> Vec<adw::ActionRow> {
    let fingerprint = row(&gettext("Fingerprint (SHA-256)"), "");
    fingerprint.set_subtitle(&fingerprint_markup(&certificate.fingerprint.to_string()));
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
            ("from", &day_and_time(certificate.not_before)),
            ("until", &day_and_time(certificate.not_after)),
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
