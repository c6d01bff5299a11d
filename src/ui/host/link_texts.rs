//! Words for a link: the way it takes, what let us in, and what a person should know about it.

use crate::{
    app::i18n::{gettext, gettext_f},
    model::{AuthKind, LinkInfo, LinkWarning, SshWay, Transport},
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

/// Says in a few words what a person should know, and what it means.
pub(in crate::ui) fn warning(warning: &LinkWarning) -> (String, String) {
    match warning {
        LinkWarning::Unencrypted => (
            gettext("Not Encrypted"),
            gettext(
                "Everybody on the network between here and the host can read and change what passes, passwords of screens too.",
            ),
        ),
        LinkWarning::Unverified => (
            gettext("Certificate Not Checked"),
            gettext(
                "The address says no_verify=1: somebody could pose as this host without being noticed.",
            ),
        ),
        LinkWarning::CommonNameOnly => (
            gettext("Outdated Certificate"),
            gettext(
                "It names its host in the common name only. Make a new one with a subject alternative name.",
            ),
        ),
        LinkWarning::PriorityIgnored(parts) => (
            gettext("TLS Priority Not Followed"),
            gettext_f(
                "These parts of tls_priority cannot be honoured: {parts}",
                &[("parts", &parts.join(", "))],
            ),
        ),
        LinkWarning::WeakSasl { ssf } => (
            gettext("Weak Encryption"),
            gettext_f(
                "SASL encrypts with {bits} bits only. Use TLS, or a stronger mechanism such as GSSAPI.",
                &[("bits", &ssf.to_string())],
            ),
        ),
        other => (format!("{other:?}"), String::new()),
    }
}
