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
        kind => return way_headline(kind),
    })
}

/// Sentences for what can go wrong on the way to another host.
fn way_headline(kind: &ErrorKind) -> Option<String> {
    Some(match kind {
        ErrorKind::HostNotFound { .. } => gettext("The host was not found"),
        ErrorKind::PortClosed { .. } => gettext("The host does not accept connections"),
        ErrorKind::HostSilent { .. } => gettext("The host does not answer"),
        ErrorKind::SshMissing => gettext("The program ssh is missing"),
        ErrorKind::SshDenied => gettext("Signing in over SSH failed"),
        ErrorKind::SshHostKeyUnknown => gettext("The host’s key is not known"),
        ErrorKind::SshHostKeyChanged { .. } => gettext("The host’s key has changed"),
        ErrorKind::SshNoWay => gettext("The libvirt daemon cannot be reached over SSH"),
        ErrorKind::SshFailed => gettext("The SSH connection failed"),
        ErrorKind::CaMissing { .. } => gettext("The certificate authority’s file is missing"),
        ErrorKind::ClientCertificateMissing { .. } => {
            gettext("The host asks for a certificate of yours")
        }
        ErrorKind::ClientCertificateRefused => gettext("The host refused your certificate"),
        ErrorKind::KeyUnreadable { .. } => gettext("The private key cannot be read"),
        ErrorKind::CertificateUnusable { .. } => gettext("A certificate file cannot be used"),
        ErrorKind::CertificateUntrusted { .. } => gettext("The host’s certificate is not trusted"),
        ErrorKind::TlsFailed => gettext("No secure connection could be made"),
        ErrorKind::SaslMechanism { .. } => gettext("The host offers no suitable way to sign in"),
        ErrorKind::SaslTooWeak => gettext("The host’s encryption is too weak"),
        ErrorKind::KerberosTicket => gettext("There is no Kerberos ticket"),
        ErrorKind::CommandFailed => gettext("The connection’s command failed"),
        ErrorKind::DriverCredentials { .. } => gettext("The libvirt daemon has no password"),
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
        kind => return way_advice(kind),
    })
}

fn way_advice(kind: &ErrorKind) -> Option<String> {
    Some(match kind {
        ErrorKind::HostNotFound { host } => gettext_f(
            "The name {host} has no address. Check its spelling and your network.",
            &[("host", host)],
        ),
        ErrorKind::PortClosed { host, port } => gettext_f(
            "Nothing listens at port {port} of {host}. Is the service running there, and is this its port?",
            &[("host", host), ("port", &port.to_string())],
        ),
        ErrorKind::HostSilent { host, port } => gettext_f(
            "{host} sends nothing back from port {port}. It may be off, or a firewall is in between.",
            &[("host", host), ("port", &port.to_string())],
        ),
        ErrorKind::SshMissing => gettext("Install the OpenSSH client."),
        ErrorKind::SshDenied => gettext("Check the user, the password and the key."),
        ErrorKind::SshHostKeyUnknown => {
            gettext("Compare its fingerprint with the host’s own, then confirm it.")
        }
        ErrorKind::SshHostKeyChanged {
            file,
            line,
            fingerprint,
        } => gettext_f(
            "Somebody may be in between, or the host was installed anew. Line {line} of {file} holds another key than the present one, {fingerprint}. Ask the host’s administrator.",
            &[
                ("file", file),
                ("line", &line.to_string()),
                ("fingerprint", fingerprint),
            ],
        ),
        ErrorKind::SshNoWay => gettext(
            "Signing in worked. Is libvirt installed and running there, and may this user manage it?",
        ),
        ErrorKind::SshFailed => gettext("What ssh says is under Details."),
        ErrorKind::CaMissing { looked } => gettext_f(
            // Translators: {files} is a list of file names.
            "Without it the host cannot be checked. It was looked for at:\n{files}",
            &[("files", &paths(looked))],
        ),
        ErrorKind::ClientCertificateMissing { looked } => gettext_f(
            // Translators: {files} is a list of file names.
            "None was found. It was looked for at:\n{files}",
            &[("files", &paths(looked))],
        ),
        ErrorKind::ClientCertificateRefused => gettext(
            "It may be expired, of an authority that the host does not know, or not on its list.",
        ),
        ErrorKind::KeyUnreadable { path } => gettext_f(
            "Check who may read {file}.",
            &[("file", &path.display().to_string())],
        ),
        ErrorKind::CertificateUnusable { path } => gettext_f(
            "{file} is broken, or does not fit to the others. What is wrong is under Details.",
            &[("file", &path.display().to_string())],
        ),
        ErrorKind::CertificateUntrusted { .. } => {
            gettext("Why is under Details. Ask the host’s administrator which certificate it has.")
        }
        ErrorKind::TlsFailed => gettext("What the other side says is under Details."),
        ErrorKind::SaslMechanism { offered, .. } => gettext_f(
            // Translators: {offered} is a list of technical names.
            "It offers: {offered}",
            &[("offered", &offered.join(", "))],
        ),
        ErrorKind::SaslTooWeak => gettext("Connect with TLS or SSH instead."),
        ErrorKind::KerberosTicket => gettext(
            // Translators: Keep the command as it is.
            "Get one, then connect again:\nkinit",
        ),
        ErrorKind::CommandFailed => gettext("What the command says is under Details."),
        ErrorKind::DriverCredentials { service, host } => gettext_f(
            // Translators: Keep the lines in brackets and those with = as they are, but for YOU and SECRET.
            "The daemon on this computer signs in to {host} by itself. Write into its file auth.conf (/etc/libvirt, or ~/.config/libvirt for your own daemon):\n[credentials-{host}]\nusername=YOU\npassword=SECRET\n[auth-{service}-{host}]\ncredentials={host}",
            &[("service", service), ("host", host)],
        ),
        _ => return None,
    })
}

fn paths(list: &[std::path::PathBuf]) -> String {
    let lines: Vec<String> = list.iter().map(|path| path.display().to_string()).collect();
    lines.join("\n")
}
