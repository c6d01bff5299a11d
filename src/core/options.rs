//! How long a host waits for each thing, and which way it takes to a screen.

use std::time::Duration;

/// How a host behaves. The defaults suit people; tests shorten the times.
#[derive(Clone, Debug)]
pub struct Options {
    /// The longest wait for a socket to take the connection.
    pub reach: Duration,
    /// The longest wait for the user's own daemon to be started and answer.
    pub start_daemon: Duration,
    /// The longest time that a person may take over a polkit dialog.
    pub authenticate: Duration,
    /// The longest wait for the hypervisor's driver to open.
    pub open: Duration,
    /// The longest wait for the whole list.
    pub list: Duration,
    /// The longest wait for a single read, the daemon's first answer among them.
    pub read: Duration,
    /// The longest wait for a console's address to take the connection and to show its first picture's size.
    pub console: Duration,
    /// The waits before attempts to get a lost link back; the last one repeats. Each varies by a fifth at random.
    pub retries: Vec<Duration>,
    /// The waits before attempts to get a lost screen back; the last one repeats.
    pub console_retries: Vec<Duration>,
    /// Whether screens of this machine come through libvirt's descriptor. Otherwise, and where the hypervisor
    /// cannot do it, through the address that the domain's XML names.
    pub graphics_descriptor: bool,
}

impl Default for Options {
    fn default() -> Self {
        let milliseconds = |list: &[u64]| list.iter().copied().map(Duration::from_millis).collect();
        Self {
            reach: Duration::from_secs(10),
            start_daemon: Duration::from_secs(20),
            authenticate: Duration::from_mins(5),
            open: Duration::from_mins(1),
            list: Duration::from_mins(1),
            read: Duration::from_secs(20),
            console: Duration::from_secs(15),
            retries: milliseconds(&[250, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000]),
            console_retries: milliseconds(&[200, 500, 1_000, 2_000, 4_000, 8_000]),
            graphics_descriptor: true,
        }
    }
}
