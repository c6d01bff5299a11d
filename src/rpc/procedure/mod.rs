//! Every call and event that Innkeeper uses, one Rust type each, generated from `../spec/libvirt.spec`.
//!
//! A call's type carries its arguments: `DomainGetXmlDesc { dom, flags }`; its result is `ret::DomainGetXmlDesc`,
//! or `()`. Read next: [`crate::Connection::call`].

#[rustfmt::skip]
mod generated;

pub use generated::*;

use crate::wire::codec::{Decode, Encode};
use crate::wire::packet::Program;

/// A call: arguments, result and how to treat it.
pub trait Procedure: Encode + Send {
    /// What the daemon answers.
    type Ret: Decode + Send;
    /// The name in error texts.
    const NAME: &'static str;
    /// The protocol to which it belongs.
    const PROGRAM: Program;
    /// Its number there.
    const NUMBER: i32;
    /// How many may be in flight.
    const LANE: Lane;
    /// Whether it has a deadline by default.
    const PATIENCE: Patience;
    /// Whether a stream follows.
    const STREAM: StreamKind;
}

/// The two windows. A daemon stops reading a connection that has five requests in progress, so what can wait for a
/// monitor, an agent or storage must never fill them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Answered at once.
    Quick,
    /// May take as long as the host likes.
    Slow,
}

/// Whether giving up is harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// Changes nothing: fails with [`crate::Error::TimedOut`] after [`crate::Options::read_deadline`].
    Read,
    /// Changes something, or waits for a person: no deadline unless the caller sets one.
    Act,
}

/// Which way the stream of a call flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamKind {
    /// There is none.
    None,
    /// From the daemon.
    Receive,
    /// To the daemon.
    Send,
    /// Both ways.
    Both,
}
