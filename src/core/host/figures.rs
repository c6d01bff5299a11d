//! Bulk statistics: asked once a tick for the domains that are looked at, turned into shares of CPU time.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use uuid::Uuid;
use virt_rpc::{
    Connection, Error as RpcError, TypedParam,
    procedure::{ConnectGetAllDomainStats, types},
    typed_param::find,
};

use crate::Sample;

/// `VIR_DOMAIN_STATS_STATE | CPU_TOTAL | BALLOON | VCPU`.
const GROUPS: u32 = 1 | 2 | 4 | 8;

/// `VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT`: a guest that is busy gives what it can, and holds nobody up.
const NOWAIT: u32 = 1 << 29;

/// Asks for the figures of these domains.
pub(crate) async fn ask(
    connection: &Connection,
    doms: Vec<types::Domain>,
    nowait: bool,
) -> Result<Vec<types::DomainStatsRecord>, RpcError> {
    let call = ConnectGetAllDomainStats {
        doms,
        stats: GROUPS,
        flags: if nowait { NOWAIT } else { 0 },
    };
    Ok(connection.call(call).await?.ret_stats)
}

/// What the tick before said, so that this one can say how much was used since.
#[derive(Default)]
pub(crate) struct Figures {
    before: HashMap<Uuid, Used>,
}

#[derive(Clone, Copy)]
struct Used {
    at: Instant,
    cpu_time: Duration,
}

impl Figures {
    /// Turns the answers of one tick into samples. Domains that are not among them are forgotten.
    pub(crate) fn take(
        &mut self,
        records: &[types::DomainStatsRecord],
        at: Instant,
        host_cpus: u32,
    ) -> Vec<(Uuid, Sample)> {
        let before = std::mem::take(&mut self.before);
        let mut samples = Vec::with_capacity(records.len());
        for record in records {
            let uuid = record.dom.uuid;
            let number = |name| find(&record.params, name)?.as_u64();
            let mut sample = Sample {
                memory_kib: number("balloon.current"),
                memory_max_kib: number("balloon.maximum"),
                ..Sample::default()
            };
            if let Some(nanoseconds) = number("cpu.time") {
                let cpu_time = Duration::from_nanos(nanoseconds);
                let used = Used { at, cpu_time };
                if let Some(share) = before.get(&uuid).and_then(|before| used.since(*before)) {
                    sample.host_cpu = share_of(share, host_cpus);
                    sample.guest_cpu = share_of(share, vcpus(&record.params));
                }
                self.before.insert(uuid, used);
            }
            samples.push((uuid, sample));
        }
        samples
    }
}

impl Used {
    /// CPUs' worth of time used since then: 1.0 is one CPU all the time. `None` after a restart, when the counter
    /// begins anew.
    fn since(self, before: Self) -> Option<f64> {
        let used = self.cpu_time.checked_sub(before.cpu_time)?;
        let passed = self.at.checked_duration_since(before.at)?;
        (!passed.is_zero()).then(|| used.as_secs_f64() / passed.as_secs_f64())
    }
}

/// The share of so many CPUs, as virt-manager shows it: never above the whole.
fn share_of(cpus_used: f64, cpus: u32) -> Option<f32> {
    (cpus > 0).then(|| (cpus_used / f64::from(cpus)).clamp(0.0, 1.0) as f32)
}

fn vcpus(params: &[TypedParam]) -> u32 {
    let number = |name| find(params, name)?.as_u64();
    let count = number("vcpu.current").or_else(|| number("vcpu.maximum"));
    count.and_then(|count| count.try_into().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(cpu_time: u64, vcpus: u32) -> types::DomainStatsRecord {
        types::DomainStatsRecord {
            dom: types::Domain {
                name: "guest".to_owned(),
                uuid: Uuid::from_u128(1),
                id: 1,
            },
            params: vec![
                TypedParam::new("cpu.time", cpu_time),
                TypedParam::new("vcpu.current", vcpus),
                TypedParam::new("balloon.current", 1_024_u64),
                TypedParam::new("balloon.maximum", 2_048_u64),
            ],
        }
    }

    #[test]
    fn shares_need_two_ticks() {
        let mut figures = Figures::default();
        let start = Instant::now();
        let first = figures.take(&[record(5_000_000_000, 2)], start, 8)[0].1;
        assert_eq!((first.guest_cpu, first.host_cpu), (None, None));
        assert_eq!(
            (first.memory_kib, first.memory_max_kib),
            (Some(1_024), Some(2_048))
        );
        let later = start + Duration::from_secs(2);
        let second = figures.take(&[record(7_000_000_000, 2)], later, 8)[0].1;
        assert_eq!(
            (second.guest_cpu, second.host_cpu),
            (Some(0.5), Some(0.125))
        );
    }

    #[test]
    fn a_restarted_guest_begins_anew() {
        let mut figures = Figures::default();
        let start = Instant::now();
        figures.take(&[record(5_000_000_000, 1)], start, 1);
        let later = start + Duration::from_secs(1);
        assert_eq!(
            figures.take(&[record(1_000, 1)], later, 1)[0].1.guest_cpu,
            None
        );
    }

    #[test]
    fn more_than_everything_is_everything() {
        let mut figures = Figures::default();
        let start = Instant::now();
        figures.take(&[record(0, 1)], start, 1);
        let later = start + Duration::from_secs(1);
        let sample = figures.take(&[record(9_000_000_000, 1)], later, 0)[0].1;
        assert_eq!((sample.guest_cpu, sample.host_cpu), (Some(1.0), None));
    }

    #[test]
    fn a_domain_that_was_not_asked_is_forgotten() {
        let mut figures = Figures::default();
        let start = Instant::now();
        figures.take(&[record(0, 1)], start, 1);
        figures.take(&[], start + Duration::from_secs(1), 1);
        let later = start + Duration::from_secs(2);
        assert_eq!(
            figures.take(&[record(1_000, 1)], later, 1)[0].1.guest_cpu,
            None
        );
    }
}
