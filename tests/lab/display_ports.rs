//! Ports that nobody else of the tests has: for the screens of one daemon's guests, and for any other server.
//!
//! libvirt looks for a free port and QEMU takes it a moment later: of two daemons that look in the same place, one guest
//! does not start. So it is with each server that is told a port which was free when the test looked.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    ops::Range,
    sync::{Mutex, PoisonError},
};

/// Ports for each daemon; the last is kept taken, so that nobody else has the others.
const EACH: u16 = 20;

/// Above 5900, as libvirt wants, and below what the kernel gives to whoever asks for any port.
const ALL: Range<u16> = 10_000..32_000;

/// Some ports that no other daemon of the tests uses, as long as this lives.
#[derive(Debug)]
pub(crate) struct DisplayPorts {
    first: u16,
    _keeper: TcpListener,
}

impl DisplayPorts {
    /// Finds such ports.
    ///
    /// # Errors
    /// When all are taken.
    pub(crate) fn claim() -> io::Result<Self> {
        ALL.step_by(EACH.into())
            .find_map(|first| {
                let keeper = TcpListener::bind((Ipv4Addr::LOCALHOST, first + EACH - 1)).ok()?;
                Some(Self {
                    first,
                    _keeper: keeper,
                })
            })
            .ok_or_else(|| io::Error::other("all ports for screens are taken"))
    }

    /// Gives the lines of `qemu.conf` that keep a daemon to them.
    pub(crate) fn settings(&self) -> String {
        let (first, last) = (self.first, self.first + EACH - 2);
        format!("remote_display_port_min = {first}\nremote_display_port_max = {last}\n")
    }
}

/// This process's own blocks of ports, and how many of each were given away.
static OWN: Mutex<Vec<(DisplayPorts, u16)>> = Mutex::new(Vec::new());

/// Gives a port of the loopback address, above 10000, that nobody listens at and that no other test gets: none of this
/// process, and none of another for as long as this process lives.
///
/// # Errors
/// When all are taken.
pub fn own_port() -> io::Result<u16> {
    let mut own = OWN.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if let Some((ports, given)) = own.last_mut() {
            while *given < EACH - 1 {
                let port = ports.first + *given;
                *given += 1;
                if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
                    return Ok(port);
                }
            }
        }
        own.push((DisplayPorts::claim()?, 0));
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::HashSet,
        net::{Ipv4Addr, TcpListener},
    };

    use super::{EACH, own_port};

    #[test]
    fn each_port_is_given_once_and_none_that_is_taken() {
        let ports: Vec<u16> = (0..2 * EACH).map(|_| own_port().expect("a port")).collect();
        let once: HashSet<u16> = ports.iter().copied().collect();
        assert_eq!(once.len(), ports.len());
        let next = ports.last().expect("a port") + 1;
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, next));
        let after = own_port().expect("a port");
        assert!(taken.is_err() || after != next, "{after} is taken");
    }
}
