//! What the daemon's dispatcher took, from its log: a line for each call that reached it, whatever the transport.
//!
//! libvirt, `src/rpc/virnetserverprogram.c`: `prog=… ver=… type=… status=… serial=… proc=…` at its debug level.

use std::{collections::BTreeMap, fs, path::PathBuf};

/// libvirt's remote protocol.
const PROGRAM: &str = "prog=536903814 ";

/// A call, not a reply or a stream's packet.
const CALL: &str = " type=0 ";

/// Reads the log of one daemon.
pub(super) struct Told(PathBuf);

/// How often each procedure was called.
#[derive(Debug, Default)]
pub(super) struct Counts(BTreeMap<u32, u64>);

impl Told {
    pub(super) fn at(path: PathBuf) -> Self {
        Self(path)
    }

    pub(super) fn count(&self) -> Counts {
        let text = fs::read_to_string(&self.0).expect("the daemon's log");
        let mut counts = BTreeMap::new();
        let calls = text
            .lines()
            .filter(|line| line.contains("virNetServerProgramDispatch:"))
            .filter(|line| line.contains(PROGRAM) && line.contains(CALL));
        for line in calls {
            let number = line.rsplit("proc=").next();
            if let Some(number) = number.and_then(|number| number.trim().parse().ok()) {
                *counts.entry(number).or_default() += 1;
            }
        }
        assert!(!counts.is_empty(), "the log tells of no call");
        Counts(counts)
    }
}

impl Counts {
    pub(super) fn of(&self, procedure: u32) -> u64 {
        self.0.get(&procedure).copied().unwrap_or(0)
    }

    pub(super) fn since(mut self, before: &Self) -> Self {
        for (procedure, count) in &mut self.0 {
            *count -= before.of(*procedure);
        }
        self
    }
}
