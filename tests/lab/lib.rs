//! The real parts that the libraries are tested against, each private to the test that starts it: daemons, guests, and
//! what guards the ways to them.
//!
//! Knows nothing of Innkeeper, its crates or any window (the whole program's stage is `tests/support`). Everything
//! started here ends with the value that holds it; what takes time is waited for by its condition, with a deadline.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod agent;
#[cfg(feature = "anonymous-tls")]
mod anonymous;
mod bus;
pub mod certificates;
mod daemon;
mod display_ports;
pub mod document;
pub mod guest;
mod kdc;
mod kernel;
mod listen;
pub mod monitor;
mod polkit;
pub mod sasl;
mod screen_host;
mod shadow;
mod sound_server;
mod sshd;

#[cfg(feature = "anonymous-tls")]
pub use anonymous::AnonymousTls;
pub use bus::Bus;
pub use daemon::Daemon;
pub use display_ports::own_port;
pub use kdc::Kdc;
pub use listen::Listen;
pub use polkit::{Polkit, serve_agent_helper};
pub use screen_host::ScreenHost;
pub use shadow::shadow_with;
pub use sound_server::SoundServer;
pub use sshd::{Account, Sshd, SshdOptions};
