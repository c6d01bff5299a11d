//! The ways to a host: one table, read by the form, by the list of ways and by the table of parameters.

use crate::{
    app::i18n::gettext,
    model::{Uri, UriParts},
};

/// How a connection gets to the daemon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Way {
    /// A socket of this computer.
    ThisComputer,
    /// The user's OpenSSH.
    Ssh,
    /// TLS with certificates.
    Tls,
    /// TCP without TLS.
    Tcp,
    /// A program of the user's.
    Program,
    /// This computer's daemon, which reaches the host in the hypervisor's own way.
    Vendor,
    /// A transport that libvirt does not have.
    Unknown,
}

/// Whether a way wants something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// It has no place for it.
    Never,
    /// It can do without.
    Optional,
    /// It cannot do without.
    Needed,
}

/// What the form must know of a way.
pub(super) struct WayFacts {
    /// Which one it is.
    pub(super) way: Way,
    /// The transports that a URI names it by; the first one is written.
    schemes: &'static [&'static str],
    title: fn() -> String,
    /// Whether it leads to a host that has a name.
    pub(super) host: Need,
    /// The port that it takes by itself, empty where others decide; none where it has no place for a port.
    pub(super) port: Option<fn() -> String>,
    /// What is dangerous about it.
    pub(super) caution: Option<fn() -> String>,
    /// What a user should know who chooses it.
    pub(super) note: Option<fn() -> String>,
    /// The help page that tells how to set it up.
    pub(super) help: &'static str,
    /// Whether it stands in the list at all times, not only where a URI means it.
    pub(super) is_offered: bool,
}

/// Every way, in the order in which they are offered.
pub(super) const WAYS: &[WayFacts] = &[
    WayFacts {
        way: Way::ThisComputer,
        schemes: &["unix"],
        title: || gettext("This Computer"),
        host: Need::Never,
        port: None,
        caution: None,
        note: None,
        help: "connect-local",
        is_offered: true,
    },
    WayFacts {
        way: Way::Ssh,
        schemes: &["ssh", "libssh", "libssh2"],
        title: || gettext("Remote Host (SSH)"),
        host: Need::Needed,
        port: Some(String::new),
        caution: None,
        note: None,
        help: "connect-ssh",
        is_offered: true,
    },
    WayFacts {
        way: Way::Tls,
        schemes: &["tls"],
        title: || gettext("Remote Host (TLS)"),
        host: Need::Needed,
        port: Some(|| "16514".to_owned()),
        caution: None,
        note: Some(|| {
            gettext("The host and this computer need certificates of the same authority.")
        }),
        help: "connect-tls",
        is_offered: true,
    },
    WayFacts {
        way: Way::Tcp,
        schemes: &["tcp"],
        title: || gettext("Remote Host (Plain TCP)"),
        host: Need::Needed,
        port: Some(|| "16509".to_owned()),
        caution: Some(|| {
            gettext(
                "Unsafe: unless the host’s sign-in encrypts the connection, others on the network can read and change what passes over it.",
            )
        }),
        note: None,
        help: "connect-sasl",
        is_offered: true,
    },
    WayFacts {
        way: Way::Program,
        schemes: &["ext"],
        title: || gettext("Through a Program"),
        host: Need::Optional,
        port: Some(String::new),
        caution: None,
        note: Some(|| {
            gettext("The program’s input and output must lead to the libvirt daemon of the host.")
        }),
        help: "connect-other",
        is_offered: true,
    },
    WayFacts {
        way: Way::Vendor,
        schemes: &[],
        title: || gettext("The Hypervisor’s Own Way"),
        host: Need::Needed,
        port: Some(String::new),
        caution: None,
        note: Some(|| {
            gettext(
                // Translators: auth.conf is a file name.
                "This computer’s libvirt daemon reaches the host. It takes the user and the password from the file auth.conf.",
            )
        }),
        help: "connect-other",
        is_offered: false,
    },
    WayFacts {
        way: Way::Unknown,
        schemes: &[],
        title: || gettext("Unknown"),
        host: Need::Optional,
        port: Some(String::new),
        caution: None,
        note: None,
        help: "connect",
        is_offered: false,
    },
];

impl Way {
    /// Tells which way a URI means: the transport that it names, TLS to a host, a socket of this computer.
    pub(super) fn of(parts: &UriParts) -> Self {
        let is_vendors =
            Uri::try_from(parts.clone()).is_ok_and(|uri| uri.is_through_local_daemon());
        match parts.transport.as_deref() {
            None if is_vendors => Self::Vendor,
            None if parts.host.is_some() => Self::Tls,
            None => Self::ThisComputer,
            Some(transport) => WAYS
                .iter()
                .find(|facts| facts.schemes.contains(&transport))
                .map_or(Self::Unknown, |facts| facts.way),
        }
    }

    /// Gives what is known of it.
    pub(super) fn facts(self) -> &'static WayFacts {
        WAYS.iter()
            .find(|facts| facts.way == self)
            .expect("the table has every way")
    }

    /// Gives the transport that a URI names it by; `None` where it names none.
    pub(super) fn transport(self) -> Option<&'static str> {
        self.facts().schemes.first().copied()
    }
}

impl WayFacts {
    /// Names it.
    pub(super) fn title(&self) -> String {
        (self.title)()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_transport_of_libvirt_has_a_way() {
        for (text, way) in [
            ("qemu:///system", Way::ThisComputer),
            ("qemu+unix:///system", Way::ThisComputer),
            ("qemu://host/system", Way::Tls),
            ("qemu+tls://host/system", Way::Tls),
            ("qemu+SSH://host/system", Way::Ssh),
            ("qemu+libssh://host/system", Way::Ssh),
            ("qemu+libssh2://host/system", Way::Ssh),
            ("qemu+tcp:///system", Way::Tcp),
            ("qemu+ext:///system?command=x", Way::Program),
            ("esx://host/", Way::Vendor),
            ("esx+ssh://host/", Way::Ssh),
            ("qemu+carrier://pigeon/system", Way::Unknown),
        ] {
            let uri: Uri = text.parse().expect("a good URI");
            assert_eq!(Way::of(uri.parts()), way, "{text}");
        }
    }

    #[test]
    fn the_table_has_every_way() {
        for facts in WAYS {
            assert_eq!(facts.way.facts().way, facts.way);
            assert!(!facts.is_offered || facts.way.transport().is_some());
            assert!(facts.help.starts_with("connect"));
        }
    }
}
