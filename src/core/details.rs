//! A domain's hardware, read from its XML for people to look at.

use uuid::Uuid;

use crate::Domain;

/// Everything that the details page shows of a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainDetails {
    /// The domain as the list knows it.
    pub domain: Domain,
    /// Its identity, again, as the XML has it.
    pub uuid: Uuid,
    /// The virtualisation type, such as `kvm` or `qemu`.
    pub virt_type: String,
    /// The guest's CPU architecture.
    pub architecture: String,
    /// The machine type, such as `pc-q35-10.0`.
    pub machine: String,
    /// `BIOS` or `UEFI`, by the XML.
    pub uefi: bool,
    /// The operating system's identity in osinfo-db.
    pub os_id: Option<String>,
    /// Its name from osinfo-db on this machine; `None` where that does not know it.
    pub os_name: Option<String>,
    /// The CPU model or mode (`host-passthrough`).
    pub cpu_model: Option<String>,
    /// Virtual CPUs now and at most.
    pub vcpus: (u32, u32),
    /// Memory now and at most, in KiB.
    pub memory_kib: (u64, u64),
    /// The devices, in the order of their kinds, then of the XML.
    pub devices: Vec<Device>,
}

/// One device: its kind, a name that tells it from its siblings, and what can be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The kind.
    pub kind: DeviceKind,
    /// What tells it apart: `vda`, `52:54:00:…`, `ttyS0`, a model; empty where nothing does.
    pub id: String,
    /// Values to show, in order.
    pub properties: Vec<(Property, String)>,
}

/// A kind of device, by its element in the domain's XML.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeviceKind {
    /// `<disk device="disk">` or `lun`.
    Disk,
    /// `<disk device="cdrom">`.
    Cdrom,
    /// `<disk device="floppy">`.
    Floppy,
    /// `<interface>`.
    Interface,
    /// `<input>`.
    Input,
    /// `<graphics>`.
    Graphics,
    /// `<video>`.
    Video,
    /// `<sound>`.
    Sound,
    /// `<serial>`.
    Serial,
    /// `<parallel>`.
    Parallel,
    /// `<console>`.
    Console,
    /// `<channel>`.
    Channel,
    /// `<hostdev>`.
    HostDevice,
    /// `<redirdev>`.
    UsbRedirection,
    /// `<filesystem>`.
    Filesystem,
    /// `<smartcard>`.
    Smartcard,
    /// `<tpm>`.
    Tpm,
    /// `<rng>`.
    Rng,
    /// `<watchdog>`.
    Watchdog,
    /// `<panic>`.
    Panic,
    /// `<vsock>`.
    Vsock,
    /// `<memballoon>`.
    Balloon,
    /// `<controller>`.
    Controller,
    /// Any other element, by its name.
    Other(String),
}

/// What a value of a device means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Property {
    /// A type attribute, such as the type of an interface or an input.
    Type,
    /// A model.
    Model,
    /// The bus: virtio, sata, usb.
    Bus,
    /// The name inside the guest: `vda`, a port's name.
    Target,
    /// A file, block device, volume, network, bridge or host device it is fed from.
    Source,
    /// The image format.
    Format,
    /// The cache mode.
    Cache,
    /// The MAC address.
    Mac,
    /// Where a display or socket listens.
    Listen,
    /// A port.
    Port,
    /// Whether a password is set (`yes`).
    Password,
    /// How a backend works (TPM, RNG, character device).
    Backend,
    /// What a watchdog does.
    Action,
    /// Memory of a video device, in KiB.
    VideoMemory,
    /// Screens of a video device.
    Heads,
    /// `yes` where a device is read-only.
    ReadOnly,
    /// `yes` where a device is shared.
    Shareable,
    /// An index or number.
    Index,
    /// A serial number.
    SerialNumber,
    /// The link's state.
    Link,
}
