//! What is decoded: recordings of guests, made when they are missing.

use std::{path::Path, process::Command};

use rfb::{Encoding, Engine};

/// The guests; see src/rfb/tests/guests.
const GUESTS: [&str; 5] = ["terminal", "window", "boot", "video", "photo"];

/// A bell behind a recording tells a client that it has decoded all of it.
const BELL: u8 = 2;

/// What a recording consists of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    Raw,
    Hextile,
    Zlib,
    Zrle,
    Tight,
    /// Tight of a server that may lose detail.
    Jpeg,
}

impl Wire {
    const ALL: [(Self, &str); 6] = [
        (Self::Raw, "raw"),
        (Self::Hextile, "hextile"),
        (Self::Zlib, "zlib"),
        (Self::Zrle, "zrle"),
        (Self::Tight, "tight"),
        (Self::Jpeg, "jpeg"),
    ];

    pub(crate) fn is_lossy(self) -> bool {
        self == Self::Jpeg
    }

    /// What a client must ask for to be sent this.
    pub(crate) fn asked_as(self) -> &'static str {
        match self {
            Self::Jpeg => "tight",
            other => Self::ALL
                .iter()
                .find(|(wire, _)| *wire == other)
                .map_or("raw", |(_, name)| name),
        }
    }
}

/// Returns the encoding of such a name.
pub(crate) fn encoding(name: &str) -> Encoding {
    let named = |encoding: &Encoding| format!("{encoding:?}").eq_ignore_ascii_case(name);
    Encoding::ALL.into_iter().find(named).expect("an encoding")
}

/// A recording.
pub(crate) struct Content {
    pub(crate) name: String,
    pub(crate) wire: Wire,
    /// From the description of the desktop on, and the bell.
    pub(crate) bytes: Vec<u8>,
    /// Of all rectangles.
    pub(crate) pixels: u64,
}

impl Content {
    /// Tells whether it is what people do most of the day: the targets are for this.
    pub(crate) fn is_desktop(&self) -> bool {
        ["terminal", "window", "boot"]
            .iter()
            .any(|guest| self.name.starts_with(guest))
    }
}

/// Makes what is missing; then loads those whose names begin with one of these words, or all, one after the other.
pub(crate) fn all(only: &[String]) -> impl Iterator<Item = Content> {
    let wanted = |name: &String| only.is_empty() || only.iter().any(|word| name.starts_with(word));
    let names: Vec<(String, Wire)> = GUESTS
        .into_iter()
        .flat_map(|guest| Wire::ALL.map(|(wire, encoding)| (format!("{guest}-{encoding}"), wire)))
        .filter(|(name, wire)| wanted(name) && (!wire.is_lossy() || !is_drawn(name)))
        .collect();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("decode");
    let missing = names.iter().map(|(name, _)| name);
    record(
        &folder,
        missing.filter(|name| !file(&folder, name).exists()),
    );
    names.into_iter().map(move |(name, wire)| {
        let mut bytes = std::fs::read(file(&folder, &name)).expect("it was recorded");
        let pixels = pixels(&bytes);
        bytes.push(BELL);
        Content {
            name,
            wire,
            bytes,
            pixels,
        }
    })
}

/// QEMU sends no JPEG of what has few colours and seldom moves.
fn is_drawn(name: &str) -> bool {
    !name.starts_with("video") && !name.starts_with("photo")
}

fn file(folder: &Path, name: &str) -> std::path::PathBuf {
    folder.join(name).with_extension("rfb")
}

fn record<'a>(folder: &Path, names: impl Iterator<Item = &'a String>) {
    let names: Vec<_> = names.collect();
    if names.is_empty() {
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guests/record.sh");
    let mut command = Command::new(script);
    let done = command.arg(folder).args(names).status().expect("bash");
    assert!(done.success(), "a guest could not be recorded");
}

fn pixels(bytes: &[u8]) -> u64 {
    let mut engine = Engine::new(rfb::EncodingPolicy::LAN);
    engine.push(bytes).expect("a good recording");
    assert!(engine.is_idle(), "it ends between two messages");
    engine.pixels_received()
}
