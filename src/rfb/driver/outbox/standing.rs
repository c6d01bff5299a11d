//! Wishes that stand until they change: what is wanted, and what the server has been told of it.
//!
//! Nothing is sent twice, and nothing before the server can do it. It knows no queue.

use crate::{AudioFormat, Rect, client};

/// Sound: what is wanted, and what the server has been told.
#[derive(Debug, Default)]
pub(in crate::driver) struct Audio {
    pub(in crate::driver) offered: bool,
    pub(in crate::driver) wanted: Option<AudioFormat>,
    told: Option<AudioFormat>,
}

impl Audio {
    pub(super) fn is_idle(&self) -> bool {
        !self.offered || self.wanted == self.told
    }

    pub(super) fn write(&mut self, out: &mut Vec<u8>) {
        if self.is_idle() {
            return;
        }
        match self.wanted {
            Some(format) => client::audio_on(out, format),
            None => client::audio_off(out),
        }
        self.told = self.wanted;
    }
}

/// Updates without requests: what the server can do, and what it has been told.
#[derive(Debug, Default)]
pub(in crate::driver) struct Continuous {
    pub(in crate::driver) possible: bool,
    /// The whole picture, of which updates are wanted.
    pub(in crate::driver) picture: Rect,
    told: Option<Rect>,
}

impl Continuous {
    fn wanted(&self, paused: bool) -> Option<Rect> {
        (self.possible && !paused && !self.picture.is_empty()).then_some(self.picture)
    }

    pub(super) fn is_idle(&self, paused: bool) -> bool {
        self.wanted(paused) == self.told
    }

    /// Appends the message; tells whether updates come without requests from now on.
    pub(super) fn write(&mut self, paused: bool, out: &mut Vec<u8>) -> bool {
        let wanted = self.wanted(paused);
        if wanted != self.told {
            let rect = wanted.unwrap_or(self.picture);
            client::continuous_updates(out, wanted.is_some(), rect);
            self.told = wanted;
        }
        wanted.is_some()
    }
}
