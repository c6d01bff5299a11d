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
            sounding: view
                .graphics()
                .enumerate()
                .filter(|(_, graphics)| view.sounds_at(*graphics))
                .map(|(place, _)| place)
                .collect(),
            text_devices: serial::devices(view),
        })
    }

    /// Whether a screen carries the sound of a sound device; without a place, the first VNC screen.
    pub fn has_sound(&self, place: Option<usize>) -> bool {
        let screen = self.vnc_at(place);
        screen.is_some_and(|place| self.sounding.contains(&place))
    }

    /// The place of a VNC screen among the screens: the one that is asked for, else the first.
    pub(crate) fn vnc_at(&self, place: Option<usize>) -> Option<usize> {
        let is_vnc = |place: &usize| self.graphics.get(*place) == Some(&GraphicsKind::Vnc);
        let first = || (0..self.graphics.len()).find(is_vnc);
        place.filter(is_vnc).or_else(first)
    }
}

impl GraphicsKind {
    fn of(name: Option<&str>) -> Self {
        match name {
            Some("vnc") => Self::Vnc,
            Some("spice") => Self::Spice,
            Some("rdp") => Self::Rdp,
            Some("dbus") => Self::Dbus,
            Some("sdl" | "desktop") => Self::Window,
            Some("egl-headless") => Self::Headless,
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
        assert_eq!(description.sounding, [0usize; 0], "it has no sound card");
        let lines: Vec<_> = description
            .text_devices
            .iter()
            .map(|line| line.id.to_string())
            .collect();
        assert_eq!(lines, ["serial0"]);
    }

    #[test]
    fn a_screen_is_found_by_its_place_or_is_the_first_that_can_be_shown() {
        let kinds = ["spice", "vnc", "egl-headless", "vnc"];
        let devices = kinds
            .map(|kind| format!("<graphics type='{kind}'/>"))
            .concat();
        let xml = format!("<domain><devices>{devices}<sound model='ac97'/></devices></domain>");
        let description = Description::read(&xml).unwrap();
        assert_eq!(description.vnc_at(None), Some(1));
        assert_eq!(description.vnc_at(Some(3)), Some(3));
        // What was chosen has gone, or was never one.
        for place in [0, 2, 4] {
            assert_eq!(description.vnc_at(Some(place)), Some(1));
        }
        assert!(description.has_sound(None) && description.has_sound(Some(3)));
        assert_eq!(Description::default().vnc_at(Some(0)), None);
    }

    #[test]
    fn what_is_no_domain_describes_nothing() {
        assert_eq!(Description::read("<pool/>"), None);
        assert_eq!(Description::read("<domain>"), None);
    }
}
