//! The channel through which a VNC screen shares its clipboard: QEMU's own vdagent (libvirt's docs/formatdomain,
//! "Channel", `qemu-vdagent`; since libvirt 8.4).

use crate::{Document, Element, Error, Node};

/// The name under which spice-vdagent looks for its channel.
const NAME: &str = "com.redhat.spice.0";

/// Says whether a domain has an agent's channel already: QEMU's own, or SPICE's.
///
/// # Errors
/// [`Error::WrongRoot`] when the document is no domain.
pub fn has_channel(document: &Document) -> Result<bool, Error> {
    let view = super::Domain::of(document)?;
    let named = |element: &Element| element.attribute_at(&["target"], "name");
    let devices = view.root.first("devices");
    Ok(devices.is_some_and(|devices| {
        devices
            .all("channel")
            .any(|channel| named(channel).as_deref() == Some(NAME))
    }))
}

/// Adds the channel with the clipboard switched on, behind the other devices; nothing else changes.
///
/// # Errors
/// [`Error::WrongRoot`] when the document is no domain, or has no devices.
pub fn add_channel(document: &mut Document) -> Result<(), Error> {
    let missing = || Error::WrongRoot {
        expected: "devices",
        found: "domain".to_owned(),
    };
    if super::Domain::of(document)?.root.first("devices").is_none() {
        return Err(missing());
    }
    let devices = (document.root_mut().nodes_mut().iter_mut())
        .find_map(|node| match node {
            Node::Element(element) if element.name() == "devices" => Some(element),
            _ => None,
        })
        .ok_or_else(missing)?;
    let nodes = devices.nodes_mut();
    // The white space before the closing tag stays there; the new line is indented as the others are.
    let end = match nodes.last() {
        Some(Node::Text(text)) if text.trim().is_empty() => nodes.len() - 1,
        _ => nodes.len(),
    };
    let indent = match nodes.first() {
        Some(Node::Text(text)) if text.trim().is_empty() => text.clone(),
        _ => "\n    ".to_owned(),
    };
    nodes.splice(end..end, [Node::Text(indent), Node::Element(channel())]);
    Ok(())
}

fn channel() -> Element {
    let clipboard = Element::new("clipboard").with_attribute("copypaste", "yes");
    let target = Element::new("target")
        .with_attribute("type", "virtio")
        .with_attribute("name", NAME);
    Element::new("channel")
        .with_attribute("type", "qemu-vdagent")
        .with_node(Node::Element(
            Element::new("source").with_node(Node::Element(clipboard)),
        ))
        .with_node(Node::Element(target))
}
