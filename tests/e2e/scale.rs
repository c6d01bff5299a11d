//! Fifty hosts of two hundred guests each, and ten of them that fall silent at once.
//!
//! The hosts are a private libvirtd's test driver, fifty times over TCP, each with a file of guests of its own; ten lie
//! behind a relay that can stop passing bytes. The system's daemon is beside them: what happens there must be seen as
//! if nothing else was the matter.

use std::{
    fs,
    time::{Duration, Instant},
};

use lab::{Daemon, Listen};
use testbed::{socket::Relay, until_true};

use crate::{
    guests::{ANIMATED, OFF},
    many::node,
    runner::tests,
    stage::{PATIENCE, Stage},
};

tests![fifty_hosts_are_listed_and_ten_that_fall_silent_harm_no_other];

const HOSTS: usize = 50;
const GUESTS: usize = 200;
/// How many lie behind the relay.
const SILENT: usize = 10;

/// From the first host's list to the last one's.
const ALL_LISTED: Duration = Duration::from_secs(3);
/// For the program with all its guests, in MiB.
const MEMORY: f64 = 250.0;
/// A link that passes nothing is found within this time.
const NOTICED: Duration = Duration::from_secs(15);
/// The longest wait for the next attempt, and what that takes.
const RETURN: Duration = Duration::from_mins(1);
/// A connection's news, in the program's log.
const CONNECTED: &str = "event=connected by";
const LOST: &str = "event=lost:";

fn fifty_hosts_are_listed_and_ten_that_fall_silent_harm_no_other(stage: &mut Stage<'_>) {
    let (plan, port) = Listen::default().tcp("none").expect("a port");
    let _daemon = Daemon::start_with(&plan).expect("a daemon");
    let relay = Relay::to_port(port, Duration::ZERO);
    let host = |number: usize| {
        let file = stage.place(&format!("host-{number}.xml"));
        fs::write(&file, node(GUESTS)).expect("a file");
        let port = if number < SILENT { relay.port() } else { port };
        format!("test+tcp://localhost:{port}{}", file.display())
    };
    let uris: Vec<String> = (0..HOSTS).map(host).collect();
    stage.keep_automatic(&uris);
    stage.start_logging(
        "warn,innkeeper=info,innkeeper_core::host=debug",
        &["--connect", "qemu:///system"],
    );
    until_true("the first list", PATIENCE, || stage.said(CONNECTED) > 0);
    let first = Instant::now();
    until_true("every list", PATIENCE, || stage.said(CONNECTED) > HOSTS);
    let listed = first.elapsed();
    let window = stage.manager();
    window.row_says(ANIMATED, "Running");
    window.keep("listed");
    let (memory, held) = (
        stage.program().memory_mib(),
        stage.program().longest_stall_ms(),
    );
    println!(
        "     {HOSTS} hosts: listed after {listed:.1?}, {memory:.0} MiB, longest stall {held} ms"
    );
    assert!(listed < ALL_LISTED, "{listed:?}");
    assert!(memory < MEMORY, "{memory} MiB");

    relay.freeze(true);
    let frozen = Instant::now();
    stage.lab.virsh(&["start", OFF.name]);
    window.row_says(OFF, "Running");
    stage.lab.virsh(&["destroy", OFF.name]);
    window.row_says(OFF, "Shut Off");
    println!("     news of another host after {:.1?}", frozen.elapsed());
    until_true("ten losses", NOTICED, || stage.said(LOST) >= SILENT);
    println!("     ten losses after {:.1?}", frozen.elapsed());
    assert!(frozen.elapsed() < NOTICED);
    assert_eq!(stage.said(LOST), SILENT, "the others are there");
    stage.lab.virsh(&["start", OFF.name]);
    window.row_says(OFF, "Running");
    stage.lab.virsh(&["destroy", OFF.name]);
    window.row_says(OFF, "Shut Off");
    window.keep("silent");

    relay.freeze(false);
    until_true("ten returns", RETURN, || {
        stage.said(CONNECTED) > HOSTS + SILENT
    });
    let held = stage.program().longest_stall_ms();
    println!("     longest stall in all: {held} ms");
}
