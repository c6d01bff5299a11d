//! A view of `<domain>`: what libvirt's docs/formatdomain says about its general part.
//!
//! Devices have views of their own in [`device`], screens in [`graphics`].

mod attributes;
pub mod character;
pub mod device;
pub mod disk;
pub mod graphics;
pub mod interface;
mod listen_edit;
mod sound;
pub mod vdagent;

use uuid::Uuid;

use crate::{Document, Element, Error, memory};
use device::Device;
use graphics::Graphics;
pub use listen_edit::set_listen_address;

/// The namespace under which virt-manager and others note the operating system.
const LIBOSINFO: &str = "http://libosinfo.org/xmlns/libvirt/domain/1.0";

/// A domain's XML, live or inactive.
#[derive(Clone, Copy, Debug)]
pub struct Domain<'a> {
    root: &'a Element,
}

impl<'a> Domain<'a> {
    /// Views a document.
    ///
    /// # Errors
    /// [`Error::WrongRoot`] when it is no domain.
    pub fn of(document: &'a Document) -> Result<Self, Error> {
        Self::of_element(document.root())
    }

    /// Views an element, such as the domain inside of a snapshot.
    ///
    /// # Errors
    /// [`Error::WrongRoot`] when it is no domain.
    pub fn of_element(root: &'a Element) -> Result<Self, Error> {
        if root.name() != "domain" {
            return Err(Error::WrongRoot {
                expected: "domain",
                found: root.name().to_owned(),
            });
        }
        Ok(Self { root })
    }

    /// The virtualisation type: `kvm`, `qemu`, `test`.
    pub fn virt_type(&self) -> Option<String> {
        self.root.attribute_at(&[], "type")
    }

    /// The name.
    pub fn name(&self) -> Option<String> {
        self.root.text_of("name")
    }

    /// The identity.
    pub fn uuid(&self) -> Option<Uuid> {
        self.root.text_of("uuid")?.parse().ok()
    }

    /// The short text that users gave it.
    pub fn title(&self) -> Option<String> {
        self.root.text_of("title").filter(|text| !text.is_empty())
    }

    /// The longer note that users gave it.
    pub fn description(&self) -> Option<String> {
        self.root
            .text_of("description")
            .filter(|text| !text.is_empty())
    }

    /// The operating system's identity in osinfo-db.
    pub fn os_id(&self) -> Option<String> {
        let metadata = self.root.first("metadata")?;
        let libosinfo = metadata.first_in(LIBOSINFO, "libosinfo", &[self.root])?;
        libosinfo
            .first_in(LIBOSINFO, "os", &[self.root, metadata])?
            .attribute_at(&[], "id")
    }

    /// The guest's CPU architecture.
    pub fn architecture(&self) -> Option<String> {
        self.root.attribute_at(&["os", "type"], "arch")
    }

    /// The machine type.
    pub fn machine(&self) -> Option<String> {
        self.root.attribute_at(&["os", "type"], "machine")
    }

    /// Whether it starts with UEFI: firmware chosen by that name, or a loader in flash memory.
    pub fn is_uefi(&self) -> bool {
        let Some(os) = self.root.first("os") else {
            return false;
        };
        os.attribute("firmware").as_deref() == Some("efi")
            || os.attribute_at(&["loader"], "type").as_deref() == Some("pflash")
    }

    /// The CPU's model where one is named, else its mode (`host-passthrough`, `host-model`, `maximum`).
    pub fn cpu_model(&self) -> Option<String> {
        let cpu = self.root.first("cpu")?;
        let mode = cpu.attribute_at(&[], "mode");
        match mode.as_deref() {
            Some("host-passthrough" | "host-model" | "maximum") => mode,
            _ => cpu.text_of("model").filter(|text| !text.is_empty()),
        }
    }

    /// Virtual CPUs now and at most; one where the XML names none.
    pub fn vcpus(&self) -> (u32, u32) {
        let Some(vcpu) = self.root.first("vcpu") else {
            return (1, 1);
        };
        let most = vcpu.text().trim().parse().unwrap_or(1);
        let now = vcpu
            .attribute("current")
            .and_then(|text| text.parse().ok())
            .unwrap_or(most);
        (now, most)
    }

    /// Memory now and at most, in KiB.
    pub fn memory_kib(&self) -> (u64, u64) {
        let most = self.root.first("memory").and_then(memory::kib).unwrap_or(0);
        let now = self.root.first("currentMemory").and_then(memory::kib);
        (now.unwrap_or(most), most)
    }

    /// The devices in the order of the XML, without the emulator's path, which is none.
    pub fn devices(&self) -> impl Iterator<Item = Device<'a>> + use<'a> {
        self.root
            .first("devices")
            .into_iter()
            .flat_map(Element::elements)
            .filter(|element| element.name() != "emulator")
            .map(Device::of)
    }

    /// The screens in the order of the XML.
    pub fn graphics(&self) -> impl Iterator<Item = Graphics<'a>> + use<'a> {
        self.devices().filter_map(|device| match device {
            Device::Graphics(graphics) => Some(graphics),
            _ => None,
        })
    }
}
