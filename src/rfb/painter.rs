//! How a session's picture comes to whoever paints it.
//!
//! There is one picture, and the session's task alone has it: nobody waits for a decoder, and nothing is copied that
//! nobody paints. Between two updates a painter is shown what has changed, on that task, and copies what it needs.

use crate::{Damage, Framebuffer};

/// Copies what has changed since it was called before; all of it at first, and after a change of size.
///
/// It is called on the session's task while nothing is decoded: it copies and returns. Within an update it is called only when
/// that takes longer than a tenth of a second.
pub type Painter = Box<dyn FnMut(&Framebuffer, &Damage) -> NextFrame + Send>;

/// When a painter wants to be called again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextFrame {
    /// As soon as something has changed.
    AtOnce,
    /// After [`Session::want_frame`](crate::Session::want_frame). What changes until then is merged.
    WhenAsked,
}
