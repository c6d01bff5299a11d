//! Where mutter has put which window, and which has the keyboard: what its log says of the [`TOPICS`] (src/core/window.c,
//! constraints.c and display.c). No protocol tells it to others.

use std::{cell::RefCell, sync::Arc};

use crate::{Area, Process};

/// What mutter is to speak of (`MUTTER_DEBUG`).
pub(super) const TOPICS: &str = "focus,geometry,window-ops,window-state";

/// The windows that there are.
#[derive(Debug)]
pub(crate) struct Windows {
    process: Arc<Process>,
    state: RefCell<State>,
}

/// What the lines up to now have said.
#[derive(Debug, Default)]
struct State {
    read: usize,
    windows: Vec<Known>,
    focused: Option<u64>,
    /// The one that is pulled by the pointer.
    pulled: Option<u64>,
    /// The one of which lines that follow tell the place.
    named: Option<u64>,
}

/// A window, in pixels as mutter counts.
#[derive(Clone, Debug)]
struct Known {
    number: u64,
    title: String,
    area: Option<Area>,
    /// Where it was before it became as large as the desktop, and before that.
    before: Vec<Area>,
}

impl Windows {
    pub(crate) fn of(process: Arc<Process>) -> Self {
        Self {
            process,
            state: RefCell::default(),
        }
    }

    /// The newest with this title.
    pub(crate) fn find(&self, title: &str) -> Option<u64> {
        let state = self.now();
        let newest = state
            .windows
            .iter()
            .rev()
            .find(|known| known.title == title);
        newest.map(|known| known.number)
    }

    /// Where one is, as programs count.
    pub(crate) fn area(&self, number: u64) -> Option<Area> {
        let state = self.now();
        state
            .windows
            .iter()
            .find(|known| known.number == number)?
            .area
    }

    /// Tells whether one has the keyboard.
    pub(crate) fn is_focused(&self, number: u64) -> bool {
        self.now().focused == Some(number)
    }

    /// Tells whether the pointer pulls one.
    pub(crate) fn is_pulled(&self, number: u64) -> bool {
        self.now().pulled == Some(number)
    }

    /// Reads what has been said since the last time.
    fn now(&self) -> std::cell::RefMut<'_, State> {
        let mut state = self.state.borrow_mut();
        for line in self.process.errors_since(state.read) {
            state.read += 1;
            state.hear(&line);
        }
        state
    }
}

impl State {
    fn hear(&mut self, line: &str) {
        let Some((topic, said)) = topic_of(line) else {
            return;
        };
        let first = said.split(' ').next().unwrap_or_default();
        match (topic, first) {
            ("GEOMETRY", "Constraining") => self.named = self.name(said),
            ("GEOMETRY", "info->current") => {
                let named = self.named;
                if let (Some(known), Some(area)) = (self.known(named), area_of(said)) {
                    known.area = Some(area);
                }
            }
            ("WINDOW_OPS", "Maximizing" | "Fullscreening") => {
                let number = self.name(said);
                if let Some(known) = self.known(number) {
                    known.before.extend(known.area);
                }
            }
            ("WINDOW_OPS", "Unmaximizing" | "Unfullscreening") => {
                let number = self.name(said);
                if let Some(known) = self.known(number) {
                    known.area = known.before.pop().or(known.area);
                }
            }
            ("WINDOW_STATE", "Unmanaging") => {
                let gone = self.name(said);
                self.windows.retain(|known| Some(known.number) != gone);
            }
            ("WINDOW_OPS", "Grab") => self.pulled = self.name(said),
            ("WINDOW_OPS", "Ending") => self.pulled = None,
            ("FOCUS", "*") => self.focused = self.name(said),
            _ => {}
        }
    }

    fn known(&mut self, number: Option<u64>) -> Option<&mut Known> {
        let mut windows = self.windows.iter_mut();
        windows.find(|known| Some(known.number) == number)
    }

    /// Keeps the title of the window that something is said of, as it is now; gives its number.
    fn name(&mut self, said: &str) -> Option<u64> {
        let (number, title) = window_of(said)?;
        match self.known(Some(number)) {
            Some(known) => title.clone_into(&mut known.title),
            None => self.windows.push(Known {
                number,
                title: title.to_owned(),
                area: None,
                before: Vec::new(),
            }),
        }
        Some(number)
    }
}

/// The topic of a line, and what it says: `libmutter-Message: 10:00:00.000: FOCUS: …`.
fn topic_of(line: &str) -> Option<(&str, &str)> {
    let (_, rest) = line.strip_prefix("libmutter-Message: ")?.split_once(": ")?;
    rest.split_once(": ")
}

/// The number and the title in `… W3 (Title) …`.
fn window_of(said: &str) -> Option<(u64, &str)> {
    let (number, rest) = said.split_once(" W")?.1.split_once(" (")?;
    let title = match rest.split_once(") in move from ") {
        Some((title, _)) => title,
        None => rest.rsplit_once(')')?.0,
    };
    Some((number.parse().ok()?, title))
}

/// The area in `… is 240,178 960x640 …`.
fn area_of(said: &str) -> Option<Area> {
    let mut words = said.split(' ').skip(2);
    let (x, y) = words.next()?.split_once(',')?;
    let (width, height) = words.next()?.split_once('x')?;
    Some(Area {
        x: x.parse().ok()?,
        y: y.parse().ok()?,
        width: width.parse().ok()?,
        height: height.parse().ok()?,
    })
}
