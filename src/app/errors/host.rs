//! Sentences for what can go wrong between here and a host's daemon, and with what it was asked to do.

use innkeeper_core::ErrorKind;

use crate::app::i18n::{gettext, gettext_f};

pub(super) fn headline(kind: &ErrorKind) -> Option<String> {
    Some(match kind {
        ErrorKind::BadUri => gettext("The address cannot be used"),
        ErrorKind::TransportUnsupported => gettext("Remote hosts cannot be reached yet"),
        ErrorKind::DaemonMissing { .. } => gettext("No libvirt daemon was found"),
        ErrorKind::DaemonDown { .. } => gettext("The libvirt daemon is not running"),
        ErrorKind::SocketForbidden { .. } => gettext("Access to the libvirt daemon is not allowed"),
        ErrorKind::DaemonStart => gettext("The libvirt daemon could not be started"),
        ErrorKind::TimedOut => gettext("The host does not answer"),
        ErrorKind::Lost => gettext("The connection was lost"),
        ErrorKind::Protocol => gettext("The answer was not understood"),
        ErrorKind::PolkitDenied => gettext("You are not allowed to manage this host"),
        ErrorKind::PolkitNoAgent => gettext("No one could ask for your password"),
        ErrorKind::AuthUnsupported => gettext("The host asks for an unknown way to sign in"),
        ErrorKind::AuthFailed => gettext("Signing in failed"),
        ErrorKind::NoDriver => gettext("The host has no such hypervisor"),
        ErrorKind::NoDomain => gettext("The virtual machine is gone"),
        ErrorKind::WrongState => gettext("The virtual machine’s state does not allow this"),
        ErrorKind::Unsupported => gettext("The host cannot do this"),
        ErrorKind::Forbidden => gettext("The host does not allow this"),
        ErrorKind::NotConnected => gettext("Not Connected"),
        _ => return None,
    })
}

pub(super) fn advice(kind: &ErrorKind) -> Option<String> {
    Some(match kind {
        ErrorKind::BadUri => gettext("Write it as libvirt does, for example qemu:///system."),
        ErrorKind::TransportUnsupported => {
            gettext("This version of Innkeeper connects to this computer’s own hypervisors only.")
        }
        ErrorKind::DaemonMissing { socket } => gettext_f(
            // Translators: {socket} is a file name. Keep the package names and the commands as they are.
            "{socket} does not exist. Install libvirt and start it:\nDebian, Ubuntu: sudo apt install libvirt-daemon-system\nFedora: sudo dnf install @virtualization\nThen: sudo systemctl enable --now libvirtd.socket virtqemud.socket",
            &[("socket", socket)],
        ),
        ErrorKind::DaemonDown { socket } => gettext_f(
            // Translators: {socket} is a file name. Keep the command as it is.
            "Nothing answers at {socket}. Start the daemon:\nsudo systemctl restart libvirtd.socket virtqemud.socket",
            &[("socket", socket)],
        ),
        ErrorKind::SocketForbidden { socket } => gettext_f(
            // Translators: {socket} is a file name. Keep the command as it is.
            "{socket} may not be opened. Join the group libvirt, then sign out and in again:\nsudo usermod --append --groups libvirt $USER",
            &[("socket", socket)],
        ),
        ErrorKind::DaemonStart => gettext(
            "Is the program libvirtd or virtqemud installed? Its own message is under Details.",
        ),
        ErrorKind::TimedOut => gettext("It may be overloaded or asleep. Try again in a moment."),
        ErrorKind::Lost => gettext("The daemon may have been restarted. Connect again."),
        ErrorKind::Protocol => {
            gettext("What listens at this address is not libvirt, or it is broken.")
        }
        ErrorKind::PolkitDenied => gettext(
            // Translators: Keep the command as it is.
            "Join the group libvirt, then sign out and in again:\nsudo usermod --append --groups libvirt $USER",
        ),
        ErrorKind::PolkitNoAgent => gettext(
            // Translators: Keep the command as it is.
            "Your session runs no polkit agent that could show a password dialog. Start one, or join the group libvirt:\nsudo usermod --append --groups libvirt $USER",
        ),
        ErrorKind::AuthUnsupported => gettext("This version of Innkeeper does not know it yet."),
        ErrorKind::AuthFailed => gettext("Check the user and the password."),
        ErrorKind::NoDriver => gettext("Its daemon is not installed or not running on the host."),
        ErrorKind::NoDomain => gettext("It was deleted or moved to another host."),
        ErrorKind::WrongState => gettext("It has just changed. Look at its state and try again."),
        ErrorKind::Forbidden => {
            gettext("The connection is read-only, or the host’s rules forbid it.")
        }
        ErrorKind::NotConnected => gettext("Connect to the host first."),
        _ => return None,
    })
}
