//! A painter that keeps a picture of its own, made of nothing but the damage that it was shown.

use std::sync::{Arc, Mutex, MutexGuard};

use rfb::{Framebuffer, NextFrame, Session, Size};

/// What a session has shown so far.
#[derive(Clone, Default)]
pub struct Mirror {
    shown: Arc<Mutex<Framebuffer>>,
}

impl Mirror {
    /// Becomes the session's painter.
    pub fn of(session: &Session) -> Self {
        let mirror = Self::default();
        let shown = Arc::clone(&mirror.shown);
        session.set_painter(Some(Box::new(move |picture, damage| {
            let mut shown = shown.lock().unwrap();
            shown.resize(picture.size());
            for rect in damage.rects() {
                shown.copy_from(picture, *rect);
            }
            NextFrame::AtOnce
        })));
        mirror
    }

    pub fn lock(&self) -> MutexGuard<'_, Framebuffer> {
        self.shown.lock().unwrap()
    }

    pub fn size(&self) -> Size {
        self.lock().size()
    }

    pub fn colour(&self, x: u16, y: u16) -> Option<[u8; 3]> {
        self.lock().colour(x, y)
    }
}
