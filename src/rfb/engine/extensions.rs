//! The server's messages beyond RFC 6143, and its clipboard in both forms.
//!
//! Each is either asked for in [`policy`](crate::policy) or an error. What can be answered without anybody's leave, the
//! engine answers itself: fences, and an offer of text by a request for it.

use super::{Core, State, event::EngineEvent};
use crate::{
    Error, Result, client,
    clipboard::{self, Word},
    limits::MAX_CUT_TEXT,
    wire::{Reader, Step},
};

/// The flag of a fence that wants an answer (rfbproto, "`ClientFence`").
pub(crate) const FENCE_REQUEST: u32 = 1 << 31;
/// The flag of a fence before which everything must have taken effect.
pub(crate) const FENCE_BLOCK_BEFORE: u32 = 1;
/// The flags that are understood here: before, after and next, which messages that are handled one by one fulfil.
const FENCE_UNDERSTOOD: u32 = 0b111;

impl Core {
    /// Reads clipboard text in Latin-1, or a word of the extended clipboard, whose length is negative.
    pub(super) fn cut_text(&mut self, input: &[u8]) -> Result<Step> {
        let mut reader = Reader::new(input);
        let (Some(()), Some(length)) = (reader.skip(4), reader.i32()) else {
            return Ok(Step::Need);
        };
        let bytes = length.unsigned_abs() as usize;
        Error::check_limit("clipboard text", bytes, MAX_CUT_TEXT)?;
        let Some(body) = reader.take(bytes) else {
            return Ok(Step::Need);
        };
        if length < 0 {
            self.clipboard_word(clipboard::parse(body)?);
        } else {
            let text = body.iter().copied().map(char::from).collect();
            self.events.push_back(EngineEvent::ClipboardText(text));
        }
        Ok(Step::Done(reader.used()))
    }

    fn clipboard_word(&mut self, word: Word) {
        let event = match word {
            Word::Ability(ability) => {
                clipboard::write_ability(&mut self.out);
                EngineEvent::ExtendedClipboard(ability)
            }
            Word::Offered => return clipboard::write_request(&mut self.out),
            Word::Wanted => EngineEvent::ClipboardWanted,
            Word::Peeked => EngineEvent::ClipboardPeeked,
            Word::Text(text) => EngineEvent::ClipboardText(text),
            Word::Other => return,
        };
        self.events.push_back(event);
    }

    /// Answers the server's fence, or tells of its answer to ours (rfbproto, "`ServerFence`").
    pub(super) fn fence(&mut self, input: &[u8]) -> Result<Step> {
        let mut reader = Reader::new(input);
        let (Some(()), Some(flags), Some(length)) = (reader.skip(4), reader.u32(), reader.u8())
        else {
            return Ok(Step::Need);
        };
        Error::check_limit("a fence", length.into(), client::MAX_FENCE)?;
        let Some(payload) = reader.take(length.into()) else {
            return Ok(Step::Need);
        };
        if flags & FENCE_REQUEST != 0 {
            client::fence(&mut self.out, flags & FENCE_UNDERSTOOD, payload);
            if !self.fences {
                self.fences = true;
                self.events.push_back(EngineEvent::Fences);
            }
        } else {
            let payload = payload.to_vec();
            self.events.push_back(EngineEvent::FenceAnswered(payload));
        }
        Ok(Step::Done(reader.used()))
    }

    /// The first of these tells that the server can send updates without requests; later ones, that it stopped to.
    pub(super) fn continuous_updates_end(&mut self) -> Step {
        if !self.continuous_updates {
            self.continuous_updates = true;
            self.events.push_back(EngineEvent::ContinuousUpdates);
        }
        Step::Done(1)
    }

    /// Reads whether the server takes acts on the guest's power, or has refused one (rfbproto, "xvp Server Message").
    pub(super) fn power(&mut self, input: &[u8]) -> Result<Step> {
        let mut reader = Reader::new(input);
        let (Some(()), Some(version), Some(code)) = (reader.skip(2), reader.u8(), reader.u8())
        else {
            return Ok(Step::Need);
        };
        let event = match (version, code) {
            (1, 0) => EngineEvent::PowerRefused,
            (1, 1) => EngineEvent::PowerActions,
            _ => return Err(Error::Protocol("a power message of an unknown kind")),
        };
        if self.events.back() != Some(&event) {
            self.events.push_back(event);
        }
        Ok(Step::Done(reader.used()))
    }

    /// Reads QEMU's own message, of which only sound is spoken (`ui/vnc.c`, audio capture).
    pub(super) fn qemu(&mut self, input: &[u8]) -> Result<Step> {
        const SOUND: u8 = 1;
        let mut reader = Reader::new(input);
        let (Some(()), Some(kind), Some(operation)) = (reader.skip(1), reader.u8(), reader.u16())
        else {
            return Ok(Step::Need);
        };
        if kind != SOUND {
            return Err(Error::Unexpected {
                what: "QEMU message",
                number: kind.into(),
            });
        }
        match operation {
            0 => self.events.push_back(EngineEvent::AudioEnd),
            1 => self.events.push_back(EngineEvent::AudioBegin),
            2 => {
                let Some(length) = reader.u32() else {
                    return Ok(Step::Need);
                };
                let left = length as usize;
                self.state = State::Audio { left };
            }
            _ => return Err(Error::Protocol("a sound message of an unknown kind")),
        }
        Ok(Step::Done(reader.used()))
    }

    /// Passes samples on as they come, so that no length is too long.
    pub(super) fn audio(&mut self, left: usize, input: &[u8]) -> Step {
        let now = left.min(input.len());
        if let Some(samples) = input.get(..now).filter(|samples| !samples.is_empty()) {
            let samples = samples.to_vec();
            self.events.push_back(EngineEvent::AudioData(samples));
        }
        self.state = match left - now {
            0 => State::Message,
            left => State::Audio { left },
        };
        match now {
            0 if left > 0 => Step::Need,
            _ => Step::More(now),
        }
    }
}
