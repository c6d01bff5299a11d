//! What waits to be sent: input first, then requests; pointer motion merged, buttons never lost.
//!
//! The handle fills it from any thread without waiting; the writer's task empties it. It turns
//! input into messages by what the server has acknowledged. It knows no stream and no clock.

use std::{collections::VecDeque, time::Instant};

use super::{clipboard::Clipboard, round_trip::RoundTrip};
use crate::{
    AudioFormat, Rect, Size, UpdateRequest,
    client::{self, RELATIVE_CENTRE},
    limits::{MAX_WAITING_CONTROL, MAX_WAITING_INPUT},
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
        buttons: u16,
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
    control: Vec<u8>,
    input: VecDeque<Input>,
    held: Vec<(u32, u32)>,
    /// The buttons of the newest pointer event.
    buttons: u16,
    /// Where that was.
    place: Option<Place>,
    /// Nothing that the user does is sent.
    pub(super) view_only: bool,
    pub(super) clipboard: Clipboard,
    pub(super) audio: Audio,
    pub(super) updates: Continuous,
    pub(super) round_trip: RoundTrip,
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
    /// The server takes more than seven buttons.
    pub(super) extended_buttons: bool,
    /// The server takes acts on the guest's power.
    pub(super) power: bool,
    /// The first screen's identifier and flags, once the server can be resized.
    pub(super) screen: Option<(u32, u32)>,
}

/// Sound: what is wanted, and what the server has been told.
#[derive(Debug, Default)]
pub(super) struct Audio {
    pub(super) offered: bool,
    pub(super) wanted: Option<AudioFormat>,
    told: Option<AudioFormat>,
}

impl Audio {
    fn is_idle(&self) -> bool {
        !self.offered || self.wanted == self.told
    }

    fn write(&mut self, out: &mut Vec<u8>) {
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
pub(super) struct Continuous {
    pub(super) possible: bool,
    /// The whole picture, of which updates are wanted.
    pub(super) picture: Rect,
    told: Option<Rect>,
}

impl Continuous {
    fn wanted(&self, paused: bool) -> Option<Rect> {
        (self.possible && !paused && !self.picture.is_empty()).then_some(self.picture)
    }

    fn is_idle(&self, paused: bool) -> bool {
        self.wanted(paused) == self.told
    }

    /// Appends the message; tells whether updates come without requests from now on.
    fn write(&mut self, paused: bool, out: &mut Vec<u8>) -> bool {
        let wanted = self.wanted(paused);
        if wanted != self.told {
            let rect = wanted.unwrap_or(self.picture);
            client::continuous_updates(out, wanted.is_some(), rect);
            self.told = wanted;
        }
        wanted.is_some()
    }
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
        if self.view_only {
            return;
        }
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

    /// Lets go of every key and button, and takes no more input; or takes it again.
    pub(super) fn set_view_only(&mut self, view_only: bool) {
        if view_only {
            self.release_all_keys();
            let place = self.place.filter(|_| self.buttons != 0);
            match place {
                Some(Place::Absolute(x, y)) => self.pointer(x, y, 0),
                Some(Place::Relative(..)) => self.relative(0, 0, 0),
                None => {}
            }
        }
        self.view_only = view_only;
    }

    /// Queues a position; it takes the place of a mere motion that waits.
    pub(super) fn pointer(&mut self, x: u16, y: u16, buttons: u16) {
        self.queue_pointer(Place::Absolute(x, y), buttons);
    }

    /// Queues a movement; it is added to a mere motion that waits.
    pub(super) fn relative(&mut self, dx: i32, dy: i32, buttons: u16) {
        self.queue_pointer(Place::Relative(dx, dy), buttons);
    }

    /// Merges motion, but never into an event that pressed or released a button: a click stays where it was.
    fn queue_pointer(&mut self, new: Place, buttons: u16) {
        if self.view_only {
            return;
        }
        self.place = Some(new);
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
        while let Some(input) = self.input.pop_front() {
            self.write_input(input, out);
        }
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
            } => self.write_pointer(out, x, y, buttons),
            Input::Pointer {
                at: Place::Relative(dx, dy),
                buttons,
                ..
            } => self.write_pointer(out, relative(dx), relative(dy), buttons),
        }
    }

    fn write_pointer(&self, out: &mut Vec<u8>, x: u16, y: u16, buttons: u16) {
        if self.extended_buttons && buttons > 0x7f {
            client::extended_pointer_event(out, x, y, buttons);
        } else {
            client::pointer_event(out, x, y, buttons);
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
    fn who_only_looks_lets_go_first_and_sends_nothing_then() {
        let mut outbox = ready();
        outbox.key(0x61, 30, true);
        outbox.pointer(7, 8, 1);
        drain(&mut outbox);
        outbox.set_view_only(true);
        let key_up = [4, 0, 0, 0, 0, 0, 0, 0x61];
        let button_up = [5, 0, 0, 7, 0, 8];
        assert_eq!(
            drain(&mut outbox),
            [key_up.as_slice(), button_up.as_slice()].concat()
        );
        outbox.key(0x61, 30, true);
        outbox.pointer(9, 9, 1);
        outbox.relative(1, 1, 1);
        outbox.release_all_keys();
        assert_eq!(drain(&mut outbox), [0; 0]);
        outbox.set_view_only(false);
        outbox.pointer(9, 9, 0);
        assert_eq!(drain(&mut outbox), [5, 0, 0, 9, 0, 9]);
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
    fn side_buttons_go_out_where_they_are_understood() {
        let mut outbox = ready();
        outbox.pointer(1, 2, 0x100);
        assert_eq!(drain(&mut outbox), [5, 0, 0, 1, 0, 2]);
        outbox.extended_buttons = true;
        outbox.pointer(1, 2, 0x121);
        outbox.pointer(1, 2, 0x21);
        assert_eq!(
            drain(&mut outbox),
            [5, 0xa1, 0, 1, 0, 2, 2, 5, 0x21, 0, 1, 0, 2]
        );
    }

    #[test]
    fn sound_is_asked_for_only_where_it_is_offered() {
        let mut outbox = ready();
        outbox.audio.wanted = Some(AudioFormat::default());
        assert!(drain(&mut outbox).is_empty());
        outbox.audio.offered = true;
        assert_eq!(drain(&mut outbox)[..4], [255, 1, 0, 2]);
        assert!(drain(&mut outbox).is_empty());
        outbox.audio.wanted = None;
        assert_eq!(drain(&mut outbox), [255, 1, 0, 1]);
    }

    #[test]
    fn updates_without_requests_follow_the_size_and_stop_while_nobody_looks() {
        let mut outbox = ready();
        let rect = Rect::new(0, 0, 8, 2);
        outbox.updates.possible = true;
        outbox.updates.picture = rect;
        outbox.request(UpdateRequest {
            incremental: true,
            rect,
        });
        assert_eq!(drain(&mut outbox), [150, 1, 0, 0, 0, 0, 0, 8, 0, 2]);
        outbox.request(UpdateRequest {
            incremental: false,
            rect,
        });
        assert_eq!(drain(&mut outbox)[..2], [3, 0]);
        outbox.paused = true;
        outbox.request(UpdateRequest {
            incremental: true,
            rect,
        });
        assert_eq!(drain(&mut outbox)[..2], [150, 0]);
        outbox.paused = false;
        outbox.updates.picture = Rect::new(0, 0, 4, 4);
        assert_eq!(drain(&mut outbox), [150, 1, 0, 0, 0, 0, 0, 4, 0, 4]);
    }

    #[test]
    fn nothing_goes_out_before_the_session_has_begun() {
        let mut outbox = Outbox::default();
        outbox.key(0x61, 0, true);
        assert!(drain(&mut outbox).is_empty());
        outbox.ready = true;
        assert!(!drain(&mut outbox).is_empty());
    }

    #[test]
    fn answers_that_nobody_reads_end_the_session() {
        let mut outbox = ready();
        for _ in 0..MAX_WAITING_CONTROL / 64 {
            outbox.control(|out| client::fence(out, 0, &[0; 64]));
        }
        assert!(outbox.stalled && outbox.control.is_empty());
    }
}
