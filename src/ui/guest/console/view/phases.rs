//! What stands on the page in each phase of the console, and which act helps.

use gtk::{prelude::*, subclass::prelude::*};

use super::ConsoleView;
use crate::{
    app::{errors::UserFacing, i18n::gettext},
    model::{
        Console, ConsolePhase, Error, GuestState, Pin, ScreenHelp, Service, guest_state_text,
        unproven_screen_text,
    },
    widgets::show_advice,
};

impl ConsoleView {
    pub(super) fn update_phase(&self) {
        let Some(console) = self.console() else {
            return;
        };
        let screen = &self.imp().screen;
        let phase = console.phase();
        let had_keyboard = self.has_focus_inside();
        let is_released = screen.is_released();
        match phase {
            ConsolePhase::Connected => {
                self.update_session();
                self.tell_of_strangers(&console);
            }
            ConsolePhase::Connecting | ConsolePhase::Waiting => screen.set_session(None),
            _ => {
                screen.set_session(None);
                screen.clear();
            }
        }
        self.set_live(phase == ConsolePhase::Connected);
        match phase {
            ConsolePhase::Connected => {}
            ConsolePhase::Off => self.show_off(&console),
            // The link to the host is what is tried again; the banner says so.
            ConsolePhase::Waiting if self.is_off() => self.show_off(&console),
            ConsolePhase::Connecting | ConsolePhase::Waiting => self.show_busy(&console),
            _ => self.imp().cover.show_still(
                icon_name(phase),
                &console.headline(),
                &console.advice(),
            ),
        }
        self.update_certificate(&console);
        self.update_button();
        // A keyboard that was taken back stays the window's until the user gives it to the guest again.
        if !is_released && (had_keyboard || (self.is_mapped() && self.focus_is_free())) {
            self.grab_focus();
        }
    }

    /// Says once that somebody else could pose as the screen.
    fn tell_of_strangers(&self, console: &Console) {
        if console.is_unproven() && !self.imp().told_of_strangers.replace(true) {
            let (_, meaning) = unproven_screen_text();
            let text = gettext("Somebody else could pose as this screen");
            show_advice(self, &text, &meaning);
        }
    }

    pub(super) fn set_live(&self, live: bool) {
        let imp = self.imp();
        imp.cover.set_visible(!live);
        imp.screen.set_opacity(if live { 1.0 } else { 0.4 });
        imp.screen.update_offer(imp.screen.has_focus());
        if imp.live.replace(live) != live {
            self.notify_live();
        }
    }

    /// Shows what is being done: over the last picture, if there is one.
    fn show_busy(&self, console: &Console) {
        let imp = self.imp();
        let over_picture = imp.screen.has_picture();
        imp.cover
            .show_busy(&console.headline(), &console.advice(), over_picture);
    }

    /// Tells a wait anew. Other texts change with their phase.
    pub(super) fn update_advice(&self) {
        if let Some(console) = self.console()
            && !self.is_off()
            && matches!(
                console.phase(),
                ConsolePhase::Connecting | ConsolePhase::Waiting
            )
        {
            self.show_busy(&console);
        }
    }

    /// Shows how the guest is off: shut off or saved, which its screen does not know.
    fn show_off(&self, console: &Console) {
        let state = self
            .guest()
            .filter(|_| self.is_off())
            .map(|guest| guest.state());
        let headline = state.map_or_else(|| console.headline(), guest_state_text);
        let advice = self.guest().map(|guest| guest.off_advice());
        self.imp().cover.show_still(
            icon_name(ConsolePhase::Off),
            &headline,
            &advice.unwrap_or_default(),
        );
    }

    pub(super) fn update_off(&self) {
        let off = self
            .console()
            .filter(|console| console.phase() == ConsolePhase::Off);
        if let Some(console) = off {
            self.show_off(&console);
        }
    }

    fn is_offline(&self) -> bool {
        self.guest().is_some_and(|guest| !guest.online())
    }

    fn waits_long(&self) -> bool {
        self.console().is_some_and(|console| console.waits_long())
    }

    fn is_downgraded(&self) -> bool {
        self.console()
            .is_some_and(|console| console.is_downgraded())
    }

    fn is_off(&self) -> bool {
        let state = self.guest().map(|guest| guest.state());
        matches!(state, Some(GuestState::ShutOff | GuestState::Saved))
    }

    pub(super) fn show_error(&self, error: &Error) {
        let advice = error.advice().unwrap_or_default();
        self.imp()
            .cover
            .show_still("network-offline-symbolic", &error.headline(), &advice);
        self.update_button();
    }

    pub(super) fn offer_to_open(&self) {
        let headline = gettext("Not Connected to the Screen");
        self.imp()
            .cover
            .show_still("video-display-symbolic", &headline, "");
        self.update_button();
    }

    /// Shows the screen's certificate, where it was refused, and whether a person may trust it nevertheless.
    fn update_certificate(&self, console: &Console) {
        let connection = self.guest().and_then(|guest| guest.connection());
        let Some(profile) = connection.map(|connection| connection.profile()) else {
            return;
        };
        let error = console.error();
        let kind = error.as_ref().map(|error| &error.kind);
        let trust_box = self.imp().cover.trust_box();
        trust_box.set_failure(Service::Screen, profile.certificate_host(), kind);
    }

    /// Trusts a certificate of a screen for the connection, and tries again.
    pub(super) fn trust(&self, pin: Pin) {
        let connection = self.guest().and_then(|guest| guest.connection());
        if let (Some(connection), Some(console)) = (connection, self.console()) {
            connection.pin(pin);
            console.retry();
        }
    }

    /// Gives the page's buttons the acts that help.
    pub(super) fn update_button(&self) {
        let help = self.screen_help();
        let other = help.as_ref().and_then(|help| other_help(help));
        let other = other
            .as_ref()
            .map(|(label, action)| (label.as_str(), *action));
        self.imp().cover.set_other_help(other);
        let saved = self
            .guest()
            .is_some_and(|guest| guest.state() == GuestState::Saved);
        let help = match self.console().map(|console| console.phase()) {
            None => Some((gettext("_Connect"), "console.retry")),
            Some(_) if saved => Some((gettext("_Restore"), "guest.run")),
            Some(_) if self.is_off() => Some((gettext("_Run"), "guest.run")),
            Some(ConsolePhase::Waiting) if self.waits_long() => {
                Some((gettext("Try _Now"), "console.retry"))
            }
            // Nothing is tried again until the host is there.
            Some(ConsolePhase::Failed) if self.is_offline() => {
                Some((gettext("_Connect"), "win.reconnect"))
            }
            Some(ConsolePhase::Failed) if self.is_downgraded() => {
                Some((gettext("Connect _Anyway"), "console.accept"))
            }
            Some(ConsolePhase::Failed) => Some(
                help.and_then(|help| first_help(&help))
                    .unwrap_or_else(|| (gettext("_Try Again"), "console.retry")),
            ),
            Some(_) => None,
        };
        let help = help
            .as_ref()
            .map(|(label, action)| (label.as_str(), *action));
        self.imp().cover.set_help(help);
        let is_dangerous = help.is_some_and(|(_, action)| action == "console.accept");
        self.imp().cover.set_help_dangerous(is_dangerous);
    }
}

/// The best act where the screen listens out of reach: a tunnel opens nothing to others.
fn first_help(help: &ScreenHelp) -> Option<(String, &'static str)> {
    match (&help.tunnel, help.address) {
        (Some(_), _) => Some((gettext("Connect Through _SSH…"), "console.tunnel")),
        (None, Some(_)) => Some(listen_help()),
        (None, None) => None,
    }
}

fn other_help(help: &ScreenHelp) -> Option<(String, &'static str)> {
    (help.tunnel.is_some() && help.address.is_some()).then(listen_help)
}

fn listen_help() -> (String, &'static str) {
    (gettext("Change _Listen Address…"), "console.listen")
}

fn icon_name(phase: ConsolePhase) -> &'static str {
    match phase {
        ConsolePhase::Off => "system-shutdown-symbolic",
        ConsolePhase::Failed => "dialog-warning-symbolic",
        _ => "video-display-symbolic",
    }
}
