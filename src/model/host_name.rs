//! The names by which users know a connection, from its URI.

use innkeeper_core::Uri;

use crate::app::i18n::{gettext, gettext_f};

/// Names a connection: the hypervisor, `User session` for the user's own, the host's name for a remote one.
pub(super) fn label(uri: &Uri) -> String {
    let hypervisor = hypervisor(uri);
    let hypervisor = if uri.is_session() {
        // Translators: {hypervisor} is a name such as QEMU/KVM; a session is the user's own instance of it.
        gettext_f(
            "{hypervisor} User Session",
            &[("hypervisor", hypervisor.as_str())],
        )
    } else {
        hypervisor
    };
    match (uri.host(), uri.parameter("socket")) {
        (Some(host), _) => format!("{} ({hypervisor})", with_port(host, uri.port())),
        // Two sockets of one machine are two hosts to libvirt.
        (None, Some(socket)) => format!("{hypervisor} ({socket})"),
        (None, None) => hypervisor,
    }
}

/// Two ports of one machine lead to two hosts as well.
fn with_port(host: &str, port: Option<u16>) -> String {
    match port {
        Some(port) if host.contains(':') => format!("[{host}]:{port}"),
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn hypervisor(uri: &Uri) -> String {
    match uri.driver() {
        "qemu" => "QEMU/KVM".to_owned(),
        "test" => gettext("Test Hypervisor"),
        "xen" => "Xen".to_owned(),
        "lxc" => gettext("Linux Containers"),
        "bhyve" => "bhyve".to_owned(),
        "ch" => "Cloud Hypervisor".to_owned(),
        "vz" => "Virtuozzo".to_owned(),
        "vbox" => "VirtualBox".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_apart_by_their_ports() {
        for (uri, name) in [
            ("qemu+tls://h/system", "h (QEMU/KVM)"),
            ("qemu+tls://h:17001/system", "h:17001 (QEMU/KVM)"),
            ("qemu+ssh://me@[::1]:2222/system", "[::1]:2222 (QEMU/KVM)"),
            ("qemu+ssh://me@[::1]/system", "::1 (QEMU/KVM)"),
        ] {
            let uri: Uri = uri.parse().expect("a good URI");
            assert_eq!(label(&uri), name);
        }
    }
}
