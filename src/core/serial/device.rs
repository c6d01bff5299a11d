//! The text consoles of a domain as its XML has them: which there are, and which of them libvirt opens. Pure.

use std::{fmt, str::FromStr};

use virtxml::domain::{Domain, character::Character, device::Device};

/// What feeds a line that libvirt opens for its clients (`virDomainOpenConsole` in libvirt's drivers): a pseudo terminal
/// or bhyve's null modem.
const OPENABLE: [&str; 2] = ["pty", "nmdm"];

/// A serial line or text console of a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextDevice {
    /// Which it is; the same in every run of the domain.
    pub id: TextDeviceId,
    /// What feeds it: `pty`, `unix`, `tcp`, `file`.
    pub source: String,
}

impl TextDevice {
    /// Says whether libvirt opens it for its clients.
    pub fn is_openable(&self) -> bool {
        OPENABLE.contains(&self.source.as_str())
    }
}

/// Which text console of a domain. Its text form (`serial0`, `console1`) is that of libvirt's aliases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TextDeviceId {
    /// The kind of its end in the guest.
    pub kind: TextKind,
    /// Its port, from 0.
    pub port: u32,
}

/// The kind of a text console's end in the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextKind {
    /// `<serial>`: a serial port.
    Serial,
    /// `<console>`: a console of the hypervisor's own kind, such as virtio's.
    Console,
}

impl TextKind {
    fn name(self) -> &'static str {
        match self {
            Self::Serial => "serial",
            Self::Console => "console",
        }
    }
}

impl fmt::Display for TextDeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.kind.name(), self.port)
    }
}

/// A text that names no text console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoTextDevice;

impl FromStr for TextDeviceId {
    type Err = NoTextDevice;

    fn from_str(text: &str) -> Result<Self, NoTextDevice> {
        [TextKind::Serial, TextKind::Console]
            .into_iter()
            .find_map(|kind| {
                let port = text.strip_prefix(kind.name())?.parse().ok()?;
                Some(Self { kind, port })
            })
            .ok_or(NoTextDevice)
    }
}

/// A text console with libvirt's name for it in this run of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) device: TextDevice,
    pub(super) alias: Option<String>,
}

/// Lists the text consoles of a domain, each line once: libvirt shows the first serial port as a console, too.
pub(crate) fn devices(domain: Domain<'_>) -> Vec<TextDevice> {
    found(domain)
        .into_iter()
        .map(|found| found.device)
        .collect()
}

/// As [`devices`], with the names that libvirt opens them by.
pub(super) fn found(domain: Domain<'_>) -> Vec<Found> {
    let mut serials = Vec::new();
    let mut consoles = Vec::new();
    for device in domain.devices() {
        match device {
            Device::Serial(line) => {
                let port = serials.len();
                serials.push(of(TextKind::Serial, line, port));
            }
            Device::Console(line) => consoles.push(line),
            _ => {}
        }
    }
    let is_serial = |line: &Character<'_>| {
        let kind = line.target_type();
        kind.as_deref().is_none_or(|kind| kind == "serial")
    };
    let has_serials = !serials.is_empty();
    let others = consoles
        .iter()
        .enumerate()
        .filter(|(_, line)| !(has_serials && is_serial(line)))
        .map(|(port, line)| of(TextKind::Console, *line, port));
    serials.extend(others);
    serials
}

/// Reads one; `position` is its place among its kind, which is its port where the XML names none.
fn of(kind: TextKind, line: Character<'_>, position: usize) -> Found {
    let port = line.port().and_then(|port| port.parse().ok());
    let port = port.unwrap_or(position as u32);
    Found {
        device: TextDevice {
            id: TextDeviceId { kind, port },
            source: line.kind().unwrap_or_default(),
        },
        alias: line.alias(),
    }
}

#[cfg(test)]
mod tests {
    use virtxml::Document;

    use super::*;

    fn read(devices: &str) -> Vec<(String, String, Option<String>)> {
        let text = format!("<domain><devices>{devices}</devices></domain>");
        let document = Document::parse(&text).unwrap();
        found(Domain::of(&document).unwrap())
            .into_iter()
            .map(|found| {
                (
                    found.device.id.to_string(),
                    found.device.source,
                    found.alias,
                )
            })
            .collect()
    }

    fn line(id: &str, source: &str, alias: Option<&str>) -> (String, String, Option<String>) {
        (id.to_owned(), source.to_owned(), alias.map(str::to_owned))
    }

    #[test]
    fn the_console_that_is_the_first_serial_port_is_listed_once() {
        let list = read(
            "<serial type='pty'><target type='isa-serial' port='0'/><alias name='serial0'/></serial>\
             <serial type='tcp'><target port='1'/><alias name='serial1'/></serial>\
             <console type='pty'><target type='serial' port='0'/><alias name='serial0'/></console>\
             <console type='pty'><target type='virtio' port='1'/><alias name='console1'/></console>",
        );
        assert_eq!(
            list,
            [
                line("serial0", "pty", Some("serial0")),
                line("serial1", "tcp", Some("serial1")),
                line("console1", "pty", Some("console1")),
            ]
        );
        assert_eq!(
            read("<serial type='pty'/><console type='pty'/>"),
            [line("serial0", "pty", None)]
        );
    }

    #[test]
    fn a_guest_without_serial_ports_has_its_consoles() {
        let list = read(
            "<console type='pty'><target type='sclp' port='0'/></console>\
             <console type='pty'/><channel type='unix'/>",
        );
        assert_eq!(
            list,
            [line("console0", "pty", None), line("console1", "pty", None)]
        );
    }

    #[test]
    fn only_some_kinds_are_opened() {
        let opens = |source: &str| {
            let id = TextDeviceId {
                kind: TextKind::Serial,
                port: 0,
            };
            let source = source.to_owned();
            TextDevice { id, source }.is_openable()
        };
        assert!(opens("pty") && opens("nmdm"));
        for source in [
            "unix", "tcp", "udp", "file", "null", "stdio", "dev", "spicevmc", "",
        ] {
            assert!(!opens(source), "{source}");
        }
    }

    #[test]
    fn an_id_is_read_as_it_is_written() {
        for text in ["serial0", "console12"] {
            assert_eq!(text.parse::<TextDeviceId>().unwrap().to_string(), text);
        }
        for text in ["", "serial", "serial-1", "vnc0", "console99999999999"] {
            assert_eq!(text.parse::<TextDeviceId>(), Err(NoTextDevice), "{text}");
        }
    }
}
