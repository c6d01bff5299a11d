//! libvirt's XML: a tree that loses nothing, and typed views that read it.
//!
//! [`Document::parse`] keeps everything of a text — order, comments, unknown elements, namespaces, quotes, white space —
//! so that [`Document`] prints as it was read, byte for byte. [`domain::Domain`] and [`snapshot::Snapshot`] are views: they
//! borrow the tree and name what libvirt's documentation (formatdomain, formatsnapshot) means by it.
//!
//! This crate knows no wire and no policy. Start with [`tree`].
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

pub mod domain;
mod error;
pub mod memory;
pub mod snapshot;
pub mod tree;

pub use error::Error;
pub use tree::{Attribute, Document, Element, Node};
