//! The storms of `tests/cuts.rs` for as long as one likes, with the waits that people get, over each transport at once.
//!
//! `build-aux/dev cargo bench -p innkeeper-core --features daemon-tests --bench cuts [-- --minutes N] [--seed N] [--only tls]`
//!
//! A line of figures for each transport; it fails when something does not hold.

#[path = "../tests/support/mod.rs"]
mod support;

use std::{env, time::Duration};

use innkeeper_core::Options;
use support::storm::{Kind, Plan, weather};

#[tokio::main]
async fn main() {
    let (mut minutes, mut seed, mut only) = (10.0, 1, None);
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().expect("a value after the option");
        match argument.as_str() {
            "--minutes" => minutes = value().parse().expect("a number"),
            "--seed" => seed = value().parse().expect("a number"),
            "--only" => only = Some(value()),
            // cargo's own.
            "--bench" => {}
            other => panic!("unknown argument {other}"),
        }
    }
    let usual = Options::default();
    let plan = Plan {
        seed,
        duration: Duration::from_secs_f64(minutes * 60.0),
        ping: usual.ping,
        retries: usual.retries,
        // The longest freeze is half of it: longer than it takes to be noticed.
        storm: Duration::from_secs(30),
    };
    let is_wanted = |kind: &Kind| {
        let name = format!("{kind:?}").to_lowercase();
        only.as_ref().is_none_or(|only| *only == name)
    };
    let runs: Vec<_> = Kind::ALL
        .into_iter()
        .filter(is_wanted)
        .map(|kind| {
            let plan = plan.clone();
            tokio::spawn(async move { weather(kind, &plan).await })
        })
        .collect();
    let mut failed = false;
    for run in runs {
        // What did not hold has said so.
        failed |= run.await.is_err();
    }
    assert!(!failed, "something did not hold");
}
