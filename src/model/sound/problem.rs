//! Why a guest's sound is not heard, in words for its user.

use crate::app::i18n::{gettext, gettext_f};

/// Why no sound is heard, by what the user can do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SoundProblem {
    /// A part of `GStreamer` is not installed.
    #[error("GStreamer has no element {0}")]
    Incomplete(&'static str),
    /// No sound server answers, or it refuses; with its words.
    #[error("no output for sound: {0}")]
    NoOutput(String),
}

impl SoundProblem {
    /// Says what is wrong and what helps.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Incomplete(name) => gettext_f(
                // Translators: {name} is a part of GStreamer, such as “autoaudiosink”.
                "Sound needs GStreamer’s “{name}”. Install the base and good plug-ins of GStreamer.",
                &[("name", name)],
            ),
            Self::NoOutput(_) => gettext(
                "This computer plays no sound now. Check its sound settings; it is tried again by itself.",
            ),
        }
    }
}
