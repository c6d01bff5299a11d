//! The sound of a guest in its window: a real guest with a tone, a real sound server without a loudspeaker.

use std::{env, path::PathBuf};

use ::lab::{SoundServer, guest};
use adw::prelude::*;
use innkeeper::{
    model::{Guest, GuestSettings},
    ui::GuestWindow,
};

use crate::{
    lab::{Daemon, Shown, app, start_guest, uri},
    support::{self, by_id, wait_until},
};

const NAME: &str = "whistle";
/// A tone that has nothing in common with that of the other guest.
const OTHER: (&str, usize) = ("drone", 700);
/// Between the two tones, and an overtone of neither.
const NEITHER: usize = 850;
const TONE: usize = 1000;

/// A running guest that sounds, and its window.
struct Stage {
    window: GuestWindow,
    guest: Guest,
    shown: Shown,
    daemon: Daemon,
}

impl Stage {
    fn new() -> Self {
        support::start();
        let daemon = Daemon::start().expect("libvirtd is part of the environment");
        let xml = guest::prepare_tone(daemon.path(), NAME, TONE).expect("a disk");
        start_guest(&daemon, NAME, &xml);
        let shown = Shown::with(&[&uri(&daemon)]);
        let guest: Guest = shown.connect().guests().find(NAME).expect("it is there");
        let window = GuestWindow::new(&app(), &guest);
        window.present();
        Self {
            window,
            guest,
            shown,
            daemon,
        }
    }

    /// Starts another guest that sounds, and gives its window.
    fn other(&self) -> GuestWindow {
        let (name, tone) = OTHER;
        let xml = guest::prepare_tone(self.daemon.path(), name, tone).expect("a disk");
        start_guest(&self.daemon, name, &xml);
        let found = || -> Option<Guest> { self.shown.connection().guests().find(name) };
        wait_until("the other guest", || found().is_some());
        let window = GuestWindow::new(&app(), &found().expect("it was found"));
        window.present();
        window
    }

    fn button(&self) -> gtk::Widget {
        by_id(&self.window, "volume")
    }

    fn problem(&self) -> gtk::Label {
        by_id(&self.button(), "problem")
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.window.destroy();
    }
}

fn server() -> SoundServer {
    let runtime = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    SoundServer::start(&runtime.expect("a runtime folder")).expect("PipeWire")
}

/// Records a second in which there is a tone for half of the time at least: its frequency in Hz, and its highest sample.
///
/// The middle one of all waves tells the frequency: where the machine is busy there are gaps.
#[track_caller]
fn hear(server: &SoundServer) -> (usize, i16) {
    for _ in 0..30 {
        let sound = server.record(SoundServer::RATE).expect("a recording");
        let rises = |at: &usize| sound[at - 1] < 0 && sound[*at] >= 0;
        let rising: Vec<_> = (1..sound.len()).filter(rises).collect();
        let mut waves: Vec<_> = rising.windows(2).map(|pair| pair[1] - pair[0]).collect();
        waves.sort_unstable();
        let loudness = sound.iter().copied().max().unwrap_or_default();
        if waves.len() > TONE / 2 && loudness > 100 {
            return (SoundServer::RATE / waves[waves.len() / 2], loudness);
        }
    }
    panic!("nothing is heard");
}

/// How strong a tone is in a recording, by Goertzel's algorithm, whatever gaps there are between its tenths of a second.
fn strength(sound: &[i16], hertz: usize) -> f64 {
    let turn = std::f64::consts::TAU * hertz as f64 / SoundServer::RATE as f64;
    let of = |piece: &[i16]| {
        let (last, before) = piece.iter().fold((0.0, 0.0), |(last, before), sample| {
            (f64::from(*sample) + 2.0 * turn.cos() * last - before, last)
        });
        last * last + before * before - 2.0 * turn.cos() * last * before
    };
    sound.chunks_exact(SoundServer::RATE / 10).map(of).sum()
}

/// Whether the tones of both guests are in the next second: that of the first, and that of the other.
fn heard(server: &SoundServer) -> (bool, bool) {
    let sound = server.record(SoundServer::RATE).expect("a recording");
    let is_there = |hertz| strength(&sound, hertz) > 100.0 * strength(&sound, NEITHER).max(1.0);
    (is_there(TONE), is_there(OTHER.1))
}

#[gtk::test]
fn two_guests_are_heard_at_once_and_each_is_muted_for_itself() {
    let server = server();
    let stage = Stage::new();
    let other = stage.other();
    wait_until("both", || heard(&server) == (true, true));
    let players = server.players().expect("a list");
    assert!(
        players.contains(NAME) && players.contains(OTHER.0),
        "{players}"
    );
    let mute = |window: &GuestWindow| {
        let mute: gtk::ToggleButton = by_id(&by_id::<gtk::Widget>(window, "volume"), "mute");
        mute
    };
    mute(&stage.window).set_active(true);
    wait_until("the other alone", || heard(&server) == (false, true));
    mute(&other).set_active(true);
    wait_until("silence", || server.players().expect("a list").is_empty());
    mute(&stage.window).set_active(false);
    wait_until("the first alone", || heard(&server) == (true, false));
    other.destroy();
}

#[gtk::test]
fn a_guest_is_heard_until_it_is_muted_and_again_when_the_server_is_back() {
    let first_server = server();
    let stage = Stage::new();
    let button = stage.button();
    wait_until("the button", || button.is_visible());
    let (frequency, loudness) = hear(&first_server);
    assert_eq!(frequency, TONE);
    assert!(first_server.players().expect("a list").contains(NAME));
    support::check_icon_buttons(&stage.window);

    // Half as loud for an ear is an eighth of the samples.
    let level: gtk::Scale = by_id(&button, "scale");
    level.set_value(50.0);
    let softer = || hear(&first_server).1;
    wait_until("a softer tone", || softer() < loudness / 6);
    assert!(softer() > loudness / 10);
    let kept = || GuestSettings::of(stage.guest.uuid());
    wait_until("the volume to be kept", || kept().volume == Some(50));

    let mute: gtk::ToggleButton = by_id(&button, "mute");
    mute.set_active(true);
    let nobody = || first_server.players().expect("a list").is_empty();
    wait_until("silence", nobody);
    wait_until("it to be kept", || kept().muted);
    // Where the header has no room for the button, the menu has a switch.
    button.set_property("narrow", true);
    assert!(!button.is_visible() && stage.window.is_action_enabled("mute"));
    ActionGroupExt::activate_action(&stage.window, "mute", None);
    wait_until("it to be kept", || !kept().muted);
    hear(&first_server);
    button.set_property("narrow", false);

    // Without a sound server the screen goes on, and the button says why nothing is heard.
    drop(first_server);
    wait_until("the problem", || stage.problem().get_visible());
    let console: gtk::Widget = by_id(&stage.window, "console");
    assert!(console.property::<bool>("live"));
    let second_server = server();
    wait_until("sound", || !stage.problem().get_visible());
    hear(&second_server);
    level.set_value(100.0);
    wait_until("nothing but the usual", || {
        kept() == GuestSettings::default()
    });
}
