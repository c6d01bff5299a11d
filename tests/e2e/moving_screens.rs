//! Screens that never stand still: twenty at once, and one that nobody sees.
//!
//! They are served by the test itself, which counts what it is asked, as the screens of a private libvirtd's test driver.

use std::time::{Duration, Instant};

use lab::ScreenHost;
use testbed::{
    Area, attempt,
    socket::{Band, VncServer},
    until, until_true,
};

use crate::{
    runner::tests,
    scope::Scope,
    stage::{PATIENCE, Stage},
};

tests![
    a_screen_that_nobody_sees_asks_for_nothing,
    twenty_screens_stay_live,
];

const SIZE: (u16, u16) = (640, 400);
const SCREENS: usize = 20;

fn a_screen_that_nobody_sees_asks_for_nothing(stage: &mut Stage<'_>) {
    const SILENCE: Duration = Duration::from_secs(2);
    let server = VncServer::start(Duration::from_millis(33), || Band::of(SIZE));
    let host = ScreenHost::of(&[server.port()]).expect("a libvirtd");
    let name = ScreenHost::name(0);
    stage.start(&["--connect", host.uri(), "--show-domain-console", &name]);
    let window = stage.window(&name);
    let moves = |what: &str| {
        let before = server.updates();
        until_true(what, PATIENCE, || server.updates() > before + 5);
    };
    // The request that has gone out before is answered once; from then on not a byte passes.
    let is_silent = || {
        let before = (server.asked(), server.bytes());
        let passed = || ((server.asked(), server.bytes()) != before).then_some(());
        attempt(SILENCE, passed).is_none()
    };
    moves("a screen that moves");

    window.screen.minimise(window.window);
    until_true("silence while minimised", PATIENCE, is_silent);
    window.activate();
    moves("a screen that moves again");

    // Another page of the same window; the screen may have the keyboard.
    window.screen.press(&["Control_L", "Alt_L"]);
    window.screen.press(&["Alt_L", "2"]);
    window.find("button", "Copy UUID");
    until_true("silence behind another page", PATIENCE, is_silent);
    window.screen.press(&["Alt_L", "1"]);
    moves("a screen that is back");
}

fn twenty_screens_stay_live(stage: &mut Stage<'_>) {
    const CHANGES: usize = 5;
    let pace = Duration::from_millis(250);
    let servers: Vec<_> = (0..SCREENS)
        .map(|_| VncServer::start(pace, || Band::of(SIZE)))
        .collect();
    let ports: Vec<u16> = servers.iter().map(VncServer::port).collect();
    let host = ScreenHost::of(&ports).expect("a libvirtd");
    stage.start(&["--connect", host.uri()]);
    let manager = stage.manager();
    let first = manager.find("row", &ScreenHost::name(0));
    manager.click(&first);
    manager.screen.press(&["Control_L", "a"]);
    manager.press("Open");
    // A window that comes takes the front: the last of them has, before the first is put there.
    until_true("twenty screens that move", PATIENCE, || {
        servers.iter().all(|server| server.updates() > 3)
    });
    let bands: Vec<(i32, i32)> = (0..SCREENS).map(|number| put(&manager, number)).collect();

    let colours = || -> Vec<u32> {
        let picture = manager.screen.picture();
        let colour = |(x, y): &(i32, i32)| {
            let (x, y) = (*x, *y);
            let pixel = picture.part(Area {
                x,
                y,
                width: 1,
                height: 1,
            });
            pixel.pixels()[0]
        };
        bands.iter().map(colour).collect()
    };
    until_true("twenty bands", PATIENCE, || {
        colours()
            .iter()
            .all(|colour| Band::COLOURS.contains(colour))
    });
    let (mut last, mut changes, begun) = (colours(), [0; SCREENS], Instant::now());
    until_true("five changes of each band on the screen", PATIENCE, || {
        let now = colours();
        for (number, changes) in changes.iter_mut().enumerate() {
            *changes += usize::from(now[number] != last[number]);
        }
        last = now;
        changes.iter().all(|changes| *changes >= CHANGES)
    });
    let slowest = changes.iter().min().copied().unwrap_or_default();
    println!(
        "     the slowest of {SCREENS} screens changed {:.1} times a second",
        slowest as f64 / begun.elapsed().as_secs_f64()
    );
    manager.keep("twenty");
    crate::stage::keep(&manager.screen.picture(), "twenty_screens", "all");
}

/// Puts a screen's window where its band is not covered by those that come after it; gives a pixel of the band.
fn put(manager: &Scope, number: usize) -> (i32, i32) {
    const STEP: i32 = 52;
    let screen = &manager.screen;
    let what = format!("the window of screen {number}");
    let window = until(&what, PATIENCE, || screen.window(&ScreenHost::name(number)));
    screen.resize(window, 360, 320);
    screen.put(window, STEP * number as i32, 0);
    screen.activate(window);
    let area = until("a window in its place", PATIENCE, || {
        let area = screen.area(window)?;
        (area.x >= STEP * number as i32 && area.width <= 400).then_some(area)
    });
    (area.x + 25, area.middle().1 + 20)
}
