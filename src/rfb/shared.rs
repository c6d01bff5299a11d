//! The picture that the decoder's task and the painting thread share.
//!
//! The decoder has a picture of its own, which takes the place of this one at the end of each update (engine/canvas.rs):
//! a painter sees whole frames, and the lock is never held for decoding.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{Damage, Framebuffer, Size};

/// A handle on the shared picture; clones show the same picture.
#[derive(Clone, Debug, Default)]
pub struct SharedFramebuffer {
    inner: Arc<Mutex<Frame>>,
}

/// The picture with what has changed in it. Reached through [`SharedFramebuffer::lock`].
#[derive(Debug, Default)]
pub struct Frame {
    pub(crate) picture: Framebuffer,
    pub(crate) damage: Damage,
    pub(crate) complete: bool,
}

impl SharedFramebuffer {
    /// Locks the picture: copy what you need and let go.
    pub fn lock(&self) -> MutexGuard<'_, Frame> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the present size, 0×0 before the session is connected.
    pub fn size(&self) -> Size {
        self.lock().picture.size()
    }

    /// Returns what has changed since the last call and counts it as seen.
    ///
    /// The picture may change again before it is locked: to have both of one moment, call
    /// [`lock`](Self::lock) and then [`Frame::take_damage`].
    pub fn take_damage(&self) -> Damage {
        self.lock().take_damage()
    }
}

impl Frame {
    /// Returns the picture.
    pub fn picture(&self) -> &Framebuffer {
        &self.picture
    }

    /// Tells whether the server has sent the whole picture since it has its present size.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Returns what has changed since the last call and counts it as seen.
    /// After a change of size this is the whole picture.
    pub fn take_damage(&mut self) -> Damage {
        self.damage.take()
    }
}
