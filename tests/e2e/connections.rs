//! Connections: added by the dialog, remembered, removed.

use testbed::State;

use crate::{runner::tests, scope::Scope, stage::Stage};

tests![
    a_connection_is_added_remembered_and_removed,
    hosts_are_completed_by_keyboard,
];

fn a_connection_is_added_remembered_and_removed(stage: &mut Stage<'_>) {
    stage.start(&[]);
    let window = stage.manager();
    window.reads("Connected");
    add_test_driver(&window);
    window.wait_for("the test driver’s guest", |e| {
        e.role == "row" && e.name == "test"
    });
    window.keep("added");

    stage.start(&[]);
    let window = stage.manager();
    let row = window.wait_for("the remembered connection", is_test_driver);
    window.click(&row);
    window.wait_for("the test driver’s guest", |e| {
        e.role == "row" && e.name == "test"
    });

    window.choose("Connection Menu", "_Disconnect");
    window.choose("Connection Menu", "_Remove…");
    window.reads("Remove This Connection?");
    window.press("Remove");
    window.reads_no_more("Remove This Connection?");
    assert!(window.a11y.find(&window.root, is_test_driver).is_none());

    stage.start(&[]);
    let window = stage.manager();
    window.reads("Connected");
    assert!(window.a11y.find(&window.root, is_test_driver).is_none());
}

fn hosts_are_completed_by_keyboard(stage: &mut Stage<'_>) {
    stage.keep_connections(&["qemu:///system", "qemu+ssh://alpha.example/system"]);
    stage.start(&[]);
    let window = stage.manager();
    window.activate();
    window.screen.press(&["Control_L", "n"]);
    window.reads("New Connection");
    // The field for the host has the keyboard already.
    window.wait_for("the field for the host", |e| {
        e.role.contains("text") && e.name.contains("Host") && e.is(State::Focused)
    });
    window.screen.type_text("alph");
    window.reads("alpha.example");
    window.keep("suggestions");
    window.screen.press(&["Escape"]);
    window.reads_no_more("in the list already");
    window.screen.press(&["Down"]);
    window.screen.press(&["Down"]);
    window.screen.press(&["Return"]);
    // The whole name stands there now, and with it an address that is known.
    window.reads("in the list already");
    window.keep("completed");
    window.screen.press(&["Escape"]);
    window.reads_no_more("Hypervisor");
}

fn is_test_driver(element: &testbed::Element) -> bool {
    element.role == "list item" && element.name.to_lowercase().contains("test")
}

/// Fills the dialog as a person does who knows the address: types it, sees it refused, mends it, adds it.
#[track_caller]
fn add_test_driver(window: &Scope) {
    window.press("Add Connection");
    let entry = window.wait_for("the entry for a URI", |e| {
        e.role.contains("text") && e.name.contains("URI")
    });
    window.click(&entry);
    window.activate();
    window.screen.press(&["Control_L", "a"]);
    window.screen.type_text("nonsense");
    window.wait_for("a button that refuses", |e| {
        e.role == "button" && e.name == "Add" && !e.is(State::Sensitive)
    });
    window.reads("The address cannot be used");
    window.screen.press(&["Control_L", "a"]);
    window.screen.type_text("test:///default");
    window.keep("dialog");
    window.press("Add");
}
