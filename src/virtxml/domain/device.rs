//! Every device of a domain by its element, with a view where more than one attribute tells about it.

use super::{
    attributes::attributes,
    character::Character,
    disk::{Disk, source_of},
    graphics::Graphics,
    interface::Interface,
};
use crate::Element;

/// A device. What has no view here is [`Device::Other`], not lost.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Device<'a> {
    /// `<disk>`.
    Disk(Disk<'a>),
    /// `<interface>`.
    Interface(Interface<'a>),
    /// `<graphics>`.
    Graphics(Graphics<'a>),
    /// `<serial>`.
    Serial(Character<'a>),
    /// `<parallel>`.
    Parallel(Character<'a>),
    /// `<console>`.
    Console(Character<'a>),
    /// `<channel>`.
    Channel(Character<'a>),
    /// `<redirdev>`.
    Redirected(Character<'a>),
    /// `<video>`.
    Video(Video<'a>),
    /// `<filesystem>`.
    Filesystem(Filesystem<'a>),
    /// `<hostdev>`.
    HostDevice(HostDevice<'a>),
    /// `<tpm>`.
    Tpm(Tpm<'a>),
    /// Anything else.
    Other(Plain<'a>),
}

impl<'a> Device<'a> {
    pub(super) fn of(element: &'a Element) -> Self {
        match element.name() {
            "disk" => Self::Disk(Disk::of(element)),
            "interface" => Self::Interface(Interface::of(element)),
            "graphics" => Self::Graphics(Graphics::of(element)),
            "serial" => Self::Serial(Character::of(element)),
            "parallel" => Self::Parallel(Character::of(element)),
            "console" => Self::Console(Character::of(element)),
            "channel" => Self::Channel(Character::of(element)),
            "redirdev" => Self::Redirected(Character::of(element)),
            "video" => Self::Video(Video::of(element)),
            "filesystem" => Self::Filesystem(Filesystem::of(element)),
            "hostdev" => Self::HostDevice(HostDevice::of(element)),
            "tpm" => Self::Tpm(Tpm::of(element)),
            _ => Self::Other(Plain::of(element)),
        }
    }
}

/// A video card.
#[derive(Clone, Copy, Debug)]
pub struct Video<'a> {
    element: &'a Element,
}

attributes!(Video {
    /// The model: `virtio`, `qxl`, `vga`, `bochs`.
    model => ["model"] "type";
    /// Its memory in KiB.
    memory => ["model"] "vram";
    /// How many screens it drives.
    heads => ["model"] "heads";
});

/// A folder of the host that the guest sees.
#[derive(Clone, Copy, Debug)]
pub struct Filesystem<'a> {
    element: &'a Element,
}

attributes!(Filesystem {
    /// The kind of its source: `mount`, `ram`, `block`.
    kind => [] "type";
    /// The driver: `virtiofs`, `path`.
    driver => ["driver"] "type";
    /// The tag or path by which the guest finds it.
    target => ["target"] "dir";
});

impl Filesystem<'_> {
    /// What of the host it shows.
    pub fn source(&self) -> Option<String> {
        source_of(self.element)
    }

    /// Whether the guest may only read it.
    pub fn is_read_only(&self) -> bool {
        self.element.first("readonly").is_some()
    }
}

/// A device of the host that the guest has for itself.
#[derive(Clone, Copy, Debug)]
pub struct HostDevice<'a> {
    element: &'a Element,
}

attributes!(HostDevice {
    /// The bus: `usb`, `pci`, `scsi`, `mdev`.
    kind => [] "type";
});

impl HostDevice<'_> {
    /// Its address on the host, or its vendor and product.
    pub fn source(&self) -> Option<String> {
        let source = self.element.first("source")?;
        let part = |name: &str| source.attribute_at(&["address"], name);
        if let Some(uuid) = part("uuid") {
            return Some(uuid);
        }
        if let (Some(domain), Some(bus), Some(slot), Some(function)) =
            (part("domain"), part("bus"), part("slot"), part("function"))
        {
            let bare = |text: String| text.trim_start_matches("0x").to_owned();
            let (domain, bus, slot, function) =
                (bare(domain), bare(bus), bare(slot), bare(function));
            return Some(format!("{domain}:{bus}:{slot}.{function}"));
        }
        if let (Some(bus), Some(device)) = (part("bus"), part("device")) {
            return Some(format!("{bus}:{device}"));
        }
        let id = |name: &str| source.attribute_at(&[name], "id");
        Some(format!("{}:{}", id("vendor")?, id("product")?))
    }
}

/// A trusted platform module.
#[derive(Clone, Copy, Debug)]
pub struct Tpm<'a> {
    element: &'a Element,
}

attributes!(Tpm {
    /// The model: `tpm-crb`, `tpm-tis`.
    model => [] "model";
    /// How it works: `emulator`, `passthrough`.
    backend => ["backend"] "type";
    /// Its version: `1.2`, `2.0`.
    version => ["backend"] "version";
});

/// A device of which its own attributes tell the most.
#[derive(Clone, Copy, Debug)]
pub struct Plain<'a> {
    element: &'a Element,
}

attributes!(Plain {
    /// The attribute `type`.
    kind => [] "type";
    /// The attribute `model`.
    model => [] "model";
    /// The attribute `bus`.
    bus => [] "bus";
    /// The attribute `mode`.
    mode => [] "mode";
    /// The attribute `index`.
    index => [] "index";
    /// The attribute `action`.
    action => [] "action";
    /// The model of the element's backend.
    backend => ["backend"] "model";
    /// The address of a vsock.
    cid => ["cid"] "address";
    /// The number of the `<audio>` at which a sound device plays, where it names one.
    audio => ["audio"] "id";
    /// The number of an `<audio>`.
    id => [] "id";
});

impl Plain<'_> {
    /// The element's name.
    pub fn name(&self) -> &str {
        self.element.name()
    }

    /// The text of its backend: the file that feeds a random number generator.
    pub fn backend_text(&self) -> Option<String> {
        self.element
            .text_of("backend")
            .filter(|text| !text.is_empty())
    }
}
