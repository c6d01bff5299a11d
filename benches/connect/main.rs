//! From nothing to the list of all guests over links of 0, 40 and 100 ms: ours and `virsh list --all`, in turn; and the
//! whole program's window against virt-manager's over TLS with 50 ms.
//!
//! `build-aux/dev cargo bench --bench connect --features e2e [-- --runs N] [--sizes 10,100] [--ways tls,ssh,tcp+sasl]
//! [--lister PROGRAM] [--window] [--far-peer]`
//!
//! The far host is a private libvirtd with TLS and SASL, and an sshd before it. A relay delays each direction; what a
//! client says first waits a round trip more, as a TCP connection's opening would. The round trips are what the time
//! grows by from the first delay to the last. With `--window` virt-manager is installed as for `benches/startup`; it
//! needs minutes for 1,000 guests, which is measured with `--far-peer` only.

#[path = "../startup/client.rs"]
mod client;
mod far;
#[path = "../startup/guests.rs"]
#[allow(dead_code, reason = "the far host has no guests to clear away")]
mod guests;
#[path = "../../src/core/examples/lister.rs"]
#[allow(dead_code, reason = "its main is not ours")]
mod list;
mod lister;
#[path = "../startup/measure.rs"]
#[allow(dead_code, reason = "every window is far here")]
mod measure;
#[path = "../support/overlay.rs"]
mod overlay;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use client::Client;
use far::{Far, Way};
use measure::Plan;

/// Round trips of the links between which is compared.
const ROUND_TRIPS: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_millis(40),
    Duration::from_millis(100),
];

/// The round trip over which virt-manager 4.1 was measured, and what was to be reached there.
const OFFICE: Duration = Duration::from_millis(50);
const TO_REACH: f64 = 0.5;

fn main() -> ExitCode {
    if let Some(code) = lister::run_if_asked() {
        return code;
    }
    let wishes = Wishes::read();
    let far = Far::start();
    println!(
        "medians of {}; ours / virsh = ratio, in seconds",
        wishes.runs
    );
    for size in &wishes.sizes {
        guests::define_up_to(&far.near(), *size);
        for way in &wishes.ways {
            compare(&far, *way, *size, &wishes);
        }
        reach(&far, *size, &wishes);
        if wishes.window {
            windows(&far, *size, &wishes);
        }
    }
    ExitCode::SUCCESS
}

/// Ours and virsh over one way, at each delay.
fn compare(far: &Far, way: Way, size: usize, wishes: &Wishes) {
    let mut lines = Vec::new();
    for round_trip in ROUND_TRIPS {
        let (ours, theirs) = both(far, way, round_trip, size, wishes);
        let verdict = if ours <= theirs { "" } else { "   SLOWER" };
        println!(
            "{size:5} guests  {way:<9} {:3} ms  {ours:6.3} / {theirs:6.3} = {:5.3}{verdict}",
            round_trip.as_millis(),
            ours / theirs
        );
        lines.push((ours, theirs));
    }
    let (first, last) = (lines[0], lines[lines.len() - 1]);
    let most = ROUND_TRIPS[ROUND_TRIPS.len() - 1].as_secs_f64();
    println!(
        "{size:5} guests  {way:<9} round trips {:.1} / {:.1}",
        (last.0 - first.0) / most,
        (last.1 - first.1) / most
    );
}

/// What was to be reached over TLS.
fn reach(far: &Far, size: usize, wishes: &Wishes) {
    let (ours, theirs) = both(far, Way::Tls, OFFICE, size, wishes);
    let verdict = if ours <= TO_REACH {
        "reached"
    } else {
        "MISSED"
    };
    println!(
        "{size:5} guests  TLS        50 ms  {ours:6.3} / {theirs:6.3} = {:5.3}   ≤ {TO_REACH} s: {verdict}",
        ours / theirs
    );
}

/// Medians of the two, measured in turn; the first turn warms the caches.
fn both(far: &Far, way: Way, round_trip: Duration, size: usize, wishes: &Wishes) -> (f64, f64) {
    let (_relay, uri) = far.way(way, round_trip);
    let turn = || {
        (
            lister::time(lister::ours(wishes.lister.as_deref(), &uri), size),
            lister::time(lister::virsh(&uri), size),
        )
    };
    turn();
    let (mut ours, mut theirs): (Vec<_>, Vec<_>) = (0..wishes.runs).map(|_| turn()).unzip();
    (median(&mut ours), median(&mut theirs))
}

fn median(values: &mut [Duration]) -> f64 {
    values.sort();
    values[values.len() / 2].as_secs_f64()
}

/// The window of the program and that of virt-manager, from process start to all guests on the screen.
fn windows(far: &Far, size: usize, wishes: &Wishes) {
    let (_relay, uri) = far.way(Way::Tls, OFFICE);
    let clients = [Client::innkeeper(), Client::virt_manager()];
    for client in clients {
        let is_long = client.is_peer() && size > 100;
        if is_long && !wishes.far_peer {
            continue;
        }
        let plan = Plan::far(size, wishes.runs, is_long);
        let figures = measure::measure(&client, &uri, &plan);
        println!(
            "{size:5} guests  TLS        50 ms  window of {:<12} {:7.3}",
            client.name, figures.listed
        );
    }
}

/// What the command line asks for.
struct Wishes {
    runs: usize,
    sizes: Vec<usize>,
    ways: Vec<Way>,
    window: bool,
    far_peer: bool,
    lister: Option<PathBuf>,
}

impl Wishes {
    fn read() -> Self {
        let mut wishes = Self {
            runs: 5,
            sizes: vec![10, 100, 1000],
            ways: Way::ALL.to_vec(),
            window: false,
            far_peer: false,
            lister: None,
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().expect("a value after the option");
            match argument.as_str() {
                "--runs" => wishes.runs = number(&value()),
                "--sizes" => wishes.sizes = value().split(',').map(number).collect(),
                "--ways" => {
                    let wanted = value().to_lowercase();
                    let is_wanted = |way: &Way| {
                        let name = way.to_string().to_lowercase();
                        wanted.split(',').any(|wanted| wanted == name)
                    };
                    wishes.ways.retain(is_wanted);
                }
                "--lister" => wishes.lister = Some(value().into()),
                "--window" => wishes.window = true,
                "--far-peer" => wishes.far_peer = true,
                // cargo's own.
                "--bench" => {}
                other => panic!("unknown argument {other}"),
            }
        }
        wishes
    }
}

fn number(text: &str) -> usize {
    text.parse()
        .unwrap_or_else(|_| panic!("{text} is no number"))
}
