//! The ways to a daemon: the sockets of this machine.
//!
//! [`local`] says which sockets a URI may mean, [`mod@reach`] opens one of them, [`daemon`] starts the user's own daemon where
//! none listens, and [`watch`] notices that a socket came back.

mod daemon;
pub(crate) mod local;
mod reach;
mod watch;

pub use local::discover_local;
pub(crate) use reach::{Peer, connect, reach};
pub(crate) use watch::{SocketWatch, Sockets};
