//! The user's input that waits: pointer motion merged, keys and buttons never lost.
//!
//! It keeps what is held, so that all of it can be let go, and turns input into messages by what the server has
//! acknowledged. It decides nothing about when they are sent.

use std::collections::VecDeque;

use crate::{
    client::{self, RELATIVE_CENTRE},
    limits::MAX_WAITING_INPUT,
};

/// Keys that can be held at once; a keyboard has fewer.
const MAX_HELD: usize = 256;

/// One thing that the user did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Key {
        keysym: u32,
        qnum: u32,
        down: bool,
    },
    Pointer {
        at: Place,
        buttons: u16,
        pressed: bool,
    },
}

/// Where the pointer is, or how far it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Absolute(u16, u16),
    Relative(i32, i32),
}

/// What the user did and the server was not told yet.
#[derive(Debug, Default)]
pub(super) struct Input {
    waiting: VecDeque<Act>,
    held: Vec<(u32, u32)>,
    /// The buttons of the newest pointer event.
    buttons: u16,
    /// Where that was.
    place: Option<Place>,
    /// So much has waited that the server must have stopped reading; nothing is kept any more.
    pub(super) overflowed: bool,
}

impl Input {
    /// Queues a key. The release of a key that is not held is queued too: the guest may think otherwise.
    pub(super) fn key(&mut self, keysym: u32, qnum: u32, down: bool) {
        self.held.retain(|held| *held != (keysym, qnum));
        if down && self.held.len() < MAX_HELD {
            self.held.push((keysym, qnum));
        }
        self.queue(Act::Key { keysym, qnum, down });
    }

    /// Queues the release of every key that is held, the newest first.
    pub(super) fn release_keys(&mut self) {
        for (keysym, qnum) in std::mem::take(&mut self.held).into_iter().rev() {
            self.queue(Act::Key {
                keysym,
                qnum,
                down: false,
            });
        }
    }

    /// Queues the release of every button that is held, where the pointer is.
    pub(super) fn release_buttons(&mut self) {
        match self.place.filter(|_| self.buttons != 0) {
            Some(Place::Relative(..)) => self.pointer(Place::Relative(0, 0), 0),
            Some(at) => self.pointer(at, 0),
            None => {}
        }
    }

    /// Queues the pointer. Motion is merged with motion that waits, but never into an event that pressed or released a
    /// button: a click stays where it was.
    pub(super) fn pointer(&mut self, new: Place, buttons: u16) {
        self.place = Some(new);
        let pressed = std::mem::replace(&mut self.buttons, buttons) != buttons;
        if !pressed
            && let Some(Act::Pointer {
                at, pressed: false, ..
            }) = self.waiting.back_mut()
            && let Some(merged) = at.then(new)
        {
            *at = merged;
            return;
        }
        self.queue(Act::Pointer {
            at: new,
            buttons,
            pressed,
        });
    }

    fn queue(&mut self, act: Act) {
        self.overflowed |= self.waiting.len() >= MAX_WAITING_INPUT;
        if self.overflowed {
            self.waiting.clear();
        } else {
            self.waiting.push_back(act);
        }
    }

    /// Tells whether a pointer's motion waits, which may wait for more of it, and nothing else.
    pub(super) fn is_mere_motion(&self) -> bool {
        let mere_motion = matches!(
            self.waiting.front(),
            Some(Act::Pointer { pressed: false, .. })
        );
        mere_motion && self.waiting.len() == 1
    }

    /// Appends all of it: with scancodes, and with more than seven buttons, where those are understood.
    pub(super) fn write(&mut self, scancodes: bool, more_buttons: bool, out: &mut Vec<u8>) {
        while let Some(act) = self.waiting.pop_front() {
            match act {
                Act::Key { keysym, qnum, down } if scancodes && qnum != 0 => {
                    client::extended_key_event(out, keysym, qnum, down);
                }
                Act::Key { keysym: 0, .. } => {}
                Act::Key { keysym, down, .. } => client::key_event(out, keysym, down),
                Act::Pointer { at, buttons, .. } => {
                    let (x, y) = at.coordinates();
                    if more_buttons && buttons > 0x7f {
                        client::extended_pointer_event(out, x, y, buttons);
                    } else {
                        client::pointer_event(out, x, y, buttons);
                    }
                }
            }
        }
    }
}

impl Place {
    /// Joins two motions, unless they are of different kinds.
    fn then(self, next: Self) -> Option<Self> {
        match (self, next) {
            (Self::Relative(x, y), Self::Relative(dx, dy)) => {
                Some(Self::Relative(x.saturating_add(dx), y.saturating_add(dy)))
            }
            (Self::Absolute(..), Self::Absolute(..)) => Some(next),
            _ => None,
        }
    }

    /// Returns what stands in the message.
    fn coordinates(self) -> (u16, u16) {
        match self {
            Self::Absolute(x, y) => (x, y),
            Self::Relative(dx, dy) => (relative(dx), relative(dy)),
        }
    }
}

/// Makes a coordinate around the centre of a movement; one too far for it is cut short.
fn relative(delta: i32) -> u16 {
    let value = RELATIVE_CENTRE.saturating_add(delta);
    value.clamp(0, u16::MAX.into()) as u16
}
