//! How a user wants one guest's screen.

/// How a user wants one guest's screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScreenSettings {
    /// Whether other viewers stay connected when this one comes. Without it QEMU ends their sessions (RFC 6143 §7.3.1).
    pub share: bool,
    /// Whether nothing that the user does is sent: no keys, no pointer, no clipboard.
    pub view_only: bool,
    /// The place of the screen among the domain's screens; the first VNC screen without one, or where it is no VNC screen.
    pub place: Option<usize>,
}

impl Default for ScreenSettings {
    fn default() -> Self {
        Self {
            share: true,
            view_only: false,
            place: None,
        }
    }
}

/// The settings, with what was asked for once.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wanted {
    pub(super) settings: ScreenSettings,
    /// Counts the requests to be the only viewer.
    pub(super) take_overs: u64,
}
