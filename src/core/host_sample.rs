//! Figures of a host itself at one tick.

/// What one tick says about the host's own CPUs and memory.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HostSample {
    /// Share of all CPUs' time that was used since the last tick, 0.0 to 1.0; `None` for the first tick, and where the
    /// hypervisor does not tell.
    pub cpu: Option<f32>,
    /// Memory that something needs, in KiB: what is neither free nor a cache that gives way.
    pub memory_used_kib: Option<u64>,
    /// All memory, in KiB.
    pub memory_kib: Option<u64>,
}
