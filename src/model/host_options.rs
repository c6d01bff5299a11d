//! How a host is to be reached, as the user's settings and what is kept of the connection say.

use std::{collections::BTreeMap, sync::Arc};

use innkeeper_core::{Options, ScreenProtection};
use uuid::Uuid;

use super::{Pin, Profile, UserCredentials};
use crate::app::settings::{Key, Settings};

/// Reads how screens were protected when they were last seen; what this version does not know counts as never seen.
pub(super) fn protections(screens: &BTreeMap<String, String>) -> Vec<(Uuid, ScreenProtection)> {
    let each = screens
        .iter()
        .filter_map(|(guest, protection)| Some((guest.parse().ok()?, protection.parse().ok()?)));
    each.collect()
}

/// Makes the options of a host whose questions these credentials answer. Reads the settings: main thread only.
pub(super) fn with(credentials: Arc<UserCredentials>, profile: &Profile, pins: &[Pin]) -> Options {
    // A certificate was trusted for the host that it was shown for, and for no other that the address leads to later.
    let of_this_host = pins
        .iter()
        .filter(|pin| pin.host == profile.certificate_host());
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
