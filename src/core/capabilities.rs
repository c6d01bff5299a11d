//! What a host can do, read from libvirt's capabilities (its `docs/formatcaps.rst`).

use virtxml::{Document, Element};

/// What a host and its hypervisor can do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// The CPU's model as libvirt names it, such as `Skylake-Client-IBRS`.
    pub cpu_model: Option<String>,
    /// Who made the CPU, such as `Intel`.
    pub cpu_vendor: Option<String>,
    /// The kinds of guests that it can run.
    pub guests: Vec<GuestKind>,
    /// What guests are confined by, such as `selinux` or `apparmor`.
    pub security: Vec<String>,
    /// The ways over which guests can be moved here, such as `tcp` and `rdma`.
    pub migration: Vec<String>,
    /// Whether guests can move while they run.
    pub live_migration: bool,
    /// Whether an IOMMU lets guests own devices; `None` where the daemon does not tell.
    pub iommu: Option<bool>,
}

/// One kind of guests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GuestKind {
    /// How it is virtualised: `hvm`, `xen`, `exe`.
    pub os_type: String,
    /// The CPU architecture, such as `aarch64`.
    pub architecture: String,
    /// What runs it, such as `kvm` and `qemu`.
    pub domains: Vec<String>,
}

impl Capabilities {
    /// Reads the document; `None` when it is none of capabilities.
    pub(crate) fn read(xml: &str) -> Option<Self> {
        let document = Document::parse(xml).ok()?;
        let root = document.root();
        if root.name() != "capabilities" {
            return None;
        }
        let iommu = root.attribute_at(&["host", "iommu"], "support");
        let transports = root.at(&["host", "migration_features", "uri_transports"]);
        let mut capabilities = Self {
            guests: root.all("guest").map(GuestKind::read).collect(),
            migration: transports
                .map(|list| texts(list, "uri_transport"))
                .unwrap_or_default(),
            live_migration: root.at(&["host", "migration_features", "live"]).is_some(),
            iommu: iommu.map(|support| support == "yes"),
            ..Self::default()
        };
        if let Some(host) = root.first("host") {
            capabilities.cpu_model = host.first("cpu").and_then(|cpu| cpu.text_of("model"));
            capabilities.cpu_vendor = host.first("cpu").and_then(|cpu| cpu.text_of("vendor"));
            let models = host
                .all("secmodel")
                .filter_map(|model| model.text_of("model"));
            // libvirt lists what does nothing as well.
            capabilities.security = models.filter(|model| model != "none").collect();
        }
        Some(capabilities)
    }
}

impl GuestKind {
    fn read(guest: &Element) -> Self {
        let arch = guest.first("arch");
        let domains = arch.map(|arch| arch.all("domain"));
        Self {
            os_type: guest.text_of("os_type").unwrap_or_default(),
            architecture: arch
                .and_then(|arch| Some(arch.attribute("name")?.into_owned()))
                .unwrap_or_default(),
            domains: domains
                .into_iter()
                .flatten()
                .filter_map(|domain| Some(domain.attribute("type")?.into_owned()))
                .collect(),
        }
    }
}

fn texts(list: &Element, name: &str) -> Vec<String> {
    list.all(name)
        .map(|element| element.text().trim().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const XML: &str = "<capabilities><host><cpu><arch>x86_64</arch><model>EPYC</model><vendor>AMD</vendor></cpu>\
        <iommu support='no'/><migration_features><live/><uri_transports><uri_transport>tcp</uri_transport>\
        <uri_transport>rdma</uri_transport></uri_transports></migration_features>\
        <secmodel><model>none</model><doi>0</doi></secmodel><secmodel><model>apparmor</model></secmodel></host>\
        <guest><os_type>hvm</os_type><arch name='x86_64'><wordsize>64</wordsize><domain type='qemu'/>\
        <domain type='kvm'/></arch></guest></capabilities>";

    #[test]
    fn what_a_host_can_do_is_read() {
        let read = Capabilities::read(XML).expect("capabilities");
        assert_eq!(read.cpu_model.as_deref(), Some("EPYC"));
        assert_eq!(read.cpu_vendor.as_deref(), Some("AMD"));
        assert_eq!(read.security, ["apparmor"]);
        assert_eq!(read.migration, ["tcp", "rdma"]);
        assert!(read.live_migration);
        assert_eq!(read.iommu, Some(false));
        let expected = GuestKind {
            os_type: "hvm".to_owned(),
            architecture: "x86_64".to_owned(),
            domains: vec!["qemu".to_owned(), "kvm".to_owned()],
        };
        assert_eq!(read.guests, [expected]);
    }

    #[test]
    fn a_bare_document_says_nothing_and_another_is_refused() {
        let bare = Capabilities::read("<capabilities><host/></capabilities>");
        assert_eq!(bare, Some(Capabilities::default()));
        assert_eq!(Capabilities::read("<domain/>"), None);
        assert_eq!(Capabilities::read("<capabilities"), None);
    }
}
