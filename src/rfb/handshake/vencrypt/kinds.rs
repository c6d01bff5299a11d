//! The types of VeNCrypt: their numbers, which of those on offer is taken, and why none is.

use link_security::sasl::Policy;

use crate::{Error, Result};

/// Whether this build speaks TLS without certificates: the feature `anonymous-tls`.
pub const SPEAKS_ANONYMOUS_TLS: bool = cfg!(feature = "anonymous-tls");

/// How TLS without certificates is taken, where a server offers nothing better. Whoever stands in between is not kept out by
/// it: nothing inside may count on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anonymous {
    /// What SASL must do by itself, as though there were no TLS. A name and a password as they are go out under
    /// [`Policy::Protected`] only.
    pub policy: Policy,
    /// Whether only a login by SASL is taken inside it, by which both sides prove who they are.
    pub only_with_login: bool,
}

/// What stands for the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outside {
    Certificate,
    Nobody,
}

/// What goes on inside TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inside {
    None,
    Password,
    Plain,
    Sasl,
}

/// A type that is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) number: u32,
    pub(super) name: &'static str,
    pub(super) outside: Outside,
    pub(super) inside: Inside,
}

const fn kind(number: u32, name: &'static str, outside: Outside, inside: Inside) -> Kind {
    Kind {
        number,
        name,
        outside,
        inside,
    }
}

/// The types that are spoken, the most wanted first: who is let in by the certificate alone is asked nothing. Without
/// certificates what matters is whether SASL protects by itself.
const SPOKEN: [Kind; 8] = [
    kind(260, "X509None", Outside::Certificate, Inside::None),
    kind(263, "X509SASL", Outside::Certificate, Inside::Sasl),
    kind(262, "X509Plain", Outside::Certificate, Inside::Plain),
    kind(261, "X509Vnc", Outside::Certificate, Inside::Password),
    kind(264, "TLSSASL", Outside::Nobody, Inside::Sasl),
    kind(257, "TLSNone", Outside::Nobody, Inside::None),
    kind(259, "TLSPlain", Outside::Nobody, Inside::Plain),
    kind(258, "TLSVnc", Outside::Nobody, Inside::Password),
];

impl Kind {
    fn is_without_certificate(self) -> bool {
        self.outside == Outside::Nobody
    }

    /// Whether it protects as much as is wanted.
    fn is_enough(self, anonymous: Option<Anonymous>) -> bool {
        match anonymous.filter(|_| SPEAKS_ANONYMOUS_TLS) {
            _ if !self.is_without_certificate() => true,
            None => false,
            Some(anonymous) => !anonymous.only_with_login || self.inside == Inside::Sasl,
        }
    }

    /// Whether it tells a password to whoever answers.
    fn exposes_password(self, anonymous: Option<Anonymous>) -> bool {
        let is_bare = anonymous.is_none_or(|anonymous| anonymous.policy == Policy::Bare);
        self.is_without_certificate() && self.inside == Inside::Plain && is_bare
    }
}

/// Takes the most wanted of what is offered, or says why none of it.
pub(super) fn choose(offered: &[u32], anonymous: Option<Anonymous>) -> Result<Kind> {
    let known = || {
        let known = SPOKEN.iter().copied();
        known.filter(|kind| offered.contains(&kind.number))
    };
    let enough = || known().filter(|kind| kind.is_enough(anonymous));
    if let Some(kind) = enough().find(|kind| !kind.exposes_password(anonymous)) {
        return Ok(kind);
    }
    let offered = offered.iter().copied().map(type_name).collect();
    Err(if enough().next().is_some() {
        Error::PasswordExposed { offered }
    } else if known().next().is_some() {
        let with_login = known().any(|kind| kind.inside == Inside::Sasl);
        Error::AnonymousTls {
            offered,
            with_login,
        }
    } else {
        Error::SecurityUnsupported { offered }
    })
}

/// Names a type that may be none of those that are spoken.
fn type_name(number: u32) -> String {
    let spoken = SPOKEN.iter().find(|kind| kind.number == number);
    let name = match (spoken, number) {
        (Some(kind), _) => kind.name,
        (None, 256) => "Plain",
        (None, 265) => "X509Ident",
        (None, _) => return format!("VeNCrypt type {number}"),
    };
    format!("VeNCrypt {name}")
}
