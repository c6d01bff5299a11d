//! The figures as a table, and what was to be reached.

use std::time::Duration;

use crate::tap::Press;

/// What our share may be over that of the floor, in milliseconds.
const TO_REACH: f64 = 4.0;

/// Prints a line for each; the first is the floor, the second Innkeeper.
pub(crate) fn table<'a>(lines: impl Iterator<Item = (&'static str, &'a Vec<Press>)>) {
    println!("milliseconds, median / 95 % of all presses");
    println!(
        "{:<12} {:>8} {:>16} {:>16} {:>14} {:>14} {:>10}",
        "", "presses", "key to pixel", "the viewer’s", "key to wire", "wire to pixel", "over floor"
    );
    let mut shares = Vec::new();
    for (name, presses) in lines {
        assert!(!presses.is_empty(), "{name} was never answered");
        let share = both(presses, Press::share);
        let floor = shares.first().copied().unwrap_or(share.0);
        shares.push(share.0);
        let cell = |(median, late): (f64, f64)| format!("{median:.2} / {late:.2}");
        println!(
            "{name:<12} {:>8} {:>16} {:>16} {:>14} {:>14} {:>10.2}",
            presses.len(),
            cell(both(presses, |press| press.whole)),
            cell(share),
            cell(both(presses, |press| press.key)),
            cell(both(presses, |press| press.picture)),
            share.0 - floor
        );
    }
    let ours = shares[1];
    let reached = |is: bool| if is { "reached" } else { "MISSED" };
    println!(
        "ours over the floor at most {TO_REACH} ms: {}; never the slowest: {}",
        reached(ours - shares[0] <= TO_REACH),
        reached(shares[2..].iter().any(|other| *other >= ours))
    );
}

/// Median and 95th of a hundred, in milliseconds.
fn both(presses: &[Press], of: impl Fn(Press) -> Duration) -> (f64, f64) {
    let mut times: Vec<f64> = presses
        .iter()
        .map(|press| of(*press).as_secs_f64() * 1e3)
        .collect();
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[times.len() * 95 / 100])
}
