//! How the line stands: what is shown in each phase, and which act helps.

use std::time::{Duration, Instant};

use adw::{prelude::*, subclass::prelude::*};
use gtk::glib;
use vte::prelude::*;

use super::TerminalView;
use crate::{
    app::{errors::UserFacing, i18n::gettext},
    model::{Error, GuestState, TextConsolePhase},
    ui::guest::console::set_action,
};

/// How long a line that is there may say nothing until its user is told what that may mean.
const SILENCE: Duration = Duration::from_secs(5);
/// Where that stands at length.
const HELP: &str = "app.help::text-console";

impl TerminalView {
    pub(super) fn update(&self) {
        let imp = self.imp();
        let Some(console) = self.console() else {
            self.show_still(
                "utilities-terminal-symbolic",
                &gettext("Not Connected to the Text Console"),
                "",
            );
            self.set_help(Some((gettext("_Connect"), "terminal.retry")));
            return;
        };
        let had_keyboard = self.has_focus_inside();
        if console.phase() != TextConsolePhase::Connected {
            imp.silent_since.take();
        }
        match console.phase() {
            TextConsolePhase::Connected => self.show_line(),
            TextConsolePhase::Connecting | TextConsolePhase::Waiting => {
                self.show_busy(&console.headline(), &console.advice());
            }
            phase => {
                if phase == TextConsolePhase::Off {
                    imp.was_off.set(true);
                }
                let headline = self.off_text(phase).unwrap_or_else(|| console.headline());
                self.show_still(icon_name(phase), &headline, &console.advice());
            }
        }
        self.set_help(self.help(console.phase()));
        if had_keyboard || (self.is_mapped() && self.focus_is_free()) {
            self.grab_focus();
        }
    }

    fn show_line(&self) {
        let imp = self.imp();
        if imp.was_off.take() && imp.has_text.get() {
            // What the last run left switched on would garble this one. The text stays.
            self.terminal().feed(b"\x1b[?1049l\x1b[!p\x1b[0m\r\n");
        }
        imp.cover.set_visible(false);
        if !imp.has_text.get() && imp.silent_since.get().is_none() {
            self.await_words();
        }
        let is_silent = self.is_silent();
        if is_silent {
            // It looks like a program that hangs.
            imp.news.set_title(&gettext(
                "Nothing has been written here yet. Press Enter, or set up the text console inside the virtual machine.",
            ));
        }
        imp.news.set_revealed(is_silent);
    }

    /// Looks again when the line has said nothing for a while.
    fn await_words(&self) {
        self.imp().silent_since.set(Some(Instant::now()));
        let weak = self.downgrade();
        glib::timeout_add_local_once(SILENCE, move || {
            if let Some(view) = weak.upgrade() {
                view.update();
            }
        });
    }

    /// Says whether the line is there, and has been for a while, without a word of the guest.
    fn is_silent(&self) -> bool {
        let imp = self.imp();
        let since = imp.silent_since.get().filter(|_| !imp.has_text.get());
        since.is_some_and(|since| since.elapsed() >= SILENCE)
    }

    fn show_busy(&self, headline: &str, advice: &str) {
        let imp = self.imp();
        imp.cover.show_busy(headline, advice, false);
        self.show_news(headline);
    }

    fn show_still(&self, icon: &str, headline: &str, advice: &str) {
        let imp = self.imp();
        imp.cover.show_still(icon, headline, advice);
        self.show_news(headline);
    }

    /// Puts the news over the terminal, or above it while there is something to read; there the window's own banner tells of
    /// a host that is away.
    fn show_news(&self, headline: &str) {
        let imp = self.imp();
        let has_text = imp.has_text.get();
        let is_online = self.guest().is_none_or(|guest| guest.online());
        if has_text {
            imp.news.set_title(headline);
        }
        imp.news.set_revealed(has_text && is_online);
        imp.cover.set_visible(!has_text);
    }

    pub(super) fn show_error(&self, error: &Error) {
        let advice = error.advice().unwrap_or_default();
        self.show_still("network-offline-symbolic", &error.headline(), &advice);
        self.set_help(Some((gettext("_Try Again"), "terminal.retry")));
    }

    fn set_help(&self, help: Option<(String, &'static str)>) {
        let imp = self.imp();
        let help = help.as_ref().map(|(label, act)| (label.as_str(), *act));
        imp.cover.set_help(help);
        imp.cover.set_other_help(None);
        imp.news.set_button_label(help.map(|(label, _)| label));
        set_action(&*imp.news, help.map(|(_, act)| act));
    }

    /// The act that helps: its label and its name.
    fn help(&self, phase: TextConsolePhase) -> Option<(String, &'static str)> {
        let guest = self.guest()?;
        match phase {
            TextConsolePhase::Off if guest.state() == GuestState::Saved => {
                Some((gettext("_Restore"), "guest.run"))
            }
            TextConsolePhase::Off if guest.state() == GuestState::ShutOff => {
                Some((gettext("_Run"), "guest.run"))
            }
            TextConsolePhase::Connected if self.is_silent() => Some((gettext("_Help"), HELP)),
            TextConsolePhase::InUse => Some((gettext("_Take Over"), "terminal.take-over")),
            // Nothing is tried again until the host is there.
            TextConsolePhase::Failed if !guest.online() => {
                Some((gettext("_Connect"), "win.reconnect"))
            }
            TextConsolePhase::Failed => Some((gettext("_Try Again"), "terminal.retry")),
            TextConsolePhase::Waiting if self.waits_long() => {
                Some((gettext("Try _Now"), "terminal.retry"))
            }
            _ => None,
        }
    }

    fn waits_long(&self) -> bool {
        self.console().is_some_and(|console| console.waits_long())
    }

    /// How the guest is off: shut off or saved, which its line does not know.
    fn off_text(&self, phase: TextConsolePhase) -> Option<String> {
        let guest = self.guest().filter(|_| phase == TextConsolePhase::Off)?;
        Some(guest.state_text())
    }

    fn has_focus_inside(&self) -> bool {
        let focus = self.root().and_then(|root| root.focus());
        focus.is_some_and(|focus| focus.is_ancestor(self))
    }

    fn focus_is_free(&self) -> bool {
        self.root().is_some_and(|root| root.focus().is_none())
    }
}

fn icon_name(phase: TextConsolePhase) -> &'static str {
    match phase {
        TextConsolePhase::Off => "system-shutdown-symbolic",
        TextConsolePhase::Failed => "dialog-warning-symbolic",
        _ => "utilities-terminal-symbolic",
    }
}
