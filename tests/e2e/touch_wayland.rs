//! Fingers on Wayland, where touches have their own protocol and leave the desktop's pointer alone.

use crate::{runner::tests, shown::Shown, stage::Stage, touch};

tests![
    on testbed::Desktop::start_wayland_with_touch;
    a_finger_taps_rests_and_drags,
];

/// The compositor has its touches from an X server, in whole pixels, and gives them on as parts of its output.
const SLACK: u16 = 1;

fn a_finger_taps_rests_and_drags(stage: &mut Stage<'_>) {
    let shown = Shown::on(stage, SLACK);
    touch::taps_and_rests(&shown);
    touch::drags(&shown);
}
