//! A thousand guests, and what it costs to do nothing.

use std::{fmt::Write, fs, time::Duration};

use testbed::{attempt, socket::Relay, until_true};

use crate::{
    guests::{ANIMATED, OFF},
    runner::tests,
    stage::{PATIENCE, Stage},
};

tests![
    a_thousand_guests_are_listed_scrolled_and_filtered,
    nothing_but_one_call_a_tick_and_none_while_hidden,
];

/// `REMOTE_PROC_CONNECT_GET_ALL_DOMAIN_STATS` of libvirt's remote protocol.
const GET_ALL_DOMAIN_STATS: u32 = 344;

fn a_thousand_guests_are_listed_scrolled_and_filtered(stage: &mut Stage<'_>) {
    let file = stage.place("thousand.xml");
    fs::write(&file, node(1000)).expect("a file");
    stage.keep_connections(&[]);
    stage.start(&["--connect", &format!("test://{}", file.display())]);
    let window = stage.manager();
    window.wait_for("the first guest", |e| {
        e.role == "row" && e.name == "guest-1"
    });
    window.keep("top");
    let first = window.rows().into_iter().next().expect("a row");
    window.click(&first);
    window.screen.press(&["End"]);
    window.wait_for("the last guest", |e| {
        e.role == "row" && e.name == "guest-1000"
    });
    window.keep("bottom");
    for _ in 0..20 {
        window.screen.press(&["Page_Up"]);
    }
    window.screen.press(&["Home"]);
    window.wait_for("the first guest again", |e| {
        e.role == "row" && e.name == "guest-1"
    });
    window.screen.type_text("guest-77");
    until_true("eleven guests with 77", PATIENCE, || {
        window.rows().len() == 11
    });
    window.keep("filtered");
    let stall = stage.program().longest_stall_ms();
    println!("     longest stall with 1,000 guests: {stall} ms");
}

/// The test driver's file with so many guests that run.
pub(crate) fn node(count: usize) -> String {
    let mut text = String::from("<node>");
    for number in 1..=count {
        let _ = write!(
            text,
            "<domain type='test'><name>guest-{number}</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>\
             <os><type arch='x86_64'>hvm</type></os></domain>"
        );
    }
    text + "</node>"
}

fn nothing_but_one_call_a_tick_and_none_while_hidden(stage: &mut Stage<'_>) {
    const TICK: Duration = Duration::from_secs(1);
    let socket = stage.place("counted");
    let relay = Relay::start(&socket, stage.lab.socket(), Duration::ZERO);
    stage.keep_connections(&[]);
    stage.set_setting("update-interval", "1");
    // A window that comes back is painted whole, here by the processor: a small one, since calls are what is looked at.
    stage.set_setting_too("manager-window-width", "700");
    stage.set_setting_too("manager-window-height", "300");
    stage.start(&["--connect", &Stage::uri_through(&socket)]);
    let window = stage.manager();
    window.row_says(ANIMATED, "Running");
    window.row_says(OFF, "Shut Off");
    let calls = relay.count();

    // What belongs to the start is over when two ticks in a row bring one call each and nothing else.
    let is_quiet = || {
        calls.take();
        until_true("a tick", PATIENCE, || calls.total() > 0);
        attempt(TICK / 4, || (calls.total() > 1).then_some(())).is_none()
    };
    until_true("the end of the start", PATIENCE, || {
        is_quiet() && is_quiet()
    });
    calls.take();
    until_true("five ticks", PATIENCE, || {
        calls.of(GET_ALL_DOMAIN_STATS) >= 5
    });
    let seen = calls.take();
    assert_eq!(
        seen.keys().copied().collect::<Vec<_>>(),
        [GET_ALL_DOMAIN_STATS],
        "{seen:?}"
    );

    window.screen.minimise(window.window);
    // A call that is on its way when the window goes is no fault.
    let is_silent = || {
        calls.take();
        attempt(3 * TICK, || (calls.total() > 0).then_some(())).is_none()
    };
    assert!(
        is_silent() || is_silent(),
        "calls while the window is hidden: {:?}",
        calls.take()
    );

    window.activate();
    until_true("a call when the window is back", PATIENCE, || {
        calls.of(GET_ALL_DOMAIN_STATS) > 0
    });
}
