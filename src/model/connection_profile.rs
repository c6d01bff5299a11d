//! What a user says of a connection: its address, how it is named, marked and grouped, and how it is used.
//!
//! Plain data, which dialogs fill and [`super::Connection`] shows as properties. Nothing secret stands in it.

use gtk::glib;
use innkeeper_core::{ScreenWay, Uri};
use serde::{Deserialize, Serialize};

use super::host_name;

/// What a user says of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Where it leads.
    pub uri: Uri,
    /// The user's own name for it; empty where the one made from the address is good enough.
    pub name: String,
    /// The mark by which it is found again.
    pub colour: ConnectionColour,
    /// The group that it belongs to; empty for none.
    pub site: String,
    /// Whether it connects when the program starts.
    pub autoconnect: bool,
    /// Whether nothing may be changed over it.
    pub read_only: bool,
    /// Which ways to its guests' screens are tried, where it leads over ssh.
    pub screen_way: ScreenWay,
}

impl Profile {
    /// Describes a connection of which only the address is known.
    pub fn new(uri: Uri) -> Self {
        Self {
            uri,
            name: String::new(),
            colour: ConnectionColour::None,
            site: String::new(),
            autoconnect: false,
            read_only: false,
            screen_way: ScreenWay::default(),
        }
    }

    /// Gives the name by which users know it: their own, else one made from the address.
    pub fn label(&self) -> String {
        match self.name.trim() {
            "" => host_name::label(&self.uri),
            name => name.to_owned(),
        }
    }

    /// Gives the name that a certificate of the host, or of one of its screens, is trusted for.
    pub fn certificate_host(&self) -> &str {
        self.uri.host().unwrap_or("localhost")
    }

    /// Takes the spaces around what was typed away, and a name that says no more than the address does.
    pub(super) fn trimmed(mut self) -> Self {
        self.name = self.name.trim().to_owned();
        if self.name == host_name::label(&self.uri) {
            self.name.clear();
        }
        self.site = self.site.trim().to_owned();
        self
    }
}

/// The mark of a connection: GNOME's named accent colours, or none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, glib::Enum)]
#[enum_type(name = "InnkeeperConnectionColour")]
pub enum ConnectionColour {
    /// No mark.
    #[default]
    None,
    /// Blue.
    Blue,
    /// Teal.
    Teal,
    /// Green.
    Green,
    /// Yellow.
    Yellow,
    /// Orange.
    Orange,
    /// Red.
    Red,
    /// Pink.
    Pink,
    /// Purple.
    Purple,
    /// Slate.
    Slate,
}

impl ConnectionColour {
    /// All of them, in the order of a palette; none first.
    pub const ALL: [Self; 10] = [
        Self::None,
        Self::Blue,
        Self::Teal,
        Self::Green,
        Self::Yellow,
        Self::Orange,
        Self::Red,
        Self::Pink,
        Self::Purple,
        Self::Slate,
    ];

    /// Names it in files and style classes; empty for none.
    pub fn id(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Blue => "blue",
            Self::Teal => "teal",
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Orange => "orange",
            Self::Red => "red",
            Self::Pink => "pink",
            Self::Purple => "purple",
            Self::Slate => "slate",
        }
    }

    /// Finds it by its name in files; one that this version does not know is none.
    pub fn from_id(id: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|colour| colour.id() == id)
            .unwrap_or_default()
    }
}

/// Who shows a certificate: a daemon and its guests' screens have different ones, and different people may have their keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Service {
    /// The host's libvirt.
    Daemon,
    /// The screens of its guests.
    Screen,
    /// One that another version knows, by its name in the file; empty for what the first versions wrote.
    Other(String),
}

impl Default for Service {
    /// What stands in a file that says nothing of it.
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl Service {
    fn is_unsaid(&self) -> bool {
        matches!(self, Self::Other(name) if name.is_empty())
    }
}

impl From<String> for Service {
    fn from(name: String) -> Self {
        match name.as_str() {
            "daemon" => Self::Daemon,
            "screen" => Self::Screen,
            _ => Self::Other(name),
        }
    }
}

impl From<Service> for String {
    fn from(service: Service) -> Self {
        match service {
            Service::Daemon => "daemon".to_owned(),
            Service::Screen => "screen".to_owned(),
            Service::Other(name) => name,
        }
    }
}

/// A certificate that the user trusts for a host's service although the chain or the name does not vouch for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// Who may show it.
    #[serde(default, skip_serializing_if = "Service::is_unsaid")]
    pub service: Service,
    /// The host's name or address as the URI has it.
    pub host: String,
    /// The certificate's SHA-256 fingerprint, in hexadecimal digits.
    pub sha256: String,
}

impl Pin {
    /// Says of a pin of the first versions, which was good for the daemon and the screens, for which of them it was given: a
    /// daemon shows a certificate over TLS only. Where either may have been meant, it stays good for both.
    pub(super) fn with_service(self, uri: &Uri) -> Vec<Self> {
        if !self.service.is_unsaid() {
            return vec![self];
        }
        let services: &[Service] = match (uri.transport(), uri.host()) {
            (Some("unix" | "ssh" | "libssh" | "libssh2" | "tcp" | "ext"), _) | (None, None) => {
                &[Service::Screen]
            }
            // Of a host whose way is not named, too: TLS is libvirt's own choice.
            _ => &[Service::Daemon, Service::Screen],
        };
        let of = |service: &Service| Self {
            service: service.clone(),
            ..self.clone()
        };
        services.iter().map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_pins_stay_good_for_what_they_may_have_been_given_for() {
        let pin = |service| Pin {
            service,
            host: "h1".to_owned(),
            sha256: "00ff".to_owned(),
        };
        let old = pin(Service::default());
        let both = [pin(Service::Daemon), pin(Service::Screen)];
        let over = |uri: &str, pin: &Pin| {
            let uri = uri.parse().expect("a good URI");
            pin.clone().with_service(&uri)
        };
        for uri in ["qemu+tls://h1/system", "qemu://h1/system"] {
            assert_eq!(over(uri, &old), both);
        }
        // Only a screen can have shown it.
        for uri in [
            "qemu:///system",
            "qemu+ssh://h1/system",
            "qemu+tcp://h1/system",
        ] {
            assert_eq!(over(uri, &old), both[1..]);
        }
        let newer = pin(Service::Other("migration".to_owned()));
        for pin in both.into_iter().chain([newer]) {
            assert_eq!(over("qemu+tls://h1/system", &pin), [pin]);
        }
    }

    #[test]
    fn colours_are_found_by_their_names() {
        for colour in ConnectionColour::ALL {
            assert_eq!(ConnectionColour::from_id(colour.id()), colour);
        }
        let unknown = ConnectionColour::from_id("ultraviolet");
        assert_eq!(unknown, ConnectionColour::None);
    }

    #[test]
    fn the_users_name_goes_before_the_address() {
        let uri = "qemu+ssh://far.example/system".parse().expect("a good URI");
        let mut profile = Profile::new(uri);
        assert_eq!(profile.label(), "far.example (QEMU/KVM)");
        profile.name = "  Backup ".to_owned();
        assert_eq!(profile.label(), "Backup");
        assert_eq!(profile.clone().trimmed().name, "Backup");
        profile.name = "far.example (QEMU/KVM)".to_owned();
        assert_eq!(profile.trimmed().name, "");
    }
}
