//! A session: the engine with a stream, on tokio's tasks, and a handle that any thread may call.
//!
//! [`Session`] is the handle, [`Events`] the news. [`task`] reads and decodes, [`showing`] has a [`Painter`] copy what has
//! changed, [`writer`] sends. It knows no toolkit.

mod abilities;
mod clipboard;
mod link;
mod outbox;
mod pending;
mod round_trip;
mod showing;
mod statistics;
mod task;
mod writer;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use link_security::{Credentials, credentials::NoCredentials};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::Notify,
};

use self::{outbox::Outbox, pending::Pending, showing::Wishes, statistics::Meter};
pub use self::{pending::Events, statistics::Statistics};
use crate::{
    AudioFormat, AudioQueue, ClipboardRefusal, DesktopSizeStatus, EncodingPolicy, Event,
    Framebuffer, Painter, PowerAction, Size, client,
    handshake::{NoSecurity, SecurityLayer, VncPassword},
    limits::MAX_OFFERED_TEXT,
};

/// What a session is to be.
#[derive(Clone)]
#[non_exhaustive]
pub struct Options {
    /// Leave other viewers connected; without it QEMU ends their sessions. True at first.
    pub shared: bool,
    /// What to ask the server for; [`EncodingPolicy::Adaptive`] at first.
    pub encodings: EncodingPolicy,
    /// The server is on this machine: an adaptive session begins without compression. False at first.
    pub local: bool,
    /// An adaptive session may let the server lose detail over a slow link. False at first.
    pub lossy: bool,
    /// Whom to ask for a password; nobody at first.
    pub credentials: Arc<dyn Credentials>,
    /// The name of the guest, for questions.
    pub target: String,
    /// Why the connection before this one failed to authenticate, for the question.
    pub previous_failure: Option<String>,
    /// The security types to accept, the most wanted first; None and the VNC password at first.
    pub security: Vec<Arc<dyn SecurityLayer>>,
    /// How long one step of the handshake may take; 30 seconds at first.
    pub handshake_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            shared: true,
            encodings: EncodingPolicy::default(),
            local: false,
            lossy: false,
            credentials: Arc::new(NoCredentials),
            target: String::new(),
            previous_failure: None,
            security: vec![Arc::new(NoSecurity), Arc::new(VncPassword)],
            handshake_timeout: Duration::from_secs(30),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("shared", &self.shared)
            .field("encodings", &self.encodings)
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}

/// A handle on a session. Every call is short and never waits, so the painting thread may use it.
///
/// Clones act on the same session; it ends when the last one is dropped, or by [`close`](Self::close).
#[derive(Clone, Debug)]
pub struct Session {
    link: Arc<Link>,
}

/// What the handle and the tasks share.
#[derive(Debug, Default)]
struct Shared {
    outbox: Mutex<Outbox>,
    /// The outbox has something new.
    filled: Notify,
    /// The handle wants the session to end.
    ended: Notify,
    /// The handle wants another policy.
    policy: Notify,
    pending: Arc<Pending>,
    wishes: Wishes,
    audio: AudioQueue,
    meter: Mutex<Meter>,
}

/// Ends the session when the last handle goes.
#[derive(Debug)]
struct Link {
    shared: Arc<Shared>,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.shared.ended.notify_one();
    }
}

/// Two handles are equal when they are handles on the same session.
impl PartialEq for Session {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.link, &other.link)
    }
}

impl Eq for Session {}

impl Session {
    /// Starts a session over a fresh connection and returns at once: everything else is news.
    ///
    /// [`Event::Connected`] comes after the handshake, [`Event::Closed`] at the end, in every case.
    ///
    /// # Panics
    /// Outside a tokio runtime with time and, for sockets, input and output.
    pub fn connect<S>(stream: S, options: Options) -> (Self, Events)
    where
        S: AsyncRead + AsyncWrite + Send + 'static,
    {
        let shared = Arc::new(Shared::default());
        shared.meter().policy = options.encodings;
        let events = Events::new(Arc::clone(&shared.pending));
        tokio::spawn(task::run(
            Box::new(Box::pin(stream)),
            options,
            Arc::clone(&shared),
        ));
        let link = Arc::new(Link { shared });
        (Self { link }, events)
    }

    /// Has a painter copy the picture from now on, in the place of the one before it, or nobody.
    pub fn set_painter(&self, painter: Option<Painter>) {
        self.link.shared.wishes.set_painter(painter);
    }

    /// Has the painter called when something has changed, or at once if it has since the last call.
    pub fn want_frame(&self) {
        self.link.shared.wishes.want_frame();
    }

    /// Returns a copy of the picture as it is after the present update, if there is one and it ends soon; `None` when the
    /// session has ended. Cancel safe.
    pub async fn picture(&self) -> Option<Framebuffer> {
        self.link.shared.wishes.want_copy().await.ok()
    }

    /// Returns the picture's size, 0×0 before the session is connected.
    pub fn size(&self) -> Size {
        self.link.shared.wishes.size()
    }

    /// Tells whether the server has sent the whole picture since it has its present size.
    pub fn is_complete(&self) -> bool {
        self.link.shared.wishes.is_complete()
    }

    /// Presses or releases a key, by its X11 symbol and its QEMU key number (0: not known; see [`keys`](crate::keys)).
    ///
    /// The number is sent where the server understands it, so that the guest's own layout counts.
    pub fn key(&self, keysym: u32, qnum: u32, down: bool) {
        self.send(|outbox| outbox.key(keysym, qnum, down));
    }

    /// Releases every key that was pressed and not released: when the focus goes.
    pub fn release_all_keys(&self) {
        self.send(Outbox::release_all_keys);
    }

    /// Puts the pointer at a pixel of the framebuffer with these buttons held
    /// (bit 0 left, 1 middle, 2 right, 3 to 6 wheel up, down, left and right, 7 back, 8 forward). Motion is merged,
    /// buttons are not. The last two are sent where the server knows them; QEMU knows the first five.
    pub fn pointer(&self, x: u16, y: u16, buttons: u16) {
        self.send(|outbox| outbox.pointer(x, y, buttons));
    }

    /// Moves the pointer by so many pixels, after [`Event::PointerMode`] asked for movements.
    pub fn relative(&self, dx: i32, dy: i32, buttons: u16) {
        self.send(|outbox| outbox.relative(dx, dy, buttons));
    }

    /// Asks the guest for another size; the answer is [`Event::DesktopSizeStatus`], a change [`Event::Resized`].
    pub fn set_desktop_size(&self, width: u16, height: u16) {
        let size = Size::new(width, height);
        let mut possible = false;
        self.send(|outbox| {
            possible = outbox.screen.is_some() && size.check_framebuffer().is_ok();
            if possible {
                outbox.set_desktop_size(size);
            }
        });
        if !possible {
            let event = Event::DesktopSizeStatus(DesktopSizeStatus::Unsupported);
            self.link.shared.pending.push(event);
        }
    }

    /// Offers clipboard text; lines end in LF. It is handed over when the guest asks for it, as UTF-8, or at once in Latin-1
    /// where the server knows no better.
    ///
    /// A text that the server cannot have is not offered, nor any other in its place; [`Event::ClipboardRefused`] says why.
    /// That is known once the server has said what it understands.
    pub fn clipboard_offer(&self, text: String) {
        if text.len() > MAX_OFFERED_TEXT {
            self.clipboard_withdraw();
            let refused = Event::ClipboardRefused(ClipboardRefusal::TooLong);
            self.link.shared.pending.push(refused);
            return;
        }
        self.send(|outbox| {
            if !outbox.view_only {
                outbox.clipboard.offer(text);
            }
        });
    }

    /// Takes back what was offered: who asks for it from now on gets nothing. What was handed over stays where it is.
    pub fn clipboard_withdraw(&self) {
        self.send(|outbox| outbox.clipboard.withdraw());
    }

    /// Asks for sound in this form, or for none. A wish that comes before [`Event::AudioOffered`] waits for it.
    pub fn audio(&self, format: Option<AudioFormat>) {
        self.send(|outbox| outbox.audio.wanted = format);
    }

    /// Returns the queue of the sound; whoever plays it may keep it.
    pub fn audio_queue(&self) -> AudioQueue {
        self.link.shared.audio.clone()
    }

    /// Asks for an act on the guest's power. [`Event::PowerRefused`] follows where the server takes none, or refuses it.
    pub fn power(&self, action: PowerAction) {
        let mut possible = false;
        self.send(|outbox| {
            possible = outbox.power && !outbox.view_only;
            if possible {
                outbox.control(|out| client::power(out, action));
            }
        });
        if !possible {
            self.link.shared.pending.push(Event::PowerRefused);
        }
    }

    /// Returns what is known of the link. Asking asks the server for its round trip as well, at most once a second:
    /// the answer is in what a later call returns.
    pub fn statistics(&self) -> Statistics {
        let (shared, now) = (&self.link.shared, Instant::now());
        let mut round_trip = None;
        self.send(|outbox| {
            outbox.ask_round_trip(now);
            round_trip = outbox.round_trip.last();
        });
        let mut statistics = shared.meter().statistics(now);
        statistics.round_trip = round_trip;
        statistics.audio_dropped = shared.audio.dropped();
        statistics
    }

    /// Asks for the whole picture anew.
    pub fn request_full(&self) {
        let rect = self.size().rect();
        if !rect.is_empty() {
            let incremental = false;
            self.send(|outbox| outbox.request(crate::UpdateRequest { incremental, rect }));
        }
    }

    /// Lets go of every key and button and sends nothing more that the user does: no keys, no pointer, no clipboard, no act
    /// on the power. Or takes all of it again.
    pub fn set_view_only(&self, view_only: bool) {
        self.send(|outbox| outbox.set_view_only(view_only));
    }

    /// Stops asking for updates, when nobody looks, or asks again; what changed meanwhile then comes at once.
    pub fn set_paused(&self, paused: bool) {
        self.send(|outbox| outbox.paused = paused);
    }

    /// Chooses encodings by another policy from now on.
    pub fn set_encodings(&self, policy: EncodingPolicy) {
        self.link.shared.meter().policy = policy;
        self.link.shared.policy.notify_one();
    }

    /// Ends the session; [`Event::Closed`] with [`Error::Closed`](crate::Error::Closed) follows.
    pub fn close(&self) {
        self.link.shared.ended.notify_one();
    }

    fn send(&self, change: impl FnOnce(&mut Outbox)) {
        let shared = &self.link.shared;
        let stalled = {
            let mut outbox = shared.outbox();
            change(&mut outbox);
            outbox.stalled
        };
        // The writer may be waiting for a server that does not read: only the session's task can end it.
        let bell = if stalled {
            &shared.ended
        } else {
            &shared.filled
        };
        bell.notify_one();
    }
}

impl Shared {
    fn outbox(&self) -> MutexGuard<'_, Outbox> {
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn meter(&self) -> MutexGuard<'_, Meter> {
        self.meter.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
