//! A guest's serial line in its window: chosen by the keyboard, typed into, and followed through a restart.

use testbed::until_true;

use crate::{
    guests::OFF,
    runner::tests,
    scope::Scope,
    stage::{PATIENCE, Stage},
};

tests![
    a_serial_line_is_typed_into_and_comes_back,
    who_quits_with_a_line_open_takes_leave,
];

/// What the guest says on its serial line when it has started, and when Return is pressed (build-aux/demo/terminal.asm).
const HELLO: &str = "A demonstration guest is up.";
const ANSWER: &str = "I have heard you";
/// The program on the session bus.
const NAME: &str = "io.github.innkeeper.Innkeeper";
const OBJECT: &str = "/io/github/innkeeper/Innkeeper";

fn a_serial_line_is_typed_into_and_comes_back(stage: &mut Stage<'_>) {
    let lab = stage.lab;
    let window = stage.open_console(OFF);
    is_off(&window);
    window.choose("Screens and Text Consoles", "Serial _0");
    window.press("Run");
    says(&window, HELLO, 1);
    window.activate();
    window.screen.type_text("knock knock");
    says(&window, "knock knock", 1);
    // While the terminal has the keyboard, the window's keys are the guest's: this one would close the window.
    window.screen.press(&["Control_L", "Shift_L", "w"]);
    window.screen.press(&["Return"]);
    says(&window, ANSWER, 1);
    window.keep("answered");

    lab.virsh(&["destroy", OFF.name]);
    is_off(&window);
    window.keep("off");
    lab.virsh(&["start", OFF.name]);
    says(&window, HELLO, 2);
    window.screen.press(&["Return"]);
    says(&window, ANSWER, 2);

    // It is looked at again by itself the next time.
    let window = stage.open_console(OFF);
    window.activate();
    answers(&window);
    lab.virsh(&["destroy", OFF.name]);
    lab.wait_for_state(OFF.name, "shut off");
}

fn who_quits_with_a_line_open_takes_leave(stage: &mut Stage<'_>) {
    let lab = stage.lab;
    lab.virsh(&["start", OFF.name]);
    let window = stage.open_console(OFF);
    window.choose("Screens and Text Consoles", "Serial _0");
    window.activate();
    answers(&window);
    let quit = stage
        .desktop
        .command("gdbus")
        .args(["call", "--session", "--dest", NAME, "--object-path", OBJECT])
        .args(["--method", "org.gtk.Actions.Activate", "quit", "[]", "{}"])
        .status();
    assert!(quit.expect("gdbus is part of the environment").success());
    assert!(stage.program().process().ended(PATIENCE).success());
    assert_eq!(stage.said("did not hear that we leave"), 0);
    // The daemon gives the line to the next one at once.
    lab.virsh(&["destroy", OFF.name]);
    lab.wait_for_state(OFF.name, "shut off");
}

/// Waits until the page says that the guest is off; the guest's title says it, too.
#[track_caller]
fn is_off(window: &Scope) {
    window.wait_for("the state", |e| e.name == "Shut Off");
}

/// Waits until the terminal shows a text so many times.
#[track_caller]
fn says(window: &Scope, text: &str, times: usize) {
    let terminal = terminal(window);
    until_true(&format!("“{text}” × {times}"), PATIENCE, || {
        let shown = window.a11y.text(&terminal).unwrap_or_default();
        shown.matches(text).count() >= times
    });
}

/// Presses Return until the guest has heard it.
#[track_caller]
fn answers(window: &Scope) {
    let line = terminal(window);
    until_true("an answer", PATIENCE, || {
        window.screen.press(&["Return"]);
        let shown = window.a11y.text(&line).unwrap_or_default();
        shown.contains(ANSWER)
    });
}

#[track_caller]
fn terminal(window: &Scope) -> testbed::Element {
    let name = format!("Text console of {}", OFF.title);
    window.wait_for(&name, |e| e.name == name)
}
