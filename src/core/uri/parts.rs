//! A connection URI taken apart and put together: the grammar, without the meaning.
//!
//! Taking apart decodes, putting together encodes; between them nothing is lost. What the parts mean is in
//! [`super`], what a daemon is asked to open in [`super::name`].

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The parts of `driver[+transport]://[user@][host][:port]/[path][?parameters][#fragment]`, decoded.
///
/// Turns into a [`super::Uri`] by `try_from`, which says what does not fit together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct UriParts {
    /// The hypervisor's driver in lower case: `qemu`, `test`, `xen`.
    pub driver: String,
    /// The transport that the scheme names, in lower case.
    pub transport: Option<String>,
    /// The user on the other host.
    pub user: Option<String>,
    /// The host's name or address, without brackets; `None` for this machine.
    pub host: Option<String>,
    /// The port; `None` for the transport's own.
    pub port: Option<u16>,
    /// The path with its leading slash, such as `/system`; may be empty.
    pub path: String,
    /// The parameters in their order, as name and value.
    pub parameters: Vec<(String, String)>,
    /// What stands behind `#`, which libvirt passes on.
    pub fragment: Option<String>,
}

/// What reads as itself everywhere: RFC 3986's unreserved characters.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What is encoded in a query; libvirt encodes alike (`virBufferURIEncodeString`), but for the slash.
const IN_QUERY: &AsciiSet = &UNRESERVED.remove(b'/');

/// What is encoded in a path: all but RFC 3986's `pchar` and the slash.
const IN_PATH: &AsciiSet = &IN_QUERY
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

impl UriParts {
    /// Takes a URI apart; the error says which part cannot be read.
    pub(super) fn read(text: &str) -> Result<Self, &'static str> {
        let (scheme, rest) = text.split_once("://").ok_or("no “://”")?;
        let (driver, transport) = match scheme.split_once('+') {
            Some((driver, transport)) => (driver, Some(transport.to_ascii_lowercase())),
            None => (scheme, None),
        };
        let (rest, fragment) = split_off(rest, '#');
        let (rest, query) = split_off(rest, '?');
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let (user, address) = match authority.rsplit_once('@') {
            Some((user, address)) => (Some(user), address),
            None => (None, authority),
        };
        let (host, port) = address_of(address)?;
        Ok(Self {
            driver: driver.to_ascii_lowercase(),
            transport,
            user: user
                .filter(|user| !user.is_empty())
                .map(decode)
                .transpose()?,
            host,
            port,
            path: decode(path)?,
            parameters: parameters_of(query.unwrap_or_default())?,
            fragment: fragment.map(decode).transpose()?,
        })
    }

    /// Says what does not fit together.
    pub(super) fn check(&self) -> Result<(), &'static str> {
        let is_name = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_name(&self.driver) || self.transport.as_deref().is_some_and(|t| !is_name(t)) {
            return Err("the part before “://” is not a driver");
        }
        if self.host.is_some() && self.transport.as_deref() == Some("unix") {
            return Err("a unix socket has no host");
        }
        if self.host.is_none() && self.port.is_some() {
            return Err("a port needs a host");
        }
        // An address in brackets cannot be encoded: what it may hold is known (RFC 6874).
        let in_address = |b: u8| b.is_ascii_alphanumeric() || b":.%-_~".contains(&b);
        if self
            .host
            .as_deref()
            .is_some_and(|host| host.contains(':') && !host.bytes().all(in_address))
        {
            return Err("the host is no IPv6 address");
        }
        if !self.path.is_empty() && !self.path.starts_with('/') {
            return Err("the path does not start with a slash");
        }
        Ok(())
    }

    /// The first value of a parameter; names are compared without case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Sets a parameter in its place, adds it at the end, or with `None` removes it, under every spelling.
    pub fn set_parameter(&mut self, name: &str, value: Option<&str>) {
        let is_it = |(key, _): &(String, String)| key.eq_ignore_ascii_case(name);
        let Some(value) = value else {
            return self.parameters.retain(|pair| !is_it(pair));
        };
        match self.parameters.iter_mut().find(|pair| is_it(pair)) {
            Some((_, present)) => value.clone_into(present),
            None => self.parameters.push((name.to_owned(), value.to_owned())),
        }
    }

    fn write_authority(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(user) = &self.user {
            write!(f, "{}@", utf8_percent_encode(user, UNRESERVED))?;
        }
        match &self.host {
            // A zone's percent sign is written as RFC 6874 says.
            Some(host) if host.contains(':') => write!(f, "[{}]", host.replace('%', "%25"))?,
            Some(host) => write!(f, "{}", utf8_percent_encode(host, UNRESERVED))?,
            None => {}
        }
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for UriParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.driver)?;
        if let Some(transport) = &self.transport {
            write!(f, "+{transport}")?;
        }
        f.write_str("://")?;
        self.write_authority(f)?;
        write!(f, "{}", utf8_percent_encode(&self.path, IN_PATH))?;
        for (index, (name, value)) in self.parameters.iter().enumerate() {
            f.write_str(if index == 0 { "?" } else { "&" })?;
            let encode = |text| utf8_percent_encode(text, IN_QUERY);
            write!(f, "{}={}", encode(name), encode(value))?;
        }
        match &self.fragment {
            Some(fragment) => write!(f, "#{}", utf8_percent_encode(fragment, IN_PATH)),
            None => Ok(()),
        }
    }
}

fn split_off(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.split_once(mark) {
        Some((before, behind)) => (before, Some(behind)),
        None => (text, None),
    }
}

/// Reads `host`, `host:port`, `[v6]`, `[v6]:port` or nothing.
fn address_of(address: &str) -> Result<(Option<String>, Option<u16>), &'static str> {
    let (host, port) = if let Some(rest) = address.strip_prefix('[') {
        let (host, behind) = rest
            .split_once(']')
            .ok_or("the host’s brackets do not match")?;
        let port = match behind.strip_prefix(':') {
            Some(port) => port,
            None if behind.is_empty() => "",
            None => return Err("something stands between the host and the path"),
        };
        (bracketed(host), port)
    } else {
        let (host, port) = address.split_once(':').unwrap_or((address, ""));
        if port.contains(':') {
            return Err("an IPv6 address stands in brackets");
        }
        (decode(host)?, port)
    };
    let port = match port {
        "" => None,
        digits => Some(digits.parse::<u16>().map_err(|_| "the port is no number")?),
    };
    // libvirt takes port 0 for none.
    Ok((
        Some(host).filter(|host| !host.is_empty()),
        port.filter(|port| *port != 0),
    ))
}

/// Reads an address in brackets; its zone may stand behind `%25` (RFC 6874) or behind a plain `%`.
fn bracketed(host: &str) -> String {
    host.replacen("%25", "%", 1)
}

fn parameters_of(query: &str) -> Result<Vec<(String, String)>, &'static str> {
    query
        .split(['&', ';'])
        .filter(|pair| !pair.is_empty() && !pair.starts_with('='))
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}

fn decode(text: &str) -> Result<String, &'static str> {
    percent_decode_str(text)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| "it decodes to what is not UTF-8")
}
