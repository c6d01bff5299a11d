//! What can go wrong while a host asks who the user is.

use innkeeper_core::ErrorKind;

use super::{Case, Guidance};
use crate::app::i18n::{gettext, gettext_f};

pub(super) fn headline(kind: &ErrorKind) -> Option<String> {
    Some(match kind {
        ErrorKind::AuthFailed => gettext("Signing in failed"),
        ErrorKind::Cancelled | ErrorKind::PolkitCancelled => gettext("Signing in was cancelled"),
        ErrorKind::AuthUnsupported => gettext("The host asks for an unknown way to sign in"),
        ErrorKind::SaslMechanism { .. } => gettext("The host offers no suitable way to sign in"),
        ErrorKind::SaslTooWeak => gettext("The host’s encryption is too weak"),
        ErrorKind::KerberosTicket => gettext("There is no Kerberos ticket"),
        _ => return None,
    })
}

pub(super) fn guidance(case: &Case<'_>) -> Option<Guidance> {
    Some(match case.kind {
        ErrorKind::AuthFailed => {
            Guidance::new(gettext("Check the user name and the password.")).help("connect-sasl")
        }
        ErrorKind::AuthUnsupported => Guidance::new(gettext(
            "This version of Innkeeper does not know it yet. What the host asks for is under Details.",
        ))
        .help("connect"),
        ErrorKind::SaslMechanism { offered, wanted } => {
            mechanism(offered, wanted.as_deref()).help("connect-sasl")
        }
        ErrorKind::SaslTooWeak => Guidance::new(gettext(
            "Passwords and all that follows could be read on the network. Connect with TLS or SSH instead.",
        ))
        .help("connect-sasl"),
        ErrorKind::KerberosTicket => Guidance::new(gettext(
            "Get a ticket, then try again. If you have one, it may have expired, or it is for another realm.",
        ))
        .command(gettext("Get a ticket"), "kinit")
        .command(gettext("See the tickets you have"), "klist")
        .help("connect-kerberos"),
        _ => return None,
    })
}

fn mechanism(offered: &[String], wanted: Option<&str>) -> Guidance {
    let list = offered.join(", ");
    Guidance::new(match (wanted, list.as_str()) {
        (_, "") => gettext("It offers none at all: its list of SASL mechanisms is empty."),
        (Some(wanted), list) => gettext_f(
            // Translators: {wanted} and {offered} are names of SASL mechanisms, such as SCRAM-SHA-256.
            "The connection asks for {wanted}; the host offers {offered}.",
            &[("wanted", wanted), ("offered", list)],
        ),
        (None, list) => gettext_f(
            // Translators: {offered} is a list of SASL mechanisms, such as SCRAM-SHA-256.
            "It offers {offered}. None of these can be used over this link, or its plug-in is not installed on this computer.",
            &[("offered", list)],
        ),
    })
}
