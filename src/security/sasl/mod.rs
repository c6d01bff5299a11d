//! SASL (RFC 4422) through Cyrus, as libvirt's daemons and QEMU's screens speak it.
//!
//! Knows no wire. A wire makes a [`Client`], sends what [`Client::start`] gives, hands every word of the server to
//! [`Client::answer`] until it says [`Reply::Complete`], and gets mechanism, strength and layer from
//! [`Client::finish`]. Then it wraps itself into a [`SaslStream`], or drives the [`Layer`] itself.
//!
//! Which mechanisms there are is the administrator's choice: they are plugins of `libsasl2`.
//! Read `setup.rs` for the rules, `client.rs` for the exchange, `cyrus.rs` for the C library.

mod client;
mod cyrus;
mod error;
mod layer;
mod mechanisms;
mod questions;
mod setup;
mod stream;

pub use client::{Client, MESSAGE_MAX, Message, Opening, Outcome, Reply};
pub use error::SaslError;
pub use layer::{Layer, LayerError};
pub use setup::{External, Policy, Setup};
pub use stream::SaslStream;
