//! The names within a certificate, made fit to be shown.

use std::{fmt, net::IpAddr};

use x509_parser::{
    certificate::X509Certificate,
    extensions::GeneralName,
    objects::oid2abbrev,
    oid_registry::OidRegistry,
    x509::{RelativeDistinguishedName, X509Name},
};

/// The longest text taken from a certificate, in characters.
const TEXT_MAX: usize = 256;
/// How many names of a certificate are shown.
const NAMES_MAX: usize = 128;

/// One of the names that a certificate is for (RFC 5280 §4.2.1.6).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateName {
    /// The name of a host, perhaps with `*` for its first part.
    Dns(String),
    /// The address of a host.
    Address(IpAddr),
    /// Something that names no host: an e-mail address, a URI.
    Other(String),
}

impl fmt::Display for CertificateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) | Self::Other(name) => f.write_str(name),
            Self::Address(address) => write!(f, "{address}"),
        }
    }
}

/// The names of a certificate, and whether it has the extension for them.
pub(super) fn of(certificate: &X509Certificate<'_>) -> (Vec<CertificateName>, bool) {
    let id = x509_parser::oid_registry::OID_X509_EXT_SUBJECT_ALT_NAME;
    let has = certificate
        .iter_extensions()
        .any(|extension| extension.oid == id);
    let names = match certificate.subject_alternative_name() {
        Ok(Some(extension)) => {
            let names = extension.value.general_names.iter().take(NAMES_MAX);
            names.map(convert).collect()
        }
        _ => Vec::new(),
    };
    (names, has)
}

fn convert(name: &GeneralName<'_>) -> CertificateName {
    match name {
        GeneralName::DNSName(name) => CertificateName::Dns(clean(name)),
        GeneralName::IPAddress(bytes) => match address(bytes) {
            Some(address) => CertificateName::Address(address),
            None => CertificateName::Other("?".to_owned()),
        },
        GeneralName::RFC822Name(name) | GeneralName::URI(name) => {
            CertificateName::Other(clean(name))
        }
        GeneralName::DirectoryName(name) => CertificateName::Other(text(name)),
        _ => CertificateName::Other("?".to_owned()),
    }
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four: Option<[u8; 4]> = bytes.try_into().ok();
    let sixteen: Option<[u8; 16]> = bytes.try_into().ok();
    four.map(IpAddr::from).or(sixteen.map(IpAddr::from))
}

/// A distinguished name on one line, with its most particular part first (RFC 4514 §2.1).
pub(super) fn text(name: &X509Name<'_>) -> String {
    let mut parts: Vec<_> = name.iter_rdn().take(NAMES_MAX).map(part).collect();
    parts.reverse();
    clean(&parts.join(", "))
}

/// One part, such as `CN=host`; a kind without a short name keeps its numbers.
fn part(part: &RelativeDistinguishedName<'_>) -> String {
    let registry = OidRegistry::default().with_x509();
    let attributes = part.iter().take(NAMES_MAX).map(|attribute| {
        let id = attribute.attr_type();
        let kind = oid2abbrev(id, &registry).map_or_else(|_| id.to_id_string(), str::to_owned);
        format!("{kind}={}", attribute.as_str().unwrap_or("?"))
    });
    attributes.collect::<Vec<_>>().join("+")
}

/// The common names within a distinguished name.
pub(super) fn common(name: &X509Name<'_>) -> Vec<String> {
    let names = name.iter_common_name().take(NAMES_MAX);
    names
        .map(|part| clean(part.as_str().unwrap_or("?")))
        .collect()
}

/// Bounds a text and takes away what could deceive its reader: control characters, and those that turn the direction
/// of writing or show nothing.
pub(super) fn clean(text: &str) -> String {
    let deceives = |sign: char| {
        sign.is_control()
            || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let replaced = text
        .chars()
        .map(|sign| if deceives(sign) { '\u{fffd}' } else { sign });
    replaced.take(TEXT_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_deceive() {
        assert_eq!(
            clean("host\u{202e}gpj.exe\n"),
            "host\u{fffd}gpj.exe\u{fffd}"
        );
        assert_eq!(clean(&"a".repeat(1_000)).len(), TEXT_MAX);
        assert_eq!(clean("münchen.example"), "münchen.example");
    }
}
