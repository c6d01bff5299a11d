//! A pointer that is locked on Wayland, by the compositor: pointer-constraints and relative-pointer (unstable, v1).
//!
//! It speaks on GDK's own connection, with a queue of its own; GDK reads the socket too, and each finds its events in its
//! queue. Where the compositor lacks either protocol, nothing is locked and movements stay within the window.

use std::{os::fd::AsRawFd, rc::Rc};

use gdk4_wayland::{WaylandDevice, WaylandDisplay, WaylandSurface, prelude::*};
use gtk::glib;
use wayland_client::{
    Connection, Dispatch, EventQueue, Proxy, QueueHandle, delegate_noop,
    protocol::{
        wl_pointer::WlPointer,
        wl_registry::{self, WlRegistry},
        wl_surface::WlSurface,
    },
};
use wayland_protocols::wp::{
    pointer_constraints::zv1::client::{
        zwp_locked_pointer_v1::ZwpLockedPointerV1,
        zwp_pointer_constraints_v1::{Lifetime, ZwpPointerConstraintsV1},
    },
    relative_pointer::zv1::client::{
        zwp_relative_pointer_manager_v1::ZwpRelativePointerManagerV1,
        zwp_relative_pointer_v1::{self, ZwpRelativePointerV1},
    },
};

use super::{Moved, Watch};

/// A pointer that stays where it is until this is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    watch: Watch,
}

impl Drop for Lock {
    fn drop(&mut self) {
        super::end(&self.watch);
    }
}

impl Lock {
    /// Locks the pointer while it is over a surface.
    pub(super) fn on(surface: &WaylandSurface, moved: Moved) -> Option<Self> {
        let display = surface.display().downcast::<WaylandDisplay>().ok()?;
        let pointer = display.default_seat()?.pointer()?;
        let pointer = pointer.downcast::<WaylandDevice>().ok()?.wl_pointer()?;
        let wire = display.wl_display()?;
        let connection = Connection::from_backend(wire.backend().upgrade()?);
        let queue = connection.new_event_queue();
        wire.get_registry(&queue.handle(), ());
        let mouse = Mouse {
            moved,
            pointer,
            surface: surface.wl_surface()?,
            constraints: None,
            locked: None,
            manager: None,
            relative: None,
        };
        connection.flush().ok()?;
        Some(Self {
            watch: watch(connection, queue, mouse),
        })
    }
}

/// Reads the queue's events from the main loop until the watch is removed.
fn watch(connection: Connection, mut queue: EventQueue<Mouse>, mut mouse: Mouse) -> Watch {
    let socket = connection.backend().poll_fd().as_raw_fd();
    let watch = Watch::default();
    let own = Rc::clone(&watch);
    let source = glib_unix::unix_fd_add_local(socket, glib::IOCondition::IN, move |_, _| {
        if let Some(reading) = connection.prepare_read() {
            // GDK may have read all there was: that is no error.
            let _ = reading.read();
        }
        let dispatched = queue.dispatch_pending(&mut mouse);
        let _ = connection.flush();
        match dispatched {
            Ok(_) => glib::ControlFlow::Continue,
            Err(error) => {
                tracing::warn!(%error, "the pointer is no longer locked");
                own.take();
                glib::ControlFlow::Break
            }
        }
    });
    watch.replace(Some(source));
    watch
}

/// The mouse as the compositor tells of it.
struct Mouse {
    moved: Moved,
    pointer: WlPointer,
    surface: WlSurface,
    constraints: Option<ZwpPointerConstraintsV1>,
    locked: Option<ZwpLockedPointerV1>,
    manager: Option<ZwpRelativePointerManagerV1>,
    relative: Option<ZwpRelativePointerV1>,
}

impl Mouse {
    /// Locks, once the compositor has offered both protocols.
    fn lock(&mut self, queue: &QueueHandle<Self>) {
        let (Some(constraints), Some(manager)) = (&self.constraints, &self.manager) else {
            return;
        };
        if self.locked.is_some() {
            return;
        }
        self.relative = Some(manager.get_relative_pointer(&self.pointer, queue, ()));
        self.locked = Some(constraints.lock_pointer(
            &self.surface,
            &self.pointer,
            None,
            Lifetime::Persistent,
            queue,
            (),
        ));
    }
}

impl Drop for Mouse {
    fn drop(&mut self) {
        if let Some(locked) = self.locked.take() {
            locked.destroy();
        }
        if let Some(relative) = self.relative.take() {
            relative.destroy();
        }
        if let Some(constraints) = self.constraints.take() {
            constraints.destroy();
        }
        if let Some(manager) = self.manager.take() {
            manager.destroy();
        }
    }
}

impl Dispatch<WlRegistry, ()> for Mouse {
    fn event(
        mouse: &mut Self,
        registry: &WlRegistry,
        event: wl_registry::Event,
        (): &(),
        _: &Connection,
        queue: &QueueHandle<Self>,
    ) {
        let wl_registry::Event::Global {
            name, interface, ..
        } = event
        else {
            return;
        };
        if interface == ZwpPointerConstraintsV1::interface().name {
            mouse.constraints = Some(registry.bind(name, 1, queue, ()));
        } else if interface == ZwpRelativePointerManagerV1::interface().name {
            mouse.manager = Some(registry.bind(name, 1, queue, ()));
        }
        mouse.lock(queue);
    }
}

impl Dispatch<ZwpRelativePointerV1, ()> for Mouse {
    fn event(
        mouse: &mut Self,
        _: &ZwpRelativePointerV1,
        event: zwp_relative_pointer_v1::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        if let zwp_relative_pointer_v1::Event::RelativeMotion { dx, dy, .. } = event {
            (mouse.moved)(dx, dy);
        }
    }
}

delegate_noop!(Mouse: ignore ZwpLockedPointerV1);
delegate_noop!(Mouse: ZwpPointerConstraintsV1);
delegate_noop!(Mouse: ZwpRelativePointerManagerV1);
