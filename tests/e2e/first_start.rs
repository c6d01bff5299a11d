//! The first start on a machine with libvirt.

use crate::{
    guests::{ANIMATED, LOCKED, OFF},
    runner::tests,
    stage::Stage,
};

tests![finds_the_system_and_lists_its_guests];

fn finds_the_system_and_lists_its_guests(stage: &mut Stage<'_>) {
    stage.start(&[]);
    let window = stage.manager();
    window.find("list item", "QEMU/KVM");
    window.reads("Connected");
    window.row_says(ANIMATED, "Running");
    window.row_says(LOCKED, "Running");
    window.row_says(OFF, "Shut Off");
    assert_eq!(window.rows().len(), 3);
    window.keep("manager");
}
