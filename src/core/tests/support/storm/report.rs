//! What a run came to, and whether that is in order.

use std::{fmt, time::Duration};

use super::{Kind, Storms, load::Done, told::Counts};

/// Names of acts with the numbers of their procedures (libvirt: `src/remote/remote_protocol.x`).
const PROCEDURES: [(&str, u32); 4] = [
    ("run", 196),
    ("force off", 12),
    ("pause", 34),
    ("resume", 28),
];

/// Figures of a run.
#[derive(Debug)]
pub(crate) struct Report {
    kind: Kind,
    seconds: f64,
    rounds: u32,
    cuts: u32,
    freezes: u32,
    links: u64,
    slowest_return: Duration,
    done: Done,
    /// For each act: sent, answered, and seen by the daemon.
    acts: Vec<(&'static str, u64, u64, u64)>,
}

impl Report {
    pub(super) fn of(kind: Kind, storms: &Storms<'_>, done: Done, seen: &Counts) -> Self {
        let acts = PROCEDURES.map(|(name, number)| {
            let (sent, answered) = done.acts.get(name).copied().unwrap_or_default();
            (name, sent, answered, seen.of(number))
        });
        Self {
            kind,
            seconds: storms.begun.elapsed().as_secs_f64(),
            rounds: storms.rounds,
            cuts: storms.cuts,
            freezes: storms.freezes,
            links: storms.links,
            slowest_return: storms.slowest_return,
            done,
            acts: acts.to_vec(),
        }
    }

    /// Checks what must hold over the whole run: no act reached the daemon twice, none that was answered was not seen
    /// there, and no call stalled.
    pub(super) fn judge(&self, patience: Duration) {
        println!("{self}");
        for (name, sent, answered, seen) in &self.acts {
            let in_order = answered <= seen && seen <= sent;
            assert!(
                in_order,
                "{name}: {answered} answered, {seen} seen, {sent} sent"
            );
        }
        assert!(
            self.acts.iter().any(|(_, _, answered, _)| *answered > 0),
            "{self}"
        );
        assert!(self.done.reads > 0 && self.done.others > 0, "{self}");
        assert!(self.links > 0, "nothing was disturbed: {self}");
        assert!(self.done.slowest < patience, "a call stalled: {self}");
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = &self.done;
        write!(
            f,
            "{:?}: {:.0} s, {} rounds, {} cuts, {} freezes, {} new links, back within {:.1} s; \
             reads {} ok, {} lost; slowest call {:.1} s; {} doings of another client; acts sent/answered/seen:",
            self.kind,
            self.seconds,
            self.rounds,
            self.cuts,
            self.freezes,
            self.links,
            self.slowest_return.as_secs_f64(),
            done.reads,
            done.reads_failed,
            done.slowest.as_secs_f64(),
            done.others,
        )?;
        for (name, sent, answered, seen) in &self.acts {
            write!(f, " {name} {sent}/{answered}/{seen}")?;
        }
        Ok(())
    }
}
