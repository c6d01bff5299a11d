//! What changed on a host since one last looked: the one way in which news leaves this crate.

use std::sync::Arc;

use uuid::Uuid;

use crate::{Domain, HostSample, HostState, LinkInfo, LogLine, Sample};

/// A batch of news of one host, merged: however much happened, each domain stands in it once.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The connection's new state.
    pub state: Option<HostState>,
    /// What was learnt about the host itself.
    pub facts: Option<HostFacts>,
    /// Domains that came, changed or went.
    pub domains: Vec<DomainChange>,
    /// Fresh figures of the domains that are looked at, at most one a domain.
    pub samples: Vec<(Uuid, Sample)>,
    /// Fresh figures of the host itself, while it is looked at.
    pub host_sample: Option<HostSample>,
    /// The link that came up, or that it is gone.
    pub link: Option<Option<Arc<LinkInfo>>>,
    /// What happened to the connection since.
    pub log: Vec<LogLine>,
}

/// What happened to one domain of the inventory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DomainChange {
    /// It was not listed before.
    Added(Domain),
    /// Something of it differs.
    Changed(Domain),
    /// The host has it no more.
    Removed(Uuid),
}

/// What is known of the host behind a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostFacts {
    /// The host's own name.
    pub hostname: String,
    /// The hypervisor's type as libvirt names it, such as `QEMU`.
    pub hypervisor: String,
    /// The hypervisor's version, major × 1,000,000 + minor × 1,000 + release.
    pub hypervisor_version: u64,
    /// The daemon's libvirt version, counted alike.
    pub libvirt_version: u64,
    /// Logical CPUs.
    pub cpus: u32,
    /// NUMA nodes.
    pub nodes: u32,
    /// CPU sockets of a node.
    pub sockets: u32,
    /// Cores of a socket.
    pub cores: u32,
    /// Threads of a core.
    pub threads: u32,
    /// The CPUs' clock in MHz; 0 where it is not known.
    pub mhz: u32,
    /// Memory in KiB.
    pub memory_kib: u64,
    /// The CPU architecture, such as `x86_64`.
    pub architecture: String,
}

impl Changes {
    /// Says whether the batch holds nothing.
    pub fn is_empty(&self) -> bool {
        self.state.is_none()
            && self.facts.is_none()
            && self.domains.is_empty()
            && self.samples.is_empty()
            && self.host_sample.is_none()
            && self.link.is_none()
            && self.log.is_empty()
    }
}
