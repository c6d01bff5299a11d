//! The states of a host's connection.

use std::{
    sync::Arc,
    time::{Instant, SystemTime},
};

use crate::Error;

/// Where a connection stands.
#[derive(Clone, Debug, Default)]
pub enum HostState {
    /// Not connected, and nobody asked for it.
    #[default]
    Disconnected,
    /// On the way.
    Connecting(Step),
    /// The inventory is true.
    Connected,
    /// The link broke; the inventory is the last that was known, and a new attempt is coming.
    Lost {
        /// What broke it, or what the last attempt met.
        error: Arc<Error>,
        /// When the next attempt starts.
        retry_at: Instant,
        /// When the host was last heard of: how old the inventory is.
        last_news: SystemTime,
    },
    /// The attempt that a user asked for failed, or a lost link comes back only with a person's help (a password, a
    /// permission); then the inventory is the last that was known. Nothing happens until somebody asks again.
    Failed(Arc<Error>),
}

/// What a connection attempt is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reaching the daemon's socket.
    Reaching,
    /// Starting the user's own daemon.
    StartingDaemon,
    /// Proving who the user is; a polkit dialog may be open.
    Authenticating,
    /// Opening the hypervisor's driver.
    Opening,
    /// Reading the inventory.
    Listing,
}
