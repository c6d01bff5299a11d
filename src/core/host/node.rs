//! The host's own CPUs and memory: asked once a tick while somebody looks at the host, and what it can do.
//!
//! libvirt wants to be told how many figures it has to give (`virNodeGetCPUStats`): the first tick asks for the
//! numbers, one round trip before the figures; all later ones take a single flight.

use virt_rpc::{
    Connection, Error as RpcError,
    procedure::{ConnectGetCapabilities, NodeGetCpuStats, NodeGetMemoryStats, types},
};

use super::Host;
use crate::{Capabilities, Error, ErrorKind, HostSample};

/// `VIR_NODE_CPU_STATS_ALL_CPUS`.
const ALL_CPUS: i32 = -1;
/// `VIR_NODE_MEMORY_STATS_ALL_CELLS`.
const ALL_CELLS: i32 = -1;

/// How many figures the host has to give; the same for as long as the daemon runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    cpu: i32,
    memory: i32,
}

/// What one tick brought.
pub(crate) struct Answer {
    counts: Counts,
    cpu: Vec<types::NodeCpuStat>,
    memory: Vec<types::NodeMemoryStat>,
}

/// Asks for the host's figures; the first time also for how many there are.
///
/// A driver that tells only of its CPUs, or only of its memory, gives what it can; an error means neither.
pub(crate) async fn ask(
    connection: &Connection,
    known: Option<Counts>,
) -> Result<Answer, RpcError> {
    let counts = match known {
        Some(counts) => counts,
        None => count(connection).await?,
    };
    let (cpu, memory) = tokio::join!(
        async {
            match counts.cpu {
                0 => Ok(Vec::new()),
                count => Ok(connection.call(cpu_call(count)).await?.params),
            }
        },
        async {
            match counts.memory {
                0 => Ok(Vec::new()),
                count => Ok(connection.call(memory_call(count)).await?.params),
            }
        },
    );
    Ok(Answer {
        counts,
        cpu: cpu?,
        memory: memory?,
    })
}

async fn count(connection: &Connection) -> Result<Counts, RpcError> {
    let (cpu, memory) = tokio::join!(
        connection.call(cpu_call(0)),
        connection.call(memory_call(0)),
    );
    match (cpu, memory) {
        (Err(error), Err(_)) => Err(error),
        (cpu, memory) => Ok(Counts {
            cpu: cpu.map_or(0, |ret| ret.nparams.max(0)),
            memory: memory.map_or(0, |ret| ret.nparams.max(0)),
        }),
    }
}

fn cpu_call(nparams: i32) -> NodeGetCpuStats {
    NodeGetCpuStats {
        cpu_num: ALL_CPUS,
        nparams,
        flags: 0,
    }
}

fn memory_call(nparams: i32) -> NodeGetMemoryStats {
    NodeGetMemoryStats {
        nparams,
        cell_num: ALL_CELLS,
        flags: 0,
    }
}

/// Where the readings of the host stand.
#[derive(Default)]
pub(crate) struct Node {
    pub(super) under_way: bool,
    /// The driver tells nothing of its host.
    pub(super) impossible: bool,
    pub(super) counts: Option<Counts>,
    before: Option<CpuTime>,
}

/// Time that all CPUs together have spent, in nanoseconds since the host started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CpuTime {
    busy: u64,
    all: u64,
}

impl Node {
    /// Turns an answer into a sample; shares of CPU time need the answer before it.
    pub(super) fn take(&mut self, answer: &Answer) -> HostSample {
        self.counts = Some(answer.counts);
        let value = |name: &str| {
            let mut found = answer.memory.iter().filter(|stat| stat.field == name);
            found.next().map(|stat| stat.value)
        };
        let total = value("total");
        let spare = ["free", "buffers", "cached"].map(|name| value(name).unwrap_or(0));
        let spare = spare
            .iter()
            .fold(0_u64, |sum, part| sum.saturating_add(*part));
        HostSample {
            cpu: self.cpu(&answer.cpu),
            memory_used_kib: total.map(|total| total.saturating_sub(spare)),
            memory_kib: total,
        }
    }

    fn cpu(&mut self, stats: &[types::NodeCpuStat]) -> Option<f32> {
        let value = |name: &str| {
            let mut found = stats.iter().filter(|stat| stat.field == name);
            found.next().map(|stat| stat.value)
        };
        // Some drivers give the share themselves, in hundredths.
        if let Some(percent) = value("utilization") {
            return Some((percent.min(100) as f32) / 100.0);
        }
        let now = CpuTime::read(value("idle")?, value)?;
        let before = self.before.replace(now)?;
        let all = now.all.checked_sub(before.all).filter(|all| *all > 0)?;
        let busy = now.busy.checked_sub(before.busy)?;
        Some((busy as f64 / all as f64).clamp(0.0, 1.0) as f32)
    }
}

impl CpuTime {
    fn read(idle: u64, value: impl Fn(&str) -> Option<u64>) -> Option<Self> {
        let sum = |names: &[&str]| {
            let known = names.iter().filter_map(|name| value(name));
            known.fold(0_u64, u64::saturating_add)
        };
        let busy = sum(&["kernel", "user", "intr"]);
        // Waiting for a disk keeps no CPU busy.
        let idle = idle.saturating_add(sum(&["iowait"]));
        Some(Self {
            busy,
            all: busy.checked_add(idle)?,
        })
    }
}

impl Host {
    /// Reads what the host can do.
    pub async fn capabilities(&self) -> Result<Capabilities, Error> {
        let link = self.link()?;
        let ret = link.main().call(ConnectGetCapabilities).await?;
        Capabilities::read(&ret.capabilities)
            .ok_or_else(|| Error::new(ErrorKind::Protocol, "no capabilities"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(cpu: &[(&str, u64)], memory: &[(&str, u64)]) -> Answer {
        Answer {
            counts: Counts { cpu: 4, memory: 4 },
            cpu: cpu
                .iter()
                .map(|(field, value)| types::NodeCpuStat {
                    field: (*field).to_owned(),
                    value: *value,
                })
                .collect(),
            memory: memory
                .iter()
                .map(|(field, value)| types::NodeMemoryStat {
                    field: (*field).to_owned(),
                    value: *value,
                })
                .collect(),
        }
    }

    #[test]
    fn shares_need_two_ticks_and_waiting_is_idle() {
        let mut node = Node::default();
        let cpu = |user, idle, iowait| {
            answer(
                &[
                    ("kernel", 10),
                    ("user", user),
                    ("idle", idle),
                    ("iowait", iowait),
                ],
                &[],
            )
        };
        assert_eq!(node.take(&cpu(10, 10, 10)).cpu, None);
        assert_eq!(node.take(&cpu(35, 60, 35)).cpu, Some(0.25));
        assert_eq!(node.take(&cpu(35, 60, 35)).cpu, None, "no time has passed");
        assert_eq!(
            node.take(&cpu(0, 0, 0)).cpu,
            None,
            "the host was started anew"
        );
    }

    #[test]
    fn a_share_that_is_given_is_taken() {
        let sample = Node::default().take(&answer(&[("utilization", 42)], &[]));
        assert_eq!(sample.cpu, Some(0.42));
        assert_eq!((sample.memory_kib, sample.memory_used_kib), (None, None));
    }

    #[test]
    fn caches_are_no_use_of_memory() {
        let memory = [("total", 100), ("free", 20), ("buffers", 5), ("cached", 30)];
        let sample = Node::default().take(&answer(&[], &memory));
        assert_eq!(
            (sample.memory_kib, sample.memory_used_kib),
            (Some(100), Some(45))
        );
        let odd = [("total", 10), ("free", u64::MAX), ("cached", u64::MAX)];
        let sample = Node::default().take(&answer(&[], &odd));
        assert_eq!(sample.memory_used_kib, Some(0));
    }
}
