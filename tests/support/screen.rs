//! The X display, seen and touched from outside: windows, pictures, the pointer.

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

use crate::{Area, Picture, keyboard, wait};

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

/// A window of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window(xproto::Window);

/// An open X display.
#[derive(Debug)]
pub struct Screen {
    connection: RustConnection,
    root: xproto::Window,
    size: (u16, u16),
    atoms: Atoms,
}

impl Screen {
    /// Opens a display by its name.
    ///
    /// # Panics
    /// When there is none.
    pub fn open(display: &str) -> Self {
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
    pub fn is_managed(&self) -> bool {
        !self
            .numbers(self.root, self.atoms._NET_SUPPORTING_WM_CHECK)
            .is_empty()
    }

    /// The programs' windows, oldest first.
    pub fn windows(&self) -> Vec<Window> {
        let list = self.numbers(self.root, self.atoms._NET_CLIENT_LIST);
        list.into_iter().map(Window).collect()
    }

    /// A window's title.
    pub fn title(&self, window: Window) -> String {
        let reply = self
            .connection
            .get_property(
                false,
                window.0,
                self.atoms._NET_WM_NAME,
                self.atoms.UTF8_STRING,
                0,
                1024,
            )
            .ok()
            .and_then(|cookie| cookie.reply().ok());
        reply.map_or_else(String::new, |reply| {
            String::from_utf8_lossy(&reply.value).into_owned()
        })
    }

    /// Finds the newest window with this title.
    pub fn window(&self, title: &str) -> Option<Window> {
        let mut windows = self.windows();
        windows.retain(|window| self.title(*window) == title);
        windows.last().copied()
    }

    /// Where a window's own area lies on the screen.
    pub fn area(&self, window: Window) -> Option<Area> {
        let geometry = self.connection.get_geometry(window.0).ok()?.reply().ok()?;
        let origin = self
            .connection
            .translate_coordinates(window.0, self.root, 0, 0)
            .ok()?
            .reply()
            .ok()?;
        Some(Area {
            x: origin.dst_x.into(),
            y: origin.dst_y.into(),
            width: geometry.width.into(),
            height: geometry.height.into(),
        })
    }

    /// Takes a picture of the whole screen.
    ///
    /// # Panics
    /// When the X server is gone.
    pub fn picture(&self) -> Picture {
        let (width, height) = self.size;
        let image = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, self.root, 0, 0, width, height, !0)
            .expect("a request")
            .reply()
            .expect("the screen’s pixels");
        Picture::from_bgrx(width.into(), &image.data)
    }

    /// Takes a picture of what is seen of a window; `None` when it is gone.
    pub fn picture_of(&self, window: Window) -> Option<Picture> {
        Some(self.picture().part(self.area(window)?))
    }

    /// Brings a window to the front and gives it the keyboard; waits until it has both.
    ///
    /// # Panics
    /// When the window manager does not.
    #[track_caller]
    pub fn activate(&self, window: Window) {
        self.tell_manager(window, self.atoms._NET_ACTIVE_WINDOW, [2, 0, 0, 0, 0]);
        wait::until_true("the window is in front", PATIENCE, || {
            self.numbers(self.root, self.atoms._NET_ACTIVE_WINDOW) == [window.0]
        });
    }

    /// Asks a window to close, as its close button does.
    pub fn close(&self, window: Window) {
        self.tell_manager(window, self.atoms._NET_CLOSE_WINDOW, [0, 2, 0, 0, 0]);
    }

    /// Minimises a window.
    pub fn minimise(&self, window: Window) {
        const ICONIC: u32 = 3;
        self.tell_manager(window, self.atoms.WM_CHANGE_STATE, [ICONIC, 0, 0, 0, 0]);
    }

    /// Gives a window another size, in pixels.
    ///
    /// # Panics
    /// When the X server is gone.
    pub fn resize(&self, window: Window, width: u32, height: u32) {
        let size = xproto::ConfigureWindowAux::new()
            .width(width)
            .height(height);
        self.connection
            .configure_window(window.0, &size)
            .expect("a request");
        self.sync();
    }

    /// Moves a window, in pixels.
    ///
    /// # Panics
    /// When the X server is gone.
    pub fn put(&self, window: Window, x: i32, y: i32) {
        let place = xproto::ConfigureWindowAux::new().x(x).y(y);
        self.connection
            .configure_window(window.0, &place)
            .expect("a request");
        self.sync();
    }

    /// Moves the pointer to a place of the screen and clicks the first button.
    pub fn click(&self, x: i32, y: i32) {
        self.move_to(x, y);
        self.button(1);
    }

    /// Double-clicks the first button at a place of the screen.
    pub fn double_click(&self, x: i32, y: i32) {
        self.move_to(x, y);
        self.button(1);
        // The server waits this long between the two, as no hand is quicker.
        self.fake_later(BUTTON_PRESS, 1, 40);
        self.fake(BUTTON_RELEASE, 1, (0, 0));
        self.sync();
    }

    /// Moves the pointer to a place of the screen.
    pub fn move_to(&self, x: i32, y: i32) {
        self.fake(MOTION, 0, (x as i16, y as i16));
        self.sync();
    }

    /// Moves the mouse by so many pixels, as a hand does: the pointer stops at an edge, the mouse does not.
    pub fn nudge(&self, x: i16, y: i16) {
        const RELATIVE: u8 = 1;
        self.fake(MOTION, RELATIVE, (x, y));
        self.sync();
    }

    /// Presses and releases a button of the pointer; 4 and 5 are the wheel.
    pub fn button(&self, number: u8) {
        self.fake(BUTTON_PRESS, number, (0, 0));
        self.fake(BUTTON_RELEASE, number, (0, 0));
        self.sync();
    }

    /// Types a text into the window that has the keyboard.
    ///
    /// # Panics
    /// When the keyboard has no key for a character.
    pub fn type_text(&self, text: &str) {
        for character in text.chars() {
            self.press_chord(&[keyboard::keysym(character)]);
        }
    }

    /// Presses keys together, by their names in X: `["Control_L", "f"]`.
    ///
    /// # Panics
    /// When the keyboard has no such key.
    pub fn press(&self, names: &[&str]) {
        let keysyms: Vec<u32> = names.iter().map(|name| keyboard::named(name)).collect();
        self.press_chord(&keysyms);
    }

    /// Presses a key and leaves it so, or lets it go.
    ///
    /// # Panics
    /// When the keyboard has no such key.
    pub fn hold(&self, name: &str, down: bool) {
        let (code, _) = keyboard::keycode(&self.connection, keyboard::named(name));
        let kind = if down { KEY_PRESS } else { KEY_RELEASE };
        self.fake(kind, code, (0, 0));
        self.sync();
    }

    fn press_chord(&self, keysyms: &[u32]) {
        let mut keys = Vec::new();
        for keysym in keysyms {
            let (code, shifted) = keyboard::keycode(&self.connection, *keysym);
            if shifted {
                keys.push(keyboard::keycode(&self.connection, keyboard::named("Shift_L")).0);
            }
            keys.push(code);
        }
        for key in &keys {
            self.fake(KEY_PRESS, *key, (0, 0));
        }
        for key in keys.iter().rev() {
            self.fake(KEY_RELEASE, *key, (0, 0));
        }
        self.sync();
    }

    pub(crate) fn fake(&self, kind: u8, detail: u8, at: (i16, i16)) {
        self.connection
            .xtest_fake_input(kind, detail, 0, self.root, at.0, at.1, 0)
            .expect("a request");
    }

    /// Has the server make an event after a number of milliseconds.
    fn fake_later(&self, kind: u8, detail: u8, milliseconds: u32) {
        self.connection
            .xtest_fake_input(kind, detail, milliseconds, self.root, 0, 0, 0)
            .expect("a request");
    }

    fn sync(&self) {
        self.connection.sync().expect("a living X server");
    }

    fn tell_manager(&self, window: Window, what: Atom, data: [u32; 5]) {
        let event = ClientMessageEvent::new(32, window.0, what, data);
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
