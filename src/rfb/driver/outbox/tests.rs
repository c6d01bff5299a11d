//! What goes out, in which order, and what waits.

use super::*;
use crate::{AudioFormat, Rect};

fn ready() -> Outbox {
    Outbox {
        ready: true,
        ..Outbox::default()
    }
}

fn drain(outbox: &mut Outbox) -> Vec<u8> {
    let mut out = Vec::new();
    outbox.drain(&mut out);
    out
}

#[test]
fn motion_is_merged_and_clicks_stay_where_they_were() {
    let mut outbox = ready();
    for x in 0..100 {
        outbox.pointer(x, 5, 0);
    }
    outbox.pointer(100, 5, 1);
    outbox.pointer(150, 5, 1);
    outbox.pointer(200, 5, 1);
    outbox.pointer(200, 5, 0);
    assert_eq!(
        drain(&mut outbox),
        [
            [5, 0, 0, 99, 0, 5],
            [5, 1, 0, 100, 0, 5],
            [5, 1, 0, 200, 0, 5],
            [5, 0, 0, 200, 0, 5]
        ]
        .concat()
    );
}

#[test]
fn who_only_looks_lets_go_first_and_sends_nothing_then() {
    let mut outbox = ready();
    outbox.key(0x61, 30, true);
    outbox.pointer(7, 8, 1);
    drain(&mut outbox);
    outbox.set_view_only(true);
    let key_up = [4, 0, 0, 0, 0, 0, 0, 0x61];
    let button_up = [5, 0, 0, 7, 0, 8];
    assert_eq!(
        drain(&mut outbox),
        [key_up.as_slice(), button_up.as_slice()].concat()
    );
    outbox.key(0x61, 30, true);
    outbox.pointer(9, 9, 1);
    outbox.relative(1, 1, 1);
    outbox.release_all_keys();
    assert_eq!(drain(&mut outbox), [0; 0]);
    outbox.set_view_only(false);
    outbox.pointer(9, 9, 0);
    assert_eq!(drain(&mut outbox), [5, 0, 0, 9, 0, 9]);
}

#[test]
fn movements_add_up() {
    let mut outbox = ready();
    outbox.relative(3, -1, 0);
    outbox.relative(4, -1, 0);
    assert!(outbox.only_motion_waits());
    assert_eq!(drain(&mut outbox), [5, 0, 0x80, 0x06, 0x7f, 0xfd]);
    outbox.relative(1_000_000, i32::MIN, 0);
    assert_eq!(drain(&mut outbox), [5, 0, 0xff, 0xff, 0, 0]);
}

#[test]
fn scancodes_go_out_only_when_they_are_understood() {
    let mut outbox = ready();
    outbox.key(0x61, 0x1e, true);
    outbox.key(0, 0x1e, true);
    assert_eq!(drain(&mut outbox), [4, 1, 0, 0, 0, 0, 0, 0x61]);
    outbox.extended_keys = true;
    outbox.release_all_keys();
    let sent = drain(&mut outbox);
    assert_eq!(sent[..12], [255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x1e]);
    assert_eq!(sent[12..], [255, 0, 0, 0, 0, 0, 0, 0x61, 0, 0, 0, 0x1e]);
    outbox.release_all_keys();
    assert!(drain(&mut outbox).is_empty());
}

#[test]
fn requests_are_joined_and_wait_while_paused() {
    let mut outbox = ready();
    outbox.paused = true;
    let rect = Rect::new(0, 0, 1, 1);
    for incremental in [true, false, true] {
        outbox.request(UpdateRequest { incremental, rect });
    }
    assert!(drain(&mut outbox).is_empty());
    outbox.paused = false;
    assert_eq!(drain(&mut outbox), [3, 0, 0, 0, 0, 0, 0, 1, 0, 1]);
    assert!(drain(&mut outbox).is_empty());
}

#[test]
fn side_buttons_go_out_where_they_are_understood() {
    let mut outbox = ready();
    outbox.pointer(1, 2, 0x100);
    assert_eq!(drain(&mut outbox), [5, 0, 0, 1, 0, 2]);
    outbox.extended_buttons = true;
    outbox.pointer(1, 2, 0x121);
    outbox.pointer(1, 2, 0x21);
    assert_eq!(
        drain(&mut outbox),
        [5, 0xa1, 0, 1, 0, 2, 2, 5, 0x21, 0, 1, 0, 2]
    );
}

#[test]
fn sound_is_asked_for_only_where_it_is_offered() {
    let mut outbox = ready();
    outbox.audio.wanted = Some(AudioFormat::default());
    assert!(drain(&mut outbox).is_empty());
    outbox.audio.offered = true;
    assert_eq!(drain(&mut outbox)[..4], [255, 1, 0, 2]);
    assert!(drain(&mut outbox).is_empty());
    outbox.audio.wanted = None;
    assert_eq!(drain(&mut outbox), [255, 1, 0, 1]);
}

#[test]
fn updates_without_requests_follow_the_size_and_stop_while_nobody_looks() {
    let mut outbox = ready();
    let rect = Rect::new(0, 0, 8, 2);
    outbox.updates.possible = true;
    outbox.updates.picture = rect;
    outbox.request(UpdateRequest {
        incremental: true,
        rect,
    });
    assert_eq!(drain(&mut outbox), [150, 1, 0, 0, 0, 0, 0, 8, 0, 2]);
    outbox.request(UpdateRequest {
        incremental: false,
        rect,
    });
    assert_eq!(drain(&mut outbox)[..2], [3, 0]);
    outbox.paused = true;
    outbox.request(UpdateRequest {
        incremental: true,
        rect,
    });
    assert_eq!(drain(&mut outbox)[..2], [150, 0]);
    outbox.paused = false;
    outbox.updates.picture = Rect::new(0, 0, 4, 4);
    assert_eq!(drain(&mut outbox), [150, 1, 0, 0, 0, 0, 0, 4, 0, 4]);
}

#[test]
fn nothing_goes_out_before_the_session_has_begun() {
    let mut outbox = Outbox::default();
    outbox.key(0x61, 0, true);
    assert!(drain(&mut outbox).is_empty());
    outbox.ready = true;
    assert!(!drain(&mut outbox).is_empty());
}

#[test]
fn answers_that_nobody_reads_end_the_session() {
    let mut outbox = ready();
    for _ in 0..MAX_WAITING_CONTROL / 64 {
        outbox.control(|out| client::fence(out, 0, &[0; 64]));
    }
    assert!(outbox.stalled && outbox.control.is_empty());
}
