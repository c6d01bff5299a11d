//! A finger on the screen as the guest's mouse: a tap clicks, a drag drags, and a finger that rests is the right button.
//!
//! Nothing is pressed before it is clear which of the three it is; then it is pressed where the finger came down. A guest
//! that wants movements is moved as by a touchpad: its pointer goes as far as the finger does, and a drag presses nothing.
//! Where the picture is larger than its window, a drag is the window's, which scrolls. Further fingers say nothing.
//!
//! [`super::pointer`] sends what this makes of it.

use std::cell::Cell;

use gtk::prelude::*;

use super::{
    pointer::{LEFT, RIGHT, screen_of},
    widget::Screen,
};

/// Application pixels between two quick taps that are meant for one place: fingers are less exact than guests are about
/// double clicks.
const SAME_PLACE: f64 = 24.0;

/// A place in the widget, in application pixels.
type Place = (f64, f64);

/// The finger that came down first.
#[derive(Debug, Default)]
pub(super) struct Finger {
    meaning: Cell<Meaning>,
    /// Where it came down, and where it is.
    begin: Cell<Place>,
    now: Cell<Place>,
    /// The last tap's place, and when it was, in milliseconds.
    tapped: Cell<Option<(Place, u32)>>,
}

/// What a finger has turned out to mean.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Meaning {
    /// There is none, or it has lost its meaning.
    #[default]
    Nothing,
    /// A tap, unless more comes of it.
    Tap,
    /// It holds this button.
    Button(u16),
    /// It moves the pointer of a guest that wants movements.
    Movement,
}

impl Finger {
    /// Says whether it holds or moves something, or is about to.
    pub(super) fn is_down(&self) -> bool {
        self.meaning.get() != Meaning::Nothing
    }

    /// Forgets a finger that is still there: whatever it does from now on is not for the guest.
    pub(super) fn forget(&self) {
        self.meaning.take();
    }

    fn came(&self, place: Place) {
        self.meaning.set(Meaning::Tap);
        self.begin.set(place);
        self.now.set(place);
    }

    fn went(&self, screen: &Screen, place: Place) {
        if self.meaning.get() == Meaning::Tap && self.has_left(screen, place) {
            if screen.pointer().is_relative() {
                self.meaning.set(Meaning::Movement);
            } else {
                self.hold(screen, LEFT);
            }
        }
        if !matches!(self.meaning.get(), Meaning::Button(_) | Meaning::Movement) {
            return;
        }
        let last = self.now.replace(place);
        if screen.pointer().is_relative() {
            let by = (place.0 - last.0, place.1 - last.1);
            screen.pointer().move_by(screen, by.0, by.1);
        } else {
            screen.pointer().point_at(screen, place.0, place.1);
        }
    }

    /// Takes a finger that has not moved for the time of a long press.
    fn rested(&self, screen: &Screen) {
        if self.meaning.get() == Meaning::Tap {
            self.hold(screen, RIGHT);
        }
    }

    fn went_up(&self, screen: &Screen, time: u32) {
        match self.meaning.take() {
            Meaning::Tap => self.tap(screen, time),
            Meaning::Button(bit) => screen.pointer().press(screen, bit, false),
            Meaning::Movement | Meaning::Nothing => {}
        }
    }

    /// Takes a finger that is somebody else's now.
    fn was_lost(&self, screen: &Screen) {
        if let Meaning::Button(bit) = self.meaning.take() {
            screen.pointer().press(screen, bit, false);
        }
    }

    /// Says whether a place is too far from where it came down for a tap.
    fn has_left(&self, screen: &Screen, place: Place) -> bool {
        let begin = self.begin.get();
        screen.drag_check_threshold(
            begin.0 as i32,
            begin.1 as i32,
            place.0 as i32,
            place.1 as i32,
        )
    }

    fn hold(&self, screen: &Screen, bit: u16) {
        self.meaning.set(Meaning::Button(bit));
        press_at(screen, self.begin.get(), bit);
    }

    fn tap(&self, screen: &Screen, time: u32) {
        let place = self.place_of_tap(screen, time);
        self.tapped.set(Some((place, time)));
        press_at(screen, place, LEFT);
        screen.pointer().press(screen, LEFT, false);
    }

    /// Gives where a tap is meant to be: where the one before it was, when that makes a double click.
    fn place_of_tap(&self, screen: &Screen, time: u32) -> Place {
        let place = self.begin.get();
        let limit = u32::try_from(screen.settings().gtk_double_click_time()).unwrap_or(0);
        match self.tapped.get() {
            Some((before, then))
                if time.wrapping_sub(then) <= limit
                    && (place.0 - before.0).hypot(place.1 - before.1) <= SAME_PLACE =>
            {
                before
            }
            _ => place,
        }
    }
}

fn press_at(screen: &Screen, place: Place, bit: u16) {
    if !screen.pointer().is_relative() {
        screen.pointer().point_at(screen, place.0, place.1);
    }
    screen.pointer().press(screen, bit, true);
}

/// Makes the screen listen to fingers.
pub(super) fn attach(screen: &Screen) {
    let drag = gtk::GestureDrag::new();
    // Of several fingers, the first.
    drag.set_touch_only(true);
    drag.set_exclusive(true);
    drag.connect_drag_begin(|drag, x, y| {
        let Some(screen) = live_screen_of(drag) else {
            return;
        };
        drag.set_state(gtk::EventSequenceState::Claimed);
        screen.take_keyboard();
        screen.pointer().finger().came((x, y));
    });
    drag.connect_drag_update(|drag, right, down| {
        if let (Some(screen), Some((x, y))) = (live_screen_of(drag), drag.start_point()) {
            let place = (x + right, y + down);
            screen.pointer().finger().went(&screen, place);
        }
    });
    drag.connect_cancel(|drag, _| {
        if let Some(screen) = screen_of(drag) {
            screen.pointer().finger().was_lost(&screen);
        }
    });
    drag.connect_drag_end(|drag, _, _| {
        if let Some(screen) = screen_of(drag) {
            let time = drag.current_event_time();
            screen.pointer().finger().went_up(&screen, time);
        }
    });

    let rest = gtk::GestureLongPress::new();
    rest.set_touch_only(true);
    rest.set_exclusive(true);
    rest.connect_pressed(|rest, _, _| {
        if let Some(screen) = live_screen_of(rest) {
            screen.pointer().finger().rested(&screen);
        }
    });
    screen.add_controller(drag.clone());
    screen.add_controller(rest.clone());
    rest.group_with(&drag);
}

fn live_screen_of(controller: &impl IsA<gtk::EventController>) -> Option<Screen> {
    screen_of(controller).filter(|screen| screen.session().is_some())
}
