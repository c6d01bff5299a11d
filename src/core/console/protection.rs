//! How well screens are protected, and the memory of it: a screen that offers less than it did may be an impostor's.
//!
//! Knows no wire; [`super::gate`] holds screens to it.

use std::{
    collections::HashMap,
    str::FromStr,
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
    /// TLS without a certificate, perhaps with a password inside: it keeps out who listens, and nobody who stands in between.
    Anonymous,
    /// A login by SASL, which encrypts what follows wherever the way to the screen is a network.
    Login,
    /// The same inside TLS without a certificate.
    AnonymousLogin,
    /// TLS with a certificate that says whose screen it is, perhaps with a login inside.
    Certificate,
}

impl ScreenProtection {
    const ALL: [Self; 6] = [
        Self::Nothing,
        Self::Password,
        Self::Anonymous,
        Self::Login,
        Self::AnonymousLogin,
        Self::Certificate,
    ];

    /// Names it in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Password => "password",
            Self::Anonymous => "anonymous",
            Self::Login => "login",
            Self::AnonymousLogin => "anonymous-login",
            Self::Certificate => "certificate",
        }
    }
}

/// A name that no protection has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownProtection;

impl FromStr for ScreenProtection {
    type Err = UnknownProtection;

    fn from_str(id: &str) -> Result<Self, UnknownProtection> {
        let mut all = Self::ALL.into_iter();
        all.find(|known| known.id() == id).ok_or(UnknownProtection)
    }
}

/// How each guest's screen was last protected. Begins with what is known from before.
#[derive(Debug, Default)]
pub(crate) struct Protections {
    last: Mutex<HashMap<Uuid, ScreenProtection>>,
}

impl Protections {
    /// Begins with these.
    pub(crate) fn from_before(known: &[(Uuid, ScreenProtection)]) -> Self {
        Self {
            last: Mutex::new(known.iter().copied().collect()),
        }
    }

    /// All that is known now, in the order of the guests' numbers.
    pub(crate) fn all(&self) -> Vec<(Uuid, ScreenProtection)> {
        let mut all: Vec<_> = self
            .map()
            .iter()
            .map(|(guest, last)| (*guest, *last))
            .collect();
        all.sort_unstable();
        all
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_files_are_read_again() {
        for protection in ScreenProtection::ALL {
            assert_eq!(protection.id().parse(), Ok(protection));
        }
        assert_eq!("magic".parse::<ScreenProtection>(), Err(UnknownProtection));
    }
}
