//! An X display: windows by way of its window manager, pictures, the keyboard and the pointer by the extension `XTEST`.

use std::time::Duration;

use x11rb::{
    connection::Connection,
    protocol::{
        xproto::{
            self, Atom, AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, ImageFormat,
        },
        xtest::ConnectionExt as _,
    },
    rust_connection::RustConnection,
    wrapper::ConnectionExt as _,
};

use super::{Server, Window, keys, x11_keys};
use crate::{Area, Picture, wait};

x11rb::atom_manager! {
    /// The names by which window managers and clients talk.
    pub(crate) Atoms: AtomsCookie {
        _NET_ACTIVE_WINDOW,
        _NET_CLIENT_LIST,
        _NET_CLOSE_WINDOW,
        _NET_SUPPORTING_WM_CHECK,
        _NET_WM_NAME,
        _NET_WM_PID,
        UTF8_STRING,
        WM_CHANGE_STATE,
    }
}

const PATIENCE: Duration = Duration::from_secs(10);
const BUTTON_PRESS: u8 = xproto::BUTTON_PRESS_EVENT;
const BUTTON_RELEASE: u8 = xproto::BUTTON_RELEASE_EVENT;
const MOTION: u8 = xproto::MOTION_NOTIFY_EVENT;
const KEY_PRESS: u8 = xproto::KEY_PRESS_EVENT;
const KEY_RELEASE: u8 = xproto::KEY_RELEASE_EVENT;

impl Window {
    /// The X server's name for it.
    fn id(self) -> xproto::Window {
        xproto::Window::try_from(self.0).expect("a window of this X server")
    }
}

/// An open X display.
#[derive(Debug)]
pub(crate) struct X11 {
    connection: RustConnection,
    root: xproto::Window,
    size: (u16, u16),
    atoms: Atoms,
}

impl X11 {
    /// Opens a display by its name.
    pub(crate) fn open(display: &str) -> Self {
        let (connection, number) = wait::until("the X display", PATIENCE, || {
            x11rb::connect(Some(display)).ok()
        });
        let screen = &connection.setup().roots[number];
        let (root, size) = (
            screen.root,
            (screen.width_in_pixels, screen.height_in_pixels),
        );
        let atoms = Atoms::new(&connection)
            .expect("a request")
            .reply()
            .expect("atoms");
        Self {
            connection,
            root,
            size,
            atoms,
        }
    }

    pub(crate) fn connection(&self) -> &RustConnection {
        &self.connection
    }

    pub(crate) fn root(&self) -> xproto::Window {
        self.root
    }

    /// Tells whether a window manager is at work.
    pub(crate) fn is_managed(&self) -> bool {
        !self
            .numbers(self.root, self.atoms._NET_SUPPORTING_WM_CHECK)
            .is_empty()
    }

    /// A window's title.
    fn title(&self, window: xproto::Window) -> String {
        let (name, utf8) = (self.atoms._NET_WM_NAME, self.atoms.UTF8_STRING);
        let reply = self
            .connection
            .get_property(false, window, name, utf8, 0, 1024)
            .ok()
            .and_then(|cookie| cookie.reply().ok());
        reply.map_or_else(String::new, |reply| {
            String::from_utf8_lossy(&reply.value).into_owned()
        })
    }

    /// Has the server make an event, a number of milliseconds after what came before.
    fn fake(&self, kind: u8, detail: u8, later: u32, at: (i16, i16)) {
        self.connection
            .xtest_fake_input(kind, detail, later, self.root, at.0, at.1, 0)
            .expect("a request");
    }

    fn sync(&self) {
        self.connection.sync().expect("a living X server");
    }

    fn tell_manager(&self, window: Window, what: Atom, data: [u32; 5]) {
        let event = ClientMessageEvent::new(32, window.id(), what, data);
        let mask = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
        self.connection
            .send_event(false, self.root, mask, event)
            .expect("a request");
        self.sync();
    }

    fn numbers(&self, window: xproto::Window, property: Atom) -> Vec<u32> {
        self.connection
            .get_property(false, window, property, AtomEnum::ANY, 0, 1024)
            .ok()
            .and_then(|cookie| cookie.reply().ok())
            .and_then(|reply| reply.value32().map(Iterator::collect))
            .unwrap_or_default()
    }
}

impl Server for X11 {
    fn scale(&self) -> f64 {
        1.0
    }

    fn window(&self, title: &str) -> Option<Window> {
        let mut windows = self.numbers(self.root, self.atoms._NET_CLIENT_LIST);
        windows.retain(|window| self.title(*window) == title);
        windows.last().map(|window| Window((*window).into()))
    }

    fn area(&self, window: Window) -> Option<Area> {
        let (connection, id) = (&self.connection, window.id());
        let geometry = connection.get_geometry(id).ok()?.reply().ok()?;
        let origin = connection.translate_coordinates(id, self.root, 0, 0);
        let origin = origin.ok()?.reply().ok()?;
        Some(Area {
            x: origin.dst_x.into(),
            y: origin.dst_y.into(),
            width: geometry.width.into(),
            height: geometry.height.into(),
        })
    }

    fn picture(&self) -> Picture {
        let (width, height) = self.size;
        let image = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, self.root, 0, 0, width, height, !0)
            .expect("a request")
            .reply()
            .expect("the screen’s pixels");
        Picture::from_bgrx(width.into(), &image.data)
    }

    fn activate(&self, window: Window) {
        self.tell_manager(window, self.atoms._NET_ACTIVE_WINDOW, [2, 0, 0, 0, 0]);
        wait::until_true("the window is in front", PATIENCE, || {
            self.numbers(self.root, self.atoms._NET_ACTIVE_WINDOW) == [window.id()]
        });
    }

    fn close(&self, window: Window) {
        self.tell_manager(window, self.atoms._NET_CLOSE_WINDOW, [0, 2, 0, 0, 0]);
    }

    fn minimise(&self, window: Window) {
        const ICONIC: u32 = 3;
        self.tell_manager(window, self.atoms.WM_CHANGE_STATE, [ICONIC, 0, 0, 0, 0]);
    }

    fn resize(&self, window: Window, width: u32, height: u32) {
        let size = xproto::ConfigureWindowAux::new()
            .width(width)
            .height(height);
        self.connection
            .configure_window(window.id(), &size)
            .expect("a request");
        self.sync();
    }

    fn put(&self, window: Window, x: i32, y: i32) {
        let place = xproto::ConfigureWindowAux::new().x(x).y(y);
        self.connection
            .configure_window(window.id(), &place)
            .expect("a request");
        self.sync();
    }

    fn keys(&self, keysym: u32) -> Vec<u32> {
        let (code, shifted) = x11_keys::keycode(&self.connection, keysym);
        let shift = || x11_keys::keycode(&self.connection, keys::named("Shift_L")).0;
        let shift = shifted.then(shift);
        shift.into_iter().chain([code]).map(u32::from).collect()
    }

    fn key(&self, keys: &[(u32, bool)]) {
        for (key, down) in keys {
            let kind = if *down { KEY_PRESS } else { KEY_RELEASE };
            let code = u8::try_from(*key).expect("a key of this X server");
            self.fake(kind, code, 0, (0, 0));
        }
        self.sync();
    }

    fn move_to(&self, x: i32, y: i32) {
        self.fake(MOTION, 0, 0, (x as i16, y as i16));
        self.sync();
    }

    fn nudge(&self, x: i16, y: i16) {
        const RELATIVE: u8 = 1;
        self.fake(MOTION, RELATIVE, 0, (x, y));
        self.sync();
    }

    fn button(&self, number: u8, later: u32) {
        self.fake(BUTTON_PRESS, number, later, (0, 0));
        self.fake(BUTTON_RELEASE, number, 0, (0, 0));
        self.sync();
    }
}
