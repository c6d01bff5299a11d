//! The picture that the decoder's task and the painting thread share.
//!
//! The decoder keeps a picture of its own and copies what has changed into this one at the end of
//! each update, so that a painter sees whole frames and the lock is held for a copy, never for decoding.

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
    picture: Framebuffer,
    damage: Damage,
    complete: bool,
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

    /// Copies what has changed from the decoder's picture, whose size it takes over.
    pub(crate) fn publish(&self, picture: &Framebuffer, damage: &Damage, complete: bool) {
        let mut frame = self.lock();
        frame.complete = complete;
        if frame.picture.size() == picture.size() {
            for rect in damage.rects() {
                frame.picture.copy_from(picture, *rect);
            }
            frame.damage.extend(damage);
        } else {
            frame.picture.clone_from(picture);
            frame.damage.clear();
            frame.damage.add(picture.size().rect());
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rect;

    #[test]
    fn only_damage_is_copied_and_a_new_size_is_all_damage() {
        let shared = SharedFramebuffer::default();
        let mut picture = Framebuffer::new(Size::new(4, 4));
        let mut damage = Damage::default();
        shared.publish(&picture, &damage, true);
        assert_eq!(shared.take_damage().rects(), [Rect::new(0, 0, 4, 4)]);
        picture.fill(Rect::new(0, 0, 4, 4), 9);
        damage.add(Rect::new(1, 1, 2, 2));
        shared.publish(&picture, &damage, true);
        let mut frame = shared.lock();
        assert_eq!(frame.take_damage().rects(), [Rect::new(1, 1, 2, 2)]);
        assert_eq!(frame.picture().bytes()[0], 0);
        assert_eq!(frame.picture().bytes()[4 * 5], 9);
    }
}
