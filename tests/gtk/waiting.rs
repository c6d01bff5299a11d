//! A screen that waits for its next attempt: it can be had at once.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use adw::prelude::*;
use innkeeper::{model::Guest, ui::GuestWindow};

use crate::{
    lab::{Daemon, Shown, app, is_live, uri, virsh},
    out_of_reach::start,
    support::{self, by_id, wait_until},
};

/// After how many seconds the page says that it is tried again.
fn told_seconds(page: &str) -> Option<u64> {
    let (_, rest) = page.split_once("Trying again in ")?;
    rest.split_once(" s.")?.0.parse().ok()
}

/// Somebody who does not share the screen: whoever else has it loses it (RFC 6143 §7.3.1).
fn alone_at(display: &str) -> TcpStream {
    let number: u16 = display.trim().rsplit(':').next().unwrap().parse().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", 5900 + number)).expect("QEMU listens");
    let mut greeting = [0; 14];
    stream.read_exact(&mut greeting[..12]).unwrap();
    stream.write_all(b"RFB 003.008\n").unwrap();
    stream.read_exact(&mut greeting[12..]).unwrap();
    stream.write_all(&[1]).unwrap();
    stream.read_exact(&mut greeting[..4]).unwrap();
    stream.write_all(&[0]).unwrap();
    stream
}

#[gtk::test]
fn whoever_does_not_want_to_wait_tries_now() {
    support::start();
    let daemon = Daemon::start().expect("libvirtd is part of the environment");
    let port = "<graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/>";
    start(&daemon, "screen", port);
    let shown = Shown::with(&[&uri(&daemon)]);
    let guest: Guest = shown
        .connect()
        .guests()
        .find("screen")
        .expect("it is there");
    let window = GuestWindow::new(&app(), &guest);
    window.present();
    wait_until("a picture", || is_live(&window));

    let other = alone_at(&virsh(&daemon, &["vncdisplay", "screen"]));
    let advice: gtk::Label = by_id(&window, "again_advice");
    let button: gtk::Button = by_id(&window, "again_button");
    let wait = || told_seconds(&advice.label()).filter(|_| button.is_mapped());
    wait_until("a long wait", || wait().is_some_and(|wait| wait >= 3));
    assert_eq!(button.label().as_deref(), Some("Try _Now"));
    assert!(button.grab_focus(), "it is reached without a pointer");
    drop(other);
    let (begun, told) = (Instant::now(), wait().expect("a wait"));
    button.emit_clicked();
    wait_until("the screen", || is_live(&window));
    let taken = begun.elapsed();
    assert!(
        taken < Duration::from_secs(told - 1),
        "{taken:?} of {told} s"
    );
    window.destroy();
}
