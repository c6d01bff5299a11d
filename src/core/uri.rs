//! libvirt's connection URIs: read, printed, and asked what they name.
//!
//! Grammar and parameters: libvirt's `docs/uri.rst`. Nothing here opens anything.

use std::{fmt, str::FromStr};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::{Error, ErrorKind};

/// A connection URI, `driver[+transport]://[user@][host][:port]/[path][?parameters]`.
///
/// Prints as it was read; unknown parameters pass on unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Uri {
    text: String,
    driver: String,
    transport: Option<String>,
    host: Option<String>,
    path: String,
    parameters: Vec<(String, String)>,
}

impl Uri {
    /// The hypervisor's driver: `qemu`, `test`, `xen`.
    pub fn driver(&self) -> &str {
        &self.driver
    }

    /// The transport that the scheme names, in lower case.
    pub fn transport(&self) -> Option<&str> {
        self.transport.as_deref()
    }

    /// The host's name or address without brackets; `None` for this machine.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// The path with its leading slash: `/system`, `/session`, `/default`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The first value of a parameter; names are compared without case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Says whether the URI names the user's own instance rather than the system's.
    pub fn is_session(&self) -> bool {
        self.path == "/session"
    }

    /// Says whether a socket of this machine leads there.
    pub fn is_local(&self) -> bool {
        self.host.is_none() && matches!(self.transport(), None | Some("unix"))
    }

    /// The name that the daemon is asked to open: without transport, host and the parameters that a client consumes.
    ///
    /// The parameter `name` says it outright; the driver `remote` leaves the choice to the daemon.
    pub fn driver_uri(&self) -> String {
        if let Some(name) = self.parameter("name") {
            return name.to_owned();
        }
        if self.driver == "remote" {
            return String::new();
        }
        let mut name = format!("{}://{}", self.driver, self.path);
        let kept = self.parameters.iter().filter(|(key, _)| !is_consumed(key));
        for (index, (key, value)) in kept.enumerate() {
            name.push(if index == 0 { '?' } else { '&' });
            name.extend([encode(key), "=".to_owned(), encode(value)]);
        }
        name
    }
}

/// The parameters that libvirt's client keeps for itself (`src/remote/remote_driver.c`).
fn is_consumed(name: &str) -> bool {
    const CONSUMED: [&str; 17] = [
        "name",
        "command",
        "socket",
        "auth",
        "sshauth",
        "netcat",
        "keyfile",
        "pkipath",
        "known_hosts",
        "known_hosts_verify",
        "tls_priority",
        "mode",
        "proxy",
        "no_sanity",
        "no_verify",
        "no_tty",
        "authfile",
    ];
    CONSUMED
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

impl FromStr for Uri {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let bad = |why: &str| Error::new(ErrorKind::BadUri, format!("{text}: {why}"));
        let (scheme, rest) = text.split_once("://").ok_or_else(|| bad("no “://”"))?;
        let (driver, transport) = match scheme.split_once('+') {
            Some((driver, transport)) => (driver, Some(transport.to_ascii_lowercase())),
            None => (scheme, None),
        };
        let is_name = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_name(driver) || transport.as_deref().is_some_and(|t| !is_name(t)) {
            return Err(bad("the part before “://” is not a driver"));
        }
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let address = authority.rsplit_once('@').map_or(authority, |(_, a)| a);
        let host = host_of(address).map_err(bad)?;
        if host.is_some() && transport.as_deref() == Some("unix") {
            return Err(bad("a unix socket has no host"));
        }
        Ok(Self {
            text: text.to_owned(),
            driver: driver.to_ascii_lowercase(),
            transport,
            host,
            path: path.to_owned(),
            parameters: parameters_of(query),
        })
    }
}

/// Takes the host out of `host:port`, `[v6]:port` or nothing.
fn host_of(address: &str) -> Result<Option<String>, &'static str> {
    let host = match address.strip_prefix('[') {
        Some(rest) => {
            let inside = rest.split_once(']');
            inside.ok_or("the host’s brackets do not match")?.0
        }
        None => address.split_once(':').map_or(address, |(host, _)| host),
    };
    Ok((!host.is_empty()).then(|| decode(host)))
}

fn parameters_of(query: &str) -> Vec<(String, String)> {
    query
        .split(['&', ';'])
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// Everything but the characters that mean nothing in a URI's query; libvirt encodes alike (`virBufferURIEncodeString`).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
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
                "esx://h/?no_verify=1&vcenter=a%26b%3Dc",
                "esx:///?vcenter=a%26b%3Dc",
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
                .map(|(name, value)| format!("{name}={}", encode(value)))
                .collect();
            let text = format!("qemu:///system?{}", query.join("&"));
            let again = uri(&uri(&text).driver_uri());
            prop_assert_eq!(again.parameters, values);
        }

        #[test]
        fn any_text_is_refused_or_prints_as_it_was(text in "[a-z+:/@?&=%\\[\\]0-9]{0,40}") {
            if let Ok(uri) = text.parse::<Uri>() {
                prop_assert_eq!(uri.to_string(), text);
            }
        }
    }
}
