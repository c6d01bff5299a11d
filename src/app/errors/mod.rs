//! Errors as sentences: what failed, the likely cause, and what to do.
//!
//! The only code that turns an error of the core into words for people. The raw message stays under the details.

mod console;
mod host;

use innkeeper_core::{Error, ErrorKind};

use crate::app::i18n::gettext;

/// An error as a person reads it.
pub trait UserFacing {
    /// Says in a few words what failed.
    fn headline(&self) -> String;

    /// Says the likely cause and what to do; may hold a command on a line of its own.
    fn advice(&self) -> Option<String>;

    /// Gives the raw message, ready to copy.
    fn details(&self) -> String;

    /// Says whether a person must hear of it at all: a cancelled act is silent.
    fn is_silent(&self) -> bool;
}

impl UserFacing for Error {
    fn headline(&self) -> String {
        host::headline(&self.kind)
            .or_else(|| console::headline(&self.kind))
            .unwrap_or_else(|| gettext("The host reported an error"))
    }

    fn advice(&self) -> Option<String> {
        host::advice(&self.kind).or_else(|| console::advice(&self.kind))
    }

    fn details(&self) -> String {
        self.message.clone()
    }

    fn is_silent(&self) -> bool {
        matches!(self.kind, ErrorKind::Cancelled | ErrorKind::PolkitCancelled)
    }
}
