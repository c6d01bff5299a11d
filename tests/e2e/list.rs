//! The list of guests: finding, and what can be done from it.

use crate::{
    guests::{ANIMATED, LOCKED, OFF},
    runner::tests,
    scope::Scope,
    stage::{PATIENCE, Stage},
};
use testbed::until_true;

tests![
    filters_as_one_types,
    starts_a_guest_and_shows_its_screen,
    pauses_and_resumes,
    asks_before_it_forces_a_guest_off,
    tells_what_other_programs_do,
];

fn filters_as_one_types(stage: &mut Stage<'_>) {
    stage.start(&[]);
    let window = stage.manager();
    window.row(ANIMATED);
    window.activate();
    type_text(&window, "moving");
    lists_only(&window, &[ANIMATED.title]);
    // A word of the description counts as well.
    window.screen.press(&["Escape"]);
    lists_only(&window, &[ANIMATED.title, LOCKED.title, OFF.title]);
    type_text(&window, "secret12");
    lists_only(&window, &[LOCKED.title]);
    type_text(&window, "zzz");
    window.reads("No Results Found");
    window.press("Clear Search");
    lists_only(&window, &[ANIMATED.title, LOCKED.title, OFF.title]);
}

fn type_text(window: &Scope, text: &str) {
    window.screen.type_text(text);
}

#[track_caller]
fn lists_only(window: &Scope, titles: &[&str]) {
    until_true(&format!("only {titles:?} are listed"), PATIENCE, || {
        let rows = window.rows();
        rows.iter()
            .map(|row| row.name.as_str())
            .eq(titles.iter().copied())
    });
}

fn starts_a_guest_and_shows_its_screen(stage: &mut Stage<'_>) {
    let lab = stage.lab;
    stage.start(&[]);
    let window = stage.manager();
    window.select(OFF);
    window.press("Run");
    window.row_says(OFF, "Running");
    assert_eq!(lab.state(OFF.name), "running");
    window.open(OFF);
    let guest = stage.window(OFF.title);
    guest.is_live(OFF);
    guest.keep("console");
    lab.virsh(&["destroy", OFF.name]);
}

fn pauses_and_resumes(stage: &mut Stage<'_>) {
    let lab = stage.lab;
    stage.start(&[]);
    let window = stage.manager();
    window.select(ANIMATED);
    window.press("Pause");
    window.row_says(ANIMATED, "Paused");
    assert_eq!(lab.state(ANIMATED.name), "paused");
    window.press("Resume");
    window.row_says(ANIMATED, "Running");
    assert_eq!(lab.state(ANIMATED.name), "running");
}

fn asks_before_it_forces_a_guest_off(stage: &mut Stage<'_>) {
    let lab = stage.lab;
    stage.start(&[]);
    let window = stage.manager();
    window.select(ANIMATED);
    window.choose("More Ways to Stop", "_Force Off");
    window.reads("Force Off?");
    window.keep("question");
    window.press("Cancel");
    window.reads_no_more("Force Off?");
    assert_eq!(lab.state(ANIMATED.name), "running");

    window.choose("More Ways to Stop", "_Force Off");
    window.reads("Force Off?");
    window.press("Force Off");
    window.row_says(ANIMATED, "Shut Off");
    assert_eq!(lab.state(ANIMATED.name), "shut off");
}

fn tells_what_other_programs_do(stage: &mut Stage<'_>) {
    let lab = stage.lab;
    stage.start(&[]);
    let window = stage.manager();
    window.row_says(OFF, "Shut Off");
    lab.virsh(&["start", OFF.name]);
    window.row_says(OFF, "Running");
    lab.virsh(&["suspend", OFF.name]);
    window.row_says(OFF, "Paused");
    lab.virsh(&["destroy", OFF.name]);
    window.row_says(OFF, "Shut Off");
}
