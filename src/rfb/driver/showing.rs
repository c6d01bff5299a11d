//! Shows the picture: to the painter, and to whoever asked for a copy, between two updates.
//!
//! [`Wishes`] is what the handle and the task share, [`Showing`] the task's half. It decodes nothing and keeps no picture.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Notify, oneshot},
    time::Instant,
};

use crate::{
    Damage, Engine, Framebuffer, Painter, Size,
    painter::NextFrame::{AtOnce, WhenAsked},
};

/// An update that takes longer than this is shown in parts: over slow links, and if a server never ends one.
const SHOW_PARTS_AFTER: Duration = Duration::from_millis(100);

/// What the handle wants to be shown, and what is known of the picture without it.
#[derive(Default)]
pub(super) struct Wishes {
    wanted: Mutex<Wanted>,
    /// There is a wish.
    pub(super) made: Notify,
}

#[derive(Default)]
struct Wanted {
    /// There is to be another painter, or none from now on.
    is_replaced: bool,
    painter: Option<Painter>,
    /// The painter wants to be called again.
    frame: bool,
    copies: Vec<oneshot::Sender<Framebuffer>>,
    size: Size,
    is_complete: bool,
    /// The session has ended.
    is_over: bool,
}

impl fmt::Debug for Wishes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wishes").finish_non_exhaustive()
    }
}

impl Wishes {
    fn lock(&self) -> MutexGuard<'_, Wanted> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a wish and wakes the task.
    fn make(&self, wish: impl FnOnce(&mut Wanted)) {
        wish(&mut self.lock());
        self.made.notify_one();
    }

    pub(super) fn set_painter(&self, painter: Option<Painter>) {
        self.make(|wanted| {
            wanted.is_replaced = true;
            wanted.painter = painter;
        });
    }

    pub(super) fn want_frame(&self) {
        self.make(|wanted| wanted.frame = true);
    }

    /// Asks for a copy of the picture. Its sender is dropped when there will be none.
    pub(super) fn want_copy(&self) -> oneshot::Receiver<Framebuffer> {
        let (sender, receiver) = oneshot::channel();
        self.make(|wanted| {
            if !wanted.is_over {
                wanted.copies.push(sender);
            }
        });
        receiver
    }

    /// Nothing more is shown.
    pub(super) fn end(&self) {
        let mut wanted = self.lock();
        wanted.is_over = true;
        wanted.copies.clear();
        wanted.painter = None;
    }

    /// Keeps what is known of the picture; returns whether all of it is there for the first time in its size.
    fn note(&self, engine: &Engine) -> bool {
        let mut wanted = self.lock();
        wanted.size = engine.framebuffer().size();
        let was_complete = std::mem::replace(&mut wanted.is_complete, engine.is_complete());
        wanted.is_complete && !was_complete
    }

    pub(super) fn size(&self) -> Size {
        self.lock().size
    }

    pub(super) fn is_complete(&self) -> bool {
        self.lock().is_complete
    }
}

/// The task's half.
pub(super) struct Showing<'a> {
    wishes: &'a Wishes,
    painter: Option<Painter>,
    /// The painter is called as soon as something has changed.
    is_awaited: bool,
    /// The painter has not seen anything.
    is_new: bool,
    /// When the present update began, or was last shown in part.
    last: Instant,
}

impl<'a> Showing<'a> {
    pub(super) fn new(wishes: &'a Wishes) -> Self {
        Self {
            wishes,
            painter: None,
            is_awaited: false,
            is_new: false,
            last: Instant::now(),
        }
    }

    /// An update begins, and is to be shown whole.
    pub(super) fn wait_for_the_end(&mut self) {
        self.last = Instant::now();
    }

    /// When it is to be shown in parts, because it has not ended.
    pub(super) fn parts_from(&self) -> Instant {
        self.last + SHOW_PARTS_AFTER
    }

    /// Tells whether that moment has come.
    pub(super) fn is_due(&self) -> bool {
        Instant::now() >= self.parts_from()
    }

    /// Shows what has changed; returns whether that is news: a painter knows it already, but not that a picture is whole.
    pub(super) fn show(&mut self, engine: &mut Engine) -> bool {
        self.last = Instant::now();
        self.take_wishes(engine.framebuffer());
        let shown = self.paint(engine);
        let is_completed = self.wishes.note(engine);
        is_completed || shown && (self.painter.is_none() || !engine.is_complete())
    }

    fn take_wishes(&mut self, picture: &Framebuffer) {
        let copies = {
            let mut wanted = self.wishes.lock();
            self.is_awaited |= std::mem::take(&mut wanted.frame);
            if std::mem::take(&mut wanted.is_replaced) {
                self.painter = wanted.painter.take();
                self.is_awaited = true;
                self.is_new = true;
            }
            std::mem::take(&mut wanted.copies)
        };
        for copy in copies {
            // Whoever asked may have gone.
            let _ = copy.send(picture.clone());
        }
    }

    fn paint(&mut self, engine: &mut Engine) -> bool {
        if self.painter.is_some() && !self.is_awaited {
            return false;
        }
        let mut damage = engine.take_damage();
        if std::mem::take(&mut self.is_new) {
            damage = Damage::default();
            damage.add(engine.framebuffer().size().rect());
        }
        if damage.is_empty() {
            return false;
        }
        if let Some(painter) = &mut self.painter {
            self.is_awaited = match painter(engine.framebuffer(), &damage) {
                AtOnce => true,
                WhenAsked => false,
            };
        }
        true
    }
}
