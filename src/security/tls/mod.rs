//! TLS as libvirt and QEMU speak it, over rustls: trust comes from the files of [`crate::pki`] and from nowhere else.
//!
//! [`TlsClient::connect`] is the way in. `trust` and `identity` read files, `verify` and `judge` look at the other side's
//! certificate, `survey` shows what lies there, `problem` names what is wrong with it, and `priority` understands GnuTLS' priority strings. This knows
//! neither libvirt's messages nor VNC's: also the byte that libvirtd sends after the handshake is its reader's.
//! `anonymous` is TLS without certificates, over OpenSSL, and there with the feature `anonymous-tls` only.
//! `docs/certificates.md` has the verdict on every kind of certificate, beside libvirt's.

#[cfg(feature = "anonymous-tls")]
mod anonymous;
mod client;
mod error;
mod host;
mod identity;
mod judge;
mod priority;
mod problem;
mod report;
mod stream;
mod survey;
mod trust;
mod verify;

#[cfg(feature = "anonymous-tls")]
pub use anonymous::{AnonymousReport, AnonymousStream, connect_anonymous};
pub use client::{TlsClient, TlsOptions};
pub use error::{Alert, ClientCertificateProblem, HandshakeProblem, TlsError};
pub use problem::CertificateProblem;
pub use report::{ClientSide, TlsReport, Trust};
pub use stream::{PeerEnd, TlsStream, ended_by};
pub use survey::Survey;
