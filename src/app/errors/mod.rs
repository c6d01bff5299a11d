//! Errors as sentences: what failed, the likely cause, and what to do.
//!
//! The only code that turns an error of the core into words for people. The raw message stays under the details. One
//! file for each part of the way on which it happened; each is a table by kind, and a kind stands in one of them.

mod daemon;
mod guest;
mod guidance;
mod network;
mod polkit;
mod sasl;
mod ssh;
mod tls;

use innkeeper_core::{Error, ErrorKind, Uri};

pub use guidance::{Command, Guidance};

use crate::app::i18n::gettext;

/// An error as a person reads it.
pub trait UserFacing {
    /// Says in a few words what failed.
    fn headline(&self) -> String;

    /// Says the likely cause and what to do, with commands to copy and the page of the help. The address of the host,
    /// where it is known, makes it exact.
    fn guidance(&self, uri: Option<&Uri>) -> Guidance;

    /// Gives the raw message, ready to copy.
    fn details(&self) -> String;

    /// Says whether a person must hear of it at all: a cancelled act is silent.
    fn is_silent(&self) -> bool;

    /// Says the likely cause and what to do as lines of text; a line may be a command.
    fn advice(&self) -> Option<String> {
        self.guidance(None).into_text()
    }
}

/// What is known of a failure when its guidance is written.
struct Case<'a> {
    kind: &'a ErrorKind,
    message: &'a str,
    uri: Option<&'a Uri>,
}

impl Case<'_> {
    /// The host's name, where there is one.
    fn host(&self) -> Option<&str> {
        self.uri.and_then(Uri::host)
    }
}

type Headline = fn(&ErrorKind) -> Option<String>;
type Advice = fn(&Case<'_>) -> Option<Guidance>;

/// The parts of the way.
const PARTS: [(Headline, Advice); 7] = [
    (daemon::headline, daemon::guidance),
    (network::headline, network::guidance),
    (polkit::headline, polkit::guidance),
    (sasl::headline, sasl::guidance),
    (ssh::headline, ssh::guidance),
    (tls::headline, tls::guidance),
    (guest::headline, guest::guidance),
];

impl UserFacing for Error {
    fn headline(&self) -> String {
        let mut parts = PARTS.iter();
        parts
            .find_map(|(headline, _)| headline(&self.kind))
            .unwrap_or_else(|| gettext("The host reported an error"))
    }

    fn guidance(&self, uri: Option<&Uri>) -> Guidance {
        let case = Case {
            kind: &self.kind,
            message: &self.message,
            uri,
        };
        let mut parts = PARTS.iter();
        parts
            .find_map(|(_, guidance)| guidance(&case))
            .unwrap_or_default()
    }

    fn details(&self) -> String {
        self.message.clone()
    }

    fn is_silent(&self) -> bool {
        matches!(self.kind, ErrorKind::Cancelled | ErrorKind::PolkitCancelled)
    }
}
