//! A guest with several screens: the one that is asked for is shown, and another one when it is asked for. Needs the
//! feature `daemon-tests` and root.
//!
//! libvirt's QEMU starts no guest with two VNC screens, so a domain of the test driver names those of two real guests.

#![cfg(feature = "daemon-tests")]

mod support;

use std::fs;

use innkeeper_core::{Console, ConsoleEvent, Options, ScreenSettings, rfb};
use lab::Daemon;
use support::{
    PATIENCE,
    far_host::connected,
    person::Person,
    screen::{at_a_port, start_guest, until_live},
};
use tokio::time::timeout;
use uuid::Uuid;

const UUID: Uuid = Uuid::from_u128(0x5c);

fn at(place: Option<usize>) -> ScreenSettings {
    ScreenSettings {
        place,
        ..ScreenSettings::default()
    }
}

/// Waits until a screen of this guest is live.
async fn shows(console: &Console, name: &str) {
    let said = format!("QEMU ({name})");
    let connected = timeout(PATIENCE, async {
        loop {
            let event = console.next_event().await.expect("the host lives");
            let ConsoleEvent::Screen(rfb::Event::Connected { name, .. }) = event else {
                continue;
            };
            if name == said {
                return;
            }
        }
    });
    connected.await.expect("the screen");
    until_live(console).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_several_screens_can_be_shown() {
    let daemon = Daemon::start().unwrap();
    let (one, two) = (at_a_port(), at_a_port());
    start_guest(&daemon, "one", &one).await;
    start_guest(&daemon, "two", &two).await;
    let node = format!(
        "<node><domain type='test'><name>both</name><uuid>{UUID}</uuid><memory>8192</memory>\
         <os><type>hvm</type></os><devices><graphics type='spice'/>{one}{two}</devices></domain></node>"
    );
    let file = daemon.path().join("node.xml");
    fs::write(&file, node).unwrap();
    let (file, socket) = (file.display(), daemon.socket());
    let uri = format!("test+unix://{file}?socket={}", socket.display());
    let (host, _view) = connected(uri.parse().unwrap(), Options::default()).await;

    let console = host.console_with(UUID, Person::with(&[]), at(Some(2)));
    shows(&console, "two").await;
    console.set_settings(at(Some(1)));
    shows(&console, "one").await;
    console.set_settings(at(Some(2)));
    shows(&console, "two").await;
    // What is no VNC screen, or not there, is the first that is one.
    for place in [None, Some(0), Some(7)] {
        let console = host.console_with(UUID, Person::with(&[]), at(place));
        shows(&console, "one").await;
    }
}
