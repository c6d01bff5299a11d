//! Words and icons for devices: one table for the kinds, one for what can be said of them.

use crate::{
    app::i18n::{gettext, gettext_f},
    model::{Device, DeviceKind, Property, memory_text},
};

/// How a kind of device is shown.
pub(super) struct Kind {
    pub(super) icon: &'static str,
    /// One device of the kind.
    pub(super) one: String,
    /// The group of all devices of the kind.
    pub(super) many: String,
}

/// Gives the words and the icon of a kind.
pub(super) fn kind(kind: &DeviceKind) -> Kind {
    let entry = |icon, one: String, many: String| Kind { icon, one, many };
    match kind {
        DeviceKind::Disk => entry("drive-harddisk-symbolic", gettext("Disk"), gettext("Disks")),
        DeviceKind::Cdrom => entry(
            "media-optical-symbolic",
            gettext("CD-ROM"),
            gettext("CD-ROM Drives"),
        ),
        DeviceKind::Floppy => entry(
            "media-floppy-symbolic",
            gettext("Floppy"),
            gettext("Floppy Drives"),
        ),
        DeviceKind::Interface => entry(
            "network-wired-symbolic",
            gettext("Network Interface"),
            gettext("Network Interfaces"),
        ),
        DeviceKind::Input => entry(
            "input-keyboard-symbolic",
            gettext("Input Device"),
            gettext("Input Devices"),
        ),
        DeviceKind::Graphics => entry(
            "video-display-symbolic",
            gettext("Display"),
            gettext("Displays"),
        ),
        DeviceKind::Video => entry(
            "video-single-display-symbolic",
            gettext("Video Card"),
            gettext("Video Cards"),
        ),
        DeviceKind::Sound => entry(
            "audio-card-symbolic",
            gettext("Sound Card"),
            gettext("Sound Cards"),
        ),
        DeviceKind::Serial => entry(
            "utilities-terminal-symbolic",
            gettext("Serial Port"),
            gettext("Serial Ports"),
        ),
        DeviceKind::Parallel => entry(
            "printer-symbolic",
            gettext("Parallel Port"),
            gettext("Parallel Ports"),
        ),
        DeviceKind::Console => entry(
            "utilities-terminal-symbolic",
            gettext("Text Console"),
            gettext("Text Consoles"),
        ),
        DeviceKind::Channel => entry(
            "network-transmit-receive-symbolic",
            gettext("Channel"),
            gettext("Channels"),
        ),
        DeviceKind::HostDevice => entry(
            "preferences-system-devices-symbolic",
            gettext("Host Device"),
            gettext("Host Devices"),
        ),
        DeviceKind::UsbRedirection => entry(
            "media-removable-symbolic",
            gettext("USB Redirection"),
            gettext("USB Redirections"),
        ),
        DeviceKind::Filesystem => entry(
            "folder-publicshare-symbolic",
            gettext("Shared Folder"),
            gettext("Shared Folders"),
        ),
        DeviceKind::Smartcard => entry(
            "auth-smartcard-symbolic",
            gettext("Smart Card Reader"),
            gettext("Smart Card Readers"),
        ),
        DeviceKind::Tpm => entry("security-high-symbolic", gettext("TPM"), gettext("TPMs")),
        DeviceKind::Rng => entry(
            "applications-science-symbolic",
            gettext("Random Number Generator"),
            gettext("Random Number Generators"),
        ),
        DeviceKind::Watchdog => entry("alarm-symbolic", gettext("Watchdog"), gettext("Watchdogs")),
        DeviceKind::Panic => entry(
            "dialog-warning-symbolic",
            gettext("Panic Notifier"),
            gettext("Panic Notifiers"),
        ),
        DeviceKind::Vsock => entry(
            "network-transmit-receive-symbolic",
            gettext("VM Socket"),
            gettext("VM Sockets"),
        ),
        DeviceKind::Balloon => entry(
            "application-x-firmware-symbolic",
            gettext("Memory Balloon"),
            gettext("Memory Balloons"),
        ),
        DeviceKind::Controller => entry(
            "application-x-firmware-symbolic",
            gettext("Controller"),
            gettext("Controllers"),
        ),
        DeviceKind::Other(name) if name == "audio" => entry(
            "audio-card-symbolic",
            gettext("Audio Backend"),
            gettext("Audio Backends"),
        ),
        DeviceKind::Other(name) => {
            entry("application-x-addon-symbolic", name.clone(), name.clone())
        }
        _ => entry(
            "application-x-addon-symbolic",
            gettext("Device"),
            gettext("Devices"),
        ),
    }
}

/// Gives the label of a property.
pub(super) fn property(property: Property) -> String {
    match property {
        Property::Type => gettext("Type"),
        Property::Model => gettext("Model"),
        Property::Bus => gettext("Bus"),
        Property::Target => gettext("Name in the Guest"),
        Property::Source => gettext("Source"),
        Property::Format => gettext("Format"),
        Property::Cache => gettext("Cache"),
        Property::Mac => gettext("MAC Address"),
        Property::Listen => gettext("Listens On"),
        Property::Port => gettext("Port"),
        Property::Password => gettext("Password"),
        Property::Backend => gettext("Backend"),
        Property::Action => gettext("Action"),
        Property::VideoMemory => gettext("Video Memory"),
        Property::Heads => gettext("Screens"),
        Property::ReadOnly => gettext("Read-Only"),
        Property::Shareable => gettext("Shareable"),
        Property::Index => gettext("Index"),
        Property::SerialNumber => gettext("Serial Number"),
        Property::Link => gettext("Link"),
        _ => gettext("Value"),
    }
}

/// Says a property's value: amounts with their unit, yes and no in words, the rest as libvirt has it.
pub(super) fn value(property: Property, value: &str) -> String {
    match (property, value) {
        (Property::VideoMemory, amount) => amount
            .parse()
            .map_or_else(|_| amount.to_owned(), memory_text),
        (Property::Password, "yes") => gettext("Set"),
        (_, "yes") => gettext("Yes"),
        (_, "no") => gettext("No"),
        (_, value) => value.to_owned(),
    }
}

/// Names a device among its siblings.
pub(super) fn title(device: &Device) -> String {
    let one = kind(&device.kind).one;
    if device.id.is_empty() {
        return one;
    }
    // Translators: a kind of device and what tells it apart, such as “Disk vda”.
    gettext_f(
        "{device} {id}",
        &[("device", &one), ("id", &shown_id(device))],
    )
}

/// Gives what tells a device apart, protocols as people write them.
fn shown_id(device: &Device) -> String {
    match device.kind {
        DeviceKind::Graphics => device.id.to_uppercase(),
        _ => device.id.clone(),
    }
}

/// Gives the icon of a device: input devices differ by what they are.
pub(super) fn icon(device: &Device) -> &'static str {
    match (&device.kind, device.id.as_str()) {
        (DeviceKind::Input, "mouse") => "input-mouse-symbolic",
        (DeviceKind::Input, "tablet") => "input-tablet-symbolic",
        (kind, _) => self::kind(kind).icon,
    }
}

/// Says the most telling values of a device in a line.
pub(super) fn summary(device: &Device) -> String {
    const TELLING: [Property; 8] = [
        Property::Type,
        Property::Model,
        Property::Bus,
        Property::Format,
        Property::Source,
        Property::Listen,
        Property::Port,
        Property::Backend,
    ];
    let telling = device
        .properties
        .iter()
        .filter(|(property, value)| TELLING.contains(property) && *value != device.id);
    let mut words: Vec<String> = telling.map(|(name, text)| value(*name, text)).collect();
    words.dedup();
    words.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk() -> Device {
        Device {
            kind: DeviceKind::Disk,
            id: "vda".to_owned(),
            properties: vec![
                (Property::Target, "vda".to_owned()),
                (Property::Bus, "virtio".to_owned()),
                (Property::Source, "/images/a.qcow2".to_owned()),
                (Property::ReadOnly, "yes".to_owned()),
            ],
        }
    }

    #[test]
    fn a_device_says_what_it_is() {
        assert_eq!(title(&disk()), "Disk vda");
        assert_eq!(summary(&disk()), "virtio · /images/a.qcow2");
        let unknown = Device {
            kind: DeviceKind::Other("iommu".to_owned()),
            id: String::new(),
            properties: Vec::new(),
        };
        assert_eq!(title(&unknown), "iommu");
        assert_eq!(summary(&unknown), "");
    }

    #[test]
    fn values_are_words() {
        assert_eq!(value(Property::ReadOnly, "yes"), "Yes");
        assert_eq!(value(Property::Password, "yes"), "Set");
        assert_eq!(value(Property::VideoMemory, "16384"), memory_text(16384));
        assert_eq!(value(Property::VideoMemory, "much"), "much");
        assert_eq!(value(Property::Source, "yes.img"), "yes.img");
    }
}
