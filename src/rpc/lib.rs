//! libvirt's remote protocol: XDR, procedures, connection, events and streams.
//!
//! Knows the wire and nothing above it: no URI, no socket path, no policy. Facts come from libvirt's
//! `virnetprotocol.x` and `remote_protocol.x`; the calls are listed in `spec/libvirt.spec`.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use virt_rpc::{Authentication, Connection, Options, procedure};
//!
//! let socket = tokio::net::UnixStream::connect("/run/libvirt/libvirt-sock").await?;
//! let (conn, mut events) = Connection::from_unix(socket, Options::default());
//! conn.authenticate(Authentication::default()).await?;
//! conn.call(procedure::ConnectOpen { name: Some("qemu:///system".into()), flags: 0 }).await?;
//! let list = procedure::ConnectListAllDomains { need_results: 1, flags: 0 };
//! for domain in conn.call(list).await?.domains {
//!     println!("{} {}", domain.uuid, domain.name);
//! }
//! while let Ok(event) = events.recv().await {
//!     println!("{event:?}");
//! }
//! # Ok(()) }
//! ```
//!
//! A call's type is its arguments, so that the result's type follows from the value and no call is written twice.
//! Results are structures of the same name in [`procedure::ret`], also where they have one field.
//!
//! Where to read: `wire/` is bytes, `procedure/` the calls, `connection/` the tasks; `error.rs` says what can go wrong.

#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )
)]

#[macro_use]
pub mod wire;
mod connection;
mod error;
pub mod procedure;
mod remote_error;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod sample;

pub use connection::{
    AuthType, Authenticated, Authentication, CloseReason, Connection, Deadline, Events, Keepalive,
    Options, Stats, Stream, StreamItem, StreamReceiver, StreamSender,
};
pub use error::Error;
pub use procedure::{Event, Procedure};
pub use remote_error::{RemoteError, code};
pub use wire::typed_param;
pub use wire::typed_param::{TypedParam, TypedValue};
