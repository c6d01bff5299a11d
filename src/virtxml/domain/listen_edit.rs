//! Has a screen listen at another address (libvirt's docs/formatdomain, "Graphical framebuffers").
//!
//! libvirt knows the address twice: in the first `<listen>`, and in an attribute for programs of old. Where both are
//! there, both must say the same.

use crate::{Document, Element, Node};

/// Has the graphics device of this number, counted from 0 over all of them, listen at an address.
///
/// A port that was chosen by hand stays; where there was none, libvirt chooses one at each start. Whether there is such a
/// device is returned.
pub fn set_listen_address(document: &mut Document, index: usize, address: &str) -> bool {
    let devices = document.root_mut().first_mut("devices");
    let graphics = devices.and_then(|devices| devices.all_mut("graphics").nth(index));
    let Some(graphics) = graphics else {
        return false;
    };
    graphics.remove_attribute("socket");
    if graphics.attribute("listen").is_some() {
        graphics.set_attribute("listen", address);
    }
    if graphics.attribute("port").is_none() {
        graphics.set_attribute("port", "-1");
        graphics.set_attribute("autoport", "yes");
    }
    let new = Element::new("listen")
        .with_attribute("type", "address")
        .with_attribute("address", address);
    match graphics.first_mut("listen") {
        Some(old) => *old = new,
        None => graphics.nodes_mut().insert(0, Node::Element(new)),
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Domain;

    fn changed(graphics: &str) -> String {
        let text = format!("<domain><devices><graphics type='sdl'/>{graphics}</devices></domain>");
        let mut document = Document::parse(&text).unwrap();
        assert!(set_listen_address(&mut document, 1, "0.0.0.0"));
        let text = document.to_string();
        let after = text.split_once("<graphics type='sdl'/>").unwrap().1;
        after
            .strip_suffix("</devices></domain>")
            .unwrap()
            .to_owned()
    }

    #[test]
    fn every_way_of_listening_becomes_an_address() {
        const LISTEN: &str = "<listen type='address' address='0.0.0.0'/>";
        assert_eq!(
            changed(
                "<graphics type='vnc' port='5901' autoport='no' listen='127.0.0.1' keymap='de'>\n  \
                 <listen type='address' address='127.0.0.1'/>\n  <x:y/></graphics>"
            ),
            format!(
                "<graphics type='vnc' port='5901' autoport='no' listen='0.0.0.0' keymap='de'>\n  {LISTEN}\n  <x:y/></graphics>"
            )
        );
        assert_eq!(
            changed("<graphics type='vnc'><listen type='none'/></graphics>"),
            format!("<graphics type='vnc' port='-1' autoport='yes'>{LISTEN}</graphics>")
        );
        assert_eq!(
            changed(
                "<graphics type='vnc' socket='/s'><listen type='socket' socket='/s'/></graphics>"
            ),
            format!("<graphics type='vnc' port='-1' autoport='yes'>{LISTEN}</graphics>")
        );
        assert_eq!(
            changed("<graphics type='vnc' port='-1' autoport='yes' passwd='x'/>"),
            format!("<graphics type='vnc' port='-1' autoport='yes' passwd='x'>{LISTEN}</graphics>")
        );
    }

    #[test]
    fn the_view_reads_what_was_written_and_no_device_is_no_change() {
        let text = "<domain><devices><graphics type='vnc'><listen type='none'/></graphics></devices></domain>";
        let mut document = Document::parse(text).unwrap();
        assert!(!set_listen_address(&mut document, 1, "::"));
        assert_eq!(document.to_string(), text);
        assert!(set_listen_address(&mut document, 0, "::"));
        let view = Domain::of(&document).unwrap();
        let address = view.graphics().next().unwrap().address();
        assert_eq!(address.as_deref(), Some("::"));
    }
}
