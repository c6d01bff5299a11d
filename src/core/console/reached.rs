//! By which ways a screen may be reached, and by which one it was: words for settings, pages and statistics.
//!
//! What leads where is [`super::place`]'s.

use super::place::Place;
use crate::transport::ssh::Far;

/// Which ways to the screens of a host over ssh are tried. Other hosts have one way only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ScreenWay {
    /// Through the login first, and past it where that fails.
    #[default]
    Auto,
    /// Through the login only: nothing but ssh crosses the network.
    Tunnel,
    /// Past the login only: for hosts that forward nothing, and for those who want ssh's work spared.
    Direct,
}

/// The way on which a screen is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScreenRoute {
    /// libvirt hands over a descriptor, with all questions waived.
    Descriptor,
    /// A socket of this machine.
    Socket {
        /// Its path.
        path: String,
    },
    /// A port that this machine reaches itself.
    Port {
        /// The name or address.
        host: String,
        /// The port.
        port: u16,
    },
    /// Through the login on the screen's host.
    Tunnel {
        /// The port there, as that host calls it, or a socket's path.
        place: String,
    },
}

impl From<&Place> for ScreenRoute {
    fn from(place: &Place) -> Self {
        match place {
            Place::Port(host, port) => Self::Port {
                host: host.clone(),
                port: *port,
            },
            Place::Socket(path) => Self::Socket { path: path.clone() },
            Place::Tunnel(Far::Tcp { host, port }) => Self::Tunnel {
                place: format!("{host}:{port}"),
            },
            Place::Tunnel(Far::Unix(path)) => Self::Tunnel {
                place: path.clone(),
            },
        }
    }
}
