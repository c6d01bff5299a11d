//! What several test programs need.

#![allow(dead_code, reason = "each test program uses a part")]

#[path = "../../../rpc/tests/support/peer.rs"]
pub(crate) mod peer;

pub(crate) mod admin;
pub(crate) mod fake;
#[cfg(feature = "daemon-tests")]
pub(crate) mod far_host;
#[cfg(feature = "daemon-tests")]
pub(crate) mod guarded;
#[cfg(feature = "daemon-tests")]
pub(crate) mod impostor;
pub(crate) mod person;
pub(crate) mod proxy;
pub(crate) mod relay;
#[cfg(feature = "daemon-tests")]
pub(crate) mod running;
#[cfg(feature = "daemon-tests")]
pub(crate) mod screen;
pub(crate) mod script;
#[cfg(feature = "daemon-tests")]
pub(crate) mod storm;
pub(crate) mod view;

use std::path::Path;

use innkeeper_core::Uri;

/// No step of a test takes longer.
pub(crate) const PATIENCE: std::time::Duration = std::time::Duration::from_mins(1);

/// A URI with a socket of one's own.
pub(crate) fn uri(base: &str, socket: &Path) -> Uri {
    let text = format!("{base}?socket={}", socket.display());
    text.parse().expect("a URI")
}
