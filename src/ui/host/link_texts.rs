//! Words for a link: the way it takes, what let us in, and what a person should know about it.

use crate::{
    app::i18n::{gettext, gettext_f},
    model::{AuthKind, LinkInfo, SshWay, Transport, Trust},
};

/// Says the way to the daemon.
pub(super) fn transport(transport: Transport) -> String {
    match transport {
        Transport::Unix => gettext("Socket of this computer"),
        Transport::Ssh => "SSH".to_owned(),
        Transport::Tls => "TLS".to_owned(),
        Transport::Tcp => "TCP".to_owned(),
        Transport::Ext => gettext("A program of yours"),
        other => other.to_string(),
    }
}

/// Says how ssh leads to the far daemon's socket.
pub(super) fn ssh_way(way: &SshWay) -> String {
    match way {
        SshWay::Forwarded { socket } => gettext_f("sshd forwards {socket}", &[("socket", socket)]),
        SshWay::Helper => gettext("virt-ssh-helper on the host"),
        SshWay::Netcat { socket } => {
            gettext_f("netcat on the host, to {socket}", &[("socket", socket)])
        }
        other => format!("{other:?}"),
    }
}

/// Says what let us in.
pub(super) fn auth(auth: &AuthKind) -> String {
    match auth {
        AuthKind::None => gettext("Nothing was asked"),
        AuthKind::Polkit => gettext("Allowed by polkit"),
        AuthKind::Sasl { mechanism, ssf: 0 } => {
            gettext_f("SASL, {mechanism}", &[("mechanism", mechanism)])
        }
        AuthKind::Sasl { mechanism, ssf } => gettext_f(
            "SASL, {mechanism}, encrypts with {bits} bits",
            &[("mechanism", mechanism), ("bits", &ssf.to_string())],
        ),
        other => format!("{other:?}"),
    }
}

/// Says whether what passes can be read on the way.
pub(super) fn protection(link: &LinkInfo) -> String {
    match link.transport {
        Transport::Unix => gettext("Does not leave this computer"),
        Transport::Ssh => gettext("Encrypted by SSH"),
        Transport::Tls => gettext("Encrypted by TLS"),
        Transport::Ext => gettext("Left to the program"),
        _ => match &link.auth {
            AuthKind::Sasl { ssf, .. } if *ssf > 0 => gettext("Encrypted by SASL"),
            _ => gettext("Not encrypted"),
        },
    }
}

/// Says why the other side of TLS is trusted.
pub(super) fn trust(trust: Trust) -> String {
    match trust {
        Trust::Chain => gettext("An authority that this computer trusts vouches for the host"),
        Trust::CommonNameOnly => gettext("An authority vouches for the host, in an outdated way"),
        Trust::Pinned => gettext("You decided to trust this certificate"),
        Trust::Unverified => gettext("Nothing was checked"),
        other => format!("{other:?}"),
    }
}

/// Says a key's kind and size.
pub(super) fn key(kind: &str, bits: u32) -> String {
    match bits {
        0 => kind.to_owned(),
        bits => gettext_f(
            // Translators: a kind of key and its size, such as “RSA, 3072 bits”.
            "{kind}, {bits} bits",
            &[("kind", kind), ("bits", &bits.to_string())],
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_unknown_size_are_named_only() {
        assert_eq!(key("Ed25519", 0), "Ed25519");
        assert_eq!(key("RSA", 3072), "RSA, 3072 bits");
    }
}
