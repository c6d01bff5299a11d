//! The command line, as virt-manager's users know it, and one instance for all invocations.

use testbed::until_true;

use crate::{
    guests::{ANIMATED, OFF},
    runner::tests,
    stage::{MANAGER, PATIENCE, Stage},
};

tests![
    prints_its_version_and_refuses_nonsense,
    shows_one_guest_without_the_main_window,
    shows_the_hosts_summary,
    says_that_it_cannot_create,
    a_second_invocation_hands_over_to_the_first,
];

fn prints_its_version_and_refuses_nonsense(stage: &mut Stage<'_>) {
    let (status, said) = stage.invoke(&["--version"]);
    assert_eq!(
        (status, said.trim()),
        (0, concat!("innkeeper ", env!("CARGO_PKG_VERSION")))
    );
    let (status, said) = stage.invoke(&["--show-domain-console", ANIMATED.name]);
    assert_ne!(status, 0);
    assert!(said.contains("--connect"), "{said}");
    let (status, said) = stage.invoke(&["--no-such-option"]);
    assert_ne!(status, 0);
    assert!(said.contains("no-such-option"), "{said}");
    let (status, said) = stage.invoke(&["--doctor", "nonsense"]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("for example qemu:///system"), "{said}");
}

fn shows_one_guest_without_the_main_window(stage: &mut Stage<'_>) {
    stage.start(&[
        "--connect",
        "qemu:///system",
        "--show-domain-console",
        ANIMATED.name,
    ]);
    stage.window(ANIMATED.title).is_live(ANIMATED);
    assert!(!stage.has_window(MANAGER));

    stage.start(&[
        "--connect",
        "qemu:///system",
        "--show-domain-editor",
        OFF.name,
    ]);
    let window = stage.window(OFF.title);
    window.reads("Overview");
    window.reads(OFF.name);
    window.keep("editor");
    assert!(!stage.has_window(MANAGER));

    let uuid = stage.lab.virsh(&["domuuid", ANIMATED.name]);
    stage.start(&[
        "--connect",
        "qemu:///system",
        "--show-domain-performance",
        &uuid,
    ]);
    stage.window(ANIMATED.title).reads("Performance");
    assert!(!stage.has_window(MANAGER));
}

fn shows_the_hosts_summary(stage: &mut Stage<'_>) {
    stage.start(&["--connect", "qemu:///system", "--show-host-summary"]);
    let window = stage.window("QEMU/KVM");
    window.reads("Logical CPUs");
    window.reads("11.");
    window.reads("Processors");
    window.keep("summary");
    assert!(!stage.has_window(MANAGER));
}

fn says_that_it_cannot_create(stage: &mut Stage<'_>) {
    stage.start(&["--connect", "qemu:///system", "--show-domain-creator"]);
    stage.manager().reads("cannot create virtual machines");
}

fn a_second_invocation_hands_over_to_the_first(stage: &mut Stage<'_>) {
    stage.start(&[]);
    stage.manager().row_says(ANIMATED, "Running");
    let (status, said) = stage.invoke(&[
        "--connect",
        "qemu:///system",
        "--show-domain-console",
        ANIMATED.name,
    ]);
    assert_eq!(status, 0, "{said}");
    // The window belongs to the first process: it is looked for in its tree.
    let guest = stage.window(ANIMATED.title);
    guest.is_live(ANIMATED);
    guest.screen.close(guest.window);
    until_true("the window’s end", PATIENCE, || {
        !stage.has_window(ANIMATED.title)
    });
    assert!(stage.has_window(MANAGER));
}
