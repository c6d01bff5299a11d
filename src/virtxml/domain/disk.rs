//! A view of `<disk>`, and of the `<source>` that disks and filesystems share.

use super::attributes::attributes;
use crate::Element;

/// A disk, CD-ROM drive or floppy drive.
#[derive(Clone, Copy, Debug)]
pub struct Disk<'a> {
    element: &'a Element,
}

attributes!(Disk {
    /// `disk`, `cdrom`, `floppy` or `lun`; absent means `disk`.
    device => [] "device";
    /// The name that the guest may see, such as `vda`.
    target => ["target"] "dev";
    /// The bus: `virtio`, `sata`, `scsi`, `usb`, `ide`, `fdc`.
    bus => ["target"] "bus";
    /// The image format.
    format => ["driver"] "type";
    /// The cache mode.
    cache => ["driver"] "cache";
});

impl Disk<'_> {
    /// Where its data is; `None` for an empty drive.
    pub fn source(&self) -> Option<String> {
        source_of(self.element)
    }

    /// Whether the guest may only read it.
    pub fn is_read_only(&self) -> bool {
        self.element.first("readonly").is_some()
    }

    /// Whether other guests may use it at the same time.
    pub fn is_shareable(&self) -> bool {
        self.element.first("shareable").is_some()
    }

    /// The serial number that the guest sees.
    pub fn serial(&self) -> Option<String> {
        self.element.text_of("serial")
    }
}

/// Puts a `<source>` into words: a path, `pool/volume`, or `protocol:name`.
pub(super) fn source_of(element: &Element) -> Option<String> {
    let source = element.first("source")?;
    let attribute = |name: &str| source.attribute_at(&[], name);
    if let (Some(pool), Some(volume)) = (attribute("pool"), attribute("volume")) {
        return Some(format!("{pool}/{volume}"));
    }
    if let Some(protocol) = attribute("protocol") {
        let host = source.attribute_at(&["host"], "name").unwrap_or_default();
        let name = attribute("name").unwrap_or_default();
        return Some(format!("{protocol}://{host}/{name}"));
    }
    ["file", "dev", "dir", "name", "path"]
        .into_iter()
        .find_map(attribute)
}
