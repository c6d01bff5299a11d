//! Fingers and a pen on the guest's screen: the guest is told of a pointer, pixel by pixel.

use std::rc::Rc;

use testbed::{
    Area,
    socket::{Band, Pointed},
    until, until_true,
};

use crate::{
    runner::tests,
    scope::Scope,
    shown::{SIZE, Shown, opens, whole_picture},
    stage::{PATIENCE, Stage},
};

tests![
    on testbed::Desktop::start_with_touch;
    a_tap_clicks_and_a_rest_is_the_right_button,
    a_drag_goes_beyond_the_screen,
    nothing_stays_pressed,
    a_finger_scrolls_what_is_larger_than_its_window,
    a_pen_points_and_presses,
    a_finger_brings_the_header_back_in_fullscreen,
];

const LEFT: u8 = 1;
const MIDDLE: u8 = 2;
const RIGHT: u8 = 4;

fn a_tap_clicks_and_a_rest_is_the_right_button(stage: &mut Stage<'_>) {
    taps_and_rests(&Shown::on(stage, 0));
}

pub(crate) fn taps_and_rests(shown: &Shown) {
    shown.tap(100, 50);
    shown.told(0, &[(LEFT, (100, 50)), (0, (100, 50))]);
    shown.tap(0, 0);
    shown.tap(639, 399);
    let corners = [
        (LEFT, (0, 0)),
        (0, (0, 0)),
        (LEFT, (639, 399)),
        (0, (639, 399)),
    ];
    shown.told(2, &corners);

    // Two quick taps are a double click though the finger was not exact. A machine may be too busy to be quick.
    until_true("a double click", PATIENCE, || {
        let before = shown.presses().len();
        shown.tap(300, 200);
        shown.tap(309, 205);
        let taps = until("two clicks", PATIENCE, || {
            let presses = shown.presses();
            (presses.len() >= before + 4).then(|| presses[before..].to_vec())
        });
        taps.iter()
            .all(|now| (now.x, now.y) == (taps[0].x, taps[0].y))
    });

    // A finger that rests holds the right button, and may drag with it.
    let before = shown.presses().len();
    shown.down(0, 200, 100);
    shown.told(before, &[(RIGHT, (200, 100))]);
    shown.slide(0, 230, 130);
    shown.points(RIGHT, 230, 130);
    shown.up(0, 230, 130);
    shown.told(before, &[(RIGHT, (200, 100)), (0, (230, 130))]);
}

fn a_drag_goes_beyond_the_screen(stage: &mut Stage<'_>) {
    drags(&Shown::on(stage, 0));
}

pub(crate) fn drags(shown: &Shown) {
    let (before, pressed_before) = (shown.server.pointed().len(), shown.presses().len());
    shown.drag(0, (300, 200), (330, 210));
    shown.told(pressed_before, &[(LEFT, (300, 200))]);
    shown.points(LEFT, 330, 210);

    // Another finger says nothing, be it put down, moved or taken away.
    shown.drag(1, (20, 300), (60, 340));
    shown.slide(0, 340, 220);
    shown.points(LEFT, 340, 220);
    shown.up(1, 60, 340);
    shown.slide(0, 350, 230);
    shown.points(LEFT, 350, 230);
    let is_by_the_first = |now: &Pointed| now.buttons == 0 || now.x > 290;
    let pointed = shown.server.pointed();
    assert!(pointed[before..].iter().all(is_by_the_first));

    // Over the window's header the drag goes on along the picture's edge, and comes back.
    let window = shown.window.screen.area(shown.window.window);
    let header = window.expect("an open window").y + 30;
    shown.touch.slide(0, shown.at(350, 0).0, header);
    shown.points(LEFT, 350, 0);
    shown.slide(0, 360, 40);
    shown.points(LEFT, 360, 40);
    shown.up(0, 360, 40);
    let dragged = [(LEFT, (300, 200)), (0, (360, 40))];
    shown.told(pressed_before, &dragged);

    // The desktop's own pointer, wherever it is, does not take the guest's along.
    let before = shown.server.pointed().len();
    shown.tap(10, 20);
    let tapped = [(LEFT, (10, 20)), (0, (10, 20))];
    shown.told(pressed_before + dragged.len(), &tapped);
    let pointed = shown.server.pointed();
    let is_near = |now: &Pointed, (x, y)| now.x.abs_diff(x) < 3 && now.y.abs_diff(y) < 3;
    let is_a_fingers = |now: &Pointed| is_near(now, (360, 40)) || is_near(now, (10, 20));
    assert!(pointed[before..].iter().all(is_a_fingers), "{pointed:?}");
}

fn nothing_stays_pressed(stage: &mut Stage<'_>) {
    let shown = Shown::on(stage, 0);
    let window = &shown.window;
    shown.drag(0, (300, 200), (330, 210));
    shown.points(LEFT, 330, 210);
    // The window goes out of sight under the finger, which says nothing more.
    window.screen.minimise(window.window);
    shown.told(0, &[(LEFT, (300, 200)), (0, (330, 210))]);
    shown.up(0, 340, 220);
    window.activate();
    shown.tap(100, 50);
    shown.told(2, &[(LEFT, (100, 50)), (0, (100, 50))]);

    // The same under a finger that rests.
    shown.down(0, 200, 100);
    shown.told(4, &[(RIGHT, (200, 100))]);
    window.screen.press(&["Control_L", "Alt_L"]);
    shown.told(4, &[(RIGHT, (200, 100)), (0, (200, 100))]);
    shown.slide(0, 260, 160);
    shown.up(0, 260, 160);
    shown.tap(100, 50);
    shown.told(6, &[(LEFT, (100, 50)), (0, (100, 50))]);
}

/// What a finger drags there is the picture itself: the guest hears of taps only.
fn a_finger_scrolls_what_is_larger_than_its_window(stage: &mut Stage<'_>) {
    let touch = stage.desktop.touchscreen();
    stage.set_setting("console-scaling", "'never'");
    let (server, _host, window) = opens(stage);
    window.screen.resize(window.window, 400, 400);
    let corner = until("a part of the guest’s picture", PATIENCE, || {
        part_of_picture(&window)
    });
    // How far from the left, once there were so many.
    let clicks = |count: usize| {
        until("a click", PATIENCE, || {
            let pointed = server.pointed();
            let pressed = pointed.iter().filter(|now| now.buttons == LEFT);
            let clicks: Vec<u16> = pressed.map(|now| now.x).collect();
            let is_over = pointed.last()?.buttons == 0;
            (is_over && clicks.len() == count).then_some(clicks)
        })
    };
    touch.tap(corner.0 + 200, corner.1 + 100);
    assert_eq!(clicks(1), [200]);
    let (right, y) = (corner.0 + 200, corner.1 + 100);
    touch.drag(0, (right, y), (right - 10, y));
    for left in (20..=120).step_by(10) {
        touch.slide(0, right - left, y);
    }
    touch.up(0, right - 120, y);
    until_true("a picture that has gone left", PATIENCE, || {
        let pixels = window.picture();
        !pixels
            .pixels()
            .iter()
            .any(|pixel| Band::COLOURS.contains(pixel))
    });
    touch.tap(corner.0 + 200, corner.1 + 100);
    let clicks = clicks(2);
    assert!(clicks[1] > 280, "{clicks:?}");
    window.keep("scrolled");
}

/// Where the guest's first pixel is on the desktop's screen, of a picture that is too large for its window.
fn part_of_picture(window: &Scope) -> Option<(i32, i32)> {
    let area = window.screen.area(window.window)?;
    let picture = window.picture();
    let is_band = |pixel: &u32| Band::COLOURS.contains(pixel);
    let first = picture.pixels().iter().position(is_band)?;
    // The window's edge may lie over the first column; where the band ends is seen.
    let (x, y) = (first % picture.width(), first / picture.width());
    let band = picture
        .pixels()
        .iter()
        .skip(first)
        .take_while(|pixel| is_band(pixel));
    let end = x + band.count();
    let corner = end as i32 - i32::from(SIZE.0 / 8);
    // Not the picture in the window as it was before, where it was in the middle.
    (corner < 10).then_some((area.x + corner, area.y + y as i32))
}

fn a_pen_points_and_presses(stage: &mut Stage<'_>) {
    let shown = Shown::on(stage, 0);
    let pen = stage.desktop.pen();
    let move_to = |x: u16, y: u16| {
        let (left, top) = shown.at(x, y);
        pen.move_to(left, top);
    };
    pen.near(true);
    move_to(100, 50);
    shown.points(0, 100, 50);
    move_to(120, 60);
    shown.points(0, 120, 60);
    pen.tip(true);
    move_to(140, 70);
    shown.points(LEFT, 140, 70);
    pen.tip(false);
    for (button, bit) in [(2, MIDDLE), (3, RIGHT)] {
        move_to(200, 80);
        pen.button(button, true);
        shown.points(bit, 200, 80);
        pen.button(button, false);
    }
    // Both at once: the barrel's button while the tip is down.
    move_to(300, 90);
    pen.tip(true);
    pen.button(3, true);
    shown.points(LEFT | RIGHT, 300, 90);
    pen.tip(false);
    shown.points(RIGHT, 300, 90);
    pen.button(3, false);
    pen.near(false);
    let expected = [
        (LEFT, (120, 60)),
        (0, (140, 70)),
        (MIDDLE, (200, 80)),
        (0, (200, 80)),
        (RIGHT, (200, 80)),
        (0, (200, 80)),
        (LEFT, (300, 90)),
        (LEFT | RIGHT, (300, 90)),
        (RIGHT, (300, 90)),
        (0, (300, 90)),
    ];
    shown.told(0, &expected);
    // After a finger the pen says where the pointer is, and the other way round.
    shown.tap(10, 20);
    shown.points(0, 10, 20);
    move_to(400, 200);
    shown.points(0, 400, 200);
}

fn a_finger_brings_the_header_back_in_fullscreen(stage: &mut Stage<'_>) {
    let mut shown = Shown::on(stage, 0);
    shown.window.choose("Main Menu", "_Fullscreen");
    let screen = Rc::clone(&shown.window.screen);
    let top = Area {
        x: 300,
        y: 20,
        width: 100,
        height: 1,
    };
    let is_black = || {
        let pixels = screen.picture().part(top);
        pixels.pixels().iter().all(|pixel| *pixel == 0)
    };
    shown.corner = until("the guest’s pixels on two by two", PATIENCE, || {
        whole_picture(&shown.window, 2)
    });
    shown.times = 2;
    until_true("a screen without a header", PATIENCE, is_black);

    shown.touch.drag(0, (700, 4), (700, 40));
    shown.touch.up(0, 700, 40);
    until_true("the header", PATIENCE, || !is_black());
    shown.window.keep("header");
    // The guest heard nothing of that; the next tap is its own, and the header goes.
    shown.tap(100, 50);
    shown.told(0, &[(LEFT, (100, 50)), (0, (100, 50))]);
    until_true("a screen without a header", PATIENCE, is_black);
    // A finger at the edge that goes nowhere is the guest's.
    shown.touch.tap(700, 4);
    shown.points(0, 320, 0);
}
