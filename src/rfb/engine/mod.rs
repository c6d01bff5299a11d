//! The engine: a server's bytes in, a picture, events and a client's bytes out.
//!
//! It has no socket, no clock and no task; [`Session`](crate::Session) gives it those. It starts
//! where security has ended, with the server's description of its desktop (RFC 6143 §7.3.2).
//! [`server`] reads messages, [`extensions`] those beyond the RFC, [`pseudo`] what is no pixel,
//! [`decode`](crate::decode) the pixels.

pub(crate) mod event;
pub(crate) mod extensions;
mod inbox;
mod pseudo;
mod server;

use std::collections::VecDeque;

use self::{
    event::{EngineEvent, RectHeader},
    inbox::Inbox,
};
use crate::{
    Damage, Encoding, EncodingPolicy, Encodings, Framebuffer, Rect, Result, Size, client,
    decode::{Decoders, Job},
    wire::Step,
};

/// A client's half of an RFB connection, without input and output.
///
/// ```
/// # fn main() -> rfb::Result<()> {
/// let mut engine = rfb::Engine::new(rfb::EncodingPolicy::LAN);
/// // A desktop of 2×1 pixels that is called "a", then an update with one raw rectangle.
/// engine.push(&[0, 2, 0, 1, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0, 0, 0, 0, 1, b'a'])?;
/// engine.push(&[0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 1, 0, 0, 0, 0, 9, 8, 7, 0, 6, 5, 4, 0])?;
/// assert_eq!(engine.framebuffer().colour(1, 0), Some([4, 5, 6]));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Engine {
    inbox: Inbox,
    core: Core,
}

/// What the server's bytes act upon; apart from the inbox, so that both can be borrowed.
#[derive(Debug)]
struct Core {
    state: State,
    picture: Framebuffer,
    damage: Damage,
    /// An update has ended since that was last asked.
    ended: bool,
    decoders: Decoders,
    events: VecDeque<EngineEvent>,
    out: Vec<u8>,
    encodings: Encodings,
    request: Option<UpdateRequest>,
    /// The server has offered sound, and may send it.
    audio_offered: bool,
    /// The server can send updates without requests.
    continuous_updates: bool,
    /// The server has sent a fence, and so takes some.
    fences: bool,
    /// The encoding of the newest pixels.
    last_encoding: Option<Encoding>,
    /// Updates that have begun so far.
    updates: u64,
    /// Pixels of all rectangles so far.
    received: u64,
    /// The same when the picture got its present size.
    received_before: u64,
}

/// The next request for an update. Several that were not sent yet are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpdateRequest {
    /// Only what has changed, or everything.
    pub incremental: bool,
    /// The part of the picture: all of it.
    pub rect: Rect,
}

impl UpdateRequest {
    /// Joins a request that was not sent yet with a newer one: everything stays asked for.
    #[must_use]
    pub fn after(self, earlier: Option<Self>) -> Self {
        let all_wanted = earlier.is_some_and(|earlier| !earlier.incremental);
        Self {
            incremental: self.incremental && !all_wanted,
            rect: self.rect,
        }
    }

    /// Appends the message.
    pub fn write(self, out: &mut Vec<u8>) {
        client::update_request(out, self.incremental, self.rect);
    }
}

/// Where in the server's stream the engine is.
#[derive(Clone, Copy, Debug)]
enum State {
    /// Before the server's description of its desktop.
    Init,
    /// Between messages.
    Message,
    /// In an update, before a rectangle.
    Update { left: u16 },
    /// In the body of a rectangle that carries no pixels.
    Pseudo { left: u16, header: RectHeader },
    /// In the pixels of a rectangle.
    Pixels { left: u16, job: Job },
    /// In samples of sound.
    Audio { left: usize },
    /// In a body that means nothing here.
    Skip { left: usize },
}

impl Engine {
    /// Makes an engine that will ask for encodings by this policy.
    pub fn new(policy: EncodingPolicy) -> Self {
        Self {
            inbox: Inbox::default(),
            core: Core {
                state: State::Init,
                picture: Framebuffer::default(),
                damage: Damage::default(),
                ended: false,
                decoders: Decoders::default(),
                events: VecDeque::new(),
                out: Vec::new(),
                encodings: policy.first(),
                request: None,
                audio_offered: false,
                continuous_updates: false,
                fences: false,
                last_encoding: None,
                updates: 0,
                received: 0,
                received_before: 0,
            },
        }
    }

    /// Takes bytes of the server in pieces of any size. After an error the engine is of no more use.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let space = self.space();
            let count = bytes.len().min(space.len());
            let (now, later) = bytes.split_at(count);
            if let Some(space) = space.get_mut(..count) {
                space.copy_from_slice(now);
            }
            bytes = later;
            self.filled(count)?;
        }
        Ok(())
    }

    /// Returns memory to read from a socket into, never empty; then call [`filled`](Self::filled).
    pub fn space(&mut self) -> &mut [u8] {
        self.inbox.space()
    }

    /// Decodes what was read into the first `count` bytes of [`space`](Self::space).
    pub fn filled(&mut self, count: usize) -> Result<()> {
        self.arrived(count);
        while self.advance()? {}
        Ok(())
    }

    /// Takes what was read into the first `count` bytes of [`space`](Self::space), for [`advance`](Self::advance).
    pub(crate) fn arrived(&mut self, count: usize) {
        self.inbox.fill(count);
    }

    /// Decodes what has arrived up to the end of an update. Returns whether there was one: then there may be more to decode.
    pub(crate) fn advance(&mut self) -> Result<bool> {
        while !std::mem::take(&mut self.core.ended) {
            match self.core.step(self.inbox.bytes())? {
                Step::Need => return Ok(false),
                Step::More(used) | Step::Done(used) => self.inbox.consume(used),
            }
        }
        Ok(true)
    }

    /// Returns the oldest event that was not fetched yet.
    pub fn poll_event(&mut self) -> Option<EngineEvent> {
        self.core.events.pop_front()
    }

    /// Returns the picture, which may be in the middle of an update.
    pub fn framebuffer(&self) -> &Framebuffer {
        &self.core.picture
    }

    /// Tells whether as many pixels have come since the last change of size as the picture has:
    /// what it shows is the guest's screen, not the black that it began with.
    pub fn is_complete(&self) -> bool {
        self.core.is_complete()
    }

    /// Counts the pixels of all rectangles so far, for statistics.
    pub fn pixels_received(&self) -> u64 {
        self.core.received
    }

    /// Counts the updates that have begun so far, for statistics.
    pub fn updates_received(&self) -> u64 {
        self.core.updates
    }

    /// Returns the encoding of the newest pixels, for statistics.
    pub fn last_encoding(&self) -> Option<Encoding> {
        self.core.last_encoding
    }

    /// Tells whether the engine stands within an update whose end has not come.
    pub fn is_in_update(&self) -> bool {
        matches!(
            self.core.state,
            State::Update { .. } | State::Pseudo { .. } | State::Pixels { .. }
        )
    }

    /// Returns what has changed in the picture since the last call, with the rectangle whose pixels are coming.
    #[must_use]
    pub fn take_damage(&mut self) -> Damage {
        let mut damage = self.core.damage.take();
        if let State::Pixels { job, .. } = &self.core.state {
            damage.add(job.rect);
        }
        damage
    }

    /// Returns the messages to send to the server before any request; clear it when they are on their way.
    pub fn output(&mut self) -> &mut Vec<u8> {
        &mut self.core.out
    }

    /// Returns the request for the next update, if one is due. Hold it back to receive no updates.
    pub fn take_request(&mut self) -> Option<UpdateRequest> {
        self.core.request.take()
    }

    /// Tells whether the engine stands between two messages of the server.
    pub fn is_idle(&self) -> bool {
        matches!(self.core.state, State::Message) && self.inbox.bytes().is_empty()
    }

    /// Asks for other encodings from now on.
    pub fn set_encodings(&mut self, encodings: Encodings) {
        self.core.encodings = encodings;
        if !matches!(self.core.state, State::Init) {
            client::set_encodings(&mut self.core.out, &encodings.numbers());
        }
    }
}

impl Core {
    fn is_complete(&self) -> bool {
        let received = self.received - self.received_before;
        received >= self.picture.size().area().max(1) as u64
    }

    /// Makes a request due. An update's successor is due as soon as it begins, so that the server never waits.
    fn request(&mut self, incremental: bool) {
        let rect = self.picture.size().rect();
        self.request = Some(UpdateRequest { incremental, rect }.after(self.request));
    }

    /// Takes over another size. The part that both sizes share stays; everything is asked for anew.
    ///
    /// QEMU answers each full request with the size again: only a size that differs may lead to one.
    fn resize(&mut self, size: Size) -> Result<()> {
        let size = size.check_framebuffer()?;
        if size == self.picture.size() {
            return Ok(());
        }
        self.change_size(size);
        self.received_before = self.received;
        self.events.push_back(EngineEvent::Resized(size));
        self.request(false);
        Ok(())
    }

    /// Changes the size; what both sizes share stays, the rest is black, and all of it counts as changed.
    fn change_size(&mut self, size: Size) {
        self.picture.resize(size);
        self.damage.clear();
        self.damage.add(size.rect());
    }
}
