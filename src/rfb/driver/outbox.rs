//! What waits to be sent: input first, then requests; pointer motion merged, buttons never lost.
//!
//! The handle fills it from any thread without waiting; the writer's task empties it. It turns
//! input into messages by what the server has acknowledged. It knows no stream and no clock.

use std::collections::VecDeque;

use crate::{
    Size, UpdateRequest,
    client::{self, RELATIVE_CENTRE},
    limits::MAX_WAITING_INPUT,
};

/// Keys that can be held at once; a keyboard has fewer.
const MAX_HELD: usize = 256;

/// One thing that the user did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Input {
    Key {
        keysym: u32,
        qnum: u32,
        down: bool,
    },
    Pointer {
        at: Place,
        buttons: u8,
        pressed: bool,
    },
}

/// Where the pointer is, or how far it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Absolute(u16, u16),
    Relative(i32, i32),
}

/// What waits to be sent.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    /// Whole messages that come before everything else.
    pub(super) control: Vec<u8>,
    input: VecDeque<Input>,
    held: Vec<(u32, u32)>,
    /// The buttons of the newest pointer event.
    buttons: u8,
    clipboard: Option<String>,
    desktop_size: Option<Size>,
    request: Option<UpdateRequest>,
    /// Too much input has waited; the session is about to end.
    pub(super) stalled: bool,
    /// Requests wait while nobody looks.
    pub(super) paused: bool,
    /// The server has described its desktop: before that, nothing may be sent.
    pub(super) ready: bool,
    /// The server takes scancodes.
    pub(super) extended_keys: bool,
    /// The first screen's identifier and flags, once the server can be resized.
    pub(super) screen: Option<(u32, u32)>,
}

impl Outbox {
    /// Queues a key. The release of a key that is not held is queued too: the guest may think otherwise.
    pub(super) fn key(&mut self, keysym: u32, qnum: u32, down: bool) {
        self.held.retain(|held| *held != (keysym, qnum));
        if down && self.held.len() < MAX_HELD {
            self.held.push((keysym, qnum));
        }
        self.queue(Input::Key { keysym, qnum, down });
    }

    /// Queues input, unless so much of it waits that the server must have stopped reading.
    fn queue(&mut self, input: Input) {
        self.stalled |= self.input.len() >= MAX_WAITING_INPUT;
        if self.stalled {
            self.input.clear();
        } else {
            self.input.push_back(input);
        }
    }

    /// Queues the release of every key that is held, the newest first.
    pub(super) fn release_all_keys(&mut self) {
        for (keysym, qnum) in std::mem::take(&mut self.held).into_iter().rev() {
            self.queue(Input::Key {
                keysym,
                qnum,
                down: false,
            });
        }
    }

    /// Queues a position; it takes the place of a mere motion that waits.
    pub(super) fn pointer(&mut self, x: u16, y: u16, buttons: u8) {
        self.queue_pointer(Place::Absolute(x, y), buttons);
    }

    /// Queues a movement; it is added to a mere motion that waits.
    pub(super) fn relative(&mut self, dx: i32, dy: i32, buttons: u8) {
        self.queue_pointer(Place::Relative(dx, dy), buttons);
    }

    /// Merges motion, but never into an event that pressed or released a button: a click stays where it was.
    fn queue_pointer(&mut self, new: Place, buttons: u8) {
        let pressed = std::mem::replace(&mut self.buttons, buttons) != buttons;
        if !pressed
            && let Some(Input::Pointer {
                at, pressed: false, ..
            }) = self.input.back_mut()
        {
            match (at, new) {
                (Place::Relative(x, y), Place::Relative(dx, dy)) => {
                    (*x, *y) = (x.saturating_add(dx), y.saturating_add(dy));
                    return;
                }
                (at @ Place::Absolute(..), Place::Absolute(..)) => {
                    *at = new;
                    return;
                }
                _ => {}
            }
        }
        self.queue(Input::Pointer {
            at: new,
            buttons,
            pressed,
        });
    }

    /// Queues clipboard text; the newest counts.
    pub(super) fn clipboard(&mut self, text: String) {
        self.clipboard = Some(text);
    }

    /// Queues a wish for another size; the newest counts.
    pub(super) fn set_desktop_size(&mut self, size: Size) {
        self.desktop_size = Some(size);
    }

    /// Queues a request for an update, joined with one that waits.
    pub(super) fn request(&mut self, request: UpdateRequest) {
        self.request = Some(request.after(self.request));
    }

    /// Tells whether nothing waits but a pointer's motion, which may wait for more of it.
    pub(super) fn only_motion_waits(&self) -> bool {
        let mere_motion = matches!(
            self.input.front(),
            Some(Input::Pointer { pressed: false, .. })
        );
        mere_motion && self.input.len() == 1 && self.rest_is_empty()
    }

    fn rest_is_empty(&self) -> bool {
        let requested = self.request.is_some() && !self.paused;
        self.control.is_empty()
            && self.clipboard.is_none()
            && self.desktop_size.is_none()
            && !requested
    }

    /// Appends everything that may be sent now.
    pub(super) fn drain(&mut self, out: &mut Vec<u8>) {
        if !self.ready {
            return;
        }
        out.append(&mut self.control);
        while let Some(input) = self.input.pop_front() {
            self.write_input(input, out);
        }
        if let Some(text) = self.clipboard.take() {
            client::cut_text(out, &text);
        }
        if let (Some(size), Some((id, flags))) = (self.desktop_size.take(), self.screen) {
            client::set_desktop_size(out, size, id, flags);
        }
        if !self.paused
            && let Some(request) = self.request.take()
        {
            request.write(out);
        }
    }

    fn write_input(&self, input: Input, out: &mut Vec<u8>) {
        match input {
            Input::Key { keysym, qnum, down } if self.extended_keys && qnum != 0 => {
                client::extended_key_event(out, keysym, qnum, down);
            }
            Input::Key { keysym: 0, .. } => {}
            Input::Key { keysym, down, .. } => client::key_event(out, keysym, down),
            Input::Pointer {
                at: Place::Absolute(x, y),
                buttons,
                ..
            } => client::pointer_event(out, x, y, buttons),
            Input::Pointer {
                at: Place::Relative(dx, dy),
                buttons,
                ..
            } => client::pointer_event(out, relative(dx), relative(dy), buttons),
        }
    }
}

/// Writes a movement as a coordinate around the centre; one too far for it is cut short.
fn relative(delta: i32) -> u16 {
    let value = RELATIVE_CENTRE.saturating_add(delta);
    value.clamp(0, u16::MAX.into()) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rect;

    fn ready() -> Outbox {
        Outbox {
            ready: true,
            ..Outbox::default()
        }
    }

    fn drain(outbox: &mut Outbox) -> Vec<u8> {
        let mut out = Vec::new();
        outbox.drain(&mut out);
        out
    }

    #[test]
    fn motion_is_merged_and_clicks_stay_where_they_were() {
        let mut outbox = ready();
        for x in 0..100 {
            outbox.pointer(x, 5, 0);
        }
        outbox.pointer(100, 5, 1);
        outbox.pointer(150, 5, 1);
        outbox.pointer(200, 5, 1);
        outbox.pointer(200, 5, 0);
        assert_eq!(
            drain(&mut outbox),
            [
                [5, 0, 0, 99, 0, 5],
                [5, 1, 0, 100, 0, 5],
                [5, 1, 0, 200, 0, 5],
                [5, 0, 0, 200, 0, 5]
            ]
            .concat()
        );
    }

    #[test]
    fn movements_add_up() {
        let mut outbox = ready();
        outbox.relative(3, -1, 0);
        outbox.relative(4, -1, 0);
        assert!(outbox.only_motion_waits());
        assert_eq!(drain(&mut outbox), [5, 0, 0x80, 0x06, 0x7f, 0xfd]);
        outbox.relative(1_000_000, i32::MIN, 0);
        assert_eq!(drain(&mut outbox), [5, 0, 0xff, 0xff, 0, 0]);
    }

    #[test]
    fn scancodes_go_out_only_when_they_are_understood() {
        let mut outbox = ready();
        outbox.key(0x61, 0x1e, true);
        outbox.key(0, 0x1e, true);
        assert_eq!(drain(&mut outbox), [4, 1, 0, 0, 0, 0, 0, 0x61]);
        outbox.extended_keys = true;
        outbox.release_all_keys();
        let sent = drain(&mut outbox);
        assert_eq!(sent[..12], [255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x1e]);
        assert_eq!(sent[12..], [255, 0, 0, 0, 0, 0, 0, 0x61, 0, 0, 0, 0x1e]);
        outbox.release_all_keys();
        assert!(drain(&mut outbox).is_empty());
    }

    #[test]
    fn requests_are_joined_and_wait_while_paused() {
        let mut outbox = ready();
        outbox.paused = true;
        let rect = Rect::new(0, 0, 1, 1);
        for incremental in [true, false, true] {
            outbox.request(UpdateRequest { incremental, rect });
        }
        assert!(drain(&mut outbox).is_empty());
        outbox.paused = false;
        assert_eq!(drain(&mut outbox), [3, 0, 0, 0, 0, 0, 0, 1, 0, 1]);
        assert!(drain(&mut outbox).is_empty());
    }

    #[test]
    fn nothing_goes_out_before_the_session_has_begun() {
        let mut outbox = Outbox::default();
        outbox.key(0x61, 0, true);
        assert!(drain(&mut outbox).is_empty());
        outbox.ready = true;
        assert!(!drain(&mut outbox).is_empty());
    }
}
