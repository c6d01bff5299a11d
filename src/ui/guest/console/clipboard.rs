//! Shares the clipboard with the guest, as far as the user lets it.
//!
//! Texts cross only while the guest has the keyboard: what is copied while somebody works elsewhere is none of the guest's
//! business, and a guest in the background takes nobody's clipboard away. The newest text counts, and what came from one
//! side is not offered back to it.

use std::{
    cell::{Cell, RefCell},
    time::{Duration, Instant},
};

use gtk::{gdk, glib, prelude::*};

use super::widget::Screen;
use crate::{
    app::{
        i18n::gettext,
        runtime,
        settings::{Key, Settings},
    },
    model::rfb::ClipboardRefusal,
    widgets::{copy_text, show_message},
};

/// How long after the keyboard has gone the guest's text is still what the user copied there: it takes its time over a
/// slow link, and hands are quick.
const ON_ITS_WAY: Duration = Duration::from_secs(2);

/// Which way texts go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ways {
    to_guest: bool,
    from_guest: bool,
}

impl Ways {
    fn of(word: &str) -> Self {
        Self {
            to_guest: matches!(word, "both" | "to-guest"),
            from_guest: matches!(word, "both" | "from-guest"),
        }
    }

    fn chosen() -> Self {
        Self::of(&Settings::get().choice(Key::ConsoleClipboard))
    }
}

/// What is known of the two clipboards.
#[derive(Debug, Default)]
pub(super) struct Clipboard {
    watched: RefCell<Option<(gdk::Clipboard, glib::SignalHandlerId)>>,
    /// The text that both sides have.
    shared: RefCell<Option<String>>,
    /// The desktop's clipboard has changed since it was offered.
    is_news: Cell<bool>,
    /// What the guest has copied while it did not have the keyboard.
    held: RefCell<Option<String>>,
    /// When the guest had the keyboard last.
    left: Cell<Option<Instant>>,
    /// The user was told of this in the present session.
    told: Cell<Option<ClipboardRefusal>>,
}

impl Clipboard {
    /// Follows the desktop's clipboard while the screen is realized.
    pub(super) fn attach(&self, screen: &Screen) {
        self.detach();
        let clipboard = screen.clipboard();
        let weak = screen.downgrade();
        let handler = clipboard.connect_changed(move |_| {
            if let Some(screen) = weak.upgrade() {
                let link = screen.clipboard_link();
                link.held.take();
                link.is_news.set(true);
                link.offer(&screen);
            }
        });
        self.is_news.set(true);
        self.watched.replace(Some((clipboard, handler)));
    }

    /// Stops following.
    pub(super) fn detach(&self) {
        if let Some((clipboard, handler)) = self.watched.take() {
            clipboard.disconnect(handler);
        }
    }

    /// Takes back what was offered as soon as the user no longer wants that.
    pub(super) fn watch_settings(screen: &Screen) {
        Settings::get().watch(Key::ConsoleClipboard, screen, |screen| {
            let link = screen.clipboard_link();
            if Ways::chosen().to_guest {
                link.is_news.set(true);
                link.offer(screen);
            } else if let Some(session) = screen.session() {
                session.clipboard_withdraw();
                link.shared.take();
            }
            if !Ways::chosen().from_guest {
                link.held.take();
            }
        });
    }

    /// Forgets what another session's guest was told, and said.
    pub(super) fn forget(&self) {
        self.shared.take();
        self.held.take();
        self.told.take();
        self.is_news.set(true);
    }

    /// The guest has the keyboard: texts cross that have waited for it.
    pub(super) fn keyboard_came(&self, screen: &Screen) {
        let held = self.held.take().filter(|_| Ways::chosen().from_guest);
        match held {
            Some(text) => copy_text(&screen.clipboard(), &text),
            None => self.offer(screen),
        }
    }

    /// The guest has the keyboard no more.
    pub(super) fn keyboard_went(&self) {
        self.left.set(Some(Instant::now()));
    }

    /// Offers the desktop's text, if the guest has the keyboard and the text is news for it.
    fn offer(&self, screen: &Screen) {
        if !screen.has_keyboard() || !Ways::chosen().to_guest || !self.is_news.replace(false) {
            return;
        }
        let screen = screen.clone();
        runtime::local(async move {
            // A clipboard without text says so with an error.
            let text = screen.clipboard().read_text_future().await;
            if let Ok(Some(text)) = text {
                screen.clipboard_link().hand_over(&screen, &text);
            }
        });
    }

    fn hand_over(&self, screen: &Screen, text: &str) {
        let Some(session) = screen.session().filter(|_| screen.has_keyboard()) else {
            // It went while the text was read: the next visit offers it.
            self.is_news.set(true);
            return;
        };
        if text.is_empty() || self.shared.borrow().as_deref() == Some(text) {
            return;
        }
        session.clipboard_offer(text.to_owned());
        self.shared.replace(Some(text.to_owned()));
    }

    /// Takes a text that was copied in the guest.
    pub(super) fn take(&self, screen: &Screen, text: &str) {
        if text.is_empty() || !Ways::chosen().from_guest {
            return;
        }
        self.shared.replace(Some(text.to_owned()));
        let had_it = |left: Instant| left.elapsed() < ON_ITS_WAY;
        if screen.has_keyboard() || self.left.get().is_some_and(had_it) {
            copy_text(&screen.clipboard(), text);
        } else {
            self.held.replace(Some(text.to_owned()));
        }
    }

    /// Says why the guest cannot have the desktop's text; once, however many such texts are copied.
    pub(super) fn refused(&self, screen: &Screen, refusal: ClipboardRefusal) {
        if self.told.replace(Some(refusal)) == Some(refusal) {
            return;
        }
        let text = match refusal {
            ClipboardRefusal::TooLong => {
                gettext("The copied text is too long for the virtual machine’s clipboard")
            }
            _ => gettext("This virtual machine’s clipboard takes Western European characters only"),
        };
        show_message(screen, &text);
    }
}

#[cfg(test)]
mod tests {
    use super::Ways;

    #[test]
    fn each_word_lets_texts_go_its_way() {
        let ways = |word| {
            let ways = Ways::of(word);
            (ways.to_guest, ways.from_guest)
        };
        assert_eq!(ways("both"), (true, true));
        assert_eq!(ways("to-guest"), (true, false));
        assert_eq!(ways("from-guest"), (false, true));
        assert_eq!(ways("off"), (false, false));
    }
}
