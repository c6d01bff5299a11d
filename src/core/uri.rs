//! libvirt's connection URIs: read, printed, and asked what they name.
//!
//! Grammar and parameters: libvirt's docs/uri.rst. Nothing here opens anything.

use std::{fmt, str::FromStr};

use percent_encoding::percent_decode_str;

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
    pub fn driver_uri(&self) -> String {
        let mut name = format!("{}://{}", self.driver, self.path);
        let kept = self.parameters.iter().filter(|(key, _)| !is_consumed(key));
        for (index, (key, value)) in kept.enumerate() {
            name.push(if index == 0 { '?' } else { '&' });
            name.push_str(key);
            name.push('=');
            name.push_str(value);
        }
        name
    }
}

/// The parameters that libvirt's client keeps for itself (src/remote/remote_driver.c).
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
        let host = host_of(address).ok_or_else(|| bad("the host’s brackets do not match"))?;
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
fn host_of(address: &str) -> Option<Option<String>> {
    let host = if let Some(rest) = address.strip_prefix('[') {
        rest.split_once(']')?.0
    } else {
        address.split_once(':').map_or(address, |(host, _)| host)
    };
    Some((!host.is_empty()).then(|| decode(host)))
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

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
