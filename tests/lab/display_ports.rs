//! Ports for the screens of one daemon's guests.
//!
//! libvirt looks for a free port and QEMU takes it a moment later: of two daemons that look in the same place, one guest
//! does not start.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    ops::Range,
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
