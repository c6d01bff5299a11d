//! One window of the program: finding things in it and using them as a person does.

use std::{rc::Rc, time::Duration};

use testbed::{Accessibility, Area, Element, Picture, Screen, State, Window, until, until_true};

use crate::{
    guests::Guest,
    stage::{PATIENCE, keep},
};

/// How many pixels of a moving picture differ at least between two looks.
const MOVEMENT: usize = 40;

/// A window, as a screen reader and as the display server know it.
pub(crate) struct Scope {
    pub(crate) a11y: Rc<Accessibility>,
    pub(crate) screen: Rc<Screen>,
    pub(crate) root: Element,
    pub(crate) window: Window,
    pub(crate) test: String,
}

impl Scope {
    /// Finds something by role and name; waits until it is there.
    #[track_caller]
    pub(crate) fn find(&self, role: &str, name: &str) -> Element {
        self.wait_for(&format!("a {role} “{name}”"), |e| {
            e.role == role && e.name == name
        })
    }

    /// Finds the first element that fits; waits until there is one.
    #[track_caller]
    pub(crate) fn wait_for(&self, what: &str, fits: impl Fn(&Element) -> bool) -> Element {
        until(what, PATIENCE, || self.a11y.find(&self.root, &fits))
    }

    /// Waits until something with this text is shown, whatever it is.
    #[track_caller]
    pub(crate) fn reads(&self, text: &str) -> Element {
        self.wait_for(&format!("the text “{text}”"), |e| e.name.contains(text))
    }

    /// Waits for a text that may take its time.
    #[track_caller]
    pub(crate) fn reads_within(&self, patience: Duration, text: &str) -> Element {
        until(&format!("the text “{text}”"), patience, || {
            self.a11y.find(&self.root, |e| e.name.contains(text))
        })
    }

    /// Waits until nothing with this text is shown.
    #[track_caller]
    pub(crate) fn reads_no_more(&self, text: &str) {
        until_true(&format!("no text “{text}”"), PATIENCE, || {
            !self.shows(text)
        });
    }

    /// Tells whether a text is shown now.
    pub(crate) fn shows(&self, text: &str) -> bool {
        self.a11y
            .find(&self.root, |e| e.name.contains(text))
            .is_some()
    }

    /// Presses a button, once it can be pressed.
    #[track_caller]
    pub(crate) fn press(&self, name: &str) {
        let button = self.wait_for(&format!("a button “{name}” that can be pressed"), |e| {
            e.role == "button" && e.name == name && e.is(State::Sensitive)
        });
        self.a11y.press(&button);
    }

    /// Opens a menu by its button and chooses an entry by the letter that is underlined in it.
    ///
    /// GTK 4.18 tells nobody what the entries of a menu are called, so the keyboard does what a press cannot.
    #[track_caller]
    pub(crate) fn choose(&self, menu: &str, entry: &str) {
        self.activate();
        let button = self.find("toggle button", menu);
        self.a11y.press(&button);
        self.wait_for("an open menu", |e| {
            e.role == "menu item" && e.is(State::Focused)
        });
        let letter = entry
            .split_once('_')
            .and_then(|(_, rest)| rest.chars().next());
        let letter = letter.expect("an entry with an underlined letter");
        self.screen.type_text(&letter.to_lowercase().to_string());
    }

    /// Clicks on something with the pointer.
    #[track_caller]
    pub(crate) fn click(&self, element: &Element) {
        let (x, y) = self.place(element).middle();
        self.screen.click(x, y);
    }

    /// The rows of the list of guests that are on the screen, from top to bottom.
    pub(crate) fn rows(&self) -> Vec<Element> {
        let mut all = self.a11y.all(&self.root);
        // The row of the columns' headings says nothing more of itself.
        all.retain(|e| e.role == "row" && !e.description.is_empty());
        all
    }

    /// The row of a guest; waits until it is listed.
    #[track_caller]
    pub(crate) fn row(&self, guest: Guest) -> Element {
        self.find("row", guest.title)
    }

    /// Waits until a guest's row says this state.
    #[track_caller]
    pub(crate) fn row_says(&self, guest: Guest, state: &str) {
        let what = format!("{} is listed as {state}", guest.name);
        self.wait_for(&what, |e| {
            e.role == "row" && e.name == guest.title && e.description == state
        });
    }

    /// Selects a guest in the list, with the pointer.
    #[track_caller]
    pub(crate) fn select(&self, guest: Guest) {
        self.click(&self.row(guest));
        let what = format!("{} is selected", guest.name);
        self.wait_for(&what, |e| {
            e.role == "row" && e.name == guest.title && e.is(State::Selected)
        });
    }

    /// Opens a guest's window from the list, with a double click.
    #[track_caller]
    pub(crate) fn open(&self, guest: Guest) {
        let (x, y) = self.place(&self.row(guest)).middle();
        self.screen.double_click(x, y);
    }

    /// Where something lies on the screen.
    #[track_caller]
    pub(crate) fn place(&self, element: &Element) -> Area {
        let inside = until("something with a place", PATIENCE, || {
            self.a11y.area(element).filter(|area| area.width > 0)
        });
        let window = self.screen.area(self.window).expect("a window");
        let scale = self.screen.scale();
        let pixels = |length: i32| (f64::from(length) * scale).round() as i32;
        Area {
            x: window.x + pixels(inside.x),
            y: window.y + pixels(inside.y),
            width: pixels(inside.width),
            height: pixels(inside.height),
        }
    }

    /// Gives this window the keyboard.
    #[track_caller]
    pub(crate) fn activate(&self) {
        self.screen.activate(self.window);
    }

    /// The picture of a guest in its window; waits until it is live.
    #[track_caller]
    pub(crate) fn guest_screen(&self, guest: Guest) -> Element {
        let name = format!("Screen of {}", guest.title);
        self.wait_for(&name, |e| e.name == name)
    }

    /// Waits until a guest's picture is there and changes by itself.
    #[track_caller]
    pub(crate) fn is_live(&self, guest: Guest) -> Element {
        let screen = self.guest_screen(guest);
        until_true("a picture", PATIENCE, || {
            self.picture_of(&screen).busy() > 0.02
        });
        let first = self.picture_of(&screen);
        until_true("a picture that changes", PATIENCE, || {
            self.picture_of(&screen).differing(&first) > MOVEMENT
        });
        screen
    }

    /// Takes a picture of the window.
    #[track_caller]
    pub(crate) fn picture(&self) -> Picture {
        self.screen.picture_of(self.window).expect("an open window")
    }

    /// Takes a picture of one thing.
    #[track_caller]
    pub(crate) fn picture_of(&self, element: &Element) -> Picture {
        self.screen.picture().part(self.place(element))
    }

    /// Keeps a picture of the window under the test's name, for a person to look at.
    pub(crate) fn keep(&self, what: &str) {
        keep(&self.picture(), &self.test, what);
    }
}
