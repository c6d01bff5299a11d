//! From where a screen can be reached, by where it listens and how the host is reached. Pure: nothing here connects.

use std::net::IpAddr;

use virtxml::domain::graphics::Listen;

use super::ScreenWay;
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

/// Why a screen can be found nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Nowhere {
    /// It listens only where its own host can reach it: at this address or path, or nowhere at all.
    Inside(Option<String>),
    /// Nobody knows by which name to call its host.
    Nameless,
    /// It listens nowhere, and libvirt, which is here, hands over no descriptor.
    Closed,
}

/// The places at which a screen may be found, best first.
pub(super) fn places(
    listen: Listen,
    side: Side<'_>,
    way: ScreenWay,
) -> Result<Vec<Place>, Nowhere> {
    let is_tunnel_barred = way == ScreenWay::Direct;
    match (listen, side) {
        (Listen::Nowhere, Side::Here) => Err(Nowhere::Closed),
        (Listen::Nowhere, _) => Err(Nowhere::Inside(None)),
        (Listen::Socket(path), Side::Here) => Ok(vec![Place::Socket(path)]),
        (Listen::Socket(path), Side::Ssh(_)) if !is_tunnel_barred => {
            Ok(vec![Place::Tunnel(Far::Unix(path))])
        }
        (Listen::Socket(path), _) => Err(Nowhere::Inside(Some(path))),
        (Listen::Address { address, port }, side) => at_address(&address, port, side, way),
    }
}

/// Says whether a screen that listens at this address can be reached at all. Where the address is empty, the
/// hypervisor's settings decide, and theirs is this host alone.
pub(super) fn is_reachable(address: &str, side: Side<'_>, way: ScreenWay) -> bool {
    const ANY_PORT: u16 = 5_900;
    let address = if address.is_empty() {
        "localhost"
    } else {
        address
    };
    at_address(address, ANY_PORT, side, way).is_ok()
}

fn at_address(
    address: &str,
    port: u16,
    side: Side<'_>,
    way: ScreenWay,
) -> Result<Vec<Place>, Nowhere> {
    let scope = Scope::of(address);
    let inside = || Nowhere::Inside(Some(address.to_owned()));
    match side {
        Side::Here => Ok(vec![Place::Port(scope.seen_inside(address), port)]),
        Side::Ssh(name) => {
            let host = scope.seen_inside(address);
            let tunnel = Place::Tunnel(Far::Tcp { host, port });
            let direct = scope.seen_outside(address, Some(name));
            let direct = direct.map(|host| Place::Port(host, port));
            let tunnel = Some(tunnel).filter(|_| way != ScreenWay::Direct);
            let direct = direct.filter(|_| way != ScreenWay::Tunnel);
            let all: Vec<_> = tunnel.into_iter().chain(direct).collect();
            if all.is_empty() {
                Err(inside())
            } else {
                Ok(all)
            }
        }
        Side::Network(name) => match scope.seen_outside(address, name) {
            Some(host) => Ok(vec![Place::Port(host, port)]),
            None if scope == Scope::Host => Err(inside()),
            None => Err(Nowhere::Nameless),
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

    fn by(address: &str, side: Side<'_>, way: ScreenWay) -> Result<Vec<Place>, Nowhere> {
        let address = address.to_owned();
        let listen = Listen::Address {
            address,
            port: 5_900,
        };
        places(listen, side, way)
    }

    fn at(address: &str, side: Side<'_>) -> Result<Vec<Place>, Nowhere> {
        by(address, side, ScreenWay::Auto)
    }

    fn at_socket(side: Side<'_>, way: ScreenWay) -> Result<Vec<Place>, Nowhere> {
        places(Listen::Socket("/s".to_owned()), side, way)
    }

    fn port(host: &str) -> Place {
        Place::Port(host.to_owned(), 5_900)
    }

    fn tunnel(host: &str) -> Place {
        let host = host.to_owned();
        Place::Tunnel(Far::Tcp { host, port: 5_900 })
    }

    fn inside(place: &str) -> Result<Vec<Place>, Nowhere> {
        Err(Nowhere::Inside(Some(place.to_owned())))
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
            for way in [ScreenWay::Auto, ScreenWay::Tunnel, ScreenWay::Direct] {
                let found = by(address, Side::Here, way);
                assert_eq!(found, Ok(vec![port(host)]), "{address}");
            }
        }
        let socket = Place::Socket("/s".to_owned());
        assert_eq!(at_socket(Side::Here, ScreenWay::Direct), Ok(vec![socket]));
        let nowhere = places(Listen::Nowhere, Side::Here, ScreenWay::Auto);
        assert_eq!(nowhere, Err(Nowhere::Closed));
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
        let far = Place::Tunnel(Far::Unix("/s".to_owned()));
        assert_eq!(at_socket(side, ScreenWay::Auto), Ok(vec![far]));
        let nowhere = places(Listen::Nowhere, side, ScreenWay::Auto);
        assert_eq!(nowhere, Err(Nowhere::Inside(None)));
    }

    #[test]
    fn over_ssh_the_user_may_bar_one_of_the_two() {
        let side = Side::Ssh("host");
        let tunnelled = |address| by(address, side, ScreenWay::Tunnel);
        assert_eq!(tunnelled("0.0.0.0"), Ok(vec![tunnel("127.0.0.1")]));
        assert_eq!(tunnelled("192.0.2.7"), Ok(vec![tunnel("192.0.2.7")]));
        let direct = |address| by(address, side, ScreenWay::Direct);
        assert_eq!(direct("0.0.0.0"), Ok(vec![port("host")]));
        assert_eq!(direct("192.0.2.7"), Ok(vec![port("192.0.2.7")]));
        assert_eq!(direct("127.0.0.1"), inside("127.0.0.1"));
        assert_eq!(at_socket(side, ScreenWay::Direct), inside("/s"));
    }

    #[test]
    fn over_the_network_only_what_listens_there_is_reached() {
        let side = Side::Network(Some("host"));
        for way in [ScreenWay::Auto, ScreenWay::Tunnel, ScreenWay::Direct] {
            assert_eq!(by("0.0.0.0", side, way), Ok(vec![port("host")]));
            assert_eq!(by("192.0.2.7", side, way), Ok(vec![port("192.0.2.7")]));
            assert_eq!(by("127.0.0.1", side, way), inside("127.0.0.1"));
            assert_eq!(at_socket(side, way), inside("/s"));
        }
        assert_eq!(at("0.0.0.0", Side::Network(None)), Err(Nowhere::Nameless));
        let nowhere = places(Listen::Nowhere, side, ScreenWay::Auto);
        assert_eq!(nowhere, Err(Nowhere::Inside(None)));
    }

    #[test]
    fn what_another_address_would_change_is_known() {
        let auto = ScreenWay::Auto;
        let network = Side::Network(Some("host"));
        assert!(is_reachable("0.0.0.0", network, auto));
        assert!(!is_reachable("127.0.0.1", network, auto));
        assert!(!is_reachable("", network, auto), "the default is the host");
        assert!(is_reachable("127.0.0.1", Side::Ssh("host"), auto));
        assert!(!is_reachable("::1", Side::Ssh("host"), ScreenWay::Direct));
    }
}
