//! How large the picture is, what the user chooses for that, and whether the guest follows the window.
//!
//! A choice is the guest's own and kept for it; where there is none, the preferences' counts.

use gtk::{prelude::*, subclass::prelude::*};

use super::ConsoleView;
use crate::{
    app::{
        i18n::gettext,
        settings::{Key, Settings},
    },
    model::{GuestSettings, rfb::DesktopSizeStatus},
    ui::guest::console::{ScalingChoice, ZoomStep, follow::Refusal},
    widgets::show_advice,
};

impl ConsoleView {
    /// Gives the guest's own choice, if it has one.
    pub(in crate::ui::guest) fn scaling_choice(&self) -> Option<ScalingChoice> {
        let kept = GuestSettings::of(self.guest()?.uuid()).scaling?;
        ScalingChoice::from_word(&kept)
    }

    /// Chooses how the picture is scaled; `None` follows the preferences.
    pub(in crate::ui::guest) fn choose_scaling(&self, choice: Option<ScalingChoice>) {
        let Some(guest) = self.guest() else { return };
        GuestSettings::change(guest.uuid(), |settings| {
            settings.scaling = choice.map(ScalingChoice::word);
        });
        self.update_size();
    }

    /// Makes the picture larger or smaller by a step.
    pub(in crate::ui::guest) fn zoom(&self, step: ZoomStep) {
        if let Some(shown) = self.imp().screen.zoom() {
            self.choose_scaling(Some(ScalingChoice::zoomed(shown, step)));
        }
    }

    /// Gives by how much the window's width and height miss the guest's size.
    pub(in crate::ui::guest) fn missing_room(&self) -> Option<(i32, i32)> {
        let screen = &self.imp().screen;
        let (wanted, room) = (screen.actual_size()?, screen.room()?);
        Some((wanted.0 - room.0, wanted.1 - room.1))
    }

    /// Says whether the guest takes the window's size.
    pub(in crate::ui::guest) fn resizes_guest(&self) -> bool {
        let own = self.guest().map(|guest| GuestSettings::of(guest.uuid()));
        own.and_then(|settings| settings.resize_guest)
            .unwrap_or_else(|| Settings::get().boolean(Key::ConsoleResizeGuest))
    }

    /// Chooses whether it does.
    pub(in crate::ui::guest) fn choose_resizing(&self, on: bool) {
        let Some(guest) = self.guest() else { return };
        GuestSettings::change(guest.uuid(), |settings| settings.resize_guest = Some(on));
        self.update_size();
    }

    /// Brings the screen in line with what was chosen.
    pub(super) fn update_size(&self) {
        let screen = &self.imp().screen;
        let choice = self.scaling_choice().unwrap_or_else(|| {
            let word = Settings::get().choice(Key::ConsoleScaling);
            ScalingChoice::from_word(&word).unwrap_or(ScalingChoice::Always)
        });
        let follows = self.resizes_guest();
        screen.set_scaling(choice.scaling(self.fullscreen(), follows));
        if screen.follow().is_on() != follows {
            screen.follow().set_on(screen, follows);
        }
    }

    /// Watches the room that the window leaves, and where the picture is scrolled to.
    pub(super) fn watch_room(&self) {
        let scroller = &self.imp().scroller;
        for adjustment in [scroller.hadjustment(), scroller.vadjustment()] {
            let weak = self.downgrade();
            adjustment.connect_page_size_notify(move |_| {
                if let Some(view) = weak.upgrade() {
                    let screen = &view.imp().screen;
                    screen.follow().room_changed(screen);
                }
            });
            let weak = self.downgrade();
            adjustment.connect_value_changed(move |_| {
                if let Some(view) = weak.upgrade() {
                    // Where it lies between device pixels has changed.
                    view.imp().screen.queue_draw();
                }
            });
        }
    }

    /// Says why the guest cannot follow the window.
    pub(super) fn take_answer(&self, status: DesktopSizeStatus) {
        let Some(refusal) = self.imp().screen.follow().answered(status) else {
            return;
        };
        tracing::info!(?refusal, "the guest's screen cannot be resized");
        let (text, advice) = texts(refusal);
        show_advice(self, &text, &advice);
    }
}

/// What is in the way, and what to do.
fn texts(refusal: Refusal) -> (String, String) {
    match refusal {
        Refusal::Device => (
            gettext("The display device cannot be resized"),
            gettext(
                "Its video model has fixed sizes, or the virtual machine runs without a driver for it. Shut it down and change the video model to Virtio.",
            ),
        ),
        Refusal::Forbidden => (
            gettext("The host forbids resizing"),
            gettext(
                "The screen’s server is set up so that viewers cannot resize it. Its administrator can change that.",
            ),
        ),
        Refusal::Memory => (
            gettext("The display has too little memory for this size"),
            gettext(
                "Make the window smaller, or give the display device more video memory while the virtual machine is shut off.",
            ),
        ),
        Refusal::Unknown => (
            gettext("The screen cannot be resized from here"),
            gettext(
                "Its server does not offer it. Change the size of the screen inside the virtual machine.",
            ),
        ),
    }
}
