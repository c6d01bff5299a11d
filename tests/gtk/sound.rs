//! The sound of a guest in its window: a real guest with a tone, a real sound server without a loudspeaker.

use std::{env, fs, path::PathBuf};

use ::lab::{SoundServer, guest};
use adw::prelude::*;
use innkeeper::{
    model::{Guest, GuestSettings},
    ui::GuestWindow,
};

use crate::{
    lab::{self, Daemon, Shown},
    support::{self, by_id, wait_until},
    terminal,
};

const NAME: &str = "whistle";

/// A running guest that sounds, and its window.
struct Stage {
    window: GuestWindow,
    guest: Guest,
    _shown: Shown,
    _daemon: Daemon,
}

impl Stage {
    fn new() -> Self {
        support::start();
        let daemon = Daemon::start().expect("libvirtd is part of the environment");
        let xml = guest::prepare_tone(daemon.path(), NAME).expect("a disk");
        let file = daemon.path().join("guest.xml");
        fs::write(&file, xml).expect("a file");
        terminal::virsh(&daemon, &["create", &file.to_string_lossy()]);
        let shown = Shown::with(&[&terminal::uri(&daemon)]);
        let guest = terminal::guest(&shown.connect());
        let window = GuestWindow::new(&lab::app(), &guest);
        window.present();
        Self {
            window,
            guest,
            _shown: shown,
            _daemon: daemon,
        }
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
        if waves.len() > guest::TONE / 2 && loudness > 100 {
            return (SoundServer::RATE / waves[waves.len() / 2], loudness);
        }
    }
    panic!("nothing is heard");
}

#[gtk::test]
fn a_guest_is_heard_until_it_is_muted_and_again_when_the_server_is_back() {
    let first_server = server();
    let stage = Stage::new();
    let button = stage.button();
    wait_until("the button", || button.is_visible());
    let (frequency, loudness) = hear(&first_server);
    assert_eq!(frequency, guest::TONE);
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
    mute.set_active(false);
    hear(&first_server);

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
