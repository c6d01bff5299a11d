//! Reads from a domain's XML what lists need of it.

use virtxml::{Document, domain};

use crate::{Description, GraphicsKind, serial};

impl Description {
    /// Reads a domain's XML; `None` when it is none.
    pub(crate) fn read(xml: &str) -> Option<Self> {
        let document = Document::parse(xml).ok()?;
        let view = domain::Domain::of(&document).ok()?;
        Some(Self {
            title: view.title(),
            note: view.description(),
            os_id: view.os_id(),
            memory_kib: view.memory_kib().1,
            vcpus: view.vcpus().1,
            graphics: view
                .graphics()
                .map(|graphics| GraphicsKind::of(graphics.kind().as_deref()))
                .collect(),
            text_devices: serial::devices(view),
        })
    }

    /// The place of the first VNC screen among the screens.
    pub(crate) fn first_vnc(&self) -> Option<usize> {
        let is_vnc = |kind: &GraphicsKind| *kind == GraphicsKind::Vnc;
        self.graphics.iter().position(is_vnc)
    }
}

impl GraphicsKind {
    fn of(name: Option<&str>) -> Self {
        match name {
            Some("vnc") => Self::Vnc,
            Some("spice") => Self::Spice,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_the_lists_part_of_the_xml() {
        let xml = include_str!("../virtxml/tests/data/desktop.xml");
        let description = Description::read(xml).unwrap();
        assert_eq!(description.title.as_deref(), Some("The desk\u{2019}s lamp"));
        assert_eq!(description.memory_kib, 4_194_304);
        assert_eq!(description.vcpus, 4);
        assert_eq!(
            description.graphics,
            [GraphicsKind::Vnc, GraphicsKind::Spice]
        );
        let lines: Vec<_> = description
            .text_devices
            .iter()
            .map(|line| line.id.to_string())
            .collect();
        assert_eq!(lines, ["serial0"]);
    }

    #[test]
    fn what_is_no_domain_describes_nothing() {
        assert_eq!(Description::read("<pool/>"), None);
        assert_eq!(Description::read("<domain>"), None);
    }
}
