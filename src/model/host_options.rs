//! How a host is to be reached, as the user's settings and what is kept of the connection say.

use std::sync::Arc;

use innkeeper_core::Options;

use super::UserCredentials;
use crate::app::settings::{Key, Settings};

/// Makes the options of a host whose questions these credentials answer. Reads the settings: main thread only.
pub(super) fn with(credentials: Arc<UserCredentials>, read_only: bool) -> Options {
    Options {
        credentials,
        read_only,
        polkit_agent: Settings::get().boolean(Key::PolkitAgent),
        ..Options::default()
    }
}
