//! What the engine and the session tell: news as values.
//!
//! Pictures are not in it: they lie in the framebuffer. See [`session`](crate::Session) for how news are merged.

use crate::{ClipboardAbility, Error, Rect, Size};

/// News from the engine, in the order in which the server sent them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EngineEvent {
    /// The server has described its desktop (RFC 6143 §7.3.2).
    Connected {
        /// The desktop's name.
        name: String,
        /// The first size; QEMU rounds its width up to 16 and mends it at once.
        size: Size,
    },
    /// The framebuffer has another size now.
    Resized(Size),
    /// An update is complete: the framebuffer shows a whole frame.
    FrameEnd,
    /// The pointer's picture; `None` hides it.
    Cursor(Option<Cursor>),
    /// The keyboard's lamps.
    Leds(Leds),
    /// How the pointer is to be sent.
    PointerMode {
        /// Positions when true, movements when false.
        absolute: bool,
    },
    /// The server takes scancodes.
    ExtendedKeys,
    /// The server can be asked for another size; the first screen's identifier and flags.
    Screen {
        /// Identifier to send back.
        id: u32,
        /// Flags to send back.
        flags: u32,
    },
    /// The answer to a request for another size.
    DesktopSizeStatus(DesktopSizeStatus),
    /// The desktop has another name.
    Name(String),
    /// The guest wants attention. Several in a row are one.
    Bell,
    /// Text was copied at the other side.
    ClipboardText(String),
    /// The server takes text in UTF-8.
    ExtendedClipboard(ClipboardAbility),
    /// The server asks for the text that was offered.
    ClipboardWanted,
    /// The server asks whether there is text.
    ClipboardPeeked,
    /// The server takes more than seven buttons.
    ExtendedButtons,
    /// The server has sound to send.
    AudioOffered,
    /// Sound begins.
    AudioBegin,
    /// A part of the sound; parts may end within a sample.
    AudioData(Vec<u8>),
    /// Sound ends for now.
    AudioEnd,
    /// The server takes [`PowerAction`](crate::PowerAction)s.
    PowerActions,
    /// The server did not do what it was asked to do.
    PowerRefused,
    /// The server answers fences and sends some itself; the engine answers those.
    Fences,
    /// The answer to a fence of ours, with its payload.
    FenceAnswered(Vec<u8>),
    /// The server can send updates without requests.
    ContinuousUpdates,
}

/// News from a [`Session`](crate::Session).
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// The session has begun.
    Connected {
        /// The desktop's name.
        name: String,
        /// Its first size.
        size: Size,
    },
    /// The picture has another size now.
    Resized(Size),
    /// The picture has changed. A [painter](crate::Painter) that has seen all of it knows without this news.
    Damage,
    /// The pointer's picture; `None` hides it.
    Cursor(Option<Cursor>),
    /// The keyboard's lamps.
    Leds(Leds),
    /// How the pointer is to be sent: [`pointer`](crate::Session::pointer) or [`relative`](crate::Session::relative).
    PointerMode {
        /// Positions when true, movements when false.
        absolute: bool,
    },
    /// The answer to [`set_desktop_size`](crate::Session::set_desktop_size).
    DesktopSizeStatus(DesktopSizeStatus),
    /// The desktop has another name.
    Name(String),
    /// The guest wants attention.
    Bell,
    /// Text was copied at the other side; lines end in LF.
    ClipboardText(String),
    /// The server cannot have the text that was [offered](crate::Session::clipboard_offer).
    ClipboardRefused(ClipboardRefusal),
    /// The server has sound to send: [`audio`](crate::Session::audio) may ask for it.
    AudioOffered,
    /// Sound begins; it lies in the [`audio_queue`](crate::Session::audio_queue).
    AudioBegin,
    /// There is more sound in the queue.
    AudioData,
    /// Sound ends for now.
    AudioEnd,
    /// The server takes [`power`](crate::Session::power) actions.
    PowerActions,
    /// The server did not do what [`power`](crate::Session::power) asked for.
    PowerRefused,
    /// The session is over; nothing follows.
    Closed(Error),
}

/// Why a text was not offered to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClipboardRefusal {
    /// It is longer than [`MAX_OFFERED_TEXT`](crate::limits::MAX_OFFERED_TEXT).
    TooLong,
    /// The server takes Latin-1 only, and the text has other characters.
    Characters,
}

/// A pointer's picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Its size in pixels.
    pub size: Size,
    /// The pixel that points, from the left and from the top; within the picture.
    pub hot_spot: (u16, u16),
    /// Red, green, blue, alpha for each pixel, row by row, colours multiplied by alpha.
    pub rgba: Vec<u8>,
}

/// The lamps of a keyboard (QEMU LED State).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leds {
    /// Scroll lock is on.
    pub scroll: bool,
    /// Num lock is on.
    pub num: bool,
    /// Caps lock is on.
    pub caps: bool,
}

impl Leds {
    /// Reads the lamps from the bits on the wire; unknown bits are ignored.
    pub(crate) fn from_bits(bits: u8) -> Self {
        Self {
            scroll: bits & 1 != 0,
            num: bits & 2 != 0,
            caps: bits & 4 != 0,
        }
    }
}

/// The server's answer to a request for another size (rfbproto, "ExtendedDesktopSize").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DesktopSizeStatus {
    /// The size has changed.
    Done,
    /// Resizing is forbidden.
    Prohibited,
    /// There is not enough memory.
    OutOfResources,
    /// The layout does not suit. QEMU says so when the display device cannot be resized (standard VGA).
    Invalid,
    /// The request was passed on; the size may change later. QEMU's usual answer (virtio).
    Forwarded,
    /// The server has never said that it can be resized.
    Unsupported,
    /// A status that is not known here.
    Other(u16),
}

impl DesktopSizeStatus {
    pub(crate) fn from_number(number: u16) -> Self {
        match number {
            0 => Self::Done,
            1 => Self::Prohibited,
            2 => Self::OutOfResources,
            3 => Self::Invalid,
            4 => Self::Forwarded,
            other => Self::Other(other),
        }
    }
}

/// The header of one rectangle of an update.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RectHeader {
    pub(crate) rect: Rect,
    pub(crate) encoding: i32,
}
