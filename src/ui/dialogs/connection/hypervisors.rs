//! The hypervisors that are offered by name: one table, read by the form and by its list.

use crate::{app::i18n::gettext, model::UriParts};

/// A hypervisor as a URI names it.
pub(super) struct Hypervisor {
    driver: &'static str,
    /// The paths that mean it; the first one is written.
    paths: &'static [&'static str],
    title: fn() -> String,
}

/// Every hypervisor, in the order in which they are offered. Any other driver or path is a custom address.
pub(super) const HYPERVISORS: &[Hypervisor] = &[
    Hypervisor {
        driver: "qemu",
        paths: &["/system"],
        title: || "QEMU/KVM".to_owned(),
    },
    Hypervisor {
        driver: "qemu",
        paths: &["/session"],
        title: || gettext("QEMU/KVM User Session"),
    },
    Hypervisor {
        driver: "xen",
        paths: &["/system", "/", ""],
        title: || "Xen".to_owned(),
    },
    Hypervisor {
        driver: "lxc",
        paths: &["/system", "/", ""],
        title: || gettext("Linux Containers"),
    },
    Hypervisor {
        driver: "bhyve",
        paths: &["/system"],
        title: || "bhyve".to_owned(),
    },
    Hypervisor {
        driver: "vz",
        paths: &["/system"],
        title: || "Virtuozzo".to_owned(),
    },
    Hypervisor {
        driver: "ch",
        paths: &["/system"],
        title: || "Cloud Hypervisor".to_owned(),
    },
    Hypervisor {
        driver: "vbox",
        paths: &["/session"],
        title: || "VirtualBox".to_owned(),
    },
    Hypervisor {
        driver: "test",
        paths: &["/default"],
        title: || gettext("Test Hypervisor"),
    },
];

impl Hypervisor {
    /// Names it.
    pub(super) fn title(&self) -> String {
        (self.title)()
    }

    /// Writes it into a URI.
    pub(super) fn write(&self, parts: &mut UriParts) {
        self.driver.clone_into(&mut parts.driver);
        if !self.paths.contains(&parts.path.as_str()) {
            self.paths[0].clone_into(&mut parts.path);
        }
    }

    /// Finds the place in the table of what a URI names; `None` for a custom address.
    pub(super) fn position(parts: &UriParts) -> Option<usize> {
        HYPERVISORS.iter().position(|known| {
            known.driver == parts.driver && known.paths.contains(&parts.path.as_str())
        })
    }
}
