//! A pointer that is locked on X11: the server tells raw movements, and the pointer is put back to the middle.
//!
//! X11 has no lock. Raw movements (XI2) are told whatever has the pointer; putting it back makes none. This has a
//! connection of its own, because GDK's cannot be asked for them without C. It is opened in another thread; afterwards
//! nothing is waited for.

use std::{collections::HashMap, error::Error, os::fd::AsRawFd, rc::Rc};

use gtk::{gio, glib, prelude::*};
use x11rb::{
    connection::Connection,
    protocol::{
        Event,
        xinput::{
            self, ConnectionExt as _, DeviceClassData, Fp3232, RawMotionEvent, ValuatorMode,
            XIEventMask,
        },
        xproto::{ConnectionExt as _, Window},
    },
    rust_connection::RustConnection,
};

use super::{Moved, Watch};

/// XI2's device that stands for all pointers that programs see.
const ALL_MASTERS: u16 = 1;
/// XI2's device that stands for all there are.
const ALL_DEVICES: u16 = 0;

/// A pointer that stays where it is until this is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    opening: glib::JoinHandle<()>,
    watch: Watch,
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.opening.abort();
        super::end(&self.watch);
    }
}

impl Lock {
    /// Locks the pointer to a place in a surface, in application pixels.
    pub(super) fn on(surface: &gdk4_x11::X11Surface, place: (f64, f64), moved: Moved) -> Self {
        let scale = surface.scale();
        let place = ((place.0 * scale) as i16, (place.1 * scale) as i16);
        let (name, window) = (surface.display().name(), surface.xid() as Window);
        let watch = Watch::default();
        let kept = Rc::clone(&watch);
        let opening = glib::spawn_future_local(async move {
            let opened = gio::spawn_blocking(move || Mouse::open(&name, window, place)).await;
            match opened {
                Ok(Ok(mouse)) => {
                    let moved = move |x, y| moved(x / scale, y / scale);
                    mouse.watch(&kept, moved);
                }
                Ok(Err(error)) => tracing::warn!(%error, "the pointer cannot be locked"),
                Err(_) => tracing::warn!("opening the display for the pointer panicked"),
            }
        });
        Self { opening, watch }
    }
}

/// The mouse as the X server tells of it.
struct Mouse {
    connection: RustConnection,
    window: Window,
    place: (i16, i16),
    axes: HashMap<u16, [Axis; 2]>,
    /// The last place on each axis that tells places.
    last: HashMap<(u16, usize), f64>,
}

/// What a device tells on one axis.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Axis {
    /// How far it went.
    #[default]
    Movement,
    /// Where it is; so many pixels for each unit.
    Place(f64),
}

impl Mouse {
    /// Opens a connection, and asks for raw movements. Waits for the server.
    fn open(
        display: &str,
        window: Window,
        place: (i16, i16),
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let (connection, number) = x11rb::connect(Some(display))?;
        let screen = &connection.setup().roots[number];
        let size = [screen.width_in_pixels, screen.height_in_pixels];
        connection.xinput_xi_query_version(2, 2)?.reply()?;
        let devices = connection.xinput_xi_query_device(ALL_DEVICES)?.reply()?;
        let mut axes = HashMap::new();
        for device in devices.infos {
            let classes = device.classes.into_iter().map(|class| class.data);
            axes.insert(device.deviceid, axes_of(classes, size));
        }
        let mask = xinput::EventMask {
            deviceid: ALL_MASTERS,
            mask: vec![XIEventMask::RAW_MOTION],
        };
        connection
            .xinput_xi_select_events(screen.root, &[mask])?
            .check()?;
        Ok(Self {
            connection,
            window,
            place,
            axes,
            last: HashMap::new(),
        })
    }

    /// Tells movements from now on, from the main loop, until the watch is removed.
    fn watch(mut self, watch: &Watch, moved: impl Fn(f64, f64) + 'static) {
        self.put_back();
        let socket = self.connection.stream().as_raw_fd();
        let readable = glib::IOCondition::IN | glib::IOCondition::HUP | glib::IOCondition::ERR;
        let own = Rc::clone(watch);
        let source = glib_unix::unix_fd_add_local(socket, readable, move |_, _| {
            let Some((x, y)) = self.read() else {
                own.take();
                return glib::ControlFlow::Break;
            };
            if (x, y) != (0.0, 0.0) {
                self.put_back();
                moved(x, y);
            }
            glib::ControlFlow::Continue
        });
        watch.replace(Some(source));
    }

    /// Adds up what has come; `None` when the server is gone.
    fn read(&mut self) -> Option<(f64, f64)> {
        let (mut x, mut y) = (0.0, 0.0);
        while let Some(event) = self.connection.poll_for_event().ok()? {
            if let Event::XinputRawMotion(event) = event {
                let went = self.movement(&event);
                x += went[0];
                y += went[1];
            }
        }
        Some((x, y))
    }

    fn movement(&mut self, event: &RawMotionEvent) -> [f64; 2] {
        let told = self.axes.get(&event.sourceid).copied().unwrap_or_default();
        let mut went = [0.0; 2];
        for (number, value) in values_of(event) {
            let (Some(pixels), Some(axis)) = (went.get_mut(number), told.get(number)) else {
                continue;
            };
            *pixels = match axis {
                Axis::Movement => value,
                Axis::Place(unit) => {
                    let last = self.last.insert((event.sourceid, number), value);
                    last.map_or(0.0, |last| (value - last) * unit)
                }
            };
        }
        went
    }

    fn put_back(&self) {
        let (x, y) = self.place;
        let sent = self
            .connection
            .warp_pointer(x11rb::NONE, self.window, 0, 0, 0, 0, x, y)
            .and_then(|_| self.connection.flush());
        if let Err(error) = sent {
            tracing::debug!(%error, "the pointer could not be put back");
        }
    }
}

/// What a device tells on its first two axes, on a screen of so many pixels.
fn axes_of(classes: impl Iterator<Item = DeviceClassData>, size: [u16; 2]) -> [Axis; 2] {
    let mut axes = [Axis::Movement; 2];
    for class in classes {
        let DeviceClassData::Valuator(valuator) = class else {
            continue;
        };
        let number = usize::from(valuator.number);
        let range = number_of(valuator.max) - number_of(valuator.min);
        if let (Some(axis), Some(size)) = (axes.get_mut(number), size.get(number))
            && valuator.mode == ValuatorMode::ABSOLUTE
            && range > 0.0
        {
            *axis = Axis::Place(f64::from(*size) / range);
        }
    }
    axes
}

/// The axes that an event names, with what it says of each: accelerated, as the pointer would have gone.
fn values_of(event: &RawMotionEvent) -> impl Iterator<Item = (usize, f64)> {
    let named = (0..event.valuator_mask.len() * 32)
        .filter(|bit| event.valuator_mask[bit / 32] & (1 << (bit % 32)) != 0);
    named.zip(event.axisvalues.iter().map(|value| number_of(*value)))
}

fn number_of(value: Fp3232) -> f64 {
    f64::from(value.integral) + f64::from(value.frac) / 4_294_967_296.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use x11rb::protocol::xinput::{DeviceClassDataValuator, PointerEventFlags};

    fn fixed(value: f64) -> Fp3232 {
        Fp3232 {
            integral: value.floor() as i32,
            frac: ((value - value.floor()) * 4_294_967_296.0) as u32,
        }
    }

    #[test]
    fn a_number_has_a_whole_and_a_part() {
        for value in [0.0, 1.5, -0.25, -3.0] {
            assert!((number_of(fixed(value)) - value).abs() < 1e-6, "{value}");
        }
    }

    #[test]
    fn axes_are_named_by_bits() {
        let event = RawMotionEvent {
            response_type: 0,
            extension: 0,
            sequence: 0,
            length: 0,
            event_type: 0,
            deviceid: 2,
            time: 0,
            detail: 0,
            sourceid: 9,
            flags: PointerEventFlags::default(),
            valuator_mask: vec![0b1010],
            axisvalues: vec![fixed(-2.0), fixed(15.0)],
            axisvalues_raw: vec![],
        };
        let values: Vec<_> = values_of(&event).collect();
        assert_eq!(values, [(1, -2.0), (3, 15.0)]);
    }

    #[test]
    fn a_tablet_tells_places_and_a_mouse_movements() {
        let valuator = |number, mode| {
            DeviceClassData::Valuator(DeviceClassDataValuator {
                number,
                label: 0,
                min: fixed(0.0),
                max: fixed(32_768.0),
                value: fixed(0.0),
                resolution: 1,
                mode,
            })
        };
        let size = [1024, 512];
        let tablet = [0, 1, 2].map(|number| valuator(number, ValuatorMode::ABSOLUTE));
        let axes = axes_of(tablet.into_iter(), size);
        assert_eq!(axes, [Axis::Place(1.0 / 32.0), Axis::Place(1.0 / 64.0)]);
        let mouse = [0, 1].map(|number| valuator(number, ValuatorMode::RELATIVE));
        assert_eq!(axes_of(mouse.into_iter(), size), [Axis::Movement; 2]);
    }
}
