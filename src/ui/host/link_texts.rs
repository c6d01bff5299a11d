//! Words for a link: the way it takes, what let us in, and what a person should know about it.

use std::time::SystemTime;

use gtk::glib;

use crate::{
    app::i18n::{gettext, gettext_f, ngettext_f},
    model::{AuthKind, LinkInfo, SshWay, Transport, Trust},
};

/// A certificate that ends within so many days is worth a word.
const SOON: u64 = 30;

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

/// Says a day as the user's locale writes it.
pub(super) fn day(time: SystemTime) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs() as i64);
    glib::DateTime::from_unix_local(seconds)
        .and_then(|time| time.format("%x"))
        .map(String::from)
        .unwrap_or_default()
}

/// Says until when a certificate is valid, and how many days that leaves where they are few.
pub(super) fn validity(until: SystemTime, now: SystemTime) -> String {
    let day = day(until);
    let Ok(left) = until.duration_since(now) else {
        return gettext_f("{day} (expired)", &[("day", &day)]);
    };
    let days = left.as_secs() / (24 * 60 * 60);
    if days > SOON {
        return day;
    }
    ngettext_f(
        "{day} (in {count} day)",
        "{day} (in {count} days)",
        days as u32,
        &[("day", &day), ("count", &days.to_string())],
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_end_that_is_near_is_counted() {
        let now = SystemTime::now();
        let in_days = |days: u64| validity(now + Duration::from_secs(days * 86_400 + 60), now);
        assert!(in_days(3).ends_with("(in 3 days)"), "{}", in_days(3));
        assert!(in_days(1).ends_with("(in 1 day)"), "{}", in_days(1));
        assert!(!in_days(31).contains("day"), "{}", in_days(31));
        let past = validity(now - Duration::from_mins(1), now);
        assert!(past.ends_with("(expired)"), "{past}");
    }

    #[test]
    fn keys_of_unknown_size_are_named_only() {
        assert_eq!(key("Ed25519", 0), "Ed25519");
        assert_eq!(key("RSA", 3072), "RSA, 3072 bits");
    }
}
