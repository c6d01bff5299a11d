//! How a connection behaves, with the values that fit libvirt's daemons.

use std::time::Duration;

/// Windows, deadlines and limits of a connection.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// How many quick calls may be in flight (256: a thousand calls over 40 ms take 0.2 s).
    pub quick_window: usize,
    /// How many slow calls may be in flight (3: a daemon that has five requests in progress stops reading).
    pub slow_window: usize,
    /// When reads are given up (30 s).
    pub read_deadline: Duration,
    /// Whether we ask the daemon if it is alive.
    pub keepalive: Keepalive,
    /// How many bytes of events may wait before the socket is not read any more (32 MiB). None is ever dropped.
    pub event_window: u32,
    /// How many bytes of each stream may wait before the socket is not read any more (4 MiB).
    pub stream_window: u32,
    /// Whether small packets share a write (yes). Not so over TLS, and never under SASL's layer: libvirtd 11.3 can leave
    /// what came in one record with another packet in its buffer until something else comes.
    pub gather: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            quick_window: 256,
            slow_window: 3,
            read_deadline: Duration::from_secs(30),
            keepalive: Keepalive::Auto,
            event_window: 32 << 20,
            stream_window: 4 << 20,
            gather: true,
        }
    }
}

impl Options {
    /// Replaces the keepalive.
    #[must_use]
    pub fn with_keepalive(mut self, keepalive: Keepalive) -> Self {
        self.keepalive = keepalive;
        self
    }

    /// Says whether small packets may share a write.
    #[must_use]
    pub fn with_gathering(mut self, gather: bool) -> Self {
        self.gather = gather;
        self
    }

    /// Replaces the deadline of reads.
    #[must_use]
    pub fn with_read_deadline(mut self, deadline: Duration) -> Self {
        self.read_deadline = deadline;
        self
    }

    /// Replaces the two windows, in calls.
    #[must_use]
    pub fn with_windows(mut self, quick: usize, slow: usize) -> Self {
        (self.quick_window, self.slow_window) = (quick, slow);
        self
    }

    /// Replaces the limits on waiting events and on each stream's waiting data, in bytes.
    #[must_use]
    pub fn with_backlog(mut self, events: u32, stream: u32) -> Self {
        (self.event_window, self.stream_window) = (events, stream);
        self
    }
}

/// Our own pings. The daemon is never asked to ping us: it would cut a link that is merely busy after 30 s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keepalive {
    /// Off on a local socket; elsewhere every 5 s, dead after six unanswered pings.
    Auto,
    /// Never.
    Off,
    /// After `interval` without an answer from the daemon; dead after `misses` pings and one more interval without a
    /// byte, or with nothing but a few events: then our direction is dead.
    Every {
        /// The time between two looks.
        interval: Duration,
        /// How many pings may stay unanswered.
        misses: u32,
    },
}

impl Keepalive {
    /// Gives interval and misses, or `None` when there are no pings.
    pub(super) fn pings(self, local: bool) -> Option<(Duration, u32)> {
        match self {
            Self::Auto if local => None,
            Self::Auto => Some((Duration::from_secs(5), 6)),
            Self::Off => None,
            Self::Every { interval, misses } => Some((interval, misses)),
        }
    }
}
