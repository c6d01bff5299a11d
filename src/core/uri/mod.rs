//! libvirt's connection URIs: read, printed, and asked what they name.
//!
//! Grammar and parameters: libvirt's `docs/uri.rst`. Nothing here opens anything. [`parts`] has the grammar, [`name`]
//! what it means to a daemon.

mod name;
mod parts;

use std::{fmt, str::FromStr};

pub use parts::UriParts;

use crate::{Error, ErrorKind};

/// A connection URI, `driver[+transport]://[user@][host][:port]/[path][?parameters]`.
///
/// Prints as it was read; unknown parameters pass on unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Uri {
    text: String,
    parts: UriParts,
}

impl Uri {
    /// All parts, decoded.
    pub fn parts(&self) -> &UriParts {
        &self.parts
    }

    /// The hypervisor's driver: `qemu`, `test`, `xen`.
    pub fn driver(&self) -> &str {
        &self.parts.driver
    }

    /// The transport that the scheme names, in lower case.
    pub fn transport(&self) -> Option<&str> {
        self.parts.transport.as_deref()
    }

    /// The user on the other host.
    pub fn user(&self) -> Option<&str> {
        self.parts.user.as_deref()
    }

    /// The host's name or address without brackets; `None` for this machine.
    pub fn host(&self) -> Option<&str> {
        self.parts.host.as_deref()
    }

    /// The port that the URI names; `None` leaves the choice to the transport.
    pub fn port(&self) -> Option<u16> {
        self.parts.port
    }

    /// The path with its leading slash, decoded: `/system`, `/session`, `/default`.
    pub fn path(&self) -> &str {
        &self.parts.path
    }

    /// The first value of a parameter; names are compared without case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parts.parameter(name)
    }

    /// Says whether a parameter that is a number (`no_verify`, `no_tty`) is set and not zero.
    ///
    /// # Errors
    /// [`ErrorKind::BadUri`] when the value is no number, as libvirt refuses it.
    pub fn switch(&self, name: &str) -> Result<bool, Error> {
        match self.parameter(name).map(str::parse::<i32>) {
            None => Ok(false),
            Some(Ok(number)) => Ok(number != 0),
            Some(Err(_)) => Err(Error::new(
                ErrorKind::BadUri,
                format!("{self}: the parameter {name} is no number"),
            )),
        }
    }

    /// Says whether the URI names the user's own instance rather than the system's.
    pub fn is_session(&self) -> bool {
        self.path() == "/session"
    }

    /// Says whether a socket of this machine leads there.
    pub fn is_local(&self) -> bool {
        self.way().is_ok_and(|way| way == crate::Transport::Unix)
    }
}

impl FromStr for Uri {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let bad = |why: &str| Error::new(ErrorKind::BadUri, format!("{text}: {why}"));
        let parts = UriParts::read(text).map_err(bad)?;
        parts.check().map_err(bad)?;
        let text = text.to_owned();
        Ok(Self { text, parts })
    }
}

impl TryFrom<UriParts> for Uri {
    type Error = Error;

    /// Puts a URI together; empty texts count as absent.
    fn try_from(mut parts: UriParts) -> Result<Self, Error> {
        parts.driver.make_ascii_lowercase();
        if let Some(transport) = &mut parts.transport {
            transport.make_ascii_lowercase();
        }
        for part in [&mut parts.transport, &mut parts.user, &mut parts.host] {
            part.take_if(|text| text.is_empty());
        }
        let text = parts.to_string();
        parts
            .check()
            .map_err(|why| Error::new(ErrorKind::BadUri, format!("{text}: {why}")))?;
        Ok(Self { text, parts })
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Transport;

    fn uri(text: &str) -> Uri {
        text.parse().unwrap()
    }

    #[test]
    fn a_uri_is_taken_apart_and_prints_as_it_was() {
        let text = "QEMU+SSH://me@host.example:2222/system?socket=/a%20b&Mode=direct";
        let uri = uri(text);
        assert_eq!(uri.driver(), "qemu");
        assert_eq!(uri.transport(), Some("ssh"));
        assert_eq!(uri.host(), Some("host.example"));
        assert_eq!(uri.path(), "/system");
        assert_eq!(uri.parameter("socket"), Some("/a b"));
        assert_eq!(uri.parameter("mode"), Some("direct"));
        assert_eq!(uri.to_string(), text);
        assert!(!uri.is_local());
    }

    #[test]
    fn hosts_may_be_addresses_of_either_kind() {
        assert_eq!(uri("qemu://[fe80::1]:16514/system").host(), Some("fe80::1"));
        assert_eq!(uri("qemu://10.0.0.1/system").host(), Some("10.0.0.1"));
        assert_eq!(uri("qemu:///system").host(), None);
        assert_eq!(uri("qemu://u@/system").host(), None);
        for zone in ["[fe80::1%eth0]", "[fe80::1%25eth0]"] {
            let uri = uri(&format!("qemu+tcp://{zone}:99/system"));
            assert_eq!((uri.host(), uri.port()), (Some("fe80::1%eth0"), Some(99)));
        }
    }

    #[test]
    fn the_transport_follows_from_scheme_and_host() {
        for (text, way) in [
            ("qemu:///system", Transport::Unix),
            ("qemu+unix:///system", Transport::Unix),
            ("qemu://host/system", Transport::Tls),
            ("xen+TLS://host/", Transport::Tls),
            ("qemu+tcp://host/system", Transport::Tcp),
            ("qemu+tcp:///system", Transport::Tcp),
            ("qemu+ext:///system?command=x", Transport::Ext),
            ("qemu+ssh://host/system", Transport::Ssh),
            ("qemu+libssh://host/system", Transport::Ssh),
            ("qemu+libssh2://host/system", Transport::Ssh),
            ("test:///default", Transport::Unix),
            ("test://host/default", Transport::Tls),
            ("esx://host/", Transport::Unix),
            ("hyperv://host/", Transport::Unix),
            ("esx+ssh://host/", Transport::Ssh),
        ] {
            assert_eq!(uri(text).way().unwrap(), way, "{text}");
        }
        let error = uri("qemu+carrier://pigeon/system").way().unwrap_err();
        assert_eq!(error.kind, ErrorKind::BadUri);
    }

    /// The examples of libvirt's docs/uri.rst, docs/remote.rst and of the pages of its drivers.
    #[test]
    fn every_form_of_the_documentation_survives_being_put_together() {
        for text in [
            "qemu:///system",
            "qemu:///session",
            "qemu:///embed?root=/some/dir",
            "qemu+unix:///system?socket=/opt/libvirt/run/libvirt/libvirt-sock",
            "qemu+unix:///session?mode=direct",
            "qemu+ssh://root@example.com/system",
            "qemu+ssh://user@host:2222/system?keyfile=/home/me/id_ed25519&no_tty=1",
            "xen+ssh://root@towada/",
            "xen+ssh://root@towada/?netcat=/opt/netcat/bin/nc",
            "qemu+libssh2://user@host/system?known_hosts=/home/user/.ssh/known_hosts",
            "qemu+libssh://user@host/system?sshauth=privkey,agent&known_hosts_verify=auto",
            "xen+ext:///?command=ssh-wrapper",
            "xen://server/?no_verify=1",
            "xen://towada/",
            "qemu://example.com/system?pkipath=/tmp/pki/client",
            "qemu://host/system?tls_priority=NORMAL:-VERS-SSL3.0",
            "test+tcp://localhost:5000/default",
            "qemu+tcp://[::1]:16509/system",
            "qemu://[fe80::21c:c0ff:fe00:1%25eth0]/system",
            "remote+tls://host/?name=qemu:///system",
            "test:///default",
            "test:///path/to/driver/config.xml",
            "lxc:///system",
            "bhyve:///system",
            "vbox:///session",
            "vz:///system",
            "ch:///system",
            "openvz:///system",
            "vmwareplayer:///session",
            "vmwarews:///session",
            "esx://example-vcenter.com/?no_verify=1",
            "vpx://example-vcenter.com/dc1/cluster1/example-esx.com",
            "vpx://user%40domain@example-vcenter.com/folder1/folder%202/dc1/srv1",
            "hyperv://Administrator@example.com/?transport=https",
            "qemu+ssh://host/system?a=b&A=c&unknown=x%26y",
        ] {
            let uri = uri(text);
            let again = Uri::try_from(uri.parts().clone()).unwrap();
            assert_eq!(again.parts(), uri.parts(), "{text}");
            assert_eq!(uri.to_string(), text);
            // What is encoded in another way names the same.
            assert_eq!(
                again.to_string().parse::<Uri>().unwrap().parts(),
                uri.parts()
            );
        }
    }

    #[test]
    fn a_parameter_is_set_in_its_place_and_removed() {
        let mut parts = uri("qemu+ssh://h/system?Mode=auto&x=1").parts().clone();
        parts.set_parameter("mode", Some("legacy"));
        parts.set_parameter("socket", Some("/a&b"));
        assert_eq!(
            parts.to_string(),
            "qemu+ssh://h/system?Mode=legacy&x=1&socket=/a%26b"
        );
        parts.set_parameter("MODE", None);
        assert_eq!(parts.parameter("mode"), None);
    }

    #[test]
    fn a_switch_is_a_number() {
        let uri = uri("qemu://h/system?no_verify=1&no_tty=0&no_sanity=yes");
        assert!(uri.switch("no_verify").unwrap());
        assert!(!uri.switch("no_tty").unwrap());
        assert!(!uri.switch("other").unwrap());
        assert_eq!(uri.switch("no_sanity").unwrap_err().kind, ErrorKind::BadUri);
    }

    fn any_parts() -> impl Strategy<Value = UriParts> {
        let host = prop_oneof![
            "[a-zA-Z0-9.-]{1,20}",
            "[^:\\[\\]\\p{C}]{1,10}",
            Just("fe80::1%eth0".to_owned()),
            "[0-9a-f]{1,4}::[0-9a-f]{1,4}",
        ];
        let text = || "\\PC{1,12}";
        (
            ("[a-z]{1,8}", prop::option::of("(ssh|tls|tcp|ext|libssh2)")),
            prop::option::of(text()),
            prop::option::of((host, prop::option::of(1_u16..))),
            prop_oneof![Just(String::new()), "/\\PC{0,20}"],
            prop::collection::vec((text(), "\\PC{0,12}"), 0..4),
            prop::option::of("\\PC{0,8}"),
        )
            .prop_map(
                |((driver, transport), user, address, path, parameters, fragment)| {
                    let (host, port) = address.unzip();
                    let port = port.flatten();
                    UriParts {
                        driver,
                        transport,
                        user,
                        host,
                        port,
                        path,
                        parameters,
                        fragment,
                    }
                },
            )
    }

    #[test]
    fn the_daemon_is_asked_for_what_is_not_the_clients() {
        for (text, name) in [
            (
                "qemu+unix:///system?socket=/x&mode=direct",
                "qemu:///system",
            ),
            ("qemu+ssh://me@host/session?keyfile=a", "qemu:///session"),
            ("test:///default", "test:///default"),
            ("test:///etc/a%20b.xml", "test:///etc/a%20b.xml"),
            (
                "esx+tcp://h/?no_verify=1&vcenter=a%26b%3Dc",
                "esx:///?vcenter=a%26b%3Dc",
            ),
            (
                "vpx://me@h:444/dc/cluster/host?no_verify=1",
                "vpx://me@h:444/dc/cluster/host?no_verify=1",
            ),
            ("remote+unix:///", ""),
            ("remote://h/?name=xen:///system", "xen:///system"),
        ] {
            assert_eq!(uri(text).driver_uri(), name, "{text}");
        }
    }

    #[test]
    fn what_is_no_uri_says_why() {
        for text in [
            "",
            "qemu",
            "qemu:/system",
            "://system",
            "qe mu:///system",
            "qemu+:///system",
            "qemu+unix://host/system",
            "qemu://[fe80::1/system",
            "qemu://[fe80::1]x/system",
            "qemu://fe80::1/system",
            "qemu://host:99999/system",
            "qemu://host:one/system",
            "qemu://:22/system",
            "qemu:///%ff",
        ] {
            let error = text.parse::<Uri>().unwrap_err();
            assert_eq!(error.kind, ErrorKind::BadUri, "{text}");
        }
    }

    proptest! {
        #[test]
        fn parameters_survive_the_way_to_the_daemon(
            values in prop::collection::vec(("[a-z]{1,8}x", "\\PC{0,12}"), 0..4)
        ) {
            let query: Vec<String> = values
                .iter()
                .map(|(name, value)| {
                    let value = percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC);
                    format!("{name}={value}")
                })
                .collect();
            let text = format!("qemu:///system?{}", query.join("&"));
            let again = uri(&uri(&text).driver_uri());
            prop_assert_eq!(&again.parts().parameters, &values);
        }

        #[test]
        fn parts_survive_being_written_and_read(parts in any_parts()) {
            let written = Uri::try_from(parts.clone()).unwrap();
            prop_assert_eq!(written.parts(), &parts);
            let read = written.to_string().parse::<Uri>().unwrap();
            prop_assert_eq!(read.parts(), &parts);
        }

        #[test]
        fn any_text_is_refused_or_prints_as_it_was(text in "[a-z+:/@?&=%\\[\\]0-9]{0,40}") {
            if let Ok(uri) = text.parse::<Uri>() {
                prop_assert_eq!(uri.to_string(), text);
                let again = Uri::try_from(uri.parts().clone()).unwrap();
                let again: Uri = again.to_string().parse().unwrap();
                prop_assert_eq!(again.parts(), uri.parts());
            }
        }
    }
}
