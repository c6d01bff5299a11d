//! Figures of one domain at one tick.

/// What one tick of bulk statistics says about a domain.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    /// Share of its virtual CPUs' time that it used since the last tick, 0.0 to 1.0; `None` for the first tick.
    pub guest_cpu: Option<f32>,
    /// Share of the host's CPU time, 0.0 to 1.0; `None` for the first tick.
    pub host_cpu: Option<f32>,
    /// Memory that it has now, in KiB (the balloon's current value).
    pub memory_kib: Option<u64>,
    /// Memory that it may have at most, in KiB.
    pub memory_max_kib: Option<u64>,
}
