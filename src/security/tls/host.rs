//! The host that a certificate must be for, and the old rule that its common name may say so.

use std::net::{IpAddr, Ipv6Addr};

use rustls::pki_types::{DnsName, ServerName};

use super::TlsError;
use crate::certificate::CertificateInfo;

/// A host as the user wrote it and as TLS names it.
#[derive(Clone, Debug)]
pub(super) struct Host {
    pub(super) written: String,
    pub(super) name: ServerName<'static>,
}

impl Host {
    /// Reads a host name, or an address with or without brackets and zone.
    pub(super) fn new(written: &str) -> Result<Self, TlsError> {
        let bare = written
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        let bare = bare.unwrap_or(written);
        let name = match address(bare) {
            Some(address) => ServerName::IpAddress(address.into()),
            // A name that ends with a dot is the same in certificates.
            None => DnsName::try_from(bare.strip_suffix('.').unwrap_or(bare).to_owned())
                .map(ServerName::DnsName)
                .map_err(|_| TlsError::HostName {
                    host: written.to_owned(),
                })?,
        };
        Ok(Self {
            written: written.to_owned(),
            name,
        })
    }

    /// Whether a certificate without names for hosts has this one for its only common name.
    ///
    /// GnuTLS, and libvirt with it, falls back to the common name (RFC 6125 §6.4.4, withdrawn by RFC 9525). We do so
    /// only where the extension for names is missing altogether, and without wildcards. An address must stand in the
    /// extension, for GnuTLS as well.
    pub(super) fn is_common_name_of(&self, certificate: &CertificateInfo) -> bool {
        let [common] = certificate.common_names.as_slice() else {
            return false;
        };
        let ServerName::DnsName(name) = &self.name else {
            return false;
        };
        !certificate.has_names && common.eq_ignore_ascii_case(name.as_ref())
    }
}

/// An address; the zone of a link-local one (RFC 4007 §11) is no part of what a certificate names.
fn address(text: &str) -> Option<IpAddr> {
    let zoned = || text.split_once('%').map(|(address, _zone)| address);
    let plain = text.parse().ok();
    plain.or_else(|| zoned()?.parse::<Ipv6Addr>().ok().map(IpAddr::V6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_understood() {
        let name = |written| format!("{:?}", Host::new(written).unwrap().name);
        assert_eq!(name("Host.example.org."), name("Host.example.org"));
        assert_eq!(name("[fe80::1%eth0]"), name("fe80::1"));
        assert!(name("192.0.2.1").contains("V4"));
        assert!(name("[2001:db8::1]").contains("V6"));
        assert!(name("my_host").contains("my_host"));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        let long = "a".repeat(300);
        for written in ["", "a b", "münchen", "-", "a..b", long.as_str()] {
            assert_eq!(
                Host::new(written).unwrap_err(),
                TlsError::HostName {
                    host: written.to_owned()
                }
            );
        }
    }
}
