//! A Wayland display: pictures by wlr-screencopy, the keyboard and the pointer by the protocols for virtual ones, the
//! windows by the compositor's own socket.

use std::{
    cell::{Cell, RefCell},
    io::Write,
    os::{
        fd::{AsFd, OwnedFd},
        unix::{fs::FileExt, net::UnixStream},
    },
    path::Path,
    time::Instant,
};

use wayland_client::{
    Connection, Dispatch, EventQueue, Proxy, QueueHandle, WEnum, delegate_noop,
    globals::{GlobalList, GlobalListContents, registry_queue_init},
    protocol::{
        wl_buffer::WlBuffer,
        wl_keyboard::KeymapFormat,
        wl_output::WlOutput,
        wl_pointer::{Axis, AxisSource, ButtonState},
        wl_registry::{self, WlRegistry},
        wl_seat::WlSeat,
        wl_shm::{Format, WlShm},
        wl_shm_pool::WlShmPool,
    },
};
use wayland_protocols_misc::zwp_virtual_keyboard_v1::client::{
    zwp_virtual_keyboard_manager_v1::ZwpVirtualKeyboardManagerV1,
    zwp_virtual_keyboard_v1::ZwpVirtualKeyboardV1,
};
use wayland_protocols_wlr::{
    screencopy::v1::client::{
        zwlr_screencopy_frame_v1::{self, ZwlrScreencopyFrameV1},
        zwlr_screencopy_manager_v1::ZwlrScreencopyManagerV1,
    },
    virtual_pointer::v1::client::{
        zwlr_virtual_pointer_manager_v1::ZwlrVirtualPointerManagerV1,
        zwlr_virtual_pointer_v1::ZwlrVirtualPointerV1,
    },
};

use super::{
    Server, Window,
    keys::{Modifier, linux_keys, modifier},
    windows::Windows,
};
use crate::{Area, Picture};

/// A US keyboard, in the words of XKB; the compositor has the files that it names.
const KEYMAP: &str = r#"xkb_keymap {
    xkb_keycodes { include "evdev+aliases(qwerty)" };
    xkb_types { include "complete" };
    xkb_compat { include "complete" };
    xkb_symbols { include "pc+us+inet(evdev)" };
};"#;
/// The pointer's first, second and third button (Linux' input-event-codes.h).
const BUTTONS: [u32; 3] = [0x110, 0x112, 0x111];
/// How far a step of the wheel goes, as libinput counts.
const WHEEL_STEP: f64 = 15.0;

/// An open Wayland display.
#[derive(Debug)]
pub(super) struct Wayland {
    queue: RefCell<EventQueue<Seen>>,
    handle: QueueHandle<Seen>,
    windows: Windows,
    output: WlOutput,
    shm: WlShm,
    copier: ZwlrScreencopyManagerV1,
    keyboard: ZwpVirtualKeyboardV1,
    pointer: ZwlrVirtualPointerV1,
    /// The modifiers that are held, and those that are locked.
    modifiers: Cell<(u32, u32)>,
    begun: Instant,
    /// The time of the last event, in milliseconds since then.
    clock: Cell<u32>,
}

impl Wayland {
    /// Opens a display by its socket and the compositor's.
    pub(super) fn open(display: &Path, compositor: &Path) -> Self {
        let stream = UnixStream::connect(display).expect("the Wayland display");
        let connection = Connection::from_socket(stream).expect("a Wayland display");
        let (globals, queue) = registry_queue_init(&connection).expect("a Wayland display");
        let handle = queue.handle();
        let seat: WlSeat = bind(&globals, &handle, 7);
        let keyboards: ZwpVirtualKeyboardManagerV1 = bind(&globals, &handle, 1);
        let pointers: ZwlrVirtualPointerManagerV1 = bind(&globals, &handle, 1);
        let opened = Self {
            windows: Windows::open(compositor),
            output: bind(&globals, &handle, 1),
            shm: bind(&globals, &handle, 1),
            copier: bind(&globals, &handle, 3),
            keyboard: keyboards.create_virtual_keyboard(&seat, &handle, ()),
            pointer: pointers.create_virtual_pointer(Some(&seat), &handle, ()),
            queue: RefCell::new(queue),
            handle,
            modifiers: Cell::default(),
            begun: Instant::now(),
            clock: Cell::default(),
        };
        let keymap = file_of(KEYMAP.as_bytes());
        let length = u32::try_from(KEYMAP.len() + 1).expect("a short text");
        opened
            .keyboard
            .keymap(KeymapFormat::XkbV1.into(), keymap.as_fd(), length);
        opened.sync();
        opened
    }

    /// Waits until the compositor has done what it was asked.
    fn sync(&self) {
        let mut seen = Seen::default();
        let mut queue = self.queue.borrow_mut();
        queue.roundtrip(&mut seen).expect("a living compositor");
    }

    /// The time for an event, a number of milliseconds after what came before.
    fn time(&self, later: u32) -> u32 {
        let now = u32::try_from(self.begun.elapsed().as_millis()).unwrap_or(u32::MAX);
        self.clock.set(now.max(self.clock.get()) + later);
        self.clock.get()
    }

    /// Waits for news of a picture until there are some.
    fn wait_for<T>(&self, seen: &mut Seen, news: impl Fn(&Seen) -> Option<T>) -> T {
        let mut queue = self.queue.borrow_mut();
        loop {
            if let Some(found) = news(seen) {
                return found;
            }
            queue.blocking_dispatch(seen).expect("a living compositor");
        }
    }

    /// Turns the wheel by one step.
    fn turn(&self, steps: i32, time: u32) {
        let way = f64::from(steps) * WHEEL_STEP;
        self.pointer.axis_source(AxisSource::Wheel);
        self.pointer
            .axis_discrete(time, Axis::VerticalScroll, way, steps);
    }
}

/// Binds a part of the display that must be there.
fn bind<P>(globals: &GlobalList, handle: &QueueHandle<Seen>, version: u32) -> P
where
    P: Proxy + 'static,
    Seen: Dispatch<P, ()>,
{
    let bound = globals.bind(handle, 1..=version, ());
    bound.unwrap_or_else(|error| panic!("{}: {error}", P::interface().name))
}

/// A file in memory with these bytes and a zero.
fn file_of(bytes: &[u8]) -> OwnedFd {
    let mut file = memory();
    file.write_all(bytes).expect("memory");
    file.write_all(&[0]).expect("memory");
    file.into()
}

fn memory() -> std::fs::File {
    let file = rustix::fs::memfd_create("testbed", rustix::fs::MemfdFlags::CLOEXEC);
    file.expect("memory").into()
}

/// What the compositor has said of a picture.
#[derive(Debug, Default)]
struct Seen {
    kind: Option<Kind>,
    /// Whether it could be taken.
    taken: Option<bool>,
}

/// How a picture lies in memory.
#[derive(Clone, Copy, Debug)]
struct Kind {
    format: Format,
    width: u32,
    height: u32,
    stride: u32,
}

impl Server for Wayland {
    fn scale(&self) -> f64 {
        self.windows.output().scale
    }

    fn window(&self, title: &str) -> Option<Window> {
        self.windows.window(title)
    }

    fn area(&self, window: Window) -> Option<Area> {
        self.windows.area(window)
    }

    fn picture(&self) -> Picture {
        let mut seen = Seen::default();
        let frame = self
            .copier
            .capture_output(0, &self.output, &self.handle, ());
        let kind = self.wait_for(&mut seen, |seen| seen.kind);
        assert!(matches!(kind.format, Format::Xrgb8888 | Format::Argb8888));
        assert_eq!(kind.stride, kind.width * 4);
        let file = memory();
        let size = kind.stride * kind.height;
        file.set_len(size.into()).expect("memory");
        let length = |count: u32| i32::try_from(count).expect("pixels");
        let pool = self
            .shm
            .create_pool(file.as_fd(), length(size), &self.handle, ());
        let (width, height, stride) = (kind.width, kind.height, kind.stride);
        let [width, height, stride] = [width, height, stride].map(length);
        let buffer = pool.create_buffer(0, width, height, stride, kind.format, &self.handle, ());
        frame.copy(&buffer);
        let taken = self.wait_for(&mut seen, |seen| seen.taken);
        assert!(taken, "the compositor gives no picture");
        let mut bytes = vec![0; size as usize];
        file.read_exact_at(&mut bytes, 0).expect("memory");
        frame.destroy();
        buffer.destroy();
        pool.destroy();
        Picture::from_bgrx(kind.width as usize, &bytes)
    }

    fn activate(&self, window: Window) {
        self.windows.activate(window);
    }

    fn close(&self, window: Window) {
        self.windows.tell(window, "kill");
    }

    /// Sway has no minimising: the window goes to a workspace that is not shown.
    fn minimise(&self, window: Window) {
        self.windows.tell(window, "move container to workspace 9");
    }

    fn resize(&self, window: Window, width: u32, height: u32) {
        let scale = self.scale();
        let count = |pixels: u32| (f64::from(pixels) / scale).round();
        let (width, height) = (count(width), count(height));
        let size = format!("floating enable, resize set width {width} px height {height} px");
        self.windows.tell(window, &size);
    }

    fn put(&self, window: Window, x: i32, y: i32) {
        let scale = self.scale();
        let count = |pixels: i32| (f64::from(pixels) / scale).round();
        let (x, y) = (count(x), count(y));
        let place = format!("floating enable, move absolute position {x} px {y} px");
        self.windows.tell(window, &place);
    }

    fn keys(&self, keysym: u32) -> Vec<u32> {
        linux_keys(keysym)
    }

    fn key(&self, keys: &[(u32, bool)]) {
        for (key, down) in keys {
            self.keyboard.key(self.time(0), *key, u32::from(*down));
            let (held, locked) = self.modifiers.get();
            self.modifiers.set(match modifier(*key) {
                Modifier::Held(bit) if *down => (held | bit, locked),
                Modifier::Held(bit) => (held & !bit, locked),
                Modifier::Lock(bit) if *down => (held, locked ^ bit),
                Modifier::Lock(_) | Modifier::None => continue,
            });
            let (held, locked) = self.modifiers.get();
            self.keyboard.modifiers(held, 0, locked, 0);
        }
        self.sync();
    }

    fn move_to(&self, x: i32, y: i32) {
        let (width, height) = self.windows.output().size;
        let place = |at: i32| u32::try_from(at).unwrap_or(0);
        self.pointer
            .motion_absolute(self.time(0), place(x), place(y), width, height);
        self.pointer.frame();
        self.sync();
    }

    fn nudge(&self, x: i16, y: i16) {
        let scale = self.scale();
        self.pointer
            .motion(self.time(0), f64::from(x) / scale, f64::from(y) / scale);
        self.pointer.frame();
        self.sync();
    }

    fn button(&self, number: u8, later: u32) {
        let time = self.time(later);
        match number {
            1..=3 => {
                let button = BUTTONS[usize::from(number) - 1];
                self.pointer.button(time, button, ButtonState::Pressed);
                self.pointer.frame();
                self.pointer.button(time, button, ButtonState::Released);
            }
            4 => self.turn(-1, time),
            5 => self.turn(1, time),
            _ => panic!("no button {number}"),
        }
        self.pointer.frame();
        self.sync();
    }
}

impl Dispatch<WlRegistry, GlobalListContents> for Seen {
    fn event(
        _: &mut Self,
        _: &WlRegistry,
        _: wl_registry::Event,
        _: &GlobalListContents,
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
    }
}

impl Dispatch<ZwlrScreencopyFrameV1, ()> for Seen {
    fn event(
        seen: &mut Self,
        _: &ZwlrScreencopyFrameV1,
        event: zwlr_screencopy_frame_v1::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        use zwlr_screencopy_frame_v1::Event;
        match event {
            Event::Buffer {
                format: WEnum::Value(format),
                width,
                height,
                stride,
            } => {
                seen.kind = Some(Kind {
                    format,
                    width,
                    height,
                    stride,
                });
            }
            Event::Ready { .. } => seen.taken = Some(true),
            Event::Failed => seen.taken = Some(false),
            _ => {}
        }
    }
}

delegate_noop!(Seen: ignore WlOutput);
delegate_noop!(Seen: ignore WlSeat);
delegate_noop!(Seen: ignore WlShm);
delegate_noop!(Seen: ignore WlBuffer);
delegate_noop!(Seen: WlShmPool);
delegate_noop!(Seen: ZwlrScreencopyManagerV1);
delegate_noop!(Seen: ZwpVirtualKeyboardManagerV1);
delegate_noop!(Seen: ZwpVirtualKeyboardV1);
delegate_noop!(Seen: ZwlrVirtualPointerManagerV1);
delegate_noop!(Seen: ZwlrVirtualPointerV1);
