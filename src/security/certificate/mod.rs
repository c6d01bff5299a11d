//! What a certificate says about itself, in a form that can be shown, kept and compared.
//!
//! It judges nothing: whether a certificate is trusted is `tls::verify`'s. The texts come from the network; they are
//! bounded and have no control characters.

mod fingerprint;
mod names;

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
    time::{Duration, SystemTime},
};

use rustls::pki_types::{CertificateDer, pem::PemObject};
use x509_parser::{
    certificate::X509Certificate, oid_registry::OidRegistry, prelude::FromDer,
    public_key::PublicKey, time::ASN1Time, x509::SubjectPublicKeyInfo,
};

pub use fingerprint::{Fingerprint, NotAFingerprint};
pub use names::CertificateName;

/// The largest file that is read for its certificates. libvirt reads 64 KiB; bundles of authorities are larger.
pub(crate) const FILE_MAX: u64 = 1 << 20;

/// A certificate as a person looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertificateInfo {
    /// Whom it is for: its distinguished name, as `CN=host.example.org, O=Example`.
    pub subject: String,
    /// Who signed it: the distinguished name of an authority.
    pub issuer: String,
    /// The common names (CN) within the subject; there should be one.
    pub common_names: Vec<String>,
    /// The names and addresses it is for. Empty for certificates that have only a common name.
    pub names: Vec<CertificateName>,
    /// Whether it has the extension for names at all (RFC 5280 §4.2.1.6): without it the common name counts.
    pub has_names: bool,
    /// From when on it is valid.
    pub not_before: SystemTime,
    /// Until when it is valid.
    pub not_after: SystemTime,
    /// The kind of its key: `RSA`, `ECDSA P-256`, `Ed25519`, or an object identifier.
    pub key_type: String,
    /// The size of its key in bits; 0 when it is not known.
    pub key_bits: u32,
    /// How its authority signed it: `sha256WithRSAEncryption`, or an object identifier.
    pub signature_algorithm: String,
    /// Its X.509 version: 1 to 3.
    pub version: u32,
    /// Its serial number in hexadecimal digits.
    pub serial: String,
    /// Its SHA-256 fingerprint.
    pub fingerprint: Fingerprint,
    /// Whether it says that it is an authority's.
    pub is_ca: bool,
    /// Whether the authority signed it with a digest that can be forged: MD5 or SHA-1.
    pub weak_signature: bool,
}

/// Bytes that are no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an X.509 certificate")]
pub struct NotACertificate;

impl CertificateInfo {
    /// Reads a certificate's DER.
    pub fn from_der(der: &[u8]) -> Result<Self, NotACertificate> {
        let certificate = parse(der)?;
        let (names, has_names) = names::of(&certificate);
        let (key_type, key_bits) = key_of(certificate.public_key());
        let signature = &certificate.signature_algorithm.algorithm;
        let is_ca = certificate.basic_constraints().ok().flatten();
        Ok(Self {
            subject: names::text(certificate.subject()),
            issuer: names::text(certificate.issuer()),
            common_names: names::common(certificate.subject()),
            names,
            has_names,
            not_before: system_time(certificate.validity().not_before),
            not_after: system_time(certificate.validity().not_after),
            key_type,
            key_bits,
            signature_algorithm: name_of(&signature.to_id_string()),
            weak_signature: WEAK_SIGNATURES.contains(&signature.to_id_string().as_str()),
            version: certificate.version().0.saturating_add(1),
            serial: names::clean(&certificate.raw_serial_as_string()),
            fingerprint: Fingerprint::of(der),
            is_ca: is_ca.is_some_and(|constraints| constraints.value.ca),
        })
    }

    /// Reads the certificates of a PEM file, in its order: for showing what is in it.
    ///
    /// # Errors
    /// When the file cannot be read, is larger than 1 MiB, or holds what is no certificate.
    pub fn read_file(path: &Path) -> io::Result<Vec<Self>> {
        let bytes = read_bounded(path)?;
        let invalid = || io::Error::new(io::ErrorKind::InvalidData, NotACertificate);
        let each = CertificateDer::pem_slice_iter(&bytes).map(|der| {
            let der = der.map_err(|_| invalid())?;
            Self::from_der(&der).map_err(|_| invalid())
        });
        let all: Vec<_> = each.collect::<io::Result<_>>()?;
        if all.is_empty() {
            Err(invalid())
        } else {
            Ok(all)
        }
    }

    /// How strong its key is, in bits of a symmetric one (NIST SP 800-57 part 1, table 2). 0 for unknown kinds.
    pub(crate) fn strength(&self) -> u32 {
        match (self.key_type.as_str(), self.key_bits) {
            ("RSA", 15_360..) | ("ML-DSA-87", _) => 256,
            ("Ed448", _) => 224,
            ("RSA", 7_680..) | ("ML-DSA-65", _) => 192,
            ("RSA", 3_072..) | ("Ed25519" | "ML-DSA-44", _) => 128,
            ("RSA", 2_048..) => 112,
            (kind, bits) if kind.starts_with("ECDSA") => bits / 2,
            _ => 0,
        }
    }

    /// Whether a moment lies within its validity.
    pub fn is_valid_at(&self, when: SystemTime) -> bool {
        self.not_before <= when && when <= self.not_after
    }
}

/// Parses a certificate that is nothing but a certificate.
pub(crate) fn parse(der: &[u8]) -> Result<X509Certificate<'_>, NotACertificate> {
    match X509Certificate::from_der(der) {
        Ok(([], certificate)) => Ok(certificate),
        _ => Err(NotACertificate),
    }
}

/// Reads a file of a sensible size.
pub(crate) fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = File::open(path)?
        .take(FILE_MAX + 1)
        .read_to_end(&mut bytes)?;
    if read as u64 > FILE_MAX {
        let text = format!("larger than {FILE_MAX} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, text));
    }
    Ok(bytes)
}

/// MD2, MD5 and SHA-1 with RSA (RFC 8017 A.2.4), its older name, with DSA and with ECDSA (RFC 3279 §2.2).
const WEAK_SIGNATURES: [&str; 6] = [
    "1.2.840.113549.1.1.2",
    "1.2.840.113549.1.1.4",
    "1.2.840.113549.1.1.5",
    "1.3.14.3.2.29",
    "1.2.840.10040.4.3",
    "1.2.840.10045.4.1",
];

/// The curves that have a name among administrators (RFC 5480 §2.1.1.1), with their sizes in bits.
const CURVES: [(&str, &str, u32); 5] = [
    ("1.2.840.10045.3.1.7", "ECDSA P-256", 256),
    ("1.3.132.0.34", "ECDSA P-384", 384),
    ("1.3.132.0.35", "ECDSA P-521", 521),
    ("1.3.132.0.10", "ECDSA secp256k1", 256),
    ("1.3.132.0.33", "ECDSA P-224", 224),
];

/// The algorithms that say all by themselves (RFC 8410 §3, RFC 9881 §2), with the sizes of their keys in bits.
const SELF_CONTAINED: [(&str, &str, u32); 5] = [
    ("1.3.101.112", "Ed25519", 256),
    ("1.3.101.113", "Ed448", 456),
    ("2.16.840.1.101.3.4.3.17", "ML-DSA-44", 10_496),
    ("2.16.840.1.101.3.4.3.18", "ML-DSA-65", 15_616),
    ("2.16.840.1.101.3.4.3.19", "ML-DSA-87", 20_736),
];

fn key_of(key: &SubjectPublicKeyInfo<'_>) -> (String, u32) {
    let algorithm = key.algorithm.algorithm.to_id_string();
    let curve = || key.algorithm.parameters.as_ref()?.as_oid().ok();
    let known = |table: &[(&str, &str, u32)], id: &str| {
        let row = table.iter().find(|(known, _, _)| *known == id);
        row.map(|(_, name, bits)| ((*name).to_owned(), *bits))
    };
    match key.parsed() {
        Ok(PublicKey::RSA(rsa)) => ("RSA".to_owned(), rsa.key_size() as u32),
        Ok(PublicKey::EC(point)) => {
            let id = curve().map(|oid| oid.to_id_string()).unwrap_or_default();
            known(&CURVES, &id).unwrap_or_else(|| (format!("ECDSA {id}"), point.key_size() as u32))
        }
        _ => known(&SELF_CONTAINED, &algorithm).unwrap_or_else(|| (name_of(&algorithm), 0)),
    }
}

/// The short name of an object identifier, or its numbers.
fn name_of(id: &str) -> String {
    let registry = OidRegistry::default().with_all_crypto();
    let mut entries = registry.iter();
    let entry = entries.find(|(oid, _)| oid.to_id_string() == id);
    entry.map_or_else(|| id.to_owned(), |(_, entry)| entry.sn().to_owned())
}

fn system_time(time: ASN1Time) -> SystemTime {
    let seconds = time.timestamp();
    let distance = Duration::from_secs(seconds.unsigned_abs());
    let moment = if seconds < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(distance)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(distance)
    };
    moment.unwrap_or(SystemTime::UNIX_EPOCH)
}
