//! What libvirt connections and VNC consoles share: asking for credentials, TLS and SASL.
//!
//! It knows neither wire. A protocol that needs a secret builds a [`Request`] and awaits
//! [`Credentials::ask`]; whoever shows dialogs or keeps a keyring implements the trait.
//! Read [`credentials`] for the questions, [`secret`] for how an answer is kept, and [`sasl`] for what asks them; [`pki`]
//! for where certificates lie, [`tls`] for the protected stream and [`certificate`] for what is shown of the other side.

// Only `sasl/cyrus.rs` may have it.
#![deny(unsafe_code)]
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

pub mod certificate;
pub mod credentials;
pub mod pki;
pub mod sasl;
pub mod secret;
pub mod tls;

pub use credentials::{Answer, AskError, AskFuture, Credentials, Question, Request};
pub use secret::Secret;
