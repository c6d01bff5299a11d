//! What a SASL exchange needs to know beforehand: whom it talks to, how strong it must be, who is expected to log in.

use super::cyrus::Properties;

/// How strong an exchange must be, by what protects the link already. These are libvirt's rules
/// (`virNetSASLSessionSecProps` in its `remote_driver.c`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// TLS, ssh or a local socket protects the link: any mechanism will do, and none adds a layer.
    Protected,
    /// Nothing protects the link: the mechanism must encrypt it with at least 56 bits, hide the password and ask who we
    /// are.
    Bare,
}

/// The least strength on a bare link, in bits (libvirt's `tcp_min_ssf`).
const BARE_MIN_SSF: u32 = 56;
/// Any strength, in bits (libvirt's own number).
const SSF_MAX: u32 = 100_000;
/// The largest packet of a layer, in bytes (libvirt's own number).
pub(super) const PACKET_MAX: u32 = 1 << 16;

impl Policy {
    /// Gives the least strength that the layer must have, in bits.
    pub fn min_ssf(self) -> u32 {
        match self {
            Self::Protected => 0,
            Self::Bare => BARE_MIN_SSF,
        }
    }

    pub(super) fn properties(self) -> Properties {
        let bare = self == Self::Bare;
        Properties {
            ssf: (self.min_ssf(), if bare { SSF_MAX } else { 0 }),
            buffer: PACKET_MAX,
            secret_and_named: bare,
        }
    }
}

/// What protects the link outside of SASL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct External {
    /// The strength of it, in bits of the key.
    pub ssf: u32,
    /// Who it says we are, for the mechanism EXTERNAL; without it that mechanism is not used.
    pub identity: Option<String>,
}

/// What a SASL exchange needs to know beforehand.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Setup {
    /// The service: `libvirt`, or `vnc` for QEMU's screens.
    pub service: String,
    /// The host as the user named it. Kerberos' principal is made of it.
    pub host: String,
    /// How strong the exchange must be.
    pub policy: Policy,
    /// What protects the link outside of SASL, if known.
    pub external: Option<External>,
    /// The one mechanism to use, in any case (`auth=sasl.MECH`).
    pub mechanism: Option<String>,
    /// The name to suggest, or to use where only a password is known.
    pub user: Option<String>,
    /// The realm to choose where the server has several.
    pub realm: Option<String>,
    /// What is connected to, as the user knows it: for questions.
    pub target: String,
    /// Why the attempt before this one failed: for questions.
    pub previous_failure: Option<String>,
}

impl Setup {
    /// Describes an exchange with `service` on `host`.
    pub fn new(service: impl Into<String>, host: impl Into<String>, policy: Policy) -> Self {
        let host = host.into();
        Self {
            service: service.into(),
            target: host.clone(),
            host,
            policy,
            external: None,
            mechanism: None,
            user: None,
            realm: None,
            previous_failure: None,
        }
    }
}
