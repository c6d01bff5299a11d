//! A touchscreen and a pen: Xorg's driver `inputtest` takes their events from sockets. Other servers have other [`Fingers`].
//!
//! The driver's protocol is its own (xf86-input-inputtest-protocol.h, 1.1): structures of C in the machine's byte order.
//! What is told is waited for until the server has done with it.

use std::{
    io::{Read, Write},
    os::unix::net::UnixStream,
    path::Path,
    sync::Arc,
    time::Duration,
};

use crate::wait;

const PATIENCE: Duration = Duration::from_secs(20);

/// The kinds of events.
const VERSION: u32 = 0;
const SYNC: u32 = 1;
const MOTION: u32 = 2;
const PROXIMITY: u32 = 3;
const BUTTON: u32 = 4;
const TOUCH: u32 = 6;

/// What a touch does, as XI2 counts.
const TOUCH_BEGIN: u32 = 18;
const TOUCH_UPDATE: u32 = 19;
const TOUCH_END: u32 = 20;

/// How many axes an event has room for.
const AXES: usize = 64;
/// How far the axes go that say where something is.
const RANGE: f64 = 65_535.0;
/// The axis that says how hard the pen is pressed, up to a thousand.
const PRESSURE: usize = 4;
const PRESSED: f64 = 500.0;

/// What a finger does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Touch {
    Down,
    Move,
    Up,
}

/// Whoever makes touches of a display server's.
pub(crate) trait Fingers: std::fmt::Debug {
    /// Has touches happen one right after the other, each of a finger's number, at a pixel of the screen.
    fn touch(&self, events: &[(u32, Touch, i32, i32)]);
}

/// A touchscreen as large as the screen, in its pixels. Fingers have numbers.
#[derive(Debug)]
pub struct Touchscreen {
    fingers: Arc<dyn Fingers>,
}

impl Touchscreen {
    pub(crate) fn open(socket: &Path, size: (u16, u16)) -> Self {
        Self::of(Arc::new(Device::open(socket, size)))
    }

    pub(crate) fn of(fingers: Arc<impl Fingers + 'static>) -> Self {
        Self { fingers }
    }

    /// Puts a finger down.
    pub fn down(&self, finger: u32, x: i32, y: i32) {
        self.fingers.touch(&[(finger, Touch::Down, x, y)]);
    }

    /// Moves a finger that is down.
    pub fn slide(&self, finger: u32, x: i32, y: i32) {
        self.fingers.touch(&[(finger, Touch::Move, x, y)]);
    }

    /// Takes a finger away from where it is.
    pub fn up(&self, finger: u32, x: i32, y: i32) {
        self.fingers.touch(&[(finger, Touch::Up, x, y)]);
    }

    /// Taps with one finger; however busy the machine is, it does not rest.
    pub fn tap(&self, x: i32, y: i32) {
        self.fingers
            .touch(&[(0, Touch::Down, x, y), (0, Touch::Up, x, y)]);
    }

    /// Puts a finger down and moves it at once to another place, without a rest.
    pub fn drag(&self, finger: u32, from: (i32, i32), to: (i32, i32)) {
        self.fingers.touch(&[
            (finger, Touch::Down, from.0, from.1),
            (finger, Touch::Move, to.0, to.1),
        ]);
    }
}

/// A pen over a tablet as large as the screen, in its pixels.
#[derive(Debug)]
pub struct Pen {
    device: Device,
}

impl Pen {
    pub(crate) fn open(socket: &Path, size: (u16, u16)) -> Self {
        Self {
            device: Device::open(socket, size),
        }
    }

    /// Comes near, or goes.
    pub fn near(&self, near: bool) {
        self.device.tell(&event(PROXIMITY, &[near.into()], &[]));
    }

    /// Goes to a place.
    pub fn move_to(&self, x: i32, y: i32) {
        let axes = self.device.place(x, y);
        self.device.tell(&event(MOTION, &[1], &axes));
    }

    /// Puts the tip down, or takes it away.
    pub fn tip(&self, down: bool) {
        let pressure = if down { PRESSED } else { 0.0 };
        let axes = [(PRESSURE, pressure)];
        self.device
            .tell(&event(BUTTON, &[1, 1, down.into()], &axes));
    }

    /// Presses a button of its barrel, by X's number, or lets it go.
    pub fn button(&self, number: u32, down: bool) {
        let pressed = [1, number, down.into()];
        self.device.tell(&event(BUTTON, &pressed, &[]));
    }
}

/// The driver's side of one device. It takes one caller in its life.
#[derive(Debug)]
struct Device {
    stream: UnixStream,
    size: (u16, u16),
}

impl Device {
    fn open(socket: &Path, size: (u16, u16)) -> Self {
        let stream = wait::until("the device’s socket", PATIENCE, || {
            UnixStream::connect(socket).ok()
        });
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
        let device = Self { stream, size };
        let version = [1_u16.to_ne_bytes(), 1_u16.to_ne_bytes()].concat();
        device.send(&message(VERSION, &version));
        device.receive::<12>();
        device
    }

    /// The axes that say where a pixel's middle is.
    fn place(&self, x: i32, y: i32) -> [(usize, f64); 2] {
        let along = |at: i32, count: u16| (f64::from(at) + 0.5) * RANGE / f64::from(count);
        [(0, along(x, self.size.0)), (1, along(y, self.size.1))]
    }

    /// Has events happen, and waits until the server has done with them.
    fn tell(&self, events: &[u8]) {
        self.send(events);
        self.send(&message(SYNC, &[]));
        self.receive::<8>();
    }

    fn send(&self, bytes: &[u8]) {
        (&self.stream).write_all(bytes).expect("a living X server");
    }

    fn receive<const N: usize>(&self) {
        (&self.stream)
            .read_exact(&mut [0; N])
            .expect("an answer of the X server");
    }
}

impl Fingers for Device {
    fn touch(&self, events: &[(u32, Touch, i32, i32)]) {
        let event = |(finger, touch, x, y): &(u32, Touch, i32, i32)| {
            let what = match touch {
                Touch::Down => TOUCH_BEGIN,
                Touch::Move => TOUCH_UPDATE,
                Touch::Up => TOUCH_END,
            };
            event(TOUCH, &[*finger, what], &self.place(*x, *y))
        };
        let events: Vec<Vec<u8>> = events.iter().map(event).collect();
        self.tell(&events.concat());
    }
}

/// An event: what belongs to its kind, and the axes that it names.
fn event(kind: u32, what: &[u32], axes: &[(usize, f64)]) -> Vec<u8> {
    let mut body: Vec<u8> = what.iter().flat_map(|word| word.to_ne_bytes()).collect();
    // The axes hold numbers of eight bytes, and lie so.
    body.resize(body.len().next_multiple_of(8), 0);
    body.extend(axes_of(axes));
    message(kind, &body)
}

fn message(kind: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(8 + body.len()).expect("a short event");
    let head = [length.to_ne_bytes(), kind.to_ne_bytes()].concat();
    [&head, body].concat()
}

/// Which axes are named, what each says, and room for what each would say without acceleration.
fn axes_of(axes: &[(usize, f64)]) -> Vec<u8> {
    let (mut named, mut values) = (0_u64, [0.0; AXES]);
    for (axis, value) in axes {
        named |= 1 << axis;
        values[*axis] = *value;
    }
    let mut bytes = vec![0; 4];
    bytes.extend(named.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(values.iter().flat_map(|value: &f64| value.to_ne_bytes()));
    bytes.extend([0; 8 * AXES]);
    bytes
}
