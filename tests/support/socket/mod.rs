//! Sockets that do what a real daemon cannot be made to do: delay, count, freeze, keep silent, lie.
//!
//! Each listens until its value is dropped. None passes file descriptors on.

mod band;
mod count;
mod peer;
mod relay;
mod vnc;

pub use band::Band;
pub use count::{Calls, Count};
pub use peer::Peer;
pub use relay::Relay;
pub use vnc::{Pictures, Pointed, VncServer};
