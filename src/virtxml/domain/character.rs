//! A view of character devices: `<serial>`, `<parallel>`, `<console>`, `<channel>` and `<redirdev>`.

use super::attributes::attributes;
use crate::Element;

/// A character device.
#[derive(Clone, Copy, Debug)]
pub struct Character<'a> {
    element: &'a Element,
}

attributes!(Character {
    /// What feeds it: `pty`, `unix`, `tcp`, `file`, `spicevmc`, `qemu-vdagent`.
    kind => [] "type";
    /// The kind of its end in the guest: `isa-serial`, `virtio`.
    target_type => ["target"] "type";
    /// The port's number.
    port => ["target"] "port";
    /// A channel's name, such as `org.qemu.guest_agent.0`.
    target_name => ["target"] "name";
    /// libvirt's name for it, which a running domain has.
    alias => ["alias"] "name";
    /// The bus of a redirected device.
    bus => [] "bus";
});

impl Character<'_> {
    /// The path, host or device it is fed from.
    pub fn source(&self) -> Option<String> {
        let source = self.element.first("source")?;
        if let Some(path) = source.attribute_at(&[], "path") {
            return Some(path);
        }
        let host = source.attribute_at(&[], "host")?;
        let service = source.attribute_at(&[], "service").unwrap_or_default();
        Some(format!("{host}:{service}"))
    }
}
