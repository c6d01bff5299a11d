//! A desktop's screen, seen and touched from outside: windows, pictures, the keyboard, the pointer.
//!
//! [`x11`], [`wayland`] and [`mutter`] are the display servers that can be asked. Places and sizes are pixels of the screen, as in
//! its pictures; on a screen of another [`scale`](Screen::scale), programs count in larger ones.

mod keys;
mod mutter;
mod wayland;
mod windows;
mod x11;
mod x11_keys;

use std::path::Path;

pub(crate) use keys::named;
pub(crate) use mutter::Mutter;
pub(crate) use windows::Windows;
pub(crate) use x11::X11;
pub(crate) use x11_keys::keycode;

use crate::{Area, Picture};
use wayland::Wayland;

/// Between the clicks of a double click, in milliseconds: no hand is quicker.
const DOUBLE: u32 = 40;

/// A window of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window(u64);

/// What a display server can be asked for.
pub(crate) trait Server: std::fmt::Debug {
    /// Pixels for each of those that programs count in.
    fn scale(&self) -> f64;
    /// Finds the newest window with this title.
    fn window(&self, title: &str) -> Option<Window>;
    /// Where a window's own area lies.
    fn area(&self, window: Window) -> Option<Area>;
    /// Takes a picture of the whole screen.
    fn picture(&self) -> Picture;
    /// Brings a window to the front and gives it the keyboard; waits until it has both.
    fn activate(&self, window: Window);
    /// Asks a window to close, as its close button does.
    fn close(&self, window: Window);
    /// Takes a window out of sight.
    fn minimise(&self, window: Window);
    /// Gives a window another size.
    fn resize(&self, window: Window, width: u32, height: u32);
    /// Moves a window's corner to a place.
    fn put(&self, window: Window, x: i32, y: i32);
    /// The keys that give a symbol, by the server's numbers, in the order in which they go down.
    fn keys(&self, keysym: u32) -> Vec<u32>;
    /// Presses keys, or lets them go.
    fn key(&self, keys: &[(u32, bool)]);
    /// Moves the pointer to a place.
    fn move_to(&self, x: i32, y: i32);
    /// Moves the mouse by so much, as a hand does.
    fn nudge(&self, x: i16, y: i16);
    /// Clicks a button of the pointer a number of milliseconds after what came before.
    fn button(&self, number: u8, later: u32);
}

/// An open screen.
#[derive(Debug)]
pub struct Screen {
    server: Box<dyn Server>,
}

impl Screen {
    /// Opens an X display by its name.
    ///
    /// # Panics
    /// When there is none.
    pub fn open(display: &str) -> Self {
        Self::of(X11::open(display))
    }

    /// Opens a Wayland display by its socket, and by the socket of the compositor sway.
    pub(crate) fn open_wayland(display: &Path, compositor: &Path) -> Self {
        Self::of(Wayland::open(display, compositor))
    }

    pub(crate) fn of(server: impl Server + 'static) -> Self {
        Self {
            server: Box::new(server),
        }
    }

    /// How many pixels of the screen are one of those that programs count in, in each direction.
    pub fn scale(&self) -> f64 {
        self.server.scale()
    }

    /// Finds the newest window with this title.
    pub fn window(&self, title: &str) -> Option<Window> {
        self.server.window(title)
    }

    /// Where a window's own area lies on the screen.
    pub fn area(&self, window: Window) -> Option<Area> {
        self.server.area(window)
    }

    /// Takes a picture of the whole screen.
    ///
    /// # Panics
    /// When the display server is gone.
    pub fn picture(&self) -> Picture {
        self.server.picture()
    }

    /// Takes a picture of what is seen of a window; `None` when it is gone.
    pub fn picture_of(&self, window: Window) -> Option<Picture> {
        Some(self.picture().part(self.area(window)?))
    }

    /// Brings a window to the front and gives it the keyboard; waits until it has both.
    ///
    /// # Panics
    /// When it does not get them.
    #[track_caller]
    pub fn activate(&self, window: Window) {
        self.server.activate(window);
    }

    /// Asks a window to close, as its close button does.
    pub fn close(&self, window: Window) {
        self.server.close(window);
    }

    /// Minimises a window, or takes it out of sight where there is no such thing.
    pub fn minimise(&self, window: Window) {
        self.server.minimise(window);
    }

    /// Gives a window another size.
    ///
    /// # Panics
    /// When the display server is gone.
    pub fn resize(&self, window: Window, width: u32, height: u32) {
        self.server.resize(window, width, height);
    }

    /// Moves a window's corner to a place of the screen.
    pub fn put(&self, window: Window, x: i32, y: i32) {
        self.server.put(window, x, y);
    }

    /// Moves the pointer to a place of the screen and clicks the first button.
    pub fn click(&self, x: i32, y: i32) {
        self.move_to(x, y);
        self.button(1);
    }

    /// Double-clicks the first button at a place of the screen.
    pub fn double_click(&self, x: i32, y: i32) {
        self.click(x, y);
        self.server.button(1, DOUBLE);
    }

    /// Moves the pointer to a place of the screen.
    pub fn move_to(&self, x: i32, y: i32) {
        self.server.move_to(x, y);
    }

    /// Moves the mouse by so many pixels, as a hand does: the pointer stops at an edge, the mouse does not.
    pub fn nudge(&self, x: i16, y: i16) {
        self.server.nudge(x, y);
    }

    /// Presses and releases a button of the pointer; 4 and 5 are the wheel.
    pub fn button(&self, number: u8) {
        self.server.button(number, 0);
    }

    /// Types a text into the window that has the keyboard.
    ///
    /// # Panics
    /// When the keyboard has no key for a character.
    pub fn type_text(&self, text: &str) {
        for character in text.chars() {
            self.press_together(&[keys::keysym(character)]);
        }
    }

    /// Presses keys together, by their names in X: `["Control_L", "f"]`.
    ///
    /// # Panics
    /// When the keyboard has no such key.
    pub fn press(&self, names: &[&str]) {
        let keysyms: Vec<u32> = names.iter().map(|name| named(name)).collect();
        self.press_together(&keysyms);
    }

    /// Presses a key and leaves it so, or lets it go.
    ///
    /// # Panics
    /// When the keyboard has no such key.
    pub fn hold(&self, name: &str, down: bool) {
        let keys = self.server.keys(named(name));
        let all: Vec<(u32, bool)> = keys.into_iter().map(|key| (key, down)).collect();
        self.server.key(&all);
    }

    fn press_together(&self, keysyms: &[u32]) {
        let keys = keysyms.iter().flat_map(|keysym| self.server.keys(*keysym));
        let keys: Vec<u32> = keys.collect();
        let down = keys.iter().map(|key| (*key, true));
        let up = keys.iter().rev().map(|key| (*key, false));
        self.server.key(&down.chain(up).collect::<Vec<_>>());
    }
}
