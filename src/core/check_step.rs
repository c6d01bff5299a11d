//! The steps by which a connection is made and tested, and what each came to.

use crate::{Error, LinkWarning, Transport};

/// A step on the way to a host, in the order in which they are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CheckStep {
    /// The address makes sense.
    Address,
    /// The host's name has an address.
    Resolve,
    /// Something listens at the host's port.
    Port,
    /// ssh lets us in.
    SshLogin,
    /// The daemon's socket on the other host is found.
    FarSocket,
    /// Both sides trust each other's certificate.
    Tls,
    /// The daemon's socket on this machine, or the program that is the transport, is there.
    Socket,
    /// The daemon answers and knows who we are.
    Authentication,
    /// The daemon has a driver for the hypervisor.
    Driver,
    /// The daemon says what it is.
    Daemon,
}

impl CheckStep {
    /// The steps of a transport, in their order.
    pub fn of(transport: Transport) -> Vec<Self> {
        let way: &[Self] = match transport {
            Transport::Unix | Transport::Ext => &[Self::Socket],
            // Which name and which port only ssh knows: its configuration may say others, or a way around.
            Transport::Ssh => &[Self::SshLogin, Self::FarSocket],
            Transport::Tls => &[Self::Resolve, Self::Port, Self::Tls],
            Transport::Tcp => &[Self::Resolve, Self::Port],
        };
        let behind = [Self::Authentication, Self::Driver, Self::Daemon];
        let mut steps = vec![Self::Address];
        steps.extend_from_slice(way);
        steps.extend(behind);
        steps
    }
}

/// What a step came to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It is being taken.
    Running,
    /// It succeeded.
    Passed {
        /// A fact that came out of it: an address, a cipher, a version. May be empty.
        detail: String,
    },
    /// It succeeded, and a person should know something about it.
    Warned {
        /// What.
        warnings: Vec<LinkWarning>,
        /// As with [`Outcome::Passed`].
        detail: String,
    },
    /// It failed, and those behind it are skipped.
    Failed(Error),
    /// It was not taken, because one before it failed.
    Skipped,
}
