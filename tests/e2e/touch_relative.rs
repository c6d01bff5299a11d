//! Fingers and a pen where the guest knows no places and wants movements. What arrives there, QEMU itself says by its trace.

use std::time::Duration;

use testbed::{Touchscreen, attempt, until_true};

use crate::{
    guests::{ANIMATED, ANIMATED_SIZE},
    input::Heard,
    runner::tests,
    scope::Scope,
    stage::{PATIENCE, Stage},
};

tests![
    on testbed::Desktop::start_with_touch;
    a_finger_moves_a_relative_mouse,
    a_pen_moves_a_relative_mouse,
];

/// How many pixels of the desktop fingers and pens go, ten at a time.
const FAR: i32 = 90;

/// A guest that knows no places.
pub(crate) struct Guest {
    pub(crate) heard: Heard,
    /// Pixels of the desktop for each of the guest's.
    step: f64,
    /// The middle of its screen on the desktop's.
    middle: (i32, i32),
}

impl Guest {
    fn on(stage: &mut Stage<'_>) -> Self {
        let window = stage.open_console(ANIMATED);
        Self::of(stage, &window)
    }

    /// The one that a window shows.
    pub(crate) fn of(stage: &Stage<'_>, window: &Scope) -> Self {
        let screen = window.is_live(ANIMATED);
        let area = window.place(&screen);
        let (width, height) = ANIMATED_SIZE;
        let step = f64::min(
            f64::from(area.width) / f64::from(width),
            f64::from(area.height) / f64::from(height),
        );
        Self {
            heard: Heard::by(stage, ANIMATED.name),
            step,
            middle: area.middle(),
        }
    }

    /// Tells whether its mouse went so many times as far as that to the right, and not down.
    fn has_gone(&self, times: f64) -> bool {
        let (right, down) = self.heard.went();
        let due = f64::from(FAR) * times / self.step;
        down == 0 && (f64::from(right) - due).abs() < 1.5
    }
}

/// It is moved as by a touchpad: never by where a finger comes down.
fn a_finger_moves_a_relative_mouse(stage: &mut Stage<'_>) {
    let mut guest = Guest::on(stage);
    moves_as_by_a_touchpad(&stage.desktop.touchscreen(), &mut guest);
}

pub(crate) fn moves_as_by_a_touchpad(touch: &Touchscreen, guest: &mut Guest) {
    let (middle, y) = guest.middle;
    // To the right, twice, from places that are far from each other: it goes as far as the finger does.
    for (x, times) in [(middle - 300, 1.0), (middle, 2.0)] {
        touch.drag(0, (x, y), (x + 10, y));
        for right in (20..=FAR).step_by(10) {
            touch.slide(0, x + right, y);
        }
        touch.up(0, x + FAR, y);
        let came = attempt(PATIENCE, || guest.has_gone(times).then_some(()));
        assert!(
            came.is_some(),
            "{:?} after {times} times",
            guest.heard.went()
        );
    }
    assert_eq!(guest.heard.buttons(), "");
    guest.heard.forget();
    touch.tap(middle - 200, y - 200);
    guest.heard.presses("left+ left-");
    touch.down(0, middle, y);
    guest.heard.presses("left+ left- right+");
    touch.up(0, middle, y);
    guest.heard.presses("left+ left- right+ right-");
    assert_eq!(guest.heard.went(), (0, 0));
}

/// X's pointer is locked by its first click; the pen still says where it is.
fn a_pen_moves_a_relative_mouse(stage: &mut Stage<'_>) {
    let pen = stage.desktop.pen();
    let mut guest = Guest::on(stage);
    let (middle, y) = guest.middle;
    pen.near(true);
    pen.move_to(middle, y);
    pen.tip(true);
    pen.tip(false);
    guest.heard.presses("left+ left-");
    // The lock comes when the X server agrees, and its first place is no movement.
    until_true(
        "a way to the right as long as the pen’s",
        PATIENCE,
        || {
            for right in (0..=FAR).step_by(10) {
                pen.move_to(middle + right, y);
            }
            let is_there = attempt(Duration::from_secs(1), || guest.has_gone(1.0).then_some(()));
            pen.move_to(middle, y);
            let is_back = attempt(Duration::from_secs(1), || guest.has_gone(0.0).then_some(()));
            guest.heard.forget();
            is_there.and(is_back).is_some()
        },
    );
    pen.near(false);
}
