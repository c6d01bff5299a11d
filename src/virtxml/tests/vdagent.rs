//! Adding the agent's channel: documents before and after.

use virtxml::{Document, domain::vdagent};

const DESKTOP: &str = include_str!("data/desktop.xml");
const CHANNEL: &str = "<channel type='qemu-vdagent'><source><clipboard copypaste='yes'/></source>\
                       <target type='virtio' name='com.redhat.spice.0'/></channel>";

fn with_channel(before: &str) -> String {
    let mut document = Document::parse(before).unwrap();
    assert!(!vdagent::has_channel(&document).unwrap());
    vdagent::add_channel(&mut document).unwrap();
    assert!(vdagent::has_channel(&document).unwrap());
    document.to_string()
}

#[test]
fn the_channel_stands_behind_the_other_devices_and_nothing_else_changes() {
    let after = with_channel(DESKTOP);
    let indented = format!("\n    {CHANNEL}");
    assert_eq!(after.matches(&indented).count(), 1);
    assert_eq!(after.replace(&indented, ""), DESKTOP);
    let place = after.find(&indented).unwrap() + indented.len();
    assert!(after[place..].trim_start().starts_with("</devices>"));
}

#[test]
fn devices_without_white_space_get_a_line_of_their_own() {
    let before = "<domain><devices><disk/></devices></domain>";
    assert_eq!(
        with_channel(before),
        format!("<domain><devices><disk/>\n    {CHANNEL}</devices></domain>")
    );
}

#[test]
fn spices_channel_is_one_too() {
    let before = "<domain><devices><channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel></devices></domain>";
    assert!(vdagent::has_channel(&Document::parse(before).unwrap()).unwrap());
}

#[test]
fn what_is_no_domain_is_left_alone() {
    for text in ["<network/>", "<domain/>"] {
        let mut document = Document::parse(text).unwrap();
        assert!(vdagent::add_channel(&mut document).is_err());
        assert_eq!(document.to_string(), text);
    }
}
