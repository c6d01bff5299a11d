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
        (Some(host), _) => format!("{host} ({hypervisor})"),
        // Two sockets of one machine are two hosts to libvirt.
        (None, Some(socket)) => format!("{hypervisor} ({socket})"),
        (None, None) => hypervisor,
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
