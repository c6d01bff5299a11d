//! A private message bus that stands for the system's: whoever gets its address may own any name on it.

use std::io::{self, BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A running dbus-daemon; it ends when dropped.
#[derive(Debug)]
pub struct Bus {
    child: Child,
    address: String,
}

impl Bus {
    /// Starts a bus and waits until it listens.
    ///
    /// # Errors
    /// When dbus-daemon is missing or does not come up.
    pub fn start() -> io::Result<Self> {
        let mut child = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut address = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut address)?;
        }
        let address = address.trim().to_owned();
        if address.is_empty() {
            return Err(io::Error::other("dbus-daemon said no address"));
        }
        Ok(Self { child, address })
    }

    /// Where it listens, for `DBUS_SYSTEM_BUS_ADDRESS`.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
