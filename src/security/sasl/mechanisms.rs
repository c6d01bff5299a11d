//! The list of mechanisms that a server offers: read, bounded, narrowed. Knows no Cyrus.

use super::SaslError;

/// No server has as many mechanisms, nor names as long (RFC 4422 §3.1: 20 characters).
const LIST_MAX: usize = 64;
const NAME_MAX: usize = 20;

/// What may be chosen from, in the server's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mechanisms {
    offered: Vec<String>,
    allowed: Vec<String>,
}

impl Mechanisms {
    /// Reads the server's list: libvirt separates by commas, QEMU too, others by spaces.
    pub(super) fn offered(list: &str) -> Self {
        let name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let offered: Vec<String> = list
            .split(|c| !name(c))
            .filter(|name| !name.is_empty() && name.len() <= NAME_MAX)
            .take(LIST_MAX)
            .map(str::to_ascii_uppercase)
            .collect();
        let allowed = offered.clone();
        Self { offered, allowed }
    }

    /// Keeps only the one that the person asked for.
    pub(super) fn restricted(mut self, wanted: Option<&str>) -> Result<Self, SaslError> {
        if let Some(wanted) = wanted {
            self.allowed
                .retain(|name| name.eq_ignore_ascii_case(wanted));
        }
        if self.allowed.is_empty() {
            return Err(self.none_fits(wanted));
        }
        Ok(self)
    }

    /// Leaves out what needs a Kerberos ticket, or gives `None` if that changes nothing or leaves nothing.
    pub(super) fn without_kerberos(&self) -> Option<Self> {
        let mut fewer = self.clone();
        fewer.allowed.retain(|name| !is_kerberos(name));
        let changed = fewer.allowed.len() < self.allowed.len();
        (changed && !fewer.allowed.is_empty()).then_some(fewer)
    }

    /// Says whether one of `names` may be chosen.
    pub(super) fn any_of(&self, names: &[String]) -> bool {
        self.allowed
            .iter()
            .any(|allowed| names.iter().any(|name| name.eq_ignore_ascii_case(allowed)))
    }

    /// Writes the list as Cyrus reads it.
    pub(super) fn to_list(&self) -> String {
        self.allowed.join(" ")
    }

    /// The error that nothing here can be used.
    pub(super) fn none_fits(&self, wanted: Option<&str>) -> SaslError {
        SaslError::Mechanism {
            offered: self.offered.clone(),
            wanted: wanted.map(str::to_ascii_uppercase),
        }
    }

    /// The error that nothing here is strong enough.
    pub(super) fn too_weak(&self, min_ssf: u32) -> SaslError {
        let offered = self.offered.clone();
        SaslError::TooWeak { offered, min_ssf }
    }
}

/// Says whether a mechanism lives from a Kerberos ticket.
pub(super) fn is_kerberos(name: &str) -> bool {
    name.starts_with("GSS") || name.starts_with("GS2-") || name.starts_with("KERBEROS")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_whatever_separates_them() {
        let read = |list| Mechanisms::offered(list).to_list();
        assert_eq!(read("scram-sha-256,DIGEST-MD5"), "SCRAM-SHA-256 DIGEST-MD5");
        assert_eq!(read(" PLAIN  GSSAPI\n"), "PLAIN GSSAPI");
        assert_eq!(read("A\0B,ÄÖ;C"), "A B C");
        assert_eq!(read(&"X".repeat(4_000_000)), "");
        assert_eq!(
            Mechanisms::offered(&"X,".repeat(1000)).offered.len(),
            LIST_MAX
        );
    }

    #[test]
    fn a_wanted_mechanism_is_the_only_one() {
        let all = || Mechanisms::offered("GSSAPI,PLAIN");
        let plain = all().restricted(Some("plain")).expect("it is offered");
        assert_eq!(plain.to_list(), "PLAIN");
        assert_eq!(plain.without_kerberos(), None);
        let missing = SaslError::Mechanism {
            offered: vec!["GSSAPI".to_owned(), "PLAIN".to_owned()],
            wanted: Some("SCRAM-SHA-256".to_owned()),
        };
        assert_eq!(all().restricted(Some("scram-sha-256")), Err(missing));
        assert!(Mechanisms::offered("").restricted(None).is_err());
        let fewer = all().without_kerberos().expect("one is left");
        assert_eq!(fewer.to_list(), "PLAIN");
    }
}
