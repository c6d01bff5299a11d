//! Sends the pointer's moves, buttons and wheel to the guest.
//!
//! Events are read one by one, not through gestures: two buttons at once, and a drag that leaves the screen, must
//! reach the guest as they are. A pen is a mouse that says where it is; what a [`super::finger`] means is another matter.

use std::cell::{Cell, RefCell};

use gtk::{gdk, glib, prelude::*};

use super::{
    finger::{self, Finger},
    pointer_lock::PointerLock,
    wheel::{PIXELS_PER_STEP, Wheel},
    widget::Screen,
};
use crate::model::rfb::Session;

/// The bits of the buttons that fingers press.
pub(super) const LEFT: u16 = 1;
pub(super) const RIGHT: u16 = 1 << 2;
/// The bits that stand for the wheel.
const WHEEL_UP: u16 = 1 << 3;
const WHEEL_DOWN: u16 = 1 << 4;
const WHEEL_LEFT: u16 = 1 << 5;
const WHEEL_RIGHT: u16 = 1 << 6;

/// What is known of the pointer.
#[derive(Debug, Default)]
pub(super) struct Pointer {
    buttons: Cell<u16>,
    /// The last place in the widget.
    last: Cell<Option<(f64, f64)>>,
    /// The guest wants movements, not places.
    relative: Cell<bool>,
    /// What movements left over below one pixel of the guest.
    rest: Cell<(f64, f64)>,
    /// The wheel that turns up and down, and the one that turns left and right.
    wheels: RefCell<(Wheel, Wheel)>,
    /// Keeps the desktop's pointer in the screen while the guest is told movements.
    lock: RefCell<Option<PointerLock>>,
    /// The guest's pointer, for when it is not locked.
    shape: RefCell<Option<gdk::Cursor>>,
    finger: Finger,
    /// A finger was the last to say where the guest's pointer is: the desktop's own may be elsewhere.
    by_finger: Cell<bool>,
}

/// Gives the bit of a button as GTK counts them: 4 to 7 are the wheel, which scrolls; 8 and 9 lie at the side.
fn button_bit(button: u32) -> Option<u16> {
    match button {
        1..=3 | 8 | 9 => Some(1 << (button - 1)),
        _ => None,
    }
}

impl Pointer {
    /// Sets whether the guest wants movements.
    pub(super) fn set_relative(&self, screen: &Screen, relative: bool) {
        self.relative.set(relative);
        self.rest.take();
        if !relative {
            self.unlock(screen);
        }
    }

    /// Sets the shape of the guest's pointer.
    pub(super) fn set_shape(&self, screen: &Screen, shape: Option<gdk::Cursor>) {
        if !self.is_locked() {
            screen.set_cursor(shape.as_ref());
        }
        self.shape.replace(shape);
    }

    fn is_locked(&self) -> bool {
        self.lock.borrow().is_some()
    }

    /// Keeps the pointer in the screen, where the guest wants movements.
    fn lock(&self, screen: &Screen) {
        if !self.is_relative() || self.is_locked() {
            return;
        }
        let weak = screen.downgrade();
        let lock = PointerLock::on(
            screen,
            Box::new(move |x, y| {
                if let Some(screen) = weak.upgrade() {
                    screen.pointer().move_by(&screen, x, y);
                }
            }),
        );
        if lock.is_some() {
            screen.set_cursor_from_name(Some("none"));
        }
        self.lock.replace(lock);
    }

    /// Lets the pointer go where it likes.
    pub(super) fn unlock(&self, screen: &Screen) {
        if self.lock.take().is_some() {
            screen.set_cursor(self.shape.borrow().as_ref());
        }
    }

    /// Says whether the guest wants movements.
    pub(super) fn is_relative(&self) -> bool {
        self.relative.get()
    }

    pub(super) fn finger(&self) -> &Finger {
        &self.finger
    }

    /// Releases what is held, because whoever held it looks elsewhere now.
    pub(super) fn release_all(&self, screen: &Screen) {
        self.finger.forget();
        if self.buttons.replace(0) != 0 {
            self.send(screen, 0);
        }
    }

    /// Presses a button, or lets it go, where the pointer is.
    pub(super) fn press(&self, screen: &Screen, bit: u16, down: bool) {
        let buttons = self.buttons.get();
        self.buttons
            .set(if down { buttons | bit } else { buttons & !bit });
        self.send(screen, self.buttons.get());
    }

    fn scroll(&self, screen: &Screen, right: f64, down: f64) {
        let (due_right, due_down) = {
            let mut wheels = self.wheels.borrow_mut();
            (wheels.1.add(right), wheels.0.add(down))
        };
        self.turn(screen, due_down, [WHEEL_UP, WHEEL_DOWN]);
        self.turn(screen, due_right, [WHEEL_LEFT, WHEEL_RIGHT]);
    }

    fn turn(&self, screen: &Screen, steps: i32, [back, forth]: [u16; 2]) {
        let bit = if steps < 0 { back } else { forth };
        for _ in 0..steps.abs() {
            self.send(screen, self.buttons.get() | bit);
            self.send(screen, self.buttons.get());
        }
    }

    /// Points where a finger is.
    pub(super) fn point_at(&self, screen: &Screen, x: f64, y: f64) {
        self.by_finger.set(true);
        self.last.set(Some((x, y)));
        self.send(screen, self.buttons.get());
    }

    /// Takes the desktop's pointer that comes in, or is there again after a finger. That is no movement.
    fn came(&self, screen: &Screen, x: f64, y: f64) {
        if self.is_relative() || !self.by_finger.get() {
            self.last.set(Some((x, y)));
            self.move_to(screen, x, y);
        }
    }

    /// Moves to a place in the widget.
    fn move_to(&self, screen: &Screen, x: f64, y: f64) {
        if self.is_locked() {
            return;
        }
        let last = self.last.replace(Some((x, y)));
        if !self.is_relative() {
            self.send(screen, self.buttons.get());
            return;
        }
        if let Some(last) = last {
            self.move_by(screen, x - last.0, y - last.1);
        }
    }

    /// Moves by so many application pixels.
    pub(super) fn move_by(&self, screen: &Screen, x: f64, y: f64) {
        let (Some(step), Some(session)) = (screen.step(), screen.session()) else {
            return;
        };
        let rest = self.rest.get();
        let (dx, dy) = (x / step + rest.0, y / step + rest.1);
        self.rest.set((dx.fract(), dy.fract()));
        if dx.trunc() != 0.0 || dy.trunc() != 0.0 {
            session.relative(dx as i32, dy as i32, self.buttons.get());
        }
    }

    /// Sends the buttons at the present place.
    fn send(&self, screen: &Screen, buttons: u16) {
        let Some(session) = screen.session() else {
            return;
        };
        if self.is_relative() {
            session.relative(0, 0, buttons);
        } else if let Some((x, y)) = self.guest_pixel(screen) {
            Session::pointer(&session, x, y, buttons);
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
    scroll.connect_scroll(|scroll, right, down| {
        let Some(screen) = screen_of(scroll) else {
            return glib::Propagation::Proceed;
        };
        if screen.session().is_none() {
            return glib::Propagation::Proceed;
        }
        let steps = match scroll.unit() {
            gdk::ScrollUnit::Surface => 1.0 / PIXELS_PER_STEP,
            _ => 1.0,
        };
        screen
            .pointer()
            .scroll(&screen, right * steps, down * steps);
        glib::Propagation::Stop
    });
    screen.add_controller(scroll);

    let crossing = gtk::EventControllerMotion::new();
    crossing.connect_enter(|crossing, x, y| {
        if let Some(screen) = screen_of(crossing) {
            screen.pointer().came(&screen, x, y);
        }
    });
    crossing.connect_leave(|crossing| {
        // A drag goes on outside; its release is still told.
        let dragging = crossing.current_event_state().intersects(
            gdk::ModifierType::BUTTON1_MASK
                | gdk::ModifierType::BUTTON2_MASK
                | gdk::ModifierType::BUTTON3_MASK,
        );
        if let (false, Some(screen)) = (dragging, screen_of(crossing))
            && !screen.pointer().finger.is_down()
        {
            screen.pointer().release_all(&screen);
        }
    });
    screen.add_controller(crossing);
    finger::attach(screen);
}

/// Gives the screen that a controller listens for.
pub(super) fn screen_of(controller: &impl IsA<gtk::EventController>) -> Option<Screen> {
    controller.widget().and_downcast()
}

fn handle(screen: &Screen, event: &gdk::Event) -> glib::Propagation {
    let pointer = screen.pointer();
    match event.event_type() {
        gdk::EventType::MotionNotify => {
            follow(screen, event);
            glib::Propagation::Proceed
        }
        gdk::EventType::ButtonPress | gdk::EventType::ButtonRelease => {
            let down = event.event_type() == gdk::EventType::ButtonPress;
            let button = event
                .downcast_ref::<gdk::ButtonEvent>()
                .map(gdk::ButtonEvent::button);
            if down {
                screen.take_keyboard();
            }
            if down && !is_pen(event) {
                pointer.lock(screen);
            }
            follow(screen, event);
            match button.and_then(button_bit) {
                Some(bit) => pointer.press(screen, bit, down),
                None => return glib::Propagation::Proceed,
            }
            glib::Propagation::Stop
        }
        _ => glib::Propagation::Proceed,
    }
}

/// Moves to where an event happened.
fn follow(screen: &Screen, event: &gdk::Event) {
    screen.pointer().by_finger.set(false);
    if is_pen(event) {
        // A lock holds the mouse; while there is one, what the pen says would be lost.
        screen.pointer().unlock(screen);
    }
    if let Some((x, y)) = place_in(screen, event) {
        screen.pointer().move_to(screen, x, y);
    }
}

/// Says whether an event is a pen's, as far as the display server tells: on X11 most are a mouse's.
fn is_pen(event: &gdk::Event) -> bool {
    event.device_tool().is_some()
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
    use super::button_bit;

    #[test]
    fn buttons_have_bits_and_the_wheel_has_none() {
        assert_eq!(button_bit(1), Some(0b001));
        assert_eq!(button_bit(2), Some(0b010));
        assert_eq!(button_bit(3), Some(0b100));
        for number in [0, 4, 5, 6, 7, 10, 99] {
            assert_eq!(button_bit(number), None, "{number}");
        }
        // Back and forward (rfbproto, "ExtendedMouseButtons").
        assert_eq!(button_bit(8), Some(1 << 7));
        assert_eq!(button_bit(9), Some(1 << 8));
    }
}
