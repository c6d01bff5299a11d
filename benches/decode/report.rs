//! The table: nanoseconds of a processor for a pixel, and how many times ours the others need.

use std::time::Duration;

use crate::{
    client::Client,
    content::{Content, Wire},
};

/// What others must need, as multiples of our session's time, on desktop content.
const TARGETS: [(&str, Option<Wire>, f64); 4] = [
    ("vnc-rs", Some(Wire::Zrle), 6.0),
    ("vnc-rs", Some(Wire::Tight), 4.0),
    ("gvnc", None, 3.0),
    ("tigervnc", None, 1.0),
];

pub(crate) fn head(clients: &[Client], rounds: usize) {
    println!(
        "processor time, ns a pixel (and as multiples of the session's), median of {rounds} rounds"
    );
    print!("{:<18}{:>9}{:>8}", "content", "KiB", "Mpx");
    for client in clients {
        print!("{:>17}", client.name);
    }
    println!();
}

pub(crate) fn row(content: &Content, clients: &[Client], times: &[Option<Duration>]) {
    print!(
        "{:<18}{:>9}{:>8.1}",
        content.name,
        content.bytes.len() >> 10,
        content.pixels as f64 / 1e6
    );
    let ours = times.first().copied().flatten();
    for time in times {
        match time {
            None => print!("{:>17}", "–"),
            Some(time) => {
                let each = time.as_nanos() as f64 / content.pixels as f64;
                let factor = time.as_secs_f64() / ours.unwrap_or_default().as_secs_f64();
                print!("{:>17}", format!("{each:.2} ({factor:.2})"));
            }
        }
    }
    for missed in missed(content, clients, times) {
        print!("  {missed}");
    }
    println!();
}

/// Names the targets that were not reached.
fn missed(content: &Content, clients: &[Client], times: &[Option<Duration>]) -> Vec<String> {
    let time = |name: &str| {
        let at = clients.iter().position(|client| client.name == name)?;
        times.get(at).copied().flatten()
    };
    let mut missed = Vec::new();
    for (peer, wire, target) in TARGETS {
        if let (Some(ours), Some(theirs)) = (time("session"), time(peer))
            && content.is_desktop()
            && wire.is_none_or(|wire| wire == content.wire)
            && theirs.as_secs_f64() < ours.as_secs_f64() * target
        {
            missed.push(format!("MISSED {target} × {peer}"));
        }
    }
    missed
}

pub(crate) fn foot() {
    println!(
        "session: the whole of ours; painted: what changes is copied for a painter as well, 60 times a second; decoder: the engine alone."
    );
}
