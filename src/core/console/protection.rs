//! How well screens are protected, and the memory of it: a screen that offers less than it did may be an impostor's.
//!
//! Knows no wire; [`super::gate`] holds screens to it.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use uuid::Uuid;

/// What stands between a screen and those who must not see it, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ScreenProtection {
    /// Nothing.
    Nothing,
    /// A password of at most eight characters; what follows is not encrypted (RFC 6143 §7.2.2).
    Password,
    /// A login by SASL, which encrypts what follows wherever the way to the screen is a network.
    Login,
    /// TLS with a certificate that says whose screen it is, perhaps with a login inside.
    Certificate,
}

/// How each guest's screen was last protected, for as long as its host's handle lives.
#[derive(Debug, Default)]
pub(crate) struct Protections {
    last: Mutex<HashMap<Uuid, ScreenProtection>>,
}

impl Protections {
    /// The protection that a guest's screen had last; `None` before the first time.
    pub(super) fn last(&self, guest: Uuid) -> Option<ScreenProtection> {
        self.map().get(&guest).copied()
    }

    /// Expects this much from now on.
    pub(super) fn expect(&self, guest: Uuid, protection: ScreenProtection) {
        self.map().insert(guest, protection);
    }

    fn map(&self) -> MutexGuard<'_, HashMap<Uuid, ScreenProtection>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
