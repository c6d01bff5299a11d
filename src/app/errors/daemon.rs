//! What can go wrong with the daemon itself and with what it opens.

use innkeeper_core::ErrorKind;

use super::{Case, Guidance};
use crate::app::i18n::{gettext, gettext_f};

pub(super) const JOIN_GROUP: &str = "sudo usermod --append --groups libvirt $USER";

pub(super) fn headline(kind: &ErrorKind) -> Option<String> {
    Some(match kind {
        ErrorKind::BadUri => gettext("The address cannot be used"),
        ErrorKind::TransportUnsupported => gettext("This way to the host is not known"),
        ErrorKind::DaemonMissing { .. } => gettext("No libvirt daemon was found"),
        ErrorKind::DaemonDown { .. } => gettext("The libvirt daemon is not running"),
        ErrorKind::SocketForbidden { .. } => gettext("Access to the libvirt daemon is not allowed"),
        ErrorKind::DaemonStart => gettext("The libvirt daemon could not be started"),
        ErrorKind::NoDriver => gettext("The host has no such hypervisor"),
        ErrorKind::CommandFailed => gettext("The connection’s command failed"),
        ErrorKind::DriverCredentials { .. } => gettext("The libvirt daemon has no password"),
        _ => return None,
    })
}

pub(super) fn guidance(case: &Case<'_>) -> Option<Guidance> {
    Some(match case.kind {
        ErrorKind::BadUri => Guidance::new(gettext(
            "Write it as libvirt does, for example qemu:///system.",
        ))
        .help("connect"),
        ErrorKind::TransportUnsupported => Guidance::new(gettext(
            "Hosts are reached with SSH, TLS, TCP, a socket or a command of yours.",
        ))
        .help("connect"),
        ErrorKind::DaemonMissing { socket } => missing(socket),
        ErrorKind::DaemonDown { socket } => Guidance::new(gettext_f(
            "Nothing answers at {socket}. Start the daemon.",
            &[("socket", socket)],
        ))
        .command(
            "",
            "sudo systemctl restart libvirtd.socket virtqemud.socket",
        )
        .help("connect-local"),
        ErrorKind::SocketForbidden { socket } => Guidance::new(gettext_f(
            "{socket} may not be opened. Join the group libvirt, then sign out and in again.",
            &[("socket", socket)],
        ))
        .command("", JOIN_GROUP)
        .help("connect-local"),
        ErrorKind::DaemonStart => Guidance::new(gettext(
            "Is the program libvirtd or virtqemud installed? Its own message is under Details.",
        ))
        .help("connect-local"),
        ErrorKind::NoDriver => Guidance::new(gettext(
            "Its daemon is not installed or not running on the host.",
        ))
        .help("connect-other"),
        ErrorKind::CommandFailed => {
            Guidance::new(gettext("What the command says is under Details.")).help("connect-other")
        }
        ErrorKind::DriverCredentials { service, host } => driver_credentials(service, host),
        _ => return None,
    })
}

fn missing(socket: &str) -> Guidance {
    Guidance::new(gettext_f(
        "{socket} does not exist. Install libvirt and start it.",
        &[("socket", socket)],
    ))
    .command(
        gettext("Debian, Ubuntu"),
        "sudo apt install libvirt-daemon-system",
    )
    .command(gettext("Fedora"), "sudo dnf install @virtualization")
    .command(
        // Translators: stands before a command that comes after others.
        gettext("Then"),
        "sudo systemctl enable --now libvirtd.socket virtqemud.socket",
    )
    .help("connect-local")
}

/// The form of `auth.conf`: libvirt's docs/auth.rst.
fn driver_credentials(service: &str, host: &str) -> Guidance {
    let lines = format!(
        "[credentials-{host}]\nusername=NAME\npassword=PASSWORD\n\n[auth-{service}-{host}]\ncredentials={host}"
    );
    Guidance::new(gettext_f(
        "A libvirt daemon on this computer signs in to {host} by itself, with the name and the password in its file auth.conf.",
        &[("host", host)],
    ))
    .command(
        gettext("The file of the system’s daemon"),
        "/etc/libvirt/auth.conf",
    )
    .command(
        gettext("The file of your own daemon"),
        "~/.config/libvirt/auth.conf",
    )
    .command(gettext("What to write into it"), lines)
    .help("connect-other")
}
