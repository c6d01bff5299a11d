//! Shares the clipboard with the guest, as far as the user lets it.
//!
//! The desktop's text is offered only while the guest has the keyboard: what is copied while somebody works elsewhere is
//! none of its business. What came from the guest is not offered back to it.

use std::cell::{Cell, RefCell};

use gtk::{gdk, glib, prelude::*};

use super::widget::Screen;
use crate::app::{
    runtime,
    settings::{Key, Settings},
};

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
}

impl Clipboard {
    /// Follows the desktop's clipboard while the screen is realized.
    pub(super) fn attach(&self, screen: &Screen) {
        self.detach();
        let clipboard = screen.clipboard();
        let weak = screen.downgrade();
        let handler = clipboard.connect_changed(move |_| {
            if let Some(screen) = weak.upgrade() {
                screen.clipboard_link().is_news.set(true);
                screen.clipboard_link().offer(&screen);
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

    /// Forgets what another session's guest was told.
    pub(super) fn forget(&self) {
        self.shared.take();
        self.is_news.set(true);
    }

    /// Offers the desktop's text, if the guest has the keyboard and the text is news for it.
    pub(super) fn offer(&self, screen: &Screen) {
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
        if session.clipboard_offer(text.to_owned()) {
            self.shared.replace(Some(text.to_owned()));
        }
    }

    /// Takes a text that was copied in the guest.
    pub(super) fn take(&self, screen: &Screen, text: &str) {
        if text.is_empty() || !Ways::chosen().from_guest {
            return;
        }
        self.shared.replace(Some(text.to_owned()));
        screen.clipboard().set_text(text);
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
