//! A Wayland display as a program on it sees it: a window over the whole of it, keys, the pointer, the clipboard.
//!
//! The other side of a VNC server that is a compositor, or looks over the shoulder of one. Its seats come and go with the
//! server's clients. What they say is in `seat`, the clipboard in `clipboard`.

mod clipboard;
mod seat;

use std::{
    collections::HashMap,
    fs::File,
    io::{Read, Write},
    os::{fd::AsFd, unix::net::UnixStream},
    path::Path,
};

use rustix::{fs::MemfdFlags, pipe::PipeFlags};
use wayland_client::{
    Connection, Dispatch, EventQueue, Proxy, QueueHandle,
    backend::ObjectId,
    delegate_noop,
    globals::{GlobalList, GlobalListContents, registry_queue_init},
    protocol::{
        wl_buffer::{self, WlBuffer},
        wl_compositor::WlCompositor,
        wl_data_device::WlDataDevice,
        wl_data_device_manager::WlDataDeviceManager,
        wl_data_offer::WlDataOffer,
        wl_registry::{self, WlRegistry},
        wl_seat::{Capability, WlSeat},
        wl_shm::{Format, WlShm},
        wl_shm_pool::WlShmPool,
        wl_surface::WlSurface,
    },
};
use wayland_protocols::xdg::shell::client::{
    xdg_surface::{self, XdgSurface},
    xdg_toplevel::{self, XdgToplevel},
    xdg_wm_base::{self, XdgWmBase},
};

use super::{Input, Shown, pattern::Canvas};

/// Text on the clipboard, in the words of MIME.
const TEXT: &str = "text/plain;charset=utf-8";
/// The size of a window that may have any: sway says what it shall have when it is there.
const UNASKED: (u16, u16) = (16, 16);

/// A window over the whole display.
pub(crate) struct Window {
    queue: EventQueue<State>,
    state: State,
}

/// The window's parts, and what it was told.
struct State {
    handle: QueueHandle<State>,
    surface: WlSurface,
    shm: WlShm,
    clipboards: WlDataDeviceManager,
    /// The size that the compositor wants, once it has said so.
    wanted: Option<(u16, u16)>,
    /// The size of what is drawn.
    drawn: (u16, u16),
    seed: u32,
    canvas: Canvas,
    /// What each seat has; it is told again when something comes.
    seats: HashMap<ObjectId, Capability>,
    input: Vec<Input>,
    at: (i16, i16),
    /// Of the last key: what may be copied by.
    serial: u32,
    device: Option<WlDataDevice>,
    /// The text that is ours.
    text: String,
    /// Somebody's text.
    offer: Option<WlDataOffer>,
}

impl Window {
    /// Opens one on the display behind a socket.
    pub(crate) fn open(display: &Path) -> Self {
        let stream = UnixStream::connect(display).expect("the Wayland display");
        let connection = Connection::from_socket(stream).expect("a Wayland display");
        let (globals, mut queue) = registry_queue_init(&connection).expect("a Wayland display");
        let handle = queue.handle();
        let compositor: WlCompositor = bind(&globals, &handle, 4);
        let shell: XdgWmBase = bind(&globals, &handle, 1);
        let surface = compositor.create_surface(&handle, ());
        let role = shell.get_xdg_surface(&surface, &handle, ());
        role.get_toplevel(&handle, ()).set_fullscreen(None);
        surface.commit();
        let mut state = State {
            surface,
            shm: bind(&globals, &handle, 1),
            clipboards: bind(&globals, &handle, 1),
            handle,
            wanted: None,
            drawn: (0, 0),
            seed: 0,
            canvas: Canvas::default(),
            seats: HashMap::new(),
            input: Vec::new(),
            at: (0, 0),
            serial: 0,
            device: None,
            text: String::new(),
            offer: None,
        };
        for global in globals.contents().clone_list() {
            state.meet(globals.registry(), global.name, &global.interface);
        }
        while [(0, 0), UNASKED].contains(&state.drawn) {
            queue
                .blocking_dispatch(&mut state)
                .expect("a living compositor");
        }
        Self { queue, state }
    }

    /// Hears what the compositor has to say, up to now.
    fn look(&mut self) {
        let heard = self.queue.roundtrip(&mut self.state);
        heard.expect("a living compositor");
    }
}

/// Binds a part of the display that must be there.
fn bind<P>(globals: &GlobalList, handle: &QueueHandle<State>, version: u32) -> P
where
    P: Proxy + 'static,
    State: Dispatch<P, ()>,
{
    let bound = globals.bind(handle, 1..=version, ());
    bound.unwrap_or_else(|error| panic!("{}: {error}", P::interface().name))
}

impl Shown for Window {
    fn size(&mut self) -> (u16, u16) {
        self.look();
        self.state.drawn
    }

    fn picture(&mut self) -> Vec<[u8; 3]> {
        self.look();
        self.state.canvas.colours()
    }

    fn draw(&mut self, seed: u32) {
        self.state.seed = seed;
        self.state.draw(self.state.drawn);
        self.look();
    }

    fn scroll(&mut self) {
        self.state.canvas.scroll(40);
        self.state.show();
        self.look();
    }

    fn input(&mut self) -> Vec<Input> {
        self.look();
        std::mem::take(&mut self.state.input)
    }

    fn copy(&mut self, text: &str) {
        let state = &mut self.state;
        text.clone_into(&mut state.text);
        let source = state.clipboards.create_data_source(&state.handle, ());
        source.offer(TEXT.to_owned());
        let device = state.device.as_ref().expect("a seat");
        device.set_selection(Some(&source), state.serial);
        self.look();
    }

    fn paste(&mut self) -> Option<String> {
        self.look();
        let offer = self.state.offer.as_ref()?;
        let (from, to) = rustix::pipe::pipe_with(PipeFlags::CLOEXEC).expect("a pipe");
        offer.receive(TEXT.to_owned(), to.as_fd());
        self.queue.flush().expect("a living compositor");
        drop(to);
        let mut text = String::new();
        File::from(from).read_to_string(&mut text).expect("UTF-8");
        Some(text)
    }
}

impl State {
    /// Takes what the display has, old or new: seats.
    fn meet(&mut self, registry: &WlRegistry, name: u32, interface: &str) {
        if interface == WlSeat::interface().name {
            let seat: WlSeat = registry.bind(name, 1, &self.handle, ());
            self.device = Some(self.clipboards.get_data_device(&seat, &self.handle, ()));
        }
    }

    fn draw(&mut self, size: (u16, u16)) {
        self.drawn = size;
        self.canvas.draw(size, self.seed);
        self.show();
    }

    /// Has the compositor show the canvas.
    fn show(&mut self) {
        let [width, height] = <[u16; 2]>::from(self.drawn).map(i32::from);
        let bytes = self.canvas.bgrx();
        let file = rustix::fs::memfd_create("window", MemfdFlags::CLOEXEC).expect("memory");
        let mut file = File::from(file);
        file.write_all(&bytes).expect("memory");
        let handle = &self.handle;
        let pool = self
            .shm
            .create_pool(file.as_fd(), width * height * 4, handle, ());
        let buffer = pool.create_buffer(0, width, height, width * 4, Format::Xrgb8888, handle, ());
        pool.destroy();
        self.surface.attach(Some(&buffer), 0, 0);
        self.surface.damage_buffer(0, 0, width, height);
        self.surface.commit();
    }
}

impl Dispatch<WlRegistry, GlobalListContents> for State {
    fn event(
        state: &mut Self,
        registry: &WlRegistry,
        event: wl_registry::Event,
        _: &GlobalListContents,
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        if let wl_registry::Event::Global {
            name, interface, ..
        } = event
        {
            state.meet(registry, name, &interface);
        }
    }
}

impl Dispatch<XdgWmBase, ()> for State {
    fn event(
        _: &mut Self,
        shell: &XdgWmBase,
        event: xdg_wm_base::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        if let xdg_wm_base::Event::Ping { serial } = event {
            shell.pong(serial);
        }
    }
}

impl Dispatch<XdgToplevel, ()> for State {
    fn event(
        state: &mut Self,
        _: &XdgToplevel,
        event: xdg_toplevel::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        if let xdg_toplevel::Event::Configure { width, height, .. } = event {
            let pixels = |count: i32| u16::try_from(count).expect("a size");
            state.wanted = Some((pixels(width), pixels(height)));
        }
    }
}

impl Dispatch<XdgSurface, ()> for State {
    fn event(
        state: &mut Self,
        role: &XdgSurface,
        event: xdg_surface::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        if let xdg_surface::Event::Configure { serial } = event {
            role.ack_configure(serial);
            match state.wanted.take() {
                Some((0, 0)) if state.drawn == (0, 0) => state.draw(UNASKED),
                Some(wanted) if wanted != (0, 0) && wanted != state.drawn => state.draw(wanted),
                _ => state.surface.commit(),
            }
        }
    }
}

impl Dispatch<WlBuffer, ()> for State {
    fn event(
        _: &mut Self,
        buffer: &WlBuffer,
        event: wl_buffer::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        if matches!(event, wl_buffer::Event::Release) {
            buffer.destroy();
        }
    }
}

delegate_noop!(State: WlCompositor);
delegate_noop!(State: WlShmPool);
delegate_noop!(State: ignore WlShm);
delegate_noop!(State: ignore WlSurface);
