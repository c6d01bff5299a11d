//! Sends the pointer's moves, buttons and wheel to the guest.
//!
//! Events are read one by one, not through gestures: two buttons at once, and a drag that leaves the screen, must
//! reach the guest as they are.

use std::cell::{Cell, RefCell};

use gtk::{gdk, glib, prelude::*};

use super::widget::Screen;
use crate::model::rfb::Session;

/// Application pixels that a touchpad scrolls for one step of a wheel.
const PIXELS_PER_STEP: f64 = 15.0;
/// More steps at once would be a mistake of some device.
const MAX_STEPS: i32 = 10;

/// The left button's bit.
const LEFT: u8 = 1;
/// The bits that stand for the wheel.
const WHEEL_UP: u8 = 1 << 3;
const WHEEL_DOWN: u8 = 1 << 4;

/// What is known of the pointer.
#[derive(Debug, Default)]
pub(super) struct Pointer {
    buttons: Cell<u8>,
    /// The last place in the widget.
    last: Cell<Option<(f64, f64)>>,
    /// The guest wants movements, not places.
    relative: Cell<bool>,
    /// What movements left over below one pixel of the guest.
    rest: Cell<(f64, f64)>,
    wheel: RefCell<Wheel>,
}

/// Adds up what devices scroll until it makes whole steps.
#[derive(Debug, Default, PartialEq)]
struct Wheel {
    rest: f64,
}

impl Wheel {
    /// Takes a scroll in steps, down positive, and gives the whole steps that are due.
    fn add(&mut self, steps: f64) -> i32 {
        if self.rest * steps < 0.0 {
            self.rest = 0.0;
        }
        self.rest += steps;
        let due = self.rest.trunc();
        self.rest -= due;
        (due as i32).clamp(-MAX_STEPS, MAX_STEPS)
    }
}

/// Gives the bit of a button as GTK counts them, for the three that the guest's side knows.
fn button_bit(button: u32) -> Option<u8> {
    (1..=3).contains(&button).then(|| 1 << (button - 1))
}

impl Pointer {
    /// Sets whether the guest wants movements.
    pub(super) fn set_relative(&self, relative: bool) {
        self.relative.set(relative);
        self.rest.take();
    }

    /// Says whether the guest wants movements.
    pub(super) fn is_relative(&self) -> bool {
        self.relative.get()
    }

    /// Releases what is held, because whoever held it looks elsewhere now.
    pub(super) fn release_all(&self, screen: &Screen) {
        if self.buttons.replace(0) != 0 {
            self.send(screen, 0);
        }
    }

    fn press(&self, screen: &Screen, bit: u8, down: bool) {
        let buttons = self.buttons.get();
        self.buttons
            .set(if down { buttons | bit } else { buttons & !bit });
        self.send(screen, self.buttons.get());
    }

    fn scroll(&self, screen: &Screen, steps: f64) {
        let due = self.wheel.borrow_mut().add(steps);
        let bit = if due < 0 { WHEEL_UP } else { WHEEL_DOWN };
        for _ in 0..due.abs() {
            self.send(screen, self.buttons.get() | bit);
            self.send(screen, self.buttons.get());
        }
    }

    /// Moves to a place in the widget.
    fn move_to(&self, screen: &Screen, x: f64, y: f64) {
        let last = self.last.replace(Some((x, y)));
        if !self.is_relative() {
            self.send(screen, self.buttons.get());
            return;
        }
        let (Some(last), Some(step), Some(session)) = (last, screen.step(), screen.session())
        else {
            return;
        };
        let rest = self.rest.get();
        let (dx, dy) = ((x - last.0) / step + rest.0, (y - last.1) / step + rest.1);
        self.rest.set((dx.fract(), dy.fract()));
        if dx.trunc() != 0.0 || dy.trunc() != 0.0 {
            session.relative(dx as i32, dy as i32, self.buttons.get().into());
        }
    }

    /// Sends the buttons at the present place.
    fn send(&self, screen: &Screen, buttons: u8) {
        let Some(session) = screen.session() else {
            return;
        };
        if self.is_relative() {
            session.relative(0, 0, buttons.into());
        } else if let Some((x, y)) = self.guest_pixel(screen) {
            Session::pointer(&session, x, y, buttons.into());
        }
    }

    fn guest_pixel(&self, screen: &Screen) -> Option<(u16, u16)> {
        let (x, y) = self.last.get()?;
        screen.guest_pixel(x, y)
    }
}

/// Makes the screen listen to the pointer.
pub(super) fn attach(screen: &Screen) {
    let raw = gtk::EventControllerLegacy::new();
    raw.connect_event(|raw, event| match screen_of(raw) {
        Some(screen) => handle(&screen, event),
        None => glib::Propagation::Proceed,
    });
    screen.add_controller(raw);

    let scroll = gtk::EventControllerScroll::new(gtk::EventControllerScrollFlags::BOTH_AXES);
    scroll.connect_scroll(|scroll, _, dy| {
        let Some(screen) = screen_of(scroll) else {
            return glib::Propagation::Proceed;
        };
        if screen.session().is_none() {
            return glib::Propagation::Proceed;
        }
        let steps = match scroll.unit() {
            gdk::ScrollUnit::Surface => dy / PIXELS_PER_STEP,
            _ => dy,
        };
        screen.pointer().scroll(&screen, steps);
        glib::Propagation::Stop
    });
    screen.add_controller(scroll);

    let crossing = gtk::EventControllerMotion::new();
    crossing.connect_enter(|crossing, x, y| {
        if let Some(screen) = screen_of(crossing) {
            // Where it comes in is no movement.
            screen.pointer().last.set(Some((x, y)));
            screen.pointer().move_to(&screen, x, y);
        }
    });
    crossing.connect_leave(|crossing| {
        // A drag goes on outside; its release is still told.
        let dragging = crossing.current_event_state().intersects(
            gdk::ModifierType::BUTTON1_MASK
                | gdk::ModifierType::BUTTON2_MASK
                | gdk::ModifierType::BUTTON3_MASK,
        );
        if let (false, Some(screen)) = (dragging, screen_of(crossing)) {
            screen.pointer().release_all(&screen);
        }
    });
    screen.add_controller(crossing);
}

fn screen_of(controller: &impl IsA<gtk::EventController>) -> Option<Screen> {
    controller.widget().and_downcast()
}

fn handle(screen: &Screen, event: &gdk::Event) -> glib::Propagation {
    let pointer = screen.pointer();
    match event.event_type() {
        gdk::EventType::MotionNotify | gdk::EventType::TouchUpdate => {
            follow(screen, event);
            glib::Propagation::Proceed
        }
        gdk::EventType::ButtonPress | gdk::EventType::ButtonRelease => {
            let down = event.event_type() == gdk::EventType::ButtonPress;
            let button = event
                .downcast_ref::<gdk::ButtonEvent>()
                .map(gdk::ButtonEvent::button);
            if down {
                screen.grab_focus();
            }
            follow(screen, event);
            match button.and_then(button_bit) {
                Some(bit) => pointer.press(screen, bit, down),
                None => return glib::Propagation::Proceed,
            }
            glib::Propagation::Stop
        }
        gdk::EventType::TouchBegin => {
            screen.grab_focus();
            follow(screen, event);
            pointer.press(screen, LEFT, true);
            glib::Propagation::Stop
        }
        gdk::EventType::TouchEnd | gdk::EventType::TouchCancel => {
            pointer.press(screen, LEFT, false);
            glib::Propagation::Stop
        }
        _ => glib::Propagation::Proceed,
    }
}

/// Moves to where an event happened.
fn follow(screen: &Screen, event: &gdk::Event) {
    if let Some((x, y)) = place_in(screen, event) {
        screen.pointer().move_to(screen, x, y);
    }
}

/// Translates an event's place in its surface to one in the widget.
fn place_in(screen: &Screen, event: &gdk::Event) -> Option<(f64, f64)> {
    let (x, y) = event.position()?;
    let native = screen.native()?;
    let (left, top) = native.surface_transform();
    let point = gtk::graphene::Point::new((x - left) as f32, (y - top) as f32);
    let point = native.compute_point(screen, &point)?;
    Some((point.x().into(), point.y().into()))
}

#[cfg(test)]
mod tests {
    use super::{MAX_STEPS, Wheel, button_bit};

    #[test]
    fn three_buttons_have_bits() {
        assert_eq!(button_bit(1), Some(0b001));
        assert_eq!(button_bit(2), Some(0b010));
        assert_eq!(button_bit(3), Some(0b100));
        assert_eq!(button_bit(0), None);
        assert_eq!(button_bit(8), None);
    }

    #[test]
    fn a_smooth_wheel_adds_up() {
        let mut wheel = Wheel::default();
        assert_eq!(wheel.add(1.0), 1);
        let steps: i32 = (0..8).map(|_| wheel.add(0.25)).sum();
        assert_eq!(steps, 2);
        assert_eq!(wheel.add(-0.5), 0);
        assert_eq!(wheel.add(-0.5), -1);
        assert_eq!(wheel.add(2.5), 2);
    }

    #[test]
    fn a_turn_forgets_the_rest() {
        let mut wheel = Wheel::default();
        assert_eq!(wheel.add(0.9), 0);
        assert_eq!(wheel.add(-0.2), 0);
        assert_eq!(wheel, Wheel { rest: -0.2 });
        assert_eq!(wheel.add(1e9), MAX_STEPS);
    }
}
