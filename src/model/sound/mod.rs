//! The sound of one guest: whether there is any, how loud it is, and why it is not heard.
//!
//! [`Sound`] is what a button binds to. It asks the screen's session for sound only while somebody can hear it, so that
//! what is muted crosses no network, and has a [`player`] play it. What was chosen is kept for each guest.

mod pipeline;
mod player;
mod problem;

use std::{
    cell::{Cell, OnceCell, RefCell},
    marker::PhantomData,
    time::Duration,
};

use gtk::{glib, prelude::*, subclass::prelude::*};
use innkeeper_core::rfb;

use self::player::{News, Player};
pub use self::problem::SoundProblem;
use super::{Guest, GuestSettings};
use crate::app::runtime;

/// For how long a volume must stay as it is to be kept.
const KEEP_AFTER: Duration = Duration::from_millis(500);

mod imp {
    use super::*;

    #[derive(Default, glib::Properties)]
    #[properties(wrapper_type = super::Sound)]
    pub struct Sound {
        pub(super) guest: OnceCell<Guest>,
        /// Which of the guest's screens is shown; the first VNC screen without a choice.
        pub(super) place: Cell<Option<usize>>,
        pub(super) session: RefCell<Option<rfb::Session>>,
        pub(super) player: RefCell<Option<Player>>,
        pub(super) news: RefCell<Option<glib::JoinHandle<()>>>,
        pub(super) keeping: RefCell<Option<glib::SourceId>>,
        /// Whether the live screen's server has offered sound.
        pub(super) is_offered: Cell<bool>,

        /// Whether the guest has sound that can be heard here.
        #[property(get)]
        pub(super) available: Cell<bool>,
        /// How loud it is, 0.0 to 1.0, as ears count: half is half as loud.
        #[property(get, set = Self::set_volume, minimum = 0.0, maximum = 1.0, explicit_notify)]
        pub(super) volume: Cell<f64>,
        /// Whether it is not wanted now.
        #[property(get, set = Self::set_muted, explicit_notify)]
        pub(super) muted: Cell<bool>,
        /// Whether nothing can be heard: it is muted, or its volume is nought.
        #[property(get = Self::silent)]
        pub(super) silent: PhantomData<bool>,
        /// Why it is not heard though it should be; empty where it is.
        #[property(get)]
        pub(super) problem: RefCell<String>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Sound {
        const NAME: &'static str = "InnkeeperSound";
        type Type = super::Sound;
    }

    #[glib::derived_properties]
    impl ObjectImpl for Sound {
        fn dispose(&self) {
            if let Some(news) = self.news.take() {
                news.abort();
            }
            if self.keeping.borrow().is_some() {
                self.obj().keep();
            }
            self.player.take();
        }
    }

    impl Sound {
        fn set_volume(&self, volume: f64) {
            if self.volume.replace(volume).to_bits() != volume.to_bits() {
                // Who moves the slider wants to hear something.
                self.muted.set(false);
                self.obj().change();
            }
        }

        fn set_muted(&self, muted: bool) {
            if self.muted.replace(muted) != muted {
                self.obj().change();
            }
        }

        pub(super) fn silent(&self) -> bool {
            self.muted.get() || self.volume.get() <= 0.0
        }
    }
}

glib::wrapper! {
    /// The sound of one guest.
    pub struct Sound(ObjectSubclass<imp::Sound>);
}

impl Sound {
    pub(super) fn new(guest: &Guest, place: Option<usize>) -> Self {
        let sound: Self = glib::Object::new();
        let imp = sound.imp();
        let settings = GuestSettings::of(guest.uuid());
        imp.volume.set(volume_of(&settings));
        imp.muted.set(settings.muted);
        imp.place.set(place);
        let _ = imp.guest.set(guest.clone());
        let update = glib::closure_local!(
            #[watch]
            sound,
            move |_: &Guest| sound.update()
        );
        guest.connect_closure("changed", false, update);
        sound
    }

    /// Takes the place of the screen that is shown.
    pub(super) fn set_place(&self, place: Option<usize>) {
        self.imp().place.set(place);
    }

    /// Takes the session of the live screen, or that there is none.
    pub(super) fn set_session(&self, session: Option<rfb::Session>) {
        let imp = self.imp();
        imp.player.take();
        imp.is_offered.set(false);
        imp.session.replace(session);
        self.update();
    }

    /// Hears that the live screen's server offers sound.
    pub(super) fn set_offered(&self) {
        self.imp().is_offered.set(true);
        self.update();
    }

    /// Does what follows from a change by the user.
    fn change(&self) {
        self.update();
        let _batch = self.freeze_notify();
        self.notify_volume();
        self.notify_muted();
        self.notify_silent();
        self.keep_soon();
    }

    /// Asks for sound, or for none, and plays it.
    fn update(&self) {
        let imp = self.imp();
        let session = imp.session.borrow().clone();
        let available = session.is_some() && imp.is_offered.get() && self.has_device();
        if imp.available.replace(available) != available {
            self.notify_available();
        }
        let Some(session) = session.filter(|_| available && !imp.silent()) else {
            self.stop();
            return;
        };
        session.audio(Some(pipeline::FORMAT));
        let mut player = imp.player.borrow_mut();
        match &*player {
            Some(player) => player.set_volume(factor(imp.volume.get())),
            None => *player = Some(self.play(&session)),
        }
    }

    fn play(&self, session: &rfb::Session) -> Player {
        let (tell, news) = async_channel::unbounded();
        self.follow(news);
        let name = self.guest().shown_name();
        let factor = factor(self.imp().volume.get());
        Player::start(session.audio_queue(), &name, factor, tell)
    }

    fn stop(&self) {
        if let Some(session) = &*self.imp().session.borrow() {
            session.audio(None);
        }
        self.imp().player.take();
        self.set_problem(String::new());
    }

    /// Follows what a player tells; it ends with the player.
    fn follow(&self, news: async_channel::Receiver<News>) {
        let weak = self.downgrade();
        let task = runtime::local(async move {
            while let Ok(news) = news.recv().await {
                let Some(sound) = weak.upgrade() else {
                    return;
                };
                sound.set_problem(news.err().map(|problem| problem.text()).unwrap_or_default());
            }
        });
        if let Some(before) = self.imp().news.replace(Some(task)) {
            before.abort();
        }
    }

    fn set_problem(&self, problem: String) {
        if self.imp().problem.replace(problem.clone()) != problem {
            self.notify_problem();
        }
    }

    fn guest(&self) -> &Guest {
        self.imp().guest.get().expect("made with its guest")
    }

    /// Whether the guest has a device whose sound its screen carries.
    fn has_device(&self) -> bool {
        let place = self.imp().place.get();
        let description = self.guest().domain().description;
        description.is_some_and(|description| description.has_sound(place))
    }

    /// Keeps what was chosen, once it is not changed any more.
    fn keep_soon(&self) {
        let weak = self.downgrade();
        let keep = glib::timeout_add_local_once(KEEP_AFTER, move || {
            if let Some(sound) = weak.upgrade() {
                sound.imp().keeping.take();
                sound.keep();
            }
        });
        if let Some(before) = self.imp().keeping.replace(Some(keep)) {
            before.remove();
        }
    }

    fn keep(&self) {
        if let Some(source) = self.imp().keeping.take() {
            source.remove();
        }
        let percent = (self.volume() * 100.0).round() as u8;
        GuestSettings::change(self.guest().uuid(), |settings| {
            settings.volume = (percent < 100).then_some(percent);
            settings.muted = self.muted();
        });
    }
}

fn volume_of(settings: &GuestSettings) -> f64 {
    f64::from(settings.volume.unwrap_or(100).min(100)) / 100.0
}

/// What samples are multiplied by at a volume: ears count in a curve, which a cube is near enough to (as `PulseAudio` and
/// `GStreamer`'s `GstStreamVolume` have it).
fn factor(volume: f64) -> f64 {
    volume.powi(3)
}
