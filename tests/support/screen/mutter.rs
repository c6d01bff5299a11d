//! A desktop of GNOME's compositor mutter: hands and eyes, and where its windows are.
//!
//! Windows are moved and sized as a person does it, with the pointer: by the edges and the header that they draw
//! themselves, which work whoever has the keyboard.

use std::{sync::Arc, time::Duration};

use super::{Server, Window, keys::linux_keys};
use crate::{
    Area, Picture,
    mutter::{Session, Windows},
    wait,
};

const PATIENCE: Duration = Duration::from_secs(10);
/// How long a window may take to get the keyboard.
const COMING: Duration = Duration::from_millis(500);
/// How far the pointer goes before a window has to follow it.
const BEGINNING: i32 = 30;
/// How long a window may take to follow the pointer that pulls it.
const FOLLOWING: Duration = Duration::from_millis(200);
/// How far outside of its corner a window is taken by it, and where its header is, as programs count.
const OUTSIDE: f64 = 4.0;
const HEADER: f64 = 12.0;

/// An open desktop of mutter.
#[derive(Debug)]
pub(crate) struct Mutter {
    session: Arc<Session>,
    windows: Windows,
}

impl Mutter {
    pub(crate) fn new(session: Arc<Session>, windows: Windows) -> Self {
        Self { session, windows }
    }

    fn pixels(&self, length: f64) -> i32 {
        (length * self.scale()).round() as i32
    }

    fn shortcut(&self, names: &[&str]) {
        let keys = names.iter().flat_map(|name| linux_keys(super::named(name)));
        let keys: Vec<u32> = keys.collect();
        let down = keys.iter().map(|key| (*key, true));
        let up = keys.iter().rev().map(|key| (*key, false));
        self.session.keys(&down.chain(up).collect::<Vec<_>>());
    }

    /// Takes hold of a window at a place and pulls until nothing is missing any more; that is told for both directions, in
    /// pixels.
    fn pull(
        &self,
        window: Window,
        from: impl Fn(Area) -> (i32, i32),
        missing: impl Fn(Area) -> (i32, i32),
    ) {
        let area = || self.area(window).expect("an open window");
        let is_pulled = || self.windows.is_pulled(window.0);
        // The program asks for it when it hears of the button; one that has just come may not yet hear.
        let mut to = wait::until("a window that is pulled", PATIENCE, || {
            let from = from(area());
            self.session.move_to(from.0, from.1);
            self.session.button(1, true);
            // A header is pulled by more than a tremble.
            self.session.move_to(from.0 + BEGINNING, from.1);
            let pulled = wait::attempt(COMING, || is_pulled().then_some(from));
            if pulled.is_none() {
                self.session.button(1, false);
            }
            pulled
        });
        wait::until("a window that is where it is pulled to", PATIENCE, || {
            let (right, down) = missing(area());
            to = (to.0 + right, to.1 + down);
            self.session.move_to(to.0, to.1);
            wait::attempt(FOLLOWING, || (missing(area()) == (0, 0)).then_some(()))
        });
        self.session.button(1, false);
        wait::until_true("a window that is let go", PATIENCE, || !is_pulled());
    }
}

impl Server for Mutter {
    fn scale(&self) -> f64 {
        self.session.scale()
    }

    fn window(&self, title: &str) -> Option<Window> {
        self.windows.find(title).map(Window)
    }

    fn area(&self, window: Window) -> Option<Area> {
        let area = self.windows.area(window.0)?;
        let pixels = |length: i32| self.pixels(length.into());
        Some(Area {
            x: pixels(area.x),
            y: pixels(area.y),
            width: pixels(area.width),
            height: pixels(area.height),
        })
    }

    fn picture(&self) -> Picture {
        self.session.picture()
    }

    fn activate(&self, window: Window) {
        // One that has just come gets the keyboard by itself.
        let is_focused = || self.windows.is_focused(window.0).then_some(());
        wait::until("the window is in front", PATIENCE, || {
            wait::attempt(COMING, is_focused).or_else(|| {
                self.shortcut(&["Alt_L", "Tab"]);
                None
            })
        });
    }

    fn close(&self, window: Window) {
        self.activate(window);
        self.shortcut(&["Alt_L", "F4"]);
    }

    fn minimise(&self, window: Window) {
        self.activate(window);
        self.shortcut(&["Super_L", "h"]);
    }

    fn resize(&self, window: Window, width: u32, height: u32) {
        let length = |pixels: u32| i32::try_from(pixels).expect("pixels");
        let (width, height) = (length(width), length(height));
        let outside = self.pixels(OUTSIDE);
        let corner = |area: Area| {
            let (right, bottom) = (area.x + area.width, area.y + area.height);
            (right + outside, bottom + outside)
        };
        self.pull(window, corner, |area| {
            (width - area.width, height - area.height)
        });
    }

    fn put(&self, window: Window, x: i32, y: i32) {
        let below = self.pixels(HEADER);
        let header = |area: Area| (area.middle().0, area.y + below);
        self.pull(window, header, |area| (x - area.x, y - area.y));
    }

    fn keys(&self, keysym: u32) -> Vec<u32> {
        linux_keys(keysym)
    }

    fn key(&self, keys: &[(u32, bool)]) {
        self.session.keys(keys);
    }

    fn move_to(&self, x: i32, y: i32) {
        self.session.move_to(x, y);
    }

    fn nudge(&self, x: i16, y: i16) {
        let scale = self.scale();
        self.session
            .nudge(f64::from(x) / scale, f64::from(y) / scale);
    }

    fn button(&self, number: u8, _later: u32) {
        match number {
            1..=3 => {
                self.session.button(number, true);
                self.session.button(number, false);
            }
            4 => self.session.turn(-1),
            5 => self.session.turn(1),
            _ => panic!("no button {number}"),
        }
    }
}
