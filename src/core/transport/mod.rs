//! The ways to a daemon: the sockets of this machine.
//!
//! [`local`] says which sockets a URI may mean.

pub(crate) mod local;

pub use local::discover_local;
