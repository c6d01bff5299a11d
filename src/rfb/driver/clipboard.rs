//! What the session says about its clipboard: offers, and text when it is asked for.
//!
//! A server that knows the extended clipboard hears that there is text and asks for it; any other gets it at once, in
//! Latin-1, or not at all: nothing is sent that is another text. The newest text counts. It knows no lock and no stream.

use std::sync::Arc;

use crate::{ClipboardAbility, ClipboardRefusal, client, clipboard, limits::MAX_OFFERED_TEXT};

/// Our clipboard as the server shall see it.
#[derive(Debug, Default)]
pub(super) struct Clipboard {
    /// Our newest text, kept for whoever asks.
    text: Option<Arc<str>>,
    /// The server does not know of the text, or that there is none any more.
    news: bool,
    /// What the server understands beyond Latin-1.
    pub(super) ability: Option<ClipboardAbility>,
    /// The server had time to say what it understands.
    pub(super) settled: bool,
    /// The server is QEMU, which hands text to its guest as it gets it.
    pub(super) as_it_is: bool,
    /// Why a text was not sent, until somebody is told.
    pub(super) refused: Option<ClipboardRefusal>,
}

impl Clipboard {
    /// Takes new text.
    pub(super) fn offer(&mut self, text: String) {
        self.text = Some(text.into());
        self.news = true;
    }

    /// Has no text any more.
    pub(super) fn withdraw(&mut self) {
        self.news |= self.text.take().is_some();
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

    /// Tells whether there is nothing to say now. What the server understands it says after the first request; until
    /// then, text waits.
    pub(super) fn is_idle(&self) -> bool {
        !self.news || !(self.settled || self.ability.is_some())
    }

    /// Appends what is to be said.
    pub(super) fn write(&mut self, out: &mut Vec<u8>) {
        if self.is_idle() {
            return;
        }
        self.news = false;
        self.refused = self.refusal();
        if self.refused.is_some() {
            self.text = None;
        }
        match (self.ability, &self.text) {
            (Some(ability), text) if ability.takes_offers => {
                clipboard::write_offer(out, text.is_some());
            }
            (Some(ability), Some(text)) if text.len() <= ability.unasked as usize => {
                clipboard::write_text(out, text, self.as_it_is);
            }
            (_, Some(text)) => client::cut_text(out, text),
            (_, None) => {}
        }
    }

    /// Why the server cannot have the text.
    fn refusal(&self) -> Option<ClipboardRefusal> {
        let text = self.text.as_deref()?;
        let in_utf_8 = self
            .ability
            .is_some_and(|ability| ability.takes_offers || text.len() <= ability.unasked as usize);
        if !in_utf_8 && !text.chars().all(is_latin_1) {
            return Some(ClipboardRefusal::Characters);
        }
        let grows = in_utf_8 && !self.as_it_is;
        let ends = text.bytes().filter(|byte| grows && *byte == b'\n').count();
        (text.len() + ends > MAX_OFFERED_TEXT).then_some(ClipboardRefusal::TooLong)
    }
}

fn is_latin_1(character: char) -> bool {
    u8::try_from(u32::from(character)).is_ok()
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
        // It may be about to say that it understands more.
        assert!(clipboard.is_idle() && said(&mut clipboard).is_empty());
        clipboard.settled = true;
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
        clipboard.withdraw();
        let nothing = [6, 0, 0, 0, 255, 255, 255, 252, 8, 0, 0, 0];
        assert_eq!(said(&mut clipboard), nothing);
        assert!(clipboard.wanted().is_none());
    }

    #[test]
    fn what_cannot_be_had_whole_is_not_had_at_all() {
        let mut latin = Clipboard {
            settled: true,
            ..Clipboard::default()
        };
        latin.offer("3 €".into());
        assert!(said(&mut latin).is_empty());
        assert_eq!(latin.refused.take(), Some(ClipboardRefusal::Characters));
        latin.offer("3 £".into());
        assert_eq!(said(&mut latin)[8..], *b"3 \xa3");
        assert_eq!(latin.refused, None);

        let mut other = Clipboard {
            ability: Some(ClipboardAbility {
                takes_offers: true,
                unasked: 0,
            }),
            ..Clipboard::default()
        };
        // Ends of lines become two characters, except for QEMU.
        let lines = "\n".repeat(MAX_OFFERED_TEXT);
        for (as_it_is, refused, text) in
            [(false, Some(ClipboardRefusal::TooLong), 0), (true, None, 1)]
        {
            other.as_it_is = as_it_is;
            other.offer(lines.clone());
            assert_eq!(said(&mut other)[11], text);
            assert_eq!(other.refused.take(), refused);
        }
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
        clipboard.offer("世世".into());
        assert!(said(&mut clipboard).is_empty());
        assert_eq!(clipboard.refused, Some(ClipboardRefusal::Characters));
    }
}
