//! From where a screen can be reached, by where it listens and how the host is reached. Pure: nothing here connects.

use std::net::IpAddr;

use virtxml::domain::graphics::Listen;

use crate::transport::ssh::Far;

/// How the host of a screen is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side<'a> {
    /// It is this machine.
    Here,
    /// Over ssh, to a host that may have this name for us, too.
    Ssh(&'a str),
    /// Over the network, at this name; `None` where a program of the user's knows it.
    Network(Option<&'a str>),
}

/// A place to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A port that this machine reaches itself.
    Port(String, u16),
    /// A socket of this machine.
    Socket(String),
    /// A place as the other host sees it, over the login there.
    Tunnel(Far),
}

impl Place {
    /// Whether the screen listens at a TCP port there.
    pub(super) fn is_port(&self) -> bool {
        matches!(self, Self::Port(..) | Self::Tunnel(Far::Tcp { .. }))
    }
}

/// The places at which a screen may be found, best first.
///
/// # Errors
/// Why it can be found nowhere, in words.
pub(super) fn places(listen: Listen, side: Side<'_>) -> Result<Vec<Place>, String> {
    match (listen, side) {
        (Listen::Nowhere, Side::Here) => {
            Err("the screen listens nowhere, and libvirt hands over no descriptor".to_owned())
        }
        (Listen::Nowhere, _) => {
            Err("the screen listens nowhere: it can be shown on its own host only".to_owned())
        }
        (Listen::Socket(path), Side::Here) => Ok(vec![Place::Socket(path)]),
        (Listen::Socket(path), Side::Ssh(_)) => Ok(vec![Place::Tunnel(Far::Unix(path))]),
        (Listen::Socket(path), Side::Network(_)) => Err(format!(
            "the screen listens at {path} on its host, which only that host and ssh reach"
        )),
        (Listen::Address { address, port }, side) => at_address(&address, port, side),
    }
}

fn at_address(address: &str, port: u16, side: Side<'_>) -> Result<Vec<Place>, String> {
    let scope = Scope::of(address);
    match side {
        Side::Here => Ok(vec![Place::Port(scope.seen_inside(address), port)]),
        Side::Ssh(name) => {
            let host = scope.seen_inside(address);
            let tunnel = Place::Tunnel(Far::Tcp { host, port });
            let direct = scope.seen_outside(address, Some(name));
            let direct = direct.map(|host| Place::Port(host, port));
            Ok([tunnel].into_iter().chain(direct).collect())
        }
        Side::Network(name) => match scope.seen_outside(address, name) {
            Some(host) => Ok(vec![Place::Port(host, port)]),
            None if scope == Scope::Host => Err(format!(
                "the screen listens at {address} port {port} of its host only; over ssh it could be reached"
            )),
            None => Err("the name of the screen's host is not known".to_owned()),
        },
    }
}

/// Who reaches what listens at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// Whoever reaches its host.
    Everybody,
    /// Its host alone.
    Host,
    /// Whoever reaches the address.
    Named,
}

impl Scope {
    fn of(address: &str) -> Self {
        if address.is_empty() {
            return Self::Everybody;
        }
        if address.eq_ignore_ascii_case("localhost") {
            return Self::Host;
        }
        match address.parse::<IpAddr>() {
            Ok(ip) if ip.is_unspecified() => Self::Everybody,
            Ok(ip) if ip.is_loopback() => Self::Host,
            _ => Self::Named,
        }
    }

    /// The address by which the host itself reaches it.
    fn seen_inside(self, address: &str) -> String {
        match (self, address) {
            (Self::Everybody, "::") => "::1".to_owned(),
            (Self::Everybody, _) => "127.0.0.1".to_owned(),
            (Self::Host | Self::Named, other) => other.to_owned(),
        }
    }

    /// The name or address by which others reach it.
    fn seen_outside(self, address: &str, name: Option<&str>) -> Option<String> {
        match self {
            Self::Everybody => name.map(str::to_owned),
            Self::Host => None,
            Self::Named => Some(address.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str, side: Side<'_>) -> Result<Vec<Place>, String> {
        let address = address.to_owned();
        places(
            Listen::Address {
                address,
                port: 5_900,
            },
            side,
        )
    }

    fn port(host: &str) -> Place {
        Place::Port(host.to_owned(), 5_900)
    }

    fn tunnel(host: &str) -> Place {
        let host = host.to_owned();
        Place::Tunnel(Far::Tcp { host, port: 5_900 })
    }

    #[test]
    fn everywhere_is_here() {
        for (address, host) in [
            ("", "127.0.0.1"),
            ("0.0.0.0", "127.0.0.1"),
            ("::", "::1"),
            ("localhost", "localhost"),
            ("192.0.2.7", "192.0.2.7"),
        ] {
            assert_eq!(at(address, Side::Here), Ok(vec![port(host)]), "{address}");
        }
    }

    #[test]
    fn over_ssh_the_tunnel_comes_first() {
        let side = Side::Ssh("host");
        assert_eq!(at("127.0.0.1", side), Ok(vec![tunnel("127.0.0.1")]));
        assert_eq!(at("::1", side), Ok(vec![tunnel("::1")]));
        assert_eq!(
            at("0.0.0.0", side),
            Ok(vec![tunnel("127.0.0.1"), port("host")])
        );
        assert_eq!(at("::", side), Ok(vec![tunnel("::1"), port("host")]));
        assert_eq!(
            at("192.0.2.7", side),
            Ok(vec![tunnel("192.0.2.7"), port("192.0.2.7")])
        );
        let socket = places(Listen::Socket("/s".to_owned()), side);
        assert_eq!(socket, Ok(vec![Place::Tunnel(Far::Unix("/s".to_owned()))]));
        assert!(places(Listen::Nowhere, side).is_err());
    }

    #[test]
    fn over_the_network_only_what_listens_there_is_reached() {
        let side = Side::Network(Some("host"));
        assert_eq!(at("0.0.0.0", side), Ok(vec![port("host")]));
        assert_eq!(at("192.0.2.7", side), Ok(vec![port("192.0.2.7")]));
        assert!(at("127.0.0.1", side).unwrap_err().contains("127.0.0.1"));
        assert!(at("0.0.0.0", Side::Network(None)).is_err());
        assert!(
            places(Listen::Socket("/s".to_owned()), side)
                .unwrap_err()
                .contains("/s")
        );
        assert!(places(Listen::Nowhere, side).is_err());
    }
}
