//! Keeps the desktop's pointer still while a guest is moved by movements, and tells how far the mouse went.
//!
//! A guest without a tablet wants movements. A pointer that can leave the window would stop at its edge: so it is locked
//! to the screen, by the means of the display server. [`x11`] and [`wayland`] are those means.

mod wayland;
mod x11;

use std::{cell::RefCell, rc::Rc};

use gtk::{glib, prelude::*};

/// Hears how far the mouse went, in application pixels, right and down positive.
pub(super) type Moved = Box<dyn Fn(f64, f64)>;

/// A source of the main loop that has not ended.
type Watch = Rc<RefCell<Option<glib::SourceId>>>;

/// A pointer that stays where it is; it is free again when this is dropped.
#[derive(Debug)]
pub(super) struct PointerLock {
    _lock: Lock,
}

#[derive(Debug)]
enum Lock {
    X11 { _lock: x11::Lock },
    Wayland { _lock: wayland::Lock },
}

impl PointerLock {
    /// Locks the pointer to a widget; `None` where the display server has no means for it.
    ///
    /// Nothing is waited for: movements are told once the server agrees.
    pub(super) fn on(widget: &impl IsA<gtk::Widget>, moved: Moved) -> Option<Self> {
        let surface = widget.native()?.surface()?;
        let lock = match surface.downcast::<gdk4_x11::X11Surface>() {
            Ok(surface) => Lock::X11 {
                _lock: x11::Lock::on(&surface, middle_of(widget)?, moved),
            },
            Err(surface) => Lock::Wayland {
                _lock: wayland::Lock::on(&surface.downcast().ok()?, moved)?,
            },
        };
        Some(Self { _lock: lock })
    }
}

/// Gives the middle of what is seen of a widget, in its surface's application pixels.
fn middle_of(widget: &impl IsA<gtk::Widget>) -> Option<(f64, f64)> {
    let native = widget.native()?;
    let (left, top) = native.surface_transform();
    let seen = widget.parent().unwrap_or_else(|| widget.clone().upcast());
    let (width, height) = (seen.width() as f32, seen.height() as f32);
    let middle = gtk::graphene::Point::new(width / 2.0, height / 2.0);
    let point = seen.compute_point(&native, &middle)?;
    Some((left + f64::from(point.x()), top + f64::from(point.y())))
}

/// Removes a source, unless it has ended by itself.
fn end(watch: &Watch) {
    if let Some(source) = watch.take() {
        source.remove();
    }
}
