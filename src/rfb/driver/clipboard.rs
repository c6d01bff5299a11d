//! What the session says about its clipboard: offers, and text when it is asked for.
//!
//! A server that knows the extended clipboard hears that there is text and asks for it; any other gets it at once, in
//! Latin-1. The newest text counts. It knows no lock and no stream.

use std::sync::Arc;

use crate::{ClipboardAbility, client, clipboard};

/// Our clipboard as the server shall see it.
#[derive(Debug, Default)]
pub(super) struct Clipboard {
    /// Our newest text, kept for whoever asks.
    text: Option<Arc<str>>,
    /// The text was not offered yet.
    news: bool,
    /// What the server understands beyond Latin-1.
    pub(super) ability: Option<ClipboardAbility>,
    /// The server is QEMU, which hands text to its guest as it gets it.
    pub(super) as_it_is: bool,
}

impl Clipboard {
    /// Takes new text.
    pub(super) fn offer(&mut self, text: String) {
        self.text = Some(text.into());
        self.news = true;
    }

    /// Returns the text with the way it is written, for [`clipboard::write_text`].
    pub(super) fn wanted(&self) -> Option<(Arc<str>, bool)> {
        let text = self.text.as_ref()?;
        Some((Arc::clone(text), self.as_it_is))
    }

    /// Appends the answer to a server that asks whether there is text.
    pub(super) fn peeked(&self, out: &mut Vec<u8>) {
        clipboard::write_offer(out, self.text.is_some());
    }

    /// Tells whether there is something to say.
    pub(super) fn is_idle(&self) -> bool {
        !self.news
    }

    /// Appends what is to be said.
    pub(super) fn write(&mut self, out: &mut Vec<u8>) {
        let (true, Some(text)) = (std::mem::take(&mut self.news), &self.text) else {
            return;
        };
        match self.ability {
            Some(ability) if ability.takes_offers => clipboard::write_offer(out, true),
            Some(ability) if text.len() <= ability.unasked as usize => {
                clipboard::write_text(out, text, self.as_it_is);
            }
            _ => client::cut_text(out, text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(clipboard: &mut Clipboard) -> Vec<u8> {
        let mut out = Vec::new();
        clipboard.write(&mut out);
        out
    }

    #[test]
    fn the_newest_text_is_said_once_and_kept() {
        let mut clipboard = Clipboard::default();
        assert!(clipboard.is_idle() && said(&mut clipboard).is_empty());
        clipboard.offer("old".into());
        clipboard.offer("é".into());
        assert!(!clipboard.is_idle());
        assert_eq!(said(&mut clipboard), [6, 0, 0, 0, 0, 0, 0, 1, 0xe9]);
        assert!(said(&mut clipboard).is_empty());
        assert_eq!(&*clipboard.wanted().unwrap().0, "é");
    }

    #[test]
    fn who_understands_offers_gets_offers() {
        let mut clipboard = Clipboard {
            ability: Some(ClipboardAbility {
                takes_offers: true,
                unasked: 100,
            }),
            ..Clipboard::default()
        };
        clipboard.offer("世".into());
        let offer = [6, 0, 0, 0, 255, 255, 255, 252, 8, 0, 0, 1];
        assert_eq!(said(&mut clipboard), offer);
        let mut out = Vec::new();
        clipboard.peeked(&mut out);
        assert_eq!(out, offer);
    }

    #[test]
    fn who_takes_text_unasked_gets_it_up_to_its_bound() {
        let mut clipboard = Clipboard {
            ability: Some(ClipboardAbility {
                takes_offers: false,
                unasked: 4,
            }),
            ..Clipboard::default()
        };
        clipboard.offer("世".into());
        assert_eq!(said(&mut clipboard)[8..12], [0x10, 0, 0, 1]);
        clipboard.offer("longer".into());
        assert_eq!(said(&mut clipboard)[..8], [6, 0, 0, 0, 0, 0, 0, 6]);
    }
}
