//! What went over a host's connection: for benchmarks, tests and the debug log.

/// Counts of the present connection, from its beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Calls sent.
    pub calls: u64,
    /// Events that came.
    pub events: u64,
    /// Bytes that came.
    pub bytes_in: u64,
    /// Bytes sent.
    pub bytes_out: u64,
}

impl From<virt_rpc::Stats> for Traffic {
    fn from(stats: virt_rpc::Stats) -> Self {
        Self {
            calls: stats.calls,
            events: stats.events,
            bytes_in: stats.bytes_in,
            bytes_out: stats.bytes_out,
        }
    }
}
