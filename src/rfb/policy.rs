//! Which encodings are asked for, and how hard the server shall compress.
//!
//! QEMU takes the first encoding of the list that it knows for everything, and compresses at level 9,
//! far too slow for a moving picture, unless it is told otherwise (`ui/vnc.c`). What suits a link is
//! decided by [`Session`](crate::Session)'s link watcher; here are the choices and their numbers.

/// An encoding of pixels that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Plain pixels (RFC 6143 §7.7.1).
    Raw,
    /// A part of the picture moves (RFC 6143 §7.7.2).
    CopyRect,
    /// Tiles of 16×16 (RFC 6143 §7.7.4).
    Hextile,
    /// Plain pixels through one zlib stream (rfbproto, "Zlib Encoding").
    Zlib,
    /// Palettes, JPEG and four zlib streams (rfbproto, "Tight Encoding").
    Tight,
    /// Tiles of 64×64, run lengths, one zlib stream (RFC 6143 §7.7.6).
    Zrle,
}

impl Encoding {
    /// All of them, the best for an unknown server first.
    pub const ALL: [Self; 6] = [
        Self::CopyRect,
        Self::Tight,
        Self::Zrle,
        Self::Zlib,
        Self::Hextile,
        Self::Raw,
    ];

    /// Returns the number on the wire.
    pub const fn number(self) -> i32 {
        match self {
            Self::Raw => 0,
            Self::CopyRect => 1,
            Self::Hextile => 5,
            Self::Zlib => 6,
            Self::Tight => 7,
            Self::Zrle => 16,
        }
    }

    /// Returns the encoding of a number on the wire.
    pub const fn from_number(number: i32) -> Option<Self> {
        Some(match number {
            0 => Self::Raw,
            1 => Self::CopyRect,
            5 => Self::Hextile,
            6 => Self::Zlib,
            7 => Self::Tight,
            16 => Self::Zrle,
            _ => return None,
        })
    }
}

/// What to ask the server for: one choice for good, or whatever suits the link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodingPolicy {
    /// A session measures its link and follows it; an [`Engine`](crate::Engine) alone, which has no clock, stays at
    /// [`Encodings::LAN`].
    #[default]
    Adaptive,
    /// This, whatever the link.
    Fixed(Encodings),
}

impl EncodingPolicy {
    /// [`Encodings::LOCAL`] for good.
    pub const LOCAL: Self = Self::Fixed(Encodings::LOCAL);
    /// [`Encodings::LAN`] for good.
    pub const LAN: Self = Self::Fixed(Encodings::LAN);
    /// [`Encodings::WAN`] for good.
    pub const WAN: Self = Self::Fixed(Encodings::WAN);

    /// Prefers one encoding, lossless, at the server's compression level.
    pub const fn new(preferred: Encoding) -> Self {
        Self::Fixed(Encodings::new(preferred))
    }

    /// Sets the compression level, 0 to 9, of a fixed choice; more counts as 9.
    #[must_use]
    pub const fn compress(self, level: u8) -> Self {
        match self {
            Self::Fixed(encodings) => Self::Fixed(encodings.compress(level)),
            Self::Adaptive => Self::Adaptive,
        }
    }

    /// Allows loss of a fixed choice down to a quality of 0 to 9; more counts as 9.
    #[must_use]
    pub const fn quality(self, level: u8) -> Self {
        match self {
            Self::Fixed(encodings) => Self::Fixed(encodings.quality(level)),
            Self::Adaptive => Self::Adaptive,
        }
    }

    /// Returns what is asked for before anything is known of the link.
    pub(crate) const fn first(self) -> Encodings {
        match self {
            Self::Adaptive => Encodings::LAN,
            Self::Fixed(encodings) => encodings,
        }
    }
}

/// One choice of encodings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Encodings {
    /// The encoding that is asked for before all others.
    pub preferred: Encoding,
    /// Compression level 0 (fast) to 9 (small) for zlib and tight. `None` leaves it to the server.
    pub compress: Option<u8>,
    /// Picture quality 0 (poor) to 9 (best) at which the server may lose detail. `None` asks for lossless.
    pub quality: Option<u8>,
}

impl Encodings {
    /// For a server on this machine: no compression, as copying is cheaper.
    pub const LOCAL: Self = Self::new(Encoding::Raw).compress(0);
    /// For a local network: compress fast. QEMU 10.0 sends some wrong colours at level 1, not at 2
    /// (measured with tests/guests/pattern.asm; vnc-rs reads the same from its bytes).
    pub const LAN: Self = Self::new(Encoding::Tight).compress(2);
    /// For a slow link: compress well.
    pub const WAN: Self = Self::new(Encoding::Tight).compress(6);

    /// Prefers one encoding, lossless, at the server's compression level.
    pub const fn new(preferred: Encoding) -> Self {
        Self {
            preferred,
            compress: None,
            quality: None,
        }
    }

    /// Sets the compression level, 0 to 9; more counts as 9.
    #[must_use]
    pub const fn compress(mut self, level: u8) -> Self {
        self.compress = Some(if level > 9 { 9 } else { level });
        self
    }

    /// Allows loss down to a quality of 0 to 9; more counts as 9.
    #[must_use]
    pub const fn quality(mut self, level: u8) -> Self {
        self.quality = Some(if level > 9 { 9 } else { level });
        self
    }

    /// Returns the numbers for a SetEncodings message, in the order that the server shall see.
    pub(crate) fn numbers(self) -> Vec<i32> {
        let mut numbers = vec![self.preferred.number()];
        let others = Encoding::ALL
            .into_iter()
            .filter(|other| *other != self.preferred);
        numbers.extend(others.map(Encoding::number));
        numbers.extend(pseudo::ALL);
        numbers.extend(
            self.compress
                .map(|level| pseudo::COMPRESS_0 + i32::from(level)),
        );
        numbers.extend(
            self.quality
                .map(|level| pseudo::QUALITY_0 + i32::from(level)),
        );
        numbers
    }
}

/// Numbers of pseudo-encodings: not pixels, but abilities and news (rfbproto, "Pseudo-encodings").
///
/// `WMVi` is left out on purpose: QEMU goes on in the client's own pixel format for whoever does not ask for it, and
/// sends pixels of a format that the client has not chosen to whoever does (`vnc_colordepth` in `ui/vnc.c`).
pub(crate) mod pseudo {
    pub(crate) const DESKTOP_SIZE: i32 = -223;
    pub(crate) const LAST_RECT: i32 = -224;
    pub(crate) const QUALITY_0: i32 = -32;
    pub(crate) const CURSOR: i32 = -239;
    pub(crate) const COMPRESS_0: i32 = -256;
    pub(crate) const POINTER_MODE: i32 = -257;
    pub(crate) const EXTENDED_KEYS: i32 = -258;
    pub(crate) const AUDIO: i32 = -259;
    pub(crate) const LEDS: i32 = -261;
    pub(crate) const DESKTOP_NAME: i32 = -307;
    pub(crate) const EXTENDED_DESKTOP_SIZE: i32 = -308;
    pub(crate) const POWER: i32 = -309;
    pub(crate) const FENCE: i32 = -312;
    pub(crate) const CONTINUOUS_UPDATES: i32 = -313;
    pub(crate) const ALPHA_CURSOR: i32 = -314;
    pub(crate) const EXTENDED_BUTTONS: i32 = -316;
    pub(crate) const EXTENDED_CLIPBOARD: i32 = 0xc0a1_e5ce_u32.cast_signed();

    /// All abilities that are announced to every server.
    pub(crate) const ALL: [i32; 15] = [
        ALPHA_CURSOR,
        CURSOR,
        EXTENDED_DESKTOP_SIZE,
        DESKTOP_SIZE,
        LAST_RECT,
        POINTER_MODE,
        EXTENDED_KEYS,
        EXTENDED_BUTTONS,
        LEDS,
        DESKTOP_NAME,
        EXTENDED_CLIPBOARD,
        AUDIO,
        POWER,
        FENCE,
        CONTINUOUS_UPDATES,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_encoding_comes_first_and_once() {
        let numbers = Encodings::new(Encoding::Zrle).compress(12).numbers();
        assert_eq!(numbers[0], 16);
        assert_eq!(numbers.iter().filter(|number| **number == 16).count(), 1);
        assert!(numbers.contains(&-247));
        for encoding in Encoding::ALL {
            assert_eq!(Encoding::from_number(encoding.number()), Some(encoding));
            assert!(numbers.contains(&encoding.number()));
        }
    }

    #[test]
    fn nobody_loses_detail_unasked() {
        let lossy = |encodings: Encodings| {
            let numbers = encodings.numbers();
            numbers.iter().any(|number| (-32..=-23).contains(number))
        };
        for encodings in [Encodings::LOCAL, Encodings::LAN, Encodings::WAN] {
            assert!(!lossy(encodings));
            assert!(lossy(encodings.quality(5)));
        }
        assert_eq!(EncodingPolicy::default().first(), Encodings::LAN);
    }
}
