//! What can go wrong between two machines, whatever is spoken between them.

use innkeeper_core::ErrorKind;

use super::{Case, Guidance};
use crate::app::i18n::{gettext, gettext_f};

/// libvirt's ports for TLS and TCP (its docs/remote.rst).
const TLS: u16 = 16514;
const TCP: u16 = 16509;

pub(super) fn headline(kind: &ErrorKind) -> Option<String> {
    Some(match kind {
        ErrorKind::HostNotFound { .. } => gettext("The host was not found"),
        ErrorKind::PortClosed { .. } => gettext("The host does not accept connections"),
        ErrorKind::HostSilent { .. } | ErrorKind::TimedOut => gettext("The host does not answer"),
        ErrorKind::Lost => gettext("The connection was lost"),
        ErrorKind::Protocol => gettext("The answer was not understood"),
        ErrorKind::NotConnected => gettext("Not Connected"),
        _ => return None,
    })
}

pub(super) fn guidance(case: &Case<'_>) -> Option<Guidance> {
    Some(match case.kind {
        ErrorKind::HostNotFound { host } => Guidance::new(gettext_f(
            "The name {host} has no address. Check its spelling, your network, and whether a VPN is needed.",
            &[("host", host)],
        ))
        .help("connect"),
        ErrorKind::PortClosed { host, port } => port_closed(host, *port),
        ErrorKind::HostSilent { host, port } => Guidance::new(gettext_f(
            "{host} sends nothing back from port {port}. It may be off, or a firewall is in between.",
            &[("host", host), ("port", &port.to_string())],
        ))
        .help(page(*port)),
        ErrorKind::TimedOut => Guidance::new(gettext(
            "It may be overloaded or asleep. Try again in a moment.",
        )),
        ErrorKind::Lost => Guidance::new(gettext(
            "The daemon may have been restarted. Connect again.",
        )),
        ErrorKind::Protocol => Guidance::new(gettext(
            "What listens at this address is not libvirt, or it is broken.",
        ))
        .help("connect"),
        ErrorKind::NotConnected => Guidance::new(gettext("Connect to the host first.")),
        _ => return None,
    })
}

fn port_closed(host: &str, port: u16) -> Guidance {
    let guidance = Guidance::new(gettext_f(
        "Nothing listens at port {port} of {host}. Is the service running there, and is this its port?",
        &[("host", host), ("port", &port.to_string())],
    ))
    .help(page(port));
    let kind = match port {
        TLS => "tls",
        TCP => "tcp",
        _ => return guidance,
    };
    guidance
        .command(
            gettext("On the host, with one daemon"),
            format!("sudo systemctl enable --now libvirtd-{kind}.socket"),
        )
        .command(
            gettext("On the host, with a daemon for each task"),
            format!("sudo systemctl enable --now virtproxyd-{kind}.socket"),
        )
}

fn page(port: u16) -> &'static str {
    match port {
        TLS => "connect-tls",
        TCP => "connect-sasl",
        22 => "connect-ssh",
        _ => "connect",
    }
}
