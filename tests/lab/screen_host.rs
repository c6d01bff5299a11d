//! A host whose guests' screens are at ports of one's own: the test driver of a private libvirtd, whose guests run from
//! the start and are nothing but their definitions. Whatever serves a port is what a guest shows.

use std::{fmt::Write, fs, io};

use crate::Daemon;

/// The host; it ends with its value.
#[derive(Debug)]
pub struct ScreenHost {
    _daemon: Daemon,
    uri: String,
    count: usize,
}

impl ScreenHost {
    /// Makes guests that run, with their screens at these ports of 127.0.0.1.
    ///
    /// # Errors
    /// When there is no libvirtd.
    pub fn of(ports: &[u16]) -> io::Result<Self> {
        let daemon = Daemon::start()?;
        let mut xml = String::from("<node>");
        for (number, port) in ports.iter().enumerate() {
            let (name, uuid) = (Self::name(number), Self::uuid(number));
            let _ = write!(
                xml,
                "<domain type='test'><name>{name}</name><uuid>{uuid}</uuid><memory unit='MiB'>64</memory>\
                 <vcpu>1</vcpu><os><type arch='x86_64'>hvm</type></os><devices>\
                 <graphics type='vnc' port='{port}' listen='127.0.0.1'/></devices></domain>"
            );
        }
        let file = daemon.path().join("screens.xml");
        fs::write(&file, xml + "</node>")?;
        let (file, socket) = (file.display(), daemon.socket());
        let uri = format!("test+unix://{file}?socket={}", socket.display());
        Ok(Self {
            _daemon: daemon,
            uri,
            count: ports.len(),
        })
    }

    /// The name of a guest, by its port's number among the ports.
    pub fn name(number: usize) -> String {
        format!("screen-{number}")
    }

    /// The UUID of a guest.
    pub fn uuid(number: usize) -> String {
        format!("00000000-0000-4000-8000-{number:012x}")
    }

    /// How many guests there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The URI of the host.
    pub fn uri(&self) -> &str {
        &self.uri
    }
}
