//! Reads the details of a domain from its XML: what each device has to show, and in which order.

use virtxml::{
    Document,
    domain::{
        self,
        character::Character,
        device::{Device as View, Plain},
        disk::Disk,
    },
};

use crate::{Device, DeviceKind, Domain, DomainDetails, Error, ErrorKind, Property};

impl DomainDetails {
    /// Reads a domain's XML.
    ///
    /// # Errors
    /// [`ErrorKind::Protocol`] when the document is no domain.
    pub(crate) fn read(domain: Domain, document: &Document) -> Result<Self, Error> {
        let view = domain::Domain::of(document)
            .map_err(|error| Error::new(ErrorKind::Protocol, error.to_string()))?;
        let mut devices: Vec<Device> = view.devices().map(device).collect();
        devices.sort_by_key(|device| rank(&device.kind));
        Ok(Self {
            uuid: view.uuid().unwrap_or(domain.uuid),
            virt_type: view.virt_type().unwrap_or_default(),
            architecture: view.architecture().unwrap_or_default(),
            machine: view.machine().unwrap_or_default(),
            uefi: view.is_uefi(),
            os_id: view.os_id(),
            os_name: None,
            cpu_model: view.cpu_model(),
            vcpus: view.vcpus(),
            memory_kib: view.memory_kib(),
            devices,
            domain,
        })
    }
}

/// The order in which kinds are shown; within one kind the XML's order stays.
fn rank(kind: &DeviceKind) -> usize {
    use DeviceKind::{
        Balloon, Cdrom, Channel, Console, Controller, Disk, Filesystem, Floppy, Graphics,
        HostDevice, Input, Interface, Panic, Parallel, Rng, Serial, Smartcard, Sound, Tpm,
        UsbRedirection, Video, Vsock, Watchdog,
    };
    const ORDER: [DeviceKind; 23] = [
        Disk,
        Cdrom,
        Floppy,
        Interface,
        Input,
        Graphics,
        Sound,
        Serial,
        Parallel,
        Console,
        Channel,
        HostDevice,
        Video,
        Watchdog,
        Controller,
        Filesystem,
        Smartcard,
        UsbRedirection,
        Tpm,
        Rng,
        Panic,
        Vsock,
        Balloon,
    ];
    let place = ORDER.iter().position(|known| known == kind);
    place.unwrap_or(ORDER.len())
}

fn device(view: View<'_>) -> Device {
    match view {
        View::Disk(disk) => disk_device(disk),
        View::Interface(interface) => Device::new(DeviceKind::Interface, interface.mac())
            .with(Property::Type, interface.kind())
            .with(Property::Source, interface.source())
            .with(Property::Model, interface.model())
            .with(Property::Mac, interface.mac())
            .with(Property::Target, interface.target())
            .with(Property::Link, interface.link()),
        View::Graphics(graphics) => Device::new(DeviceKind::Graphics, graphics.kind())
            .with(Property::Type, graphics.kind())
            .with(Property::Listen, graphics.listen_text())
            .with(Property::Port, graphics.port().map(|port| port.to_string()))
            .with(Property::Password, yes(graphics.has_password())),
        View::Serial(character) => character_device(DeviceKind::Serial, character, "ttyS"),
        View::Parallel(character) => character_device(DeviceKind::Parallel, character, "lp"),
        View::Console(character) => character_device(DeviceKind::Console, character, ""),
        View::Channel(character) => character_device(DeviceKind::Channel, character, ""),
        View::Redirected(character) => character_device(DeviceKind::UsbRedirection, character, ""),
        View::Video(video) => Device::new(DeviceKind::Video, video.model())
            .with(Property::Model, video.model())
            .with(Property::VideoMemory, video.memory())
            .with(Property::Heads, video.heads()),
        View::Filesystem(filesystem) => Device::new(DeviceKind::Filesystem, filesystem.target())
            .with(Property::Type, filesystem.driver().or(filesystem.kind()))
            .with(Property::Source, filesystem.source())
            .with(Property::Target, filesystem.target())
            .with(Property::ReadOnly, yes(filesystem.is_read_only())),
        View::HostDevice(host) => Device::new(DeviceKind::HostDevice, host.source())
            .with(Property::Type, host.kind())
            .with(Property::Source, host.source()),
        View::Tpm(tpm) => Device::new(DeviceKind::Tpm, tpm.model())
            .with(Property::Model, tpm.model())
            .with(Property::Backend, tpm.backend())
            .with(Property::Type, tpm.version()),
        View::Other(plain) => plain_device(plain),
        // A view that is newer than this list: its element still says what it is.
        _ => Device::new(DeviceKind::Other(String::new()), None),
    }
}

fn disk_device(disk: Disk<'_>) -> Device {
    let kind = match disk.device().as_deref() {
        Some("cdrom") => DeviceKind::Cdrom,
        Some("floppy") => DeviceKind::Floppy,
        _ => DeviceKind::Disk,
    };
    Device::new(kind, disk.target())
        .with(Property::Source, disk.source())
        .with(Property::Target, disk.target())
        .with(Property::Bus, disk.bus())
        .with(Property::Format, disk.format())
        .with(Property::Cache, disk.cache())
        .with(Property::SerialNumber, disk.serial())
        .with(Property::ReadOnly, yes(disk.is_read_only()))
        .with(Property::Shareable, yes(disk.is_shareable()))
}

/// `prefix` is what a numbered port is called inside of a Linux guest.
fn character_device(kind: DeviceKind, character: Character<'_>, prefix: &str) -> Device {
    let port = character.port();
    let id = character.target_name().or_else(|| {
        let named = !prefix.is_empty();
        port.as_ref()
            .map(|port| format!("{prefix}{port}"))
            .filter(|_| named)
    });
    Device::new(kind, id.or_else(|| character.kind()))
        .with(Property::Type, character.kind())
        .with(Property::Model, character.target_type())
        .with(Property::Target, character.target_name())
        .with(Property::Bus, character.bus())
        .with(Property::Source, character.source())
        .with(Property::Port, port)
}

fn plain_device(plain: Plain<'_>) -> Device {
    let kind = match plain.name() {
        "input" => DeviceKind::Input,
        "sound" => DeviceKind::Sound,
        "smartcard" => DeviceKind::Smartcard,
        "rng" => DeviceKind::Rng,
        "watchdog" => DeviceKind::Watchdog,
        "panic" => DeviceKind::Panic,
        "vsock" => DeviceKind::Vsock,
        "memballoon" => DeviceKind::Balloon,
        "controller" => DeviceKind::Controller,
        other => DeviceKind::Other(other.to_owned()),
    };
    let backend = match (plain.backend(), plain.backend_text()) {
        (Some(model), Some(text)) => Some(format!("{model} {text}")),
        (model, text) => model.or(text),
    };
    Device::new(kind, plain.model().or_else(|| plain.kind()))
        .with(Property::Type, plain.kind())
        .with(Property::Model, plain.model())
        .with(Property::Bus, plain.bus())
        .with(Property::Index, plain.index())
        .with(Property::Backend, backend)
        .with(Property::Action, plain.action())
        .with(Property::Port, plain.cid())
}

fn yes(is_so: bool) -> Option<String> {
    is_so.then(|| "yes".to_owned())
}

impl Device {
    fn new(kind: DeviceKind, id: Option<String>) -> Self {
        Self {
            kind,
            id: id.unwrap_or_default(),
            properties: Vec::new(),
        }
    }

    /// Adds a value where there is one.
    fn with(mut self, property: Property, value: Option<String>) -> Self {
        self.properties.extend(
            value
                .filter(|value| !value.is_empty())
                .map(|value| (property, value)),
        );
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details() -> DomainDetails {
        let xml = include_str!("../virtxml/tests/data/desktop.xml");
        let document = Document::parse(xml).unwrap();
        DomainDetails::read(Domain::default(), &document).unwrap()
    }

    #[test]
    fn the_general_part_is_read() {
        let details = details();
        assert_eq!(details.machine, "pc-q35-10.0");
        assert!(details.uefi);
        assert_eq!(details.vcpus, (2, 4));
        assert_eq!(details.memory_kib, (2_097_152, 4_194_304));
        assert_eq!(details.cpu_model.as_deref(), Some("host-passthrough"));
    }

    #[test]
    fn devices_stand_in_the_order_of_their_kinds() {
        let names: Vec<_> = details()
            .devices
            .iter()
            .map(|device| format!("{:?} {}", device.kind, device.id))
            .collect();
        assert_eq!(
            names,
            [
                "Disk vda",
                "Disk vdb",
                "Disk sdb",
                "Cdrom sda",
                "Interface 52:54:00:12:34:56",
                "Graphics vnc",
                "Graphics spice",
                "Serial ttyS0",
                "Channel org.qemu.guest_agent.0",
                "HostDevice 0000:06:12.5",
                "Video virtio",
                "Watchdog itco",
                "Controller qemu-xhci",
                "Filesystem share",
                "Tpm tpm-crb",
                "Rng virtio",
                "Vsock virtio",
                "Balloon virtio",
            ]
        );
    }

    #[test]
    fn a_device_says_what_is_set_and_nothing_else() {
        let details = details();
        let disk = &details.devices[0];
        let expected = [
            (Property::Source, "/var/lib/libvirt/images/desk.qcow2"),
            (Property::Target, "vda"),
            (Property::Bus, "virtio"),
            (Property::Format, "qcow2"),
            (Property::Cache, "none"),
            (Property::SerialNumber, "WD-1"),
        ];
        let expected = expected.map(|(property, value)| (property, value.to_owned()));
        assert_eq!(disk.properties, expected);
    }

    #[test]
    fn a_password_is_told_of_but_not_told() {
        let details = details();
        let screen = &details.devices[5];
        assert!(
            screen
                .properties
                .contains(&(Property::Password, "yes".to_owned()))
        );
        assert!(!format!("{details:?}").contains("geheim"));
    }
}
