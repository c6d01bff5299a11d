//! The name by which a daemon is asked to open a driver, and where that daemon is.
//!
//! Rules: libvirt's `src/remote/remote_driver.c` (`doRemoteOpen`) and `src/libvirt.c` (which drivers are part of its
//! client library). The grammar is in [`super::parts`].

use super::{Uri, UriParts};
use crate::{Error, ErrorKind, Transport};

/// Drivers that libvirt's client library itself has and that reach another host in their own way. We have no client
/// library: a daemon of this machine opens them.
const OWN_WAY: [&str; 4] = ["esx", "gsx", "vpx", "hyperv"];

/// Drivers of libvirt's client library that manage this machine; any daemon opens them.
const LIBRARY: [&str; 5] = ["test", "openvz", "vmwareplayer", "vmwarews", "vmwarefusion"];

impl Uri {
    /// Chooses the transport: the one that is named, TLS to a host, a socket on this machine.
    ///
    /// # Errors
    /// [`ErrorKind::BadUri`] when libvirt has no transport of that name.
    pub fn way(&self) -> Result<Transport, Error> {
        if self.is_through_local_daemon() {
            return Ok(Transport::Unix);
        }
        match self.transport() {
            None if self.host().is_some() => Ok(Transport::Tls),
            None | Some("unix") => Ok(Transport::Unix),
            Some("ssh" | "libssh" | "libssh2") => Ok(Transport::Ssh),
            Some("tls") => Ok(Transport::Tls),
            Some("tcp") => Ok(Transport::Tcp),
            Some("ext") => Ok(Transport::Ext),
            Some(other) => Err(Error::new(
                ErrorKind::BadUri,
                format!(
                    "{self}: “{other}” is no transport; there are unix, ssh, libssh, libssh2, tls, tcp and ext"
                ),
            )),
        }
    }

    /// Says whether a daemon of this machine is asked to reach the host in the driver's own way (ESX, vCenter, GSX,
    /// Hyper-V): libvirt's client library would do that itself.
    pub fn is_through_local_daemon(&self) -> bool {
        self.transport().is_none() && OWN_WAY.contains(&self.driver())
    }

    /// Says whether the driver is part of libvirt's client library rather than of a daemon; any daemon opens it.
    pub fn is_library_driver(&self) -> bool {
        OWN_WAY.contains(&self.driver()) || LIBRARY.contains(&self.driver())
    }

    /// The name that the daemon is asked to open: without transport, host and the parameters that a client consumes.
    ///
    /// The parameter `name` says it outright; the driver `remote` leaves the choice to the daemon; what the daemon is to
    /// reach in the driver's own way it is given whole.
    pub fn driver_uri(&self) -> String {
        if self.is_through_local_daemon() {
            return self.to_string();
        }
        if let Some(name) = self.parameter("name") {
            return name.to_owned();
        }
        if self.driver() == "remote" {
            return String::new();
        }
        let parts = self.parts();
        UriParts {
            driver: parts.driver.clone(),
            path: parts.path.clone(),
            parameters: parts
                .parameters
                .iter()
                .filter(|(name, _)| !is_consumed(name))
                .cloned()
                .collect(),
            fragment: parts.fragment.clone(),
            ..UriParts::default()
        }
        .to_string()
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
