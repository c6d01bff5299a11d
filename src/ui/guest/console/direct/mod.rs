//! Puts what has changed of a guest's picture straight on the window, where GTK draws without a graphics card.
//!
//! For each frame GTK's cairo renderer walks through all that a window shows and copies what has changed twice: more
//! than half of what a dragged window cost. On X11 a window keeps what was painted on it; so what has changed can be put
//! there alone, while each of the guest's pixels is one of the window's, where GTK's last frame has put the picture and
//! nothing lies over it ([`open`]). Everything else is GTK's as ever, and before it paints a frame it is given what it has
//! missed. [`window`] is the way to the X server.

mod open;
mod window;

use std::{
    cell::{Cell, RefCell},
    error::Error,
    time::{Duration, Instant},
};

use gtk::{gdk, gio, glib, gsk, prelude::*};

use self::{
    open::Open,
    window::{Result, Window},
};
use super::{
    rendering::{Change, Picture},
    widget::Screen,
};

pub(super) use window::Block;

/// After a frame for so long GTK may be in the middle of a movement, whose next frame is a sixtieth of a second later.
const QUIET: Duration = Duration::from_millis(20);

/// Paints past GTK where and while that can be done.
#[derive(Debug, Default)]
pub(super) struct DirectPainter {
    attached: RefCell<Option<Attached>>,
    window: RefCell<Option<Window>>,
    /// What GTK's last frame has left.
    open: RefCell<Option<Open>>,
    /// When somebody last painted, GTK or this.
    painted: Cell<Option<Instant>>,
    /// The X server may not have done all that GTK's last frame asked for.
    is_behind: Cell<bool>,
    /// The window shows more than GTK knows.
    is_ahead: Cell<bool>,
}

#[derive(Debug)]
struct Attached {
    surface: gdk4_x11::X11Surface,
    clock: gdk::FrameClock,
    handlers: [glib::SignalHandlerId; 2],
    opening: glib::JoinHandle<()>,
}

impl DirectPainter {
    /// Takes note of the window of a screen; nothing is ever painted on one that GTK paints otherwise, or that keeps
    /// nothing.
    pub(super) fn attach(&self, screen: &Screen) {
        let Some((native, clock)) = screen.native().zip(screen.frame_clock()) else {
            return;
        };
        let renderer = native.renderer();
        if !renderer.is_some_and(|it| it.is::<gsk::CairoRenderer>()) {
            return;
        }
        let surface = native.surface().and_then(|it| it.downcast().ok());
        let Some(surface) = surface else { return };
        let handlers = [
            clock.connect_before_paint(glib::clone!(
                #[weak]
                screen,
                move |_| screen.direct_painter().tell_gtk(&screen)
            )),
            clock.connect_after_paint(glib::clone!(
                #[weak]
                screen,
                move |_| screen.direct_painter().look(&screen)
            )),
        ];
        self.attached.replace(Some(Attached {
            opening: open_window(screen, &surface),
            surface,
            clock,
            handlers,
        }));
    }

    /// Forgets the window.
    pub(super) fn detach(&self) {
        self.open.take();
        self.window.take();
        if let Some(attached) = self.attached.take() {
            attached.opening.abort();
            for handler in attached.handlers {
                attached.clock.disconnect(handler);
            }
        }
    }

    /// Paints what has changed, or says that GTK must.
    pub(super) fn paint(&self, picture: &Picture, change: &Change) -> bool {
        let is_moving = self.painted.get().is_none_or(|at| at.elapsed() < QUIET);
        if is_moving || !self.is_open(change) {
            return false;
        }
        let is_painted = self.put(picture, change).unwrap_or_else(|error| {
            self.give_up(&*error);
            false
        });
        if is_painted {
            self.painted.set(Some(Instant::now()));
            self.is_ahead.set(true);
        }
        is_painted
    }

    fn put(&self, picture: &Picture, change: &Change) -> Result<bool> {
        let (open, mut window) = (self.open.borrow(), self.window.borrow_mut());
        let Some((open, window)) = open.as_ref().zip(window.as_mut()) else {
            return Ok(false);
        };
        window.put(open.corner, &picture.blocks(change))
    }

    /// Says whether the window is to be seen and nothing is over what has changed, and lets GTK's last frame come first.
    fn is_open(&self, change: &Change) -> bool {
        let (attached, open) = (self.attached.borrow(), self.open.borrow());
        let Some((attached, open)) = attached.as_ref().zip(open.as_ref()) else {
            return false;
        };
        let surface = &attached.surface;
        let is_open = is_shown(surface.upcast_ref()) && open.has(change.parts());
        if is_open && self.is_behind.take() {
            surface.display().sync();
        }
        is_open
    }

    /// Has GTK paint what it has missed within the frame that begins, over what was put there.
    fn tell_gtk(&self, screen: &Screen) {
        if !self.is_ahead.take() {
            return;
        }
        screen.queue_draw();
        let waited = self.window.borrow_mut().as_mut().map(Window::wait);
        if let Some(Err(error)) = waited {
            self.give_up(&*error);
        }
    }

    fn give_up(&self, error: &dyn Error) {
        tracing::warn!(%error, "the screen is painted by the toolkit from now on");
        self.window.take();
    }

    /// Looks what the frame that has ended left.
    fn look(&self, screen: &Screen) {
        self.painted.set(Some(Instant::now()));
        self.is_behind.set(true);
        self.open.replace(Open::of(screen));
    }
}

/// Opens the way to a screen's window in another thread.
fn open_window(screen: &Screen, surface: &gdk4_x11::X11Surface) -> glib::JoinHandle<()> {
    let (display, id) = (surface.display().name(), surface.xid() as u32);
    let weak = screen.downgrade();
    glib::spawn_future_local(async move {
        let opened = gio::spawn_blocking(move || Window::open(&display, id)).await;
        match (opened, weak.upgrade()) {
            (Ok(Ok(window)), Some(screen)) => {
                screen.direct_painter().window.replace(Some(window));
            }
            (Ok(Err(error)), _) => tracing::debug!(%error, "the toolkit alone paints the screen"),
            _ => {}
        }
    })
}

/// Says whether somebody may see a window. One that is hidden is not painted, and so its guest is not asked for frames.
fn is_shown(surface: &gdk::Surface) -> bool {
    let hidden = gdk::ToplevelState::MINIMIZED | gdk::ToplevelState::SUSPENDED;
    let toplevel = surface.downcast_ref::<gdk::Toplevel>();
    let state = toplevel.map(ToplevelExt::state);
    surface.is_mapped() && state.is_some_and(|state| !state.intersects(hidden))
}
