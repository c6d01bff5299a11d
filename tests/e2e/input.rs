//! The keyboard and the pointer between the desktop and the guest. What arrives there, QEMU itself says by its trace.

use std::{fs, path::PathBuf, time::Duration};

use testbed::{Element, State, attempt, until_true};

use crate::{
    console::{ink, typed_line},
    guests::ANIMATED,
    runner::tests,
    scope::Scope,
    stage::{PATIENCE, Stage},
};

tests![
    the_guest_gets_every_key_until_the_keyboard_is_released,
    nothing_stays_pressed_and_locks_agree,
    a_locked_mouse_goes_further_than_the_screen,
    keys_reach_a_guest_whose_screen_is_closed,
    the_clipboard_is_typed,
    who_takes_the_keyboard_back_in_fullscreen_finds_the_header,
    a_window_that_becomes_narrow_leaves_the_keyboard_where_it_is,
];

/// How far the mouse is moved at once.
const FAR: i16 = 300;

/// What a guest's QEMU was told, from its log.
pub(crate) struct Heard {
    log: PathBuf,
    from: usize,
}

impl Heard {
    /// Has QEMU write down what its input devices and its screen are told from now on.
    pub(crate) fn by(stage: &Stage<'_>, guest: &str) -> Self {
        for event in [
            "input_event_key_qcode",
            "input_event_key_number",
            "input_event_btn",
            "input_event_rel",
            "vnc_msg_client_set_desktop_size",
        ] {
            let command = format!("trace-event {event} on");
            stage
                .lab
                .virsh(&["qemu-monitor-command", guest, "--hmp", &command]);
        }
        let mut heard = Self {
            log: format!("/var/log/libvirt/qemu/{guest}.log").into(),
            from: 0,
        };
        heard.forget();
        heard
    }

    /// Listens anew.
    pub(crate) fn forget(&mut self) {
        self.from = self.text().len();
    }

    fn text(&self) -> String {
        let bytes = fs::read(&self.log).expect("the guest’s log");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The keys since then: `w+` for one that went down, `w-` for one that came up.
    pub(crate) fn keys(&self) -> String {
        let text = self.text();
        let news = text.get(self.from..).unwrap_or_default();
        let key = |line: &str| {
            let (_, rest) = line.split_once("input_event_key_")?;
            let (key, down) = rest.split_once(", down ")?;
            // “key qcode w” from a screen, “key number 0x11 [w]” from the hypervisor.
            let name = key.rsplit(' ').next()?.trim_matches(['[', ']']);
            let sign = if down.starts_with('1') { '+' } else { '-' };
            Some(format!("{name}{sign}"))
        };
        let keys: Vec<String> = news.lines().filter_map(key).collect();
        keys.join(" ")
    }

    /// How far the mouse went since then, to the right and down.
    pub(crate) fn went(&self) -> (i32, i32) {
        (self.went_along("x"), self.went_along("y"))
    }

    fn went_along(&self, axis: &str) -> i32 {
        let text = self.text();
        let news = text.get(self.from..).unwrap_or_default();
        let before = format!("axis {axis}, value ");
        let step = |line: &str| {
            let (_, rest) = line.split_once("input_event_rel ")?;
            let (_, value) = rest.split_once(&before)?;
            value.trim().parse::<i32>().ok()
        };
        news.lines().filter_map(step).sum()
    }

    /// The mouse's buttons since then: `left+` for one that went down, `left-` for one that came up.
    pub(crate) fn buttons(&self) -> String {
        let text = self.text();
        let news = text.get(self.from..).unwrap_or_default();
        let button = |line: &str| {
            let (_, rest) = line.split_once("input_event_btn ")?;
            let (_, rest) = rest.split_once("button ")?;
            let (button, down) = rest.split_once(", down ")?;
            let sign = if down.starts_with('1') { '+' } else { '-' };
            Some(format!("{button}{sign}"))
        };
        let buttons: Vec<String> = news.lines().filter_map(button).collect();
        buttons.join(" ")
    }

    /// The sizes since then that the screen was asked to have.
    pub(crate) fn sizes(&self) -> Vec<(i32, i32)> {
        let text = self.text();
        let news = text.get(self.from..).unwrap_or_default();
        let size = |line: &str| {
            let (_, rest) = line.split_once("set_desktop_size")?;
            let (_, rest) = rest.split_once(" size=")?;
            let (width, height) = rest.split_whitespace().next()?.split_once('x')?;
            Some((width.parse().ok()?, height.parse().ok()?))
        };
        news.lines().filter_map(size).collect()
    }

    /// Waits until the mouse's buttons since then are these.
    #[track_caller]
    pub(crate) fn presses(&self, buttons: &str) {
        let came = attempt(PATIENCE, || (self.buttons() == buttons).then_some(()));
        let got = self.buttons();
        assert!(came.is_some(), "the guest got {got} and not {buttons}");
    }

    /// Waits until the keys since then are these.
    #[track_caller]
    pub(crate) fn is(&self, keys: &str) {
        let came = attempt(PATIENCE, || (self.keys() == keys).then_some(()));
        assert!(
            came.is_some(),
            "the guest got {} and not {keys}",
            self.keys()
        );
    }
}

/// Whether the guest has the keyboard: its screen says to screen readers how that is given back.
pub(crate) fn has_keyboard(window: &Scope, screen: &Element) -> bool {
    let now = window.a11y.again(screen);
    now.is_some_and(|screen| {
        screen.is(State::Focused) && screen.description.contains("to release the keyboard")
    })
}

/// Whether the screen has the focus and the keyboard is the window's.
pub(crate) fn offers_keyboard(window: &Scope, screen: &Element) -> bool {
    let now = window.a11y.again(screen);
    now.is_some_and(|screen| {
        screen.is(State::Focused)
            && screen
                .description
                .contains("Press Enter to use the keyboard")
    })
}

pub(crate) fn console(stage: &mut Stage<'_>) -> Scope {
    let window = stage.open_console(ANIMATED);
    window.is_live(ANIMATED);
    window.activate();
    window
}

pub(crate) fn the_guest_gets_every_key_until_the_keyboard_is_released(stage: &mut Stage<'_>) {
    let window = console(stage);
    let screen = window.guest_screen(ANIMATED);
    let is_taken = || has_keyboard(&window, &screen);
    until_true("the screen has the keyboard", PATIENCE, is_taken);
    let mut heard = Heard::by(stage, ANIMATED.name);

    // Neither our accelerators nor the focus take anything away.
    window.screen.press(&["Control_L", "w"]);
    heard.is("ctrl+ w+ w- ctrl-");
    heard.forget();
    window.screen.press(&["Control_L", "Shift_L", "w"]);
    heard.is("ctrl+ shift+ w+ w- shift- ctrl-");
    heard.forget();
    window.screen.press(&["F10"]);
    window.screen.press(&["Tab"]);
    heard.is("f10+ f10- tab+ tab-");
    assert!(is_taken());

    window.screen.press(&["Control_L", "Alt_L"]);
    let is_offered = || offers_keyboard(&window, &screen);
    until_true("the keyboard is the window’s", PATIENCE, is_offered);
    window.reads("Press Enter to use the keyboard in the virtual machine");
    window.keep("released");
    // What is forgotten must have been heard: the guest's log lags behind.
    heard.is("f10+ f10- tab+ tab- ctrl+ alt+ alt- ctrl-");
    heard.forget();
    // Hands that type on do nothing, to the machine least of all.
    window.screen.type_text("no paws ");
    // Tab goes through the window, and over the screen as over anything else.
    window.screen.press(&["Tab"]);
    until_true("Tab leaves the screen", PATIENCE, || !is_offered());
    assert_eq!(stage.lab.state(ANIMATED.name), "running");
    for _ in 0..20 {
        if is_offered() {
            break;
        }
        window.screen.press(&["Tab"]);
    }
    until_true("Tab leads to the screen", PATIENCE, is_offered);
    window.keep("offered");
    window.screen.press(&["Tab"]);
    until_true("Tab leaves the screen", PATIENCE, || !is_offered());
    window.screen.press(&["Shift_L", "Tab"]);
    until_true("Tab comes back to the screen", PATIENCE, is_offered);
    window.screen.press(&["Return"]);
    until_true("the guest has the keyboard", PATIENCE, is_taken);
    window.screen.press(&["x"]);
    heard.is("x+ x-");
    clear_the_line(&window);
}

/// Leaves the guest's line as it was: the other tests use the same guest.
pub(crate) fn clear_the_line(window: &Scope) {
    let line = typed_line(window.place(&window.guest_screen(ANIMATED)));
    until_true("the empty line in the guest’s picture", PATIENCE, || {
        window.screen.press(&["Return"]);
        (50..300).contains(&ink(&window.screen.picture().part(line)))
    });
}

fn nothing_stays_pressed_and_locks_agree(stage: &mut Stage<'_>) {
    let window = console(stage);
    let screen = window.guest_screen(ANIMATED);
    let is_taken = || has_keyboard(&window, &screen);
    until_true("the screen has the keyboard", PATIENCE, is_taken);
    let mut heard = Heard::by(stage, ANIMATED.name);

    // A key that is held while the window goes out of sight.
    window.screen.hold("Shift_L", true);
    heard.is("shift+");
    window.screen.minimise(window.window);
    heard.is("shift+ shift-");
    until_true("a screen without the keyboard", PATIENCE, || {
        let screen = window.a11y.again(&screen);
        screen.is_some_and(|screen| screen.description.is_empty())
    });
    window.screen.hold("Shift_L", false);
    // A lock that is pressed while somebody else has the keyboard.
    window.screen.press(&["Caps_Lock"]);
    heard.forget();
    window.activate();
    heard.is("caps_lock+ caps_lock-");
    heard.forget();
    // And none again once both agree.
    for _ in 0..2 {
        window.screen.press(&["Control_L", "Alt_L"]);
        until_true("the keyboard is the window’s", PATIENCE, || !is_taken());
        window.click(&screen);
        until_true("the screen has the keyboard", PATIENCE, is_taken);
    }
    window.screen.press(&["Caps_Lock"]);
    heard.is("ctrl+ alt+ alt- ctrl- ctrl+ alt+ alt- ctrl- caps_lock+ caps_lock-");
}

pub(crate) fn a_locked_mouse_goes_further_than_the_screen(stage: &mut Stage<'_>) {
    let window = console(stage);
    the_mouse_is_locked_by_a_click(stage, &window);
}

/// The pointer is locked to the guest's screen, and free again.
pub(crate) fn the_mouse_is_locked_by_a_click(stage: &Stage<'_>, window: &Scope) {
    let screen = window.guest_screen(ANIMATED);
    let mut heard = Heard::by(stage, ANIMATED.name);
    locks_the_mouse(window, &heard);
    window.keep("locked");
    window.screen.press(&["Control_L", "Alt_L"]);
    let is_free = || !has_keyboard(window, &screen);
    until_true("the keyboard is the window’s", PATIENCE, is_free);
    // The display server hears of it a moment later. A free pointer leaves the guest alone, wherever it goes from here.
    until_true("a free pointer", PATIENCE, || {
        window.screen.move_to(5, 5);
        heard.forget();
        window.screen.nudge(-FAR, 0);
        let moves = || (heard.went().0 != 0).then_some(());
        attempt(Duration::from_millis(200), moves).is_none()
    });
    heard.forget();
    for _ in 0..5 {
        window.screen.nudge(-FAR, 0);
    }
    window.screen.press(&["F10"]);
    window.screen.press(&["Escape"]);
    assert_eq!(heard.went().0, 0);
}

/// Clicks on the guest's screen, and moves the mouse until it has gone further than any screen.
pub(crate) fn locks_the_mouse(window: &Scope, heard: &Heard) {
    const WIDTH: i32 = 1700;
    window.click(&window.guest_screen(ANIMATED));
    // The lock comes when the display server agrees; until then the pointer stops at the edge of its screen.
    until_true("movements without an end", PATIENCE, || {
        window.screen.nudge(FAR, 0);
        heard.went().0 > 2 * WIDTH
    });
    until_true("the last of them", PATIENCE, || {
        let before = heard.went();
        let more = || (heard.went() != before).then_some(());
        attempt(Duration::from_millis(200), more).is_none()
    });
}

fn keys_reach_a_guest_whose_screen_is_closed(stage: &mut Stage<'_>) {
    stage.set_setting("console-autoconnect", "false");
    stage.set_setting_too("key-combinations", "[('Lamp', [29, 49])]");
    let window = stage.open_console(ANIMATED);
    window.reads("Not Connected to the Screen");
    let mut heard = Heard::by(stage, ANIMATED.name);
    window.choose("Send Key", "Ctrl+Alt+E_nd");
    heard.is("ctrl+ alt+ end+ end- alt- ctrl-");
    heard.forget();
    // The user's own stand at the end.
    window.find("toggle button", "Send Key");
    window.choose("Send Key", "_Custom…");
    window.reads("Key Combinations");
    window.reads("Left Ctrl + N");
    window.keep("custom");

    // What is pressed goes to the question; Enter takes it.
    window.press("Press Keys…");
    window.reads("Waiting for Keys…");
    window.screen.press(&["Control_L", "Alt_L", "n"]);
    window.reads("Left Ctrl + Left Alt + N");
    window.keep("pressed");
    window.screen.press(&["Return"]);
    window.reads_no_more("Press the keys together");
    window.reads("Left Ctrl + Left Alt + N");
}

pub(crate) fn the_clipboard_is_typed(stage: &mut Stage<'_>) {
    let window = console(stage);
    let uuid = stage.lab.virsh(&["domuuid", ANIMATED.name]);
    window.screen.press(&["Control_L", "Alt_L"]);
    window.screen.press(&["Alt_L", "2"]);
    window.press("Copy UUID");
    window.reads("UUID copied");
    window.screen.press(&["Alt_L", "1"]);
    window.is_live(ANIMATED);
    let heard = Heard::by(stage, ANIMATED.name);
    window.choose("Main Menu", "_Type the Clipboard…");
    let tap = |character: char| match character {
        '-' => "minus+ minus-".to_owned(),
        other => format!("{other}+ {other}-"),
    };
    let keys: Vec<String> = uuid.chars().map(tap).collect();
    heard.is(&keys.join(" "));
    let screen = window.guest_screen(ANIMATED);
    let is_taken = || has_keyboard(&window, &screen);
    until_true("the screen has the keyboard again", PATIENCE, is_taken);
    clear_the_line(&window);
}

fn who_takes_the_keyboard_back_in_fullscreen_finds_the_header(stage: &mut Stage<'_>) {
    let window = console(stage);
    let screen = window.guest_screen(ANIMATED);
    let is_shown = || window.shows("Main Menu");
    window.press("Fullscreen");
    window.screen.move_to(700, 700);
    until_true("the header goes", PATIENCE, || !is_shown());
    window.screen.press(&["Control_L", "Alt_L"]);
    until_true("the header comes back", PATIENCE, is_shown);
    let note = window.reads("Press Enter to use the keyboard in the virtual machine");
    let bottom = |element: &Element| {
        let area = window.place(element);
        area.y + area.height
    };
    let menu = window.find("toggle button", "Main Menu");
    until_true("the note below the header", PATIENCE, || {
        window.place(&note).y > bottom(&menu)
    });
    window.keep("offered");
    // Not for a moment: the pointer's way over the screen does not take it away.
    window.screen.nudge(20, 20);
    assert!(offers_keyboard(&window, &screen));
    window.screen.press(&["Tab"]);
    until_true("Tab leads to the header", PATIENCE, || {
        !offers_keyboard(&window, &screen) && is_shown()
    });
    window.keep("released");
    window.click(&screen);
    until_true("the guest has the keyboard", PATIENCE, || {
        has_keyboard(&window, &screen)
    });
    until_true("the header goes again", PATIENCE, || !is_shown());
}

fn a_window_that_becomes_narrow_leaves_the_keyboard_where_it_is(stage: &mut Stage<'_>) {
    let window = console(stage);
    let screen = window.guest_screen(ANIMATED);
    let mut heard = Heard::by(stage, ANIMATED.name);
    let mut keys = Vec::new();
    for width in [400, 700, 1100] {
        window.screen.resize(window.window, width, 700);
        until_true("a window with the keyboard as before", PATIENCE, || {
            window.place(&screen).width.abs_diff(width as i32) < 20
                && has_keyboard(&window, &screen)
        });
        window.screen.press(&["x"]);
        keys.push("x+ x-");
        heard.is(&keys.join(" "));
    }
    window.screen.press(&["Control_L", "Alt_L"]);
    until_true("the keyboard is the window’s", PATIENCE, || {
        offers_keyboard(&window, &screen)
    });
    window.screen.resize(window.window, 400, 700);
    until_true("a window with the focus as before", PATIENCE, || {
        window.place(&screen).width < 420 && offers_keyboard(&window, &screen)
    });
    window.screen.press(&["Return"]);
    until_true("the guest has the keyboard", PATIENCE, || {
        has_keyboard(&window, &screen)
    });
    window.screen.resize(window.window, 1100, 700);
    until_true("a window with room", PATIENCE, || {
        window.place(&screen).width > 1000 && has_keyboard(&window, &screen)
    });

    // Fullscreen makes a narrow window wide.
    window.screen.resize(window.window, 760, 700);
    until_true("a narrow window", PATIENCE, || {
        window.place(&screen).width < 780 && has_keyboard(&window, &screen)
    });
    window.choose("Main Menu", "_Fullscreen");
    until_true("fullscreen with the keyboard as before", PATIENCE, || {
        window.place(&screen).width > 1000 && has_keyboard(&window, &screen)
    });
    heard.forget();
    window.screen.press(&["x"]);
    heard.is("x+ x-");
    clear_the_line(&window);
}
