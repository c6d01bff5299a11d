//! Fingers on Wayland, where touches have their own protocol and leave the desktop's pointer alone.

use crate::{runner::tests, stage::Stage, touch};

tests![
    on testbed::Desktop::start_wayland_with_touch;
    a_tap_clicks_and_a_rest_is_the_right_button,
    a_drag_goes_beyond_the_screen,
];

/// The compositor has its touches from an X server, in whole pixels, and gives them on as parts of its output.
const SLACK: u16 = 1;

fn a_tap_clicks_and_a_rest_is_the_right_button(stage: &mut Stage<'_>) {
    touch::taps_and_rests(stage, SLACK);
}

fn a_drag_goes_beyond_the_screen(stage: &mut Stage<'_>) {
    touch::drags(stage, SLACK);
}
