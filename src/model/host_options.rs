//! How a host is to be reached, as the user's settings and what is kept of the connection say.

use std::sync::Arc;

use innkeeper_core::Options;

use super::{Pin, Profile, UserCredentials};
use crate::app::settings::{Key, Settings};

/// Makes the options of a host whose questions these credentials answer. Reads the settings: main thread only.
pub(super) fn with(credentials: Arc<UserCredentials>, profile: &Profile, pins: &[Pin]) -> Options {
    // A certificate was trusted for the host that it was shown for, and for no other that the address leads to later.
    let of_this_host = pins
        .iter()
        .filter(|pin| Some(pin.host.as_str()) == profile.uri.host());
    Options {
        credentials,
        read_only: profile.read_only,
        screen_way: profile.screen_way,
        pins: of_this_host
            .filter_map(|pin| pin.sha256.parse().ok())
            .collect(),
        polkit_agent: Settings::get().boolean(Key::PolkitAgent),
        ..Options::default()
    }
}
