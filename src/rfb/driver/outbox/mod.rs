//! What waits to be sent: input first, then requests.
//!
//! The handle fills it from any thread without waiting; the writer's task empties it. [`input`] has what the user did,
//! [`standing`] the wishes that stand. It knows no stream and no clock.

mod input;
mod standing;
#[cfg(test)]
mod tests;

use std::time::Instant;

use self::{
    input::{Input, Place},
    standing::{Audio, Continuous},
};
use super::{clipboard::Clipboard, round_trip::RoundTrip};
use crate::{Size, UpdateRequest, client, limits::MAX_WAITING_CONTROL};

/// What waits to be sent.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    /// Whole messages that come before everything else.
    control: Vec<u8>,
    input: Input,
    /// Nothing that the user does is sent.
    pub(super) view_only: bool,
    pub(super) clipboard: Clipboard,
    pub(super) audio: Audio,
    pub(super) updates: Continuous,
    pub(super) round_trip: RoundTrip,
    desktop_size: Option<Size>,
    request: Option<UpdateRequest>,
    /// Too much has waited; the session is about to end.
    pub(super) stalled: bool,
    /// Requests wait while nobody looks.
    pub(super) paused: bool,
    /// The server has described its desktop: before that, nothing may be sent.
    pub(super) ready: bool,
    /// The server takes scancodes.
    pub(super) extended_keys: bool,
    /// The server takes more than seven buttons.
    pub(super) extended_buttons: bool,
    /// The server takes acts on the guest's power.
    pub(super) power: bool,
    /// The first screen's identifier and flags, once the server can be resized.
    pub(super) screen: Option<(u32, u32)>,
}

impl Outbox {
    /// Appends a whole message that comes before everything else. Too many that wait end the session.
    pub(super) fn control(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        write(&mut self.control);
        self.stalled |= self.control.len() > MAX_WAITING_CONTROL;
        if self.stalled {
            self.control.clear();
        }
    }

    /// Queues the answer to a server that asks whether there is text.
    pub(super) fn peeked(&mut self) {
        let mut answer = Vec::new();
        self.clipboard.peeked(&mut answer);
        self.control(|out| out.append(&mut answer));
    }

    /// Queues a question for the time that the server takes, unless nobody looks.
    pub(super) fn ask_round_trip(&mut self, now: Instant) {
        if self.ready && !self.paused && !self.stalled {
            self.round_trip.ask(now, &mut self.control);
        }
    }

    /// Queues a key. The release of a key that is not held is queued too: the guest may think otherwise.
    pub(super) fn key(&mut self, keysym: u32, qnum: u32, down: bool) {
        self.act(|input| input.key(keysym, qnum, down));
    }

    /// Queues a position; it takes the place of a mere motion that waits.
    pub(super) fn pointer(&mut self, x: u16, y: u16, buttons: u16) {
        self.act(|input| input.pointer(Place::Absolute(x, y), buttons));
    }

    /// Queues a movement; it is added to a mere motion that waits.
    pub(super) fn relative(&mut self, dx: i32, dy: i32, buttons: u16) {
        self.act(|input| input.pointer(Place::Relative(dx, dy), buttons));
    }

    /// Queues the release of every key that is held, the newest first.
    pub(super) fn release_all_keys(&mut self) {
        self.act(Input::release_keys);
    }

    /// Lets go of every key and button, and takes no more input; or takes it again.
    pub(super) fn set_view_only(&mut self, view_only: bool) {
        if view_only {
            self.act(|input| {
                input.release_keys();
                input.release_buttons();
            });
        }
        self.view_only = view_only;
    }

    /// Takes input, unless the user only looks. Too much that waits ends the session.
    fn act(&mut self, act: impl FnOnce(&mut Input)) {
        if !self.view_only {
            act(&mut self.input);
            self.stalled |= self.input.overflowed;
        }
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
        self.input.is_mere_motion() && self.rest_is_empty()
    }

    fn rest_is_empty(&self) -> bool {
        let requested = self.request.is_some() && !self.paused;
        self.control.is_empty()
            && self.clipboard.is_idle()
            && self.audio.is_idle()
            && self.updates.is_idle(self.paused)
            && self.desktop_size.is_none()
            && !requested
    }

    /// Appends everything that may be sent now.
    pub(super) fn drain(&mut self, out: &mut Vec<u8>) {
        if !self.ready {
            return;
        }
        out.append(&mut self.control);
        self.input
            .write(self.extended_keys, self.extended_buttons, out);
        self.clipboard.write(out);
        self.audio.write(out);
        if let (Some(size), Some((id, flags))) = (self.desktop_size.take(), self.screen) {
            client::set_desktop_size(out, size, id, flags);
        }
        self.write_request(out);
    }

    /// Appends the request, unless nobody looks, or the updates that it asks for come anyway.
    fn write_request(&mut self, out: &mut Vec<u8>) {
        let comes_anyway = self.updates.write(self.paused, out);
        if !self.paused
            && let Some(request) = self.request.take()
            && !(comes_anyway && request.incremental)
        {
            request.write(out);
        }
    }
}
