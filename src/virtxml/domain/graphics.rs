//! A view of `<graphics>`: which protocol a screen speaks and where it listens.

use super::attributes::attributes;
use crate::Element;

/// A screen.
#[derive(Clone, Copy, Debug)]
pub struct Graphics<'a> {
    element: &'a Element,
}

attributes!(Graphics {
    /// `vnc`, `spice`, `rdp`, `sdl`, `dbus`, `egl-headless`.
    kind => [] "type";
    /// Text of the port's attribute; `-1` asks for an automatic one.
    port_text => [] "port";
    /// Until when its password is good, such as `2030-01-31T12:00:00`, by the clock of the world (UTC).
    password_end => [] "passwdValidTo";
    /// The number of the `<audio>` whose sound it carries, where it names one.
    audio => ["audio"] "id";
});

/// Where a screen can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// An address and a port.
    Address {
        /// A name or address; empty means the hypervisor's default.
        address: String,
        /// The port.
        port: u16,
    },
    /// A unix socket.
    Socket(String),
    /// Nowhere but through libvirt's descriptor.
    Nowhere,
}

impl Graphics<'_> {
    /// Whether a password is set. Only XML that was asked for with its secrets says so.
    pub fn has_password(&self) -> bool {
        self.element.attribute("passwd").is_some()
    }

    /// The password, where XML that was asked for with its secrets has one that lets somebody in.
    pub fn password(&self) -> Option<String> {
        let password = self.element.attribute("passwd")?;
        (!password.is_empty()).then(|| password.into_owned())
    }

    /// The address that it is told to listen at, whether or not it has a port yet; empty where the hypervisor's own
    /// settings decide. `None` where it listens at no address.
    pub fn address(&self) -> Option<String> {
        let listen = self.element.first("listen");
        let kind = listen.and_then(|listen| listen.attribute_at(&[], "type"));
        match kind.as_deref() {
            Some("none" | "socket") => None,
            _ if self.element.attribute("socket").is_some() => None,
            _ => Some(address_of(self.element, listen)),
        }
    }

    /// The port, once there is one.
    pub fn port(&self) -> Option<u16> {
        self.port_text()?.parse().ok().filter(|port| *port != 0)
    }

    /// Where it listens now; an address without a port yet is `Nowhere`.
    pub fn listen(&self) -> Listen {
        let listen = self.element.first("listen");
        let kind = listen.and_then(|listen| listen.attribute_at(&[], "type"));
        let socket = match kind.as_deref() {
            Some("none") => return Listen::Nowhere,
            Some("socket") => listen.and_then(|listen| listen.attribute_at(&[], "socket")),
            _ => self.element.attribute_at(&[], "socket"),
        };
        if let Some(path) = socket {
            return Listen::Socket(path);
        }
        match self.port() {
            Some(port) => Listen::Address {
                address: address_of(self.element, listen),
                port,
            },
            None => Listen::Nowhere,
        }
    }

    /// Where it is told to listen, in words, for people: an address with its port, a path, or nothing.
    pub fn listen_text(&self) -> Option<String> {
        match self.listen() {
            Listen::Socket(path) => Some(path),
            Listen::Address { address, .. } => Some(address).filter(|text| !text.is_empty()),
            Listen::Nowhere => Some(address_of(self.element, self.element.first("listen")))
                .filter(|text| !text.is_empty()),
        }
    }
}

fn address_of(graphics: &Element, listen: Option<&Element>) -> String {
    listen
        .and_then(|listen| listen.attribute_at(&[], "address"))
        .or_else(|| graphics.attribute_at(&[], "listen"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;

    fn listen(text: &str) -> Listen {
        let document = Document::parse(text).unwrap();
        Graphics::of(document.root()).listen()
    }

    #[test]
    fn every_way_of_listening_is_told_apart() {
        let at = |address: &str, port| Listen::Address {
            address: address.to_owned(),
            port,
        };
        assert_eq!(
            listen("<graphics type='vnc' port='5901' listen='::1'/>"),
            at("::1", 5901)
        );
        assert_eq!(
            listen(
                "<graphics type='vnc' port='5901' listen='127.0.0.1'><listen type='address' address='10.0.0.1'/></graphics>"
            ),
            at("10.0.0.1", 5901)
        );
        assert_eq!(
            listen("<graphics type='vnc' port='-1' autoport='yes'/>"),
            Listen::Nowhere
        );
        assert_eq!(
            listen("<graphics type='vnc'><listen type='socket' socket='/run/a'/></graphics>"),
            Listen::Socket("/run/a".into())
        );
        assert_eq!(
            listen("<graphics type='vnc' socket='/run/b'/>"),
            Listen::Socket("/run/b".into())
        );
        assert_eq!(
            listen("<graphics type='spice'><listen type='none'/></graphics>"),
            Listen::Nowhere
        );
        assert_eq!(listen("<graphics type='vnc' port='5900'/>"), at("", 5900));
    }
}
