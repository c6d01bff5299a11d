//! What is wrong with an address, in words, and the field at which it stands.

use std::net::Ipv6Addr;

use super::parameters::{Kind, Parameter};
use crate::{
    app::{
        errors::UserFacing,
        i18n::{gettext, gettext_f},
    },
    model::Error,
};

/// A field of the dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// The host's name or address.
    Host,
    /// The port.
    Port,
    /// The URI as a whole.
    Uri,
    /// A parameter, by its name.
    Parameter(&'static str),
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// The field to mend.
    pub(super) field: Field,
    /// Why, and what to do.
    pub(super) text: String,
}

/// Tells of a text that is no URI.
pub(super) fn of_text(error: &Error) -> Problem {
    let advice = error.advice().unwrap_or_default();
    Problem {
        field: Field::Uri,
        text: format!("{}\n{advice}", error.headline()),
    }
}

/// Tells of a transport that libvirt does not have.
pub(super) fn of_transport(transport: &str) -> Problem {
    Problem {
        field: Field::Uri,
        text: gettext_f(
            // Translators: The words after the colon are not translated.
            "There is no transport “{transport}”. Known are: unix, ssh, libssh, libssh2, tls, tcp, ext.",
            &[("transport", transport)],
        ),
    }
}

/// Tells of a port that is none.
pub(super) fn of_port() -> Problem {
    Problem {
        field: Field::Port,
        text: gettext("A port is a number from 1 to 65535."),
    }
}

/// Tells of a host's name that cannot be one.
pub(super) fn of_host(host: &str) -> Option<Problem> {
    let is_bad = |c: char| c.is_whitespace() || c.is_control() || "/?#[]\\\"<>".contains(c);
    let text = if host.contains('@') {
        gettext("The user has a field of its own.")
    } else if host.contains(is_bad) {
        gettext("A host’s name has no spaces and no slashes.")
    } else if host.contains(':') && !is_address(host) && !is_half_an_address(host) {
        gettext("The port has a field of its own.")
    } else {
        return None;
    };
    Some(Problem {
        field: Field::Host,
        text,
    })
}

/// Tells of a value that the parameter cannot have.
pub(super) fn of_parameter(parameter: &Parameter, value: &str) -> Option<Problem> {
    let is_bad = parameter.kind == Kind::Switch && value.parse::<i32>().is_err();
    is_bad.then(|| Problem {
        field: Field::Parameter(parameter.name),
        text: gettext_f(
            // Translators: {name} is the name of a parameter in an address, such as no_verify.
            "The value of {name} must be a number; now it is “{value}”.",
            &[("name", parameter.name), ("value", value)],
        ),
    })
}

/// Says whether a text can become an IPv6 address by typing on.
pub(super) fn is_half_an_address(host: &str) -> bool {
    let is_of_one = |c: char| c.is_ascii_hexdigit() || c == ':' || c == '.';
    host.contains(':') && !is_address(host) && host.chars().all(is_of_one)
}

fn is_address(host: &str) -> bool {
    let address = host.split_once('%').map_or(host, |(address, _)| address);
    address.parse::<Ipv6Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_from_what_is_none() {
        for host in [
            "",
            "host",
            "host.example",
            "10.0.0.1",
            "fe80::1",
            "fe80::1%eth0",
            "fe80:",
            "::ffff:10.0.0.1",
            "größe",
        ] {
            assert_eq!(of_host(host), None, "{host}");
        }
        for host in [
            "host:22",
            "a b",
            "me@host",
            "host/system",
            "[fe80::1",
            "fe80::1%eth0:22x:",
        ] {
            let is_odd_zone = host.starts_with("fe80");
            assert_eq!(of_host(host).is_none(), is_odd_zone, "{host}");
        }
    }

    #[test]
    fn half_an_address_is_not_wrong_yet() {
        assert!(is_half_an_address("fe80:"));
        assert!(!is_half_an_address("fe80::1"));
        assert!(!is_half_an_address("host"));
        assert!(!is_half_an_address("host:22"));
    }
}
