//! The views against whole documents.

use virtxml::{
    Document, Error,
    domain::{Domain, device::Device, graphics::Listen},
    snapshot::Snapshot,
};

const DESKTOP: &str = include_str!("data/desktop.xml");
const SNAPSHOT: &str = include_str!("data/snapshot.xml");

#[expect(
    clippy::unnecessary_wraps,
    reason = "what is compared with is optional"
)]
fn owned(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn the_general_part_of_a_domain_is_read() {
    let document = Document::parse(DESKTOP).unwrap();
    let domain = Domain::of(&document).unwrap();
    assert_eq!(domain.virt_type(), owned("kvm"));
    assert_eq!(domain.name(), owned("desk & lamp"));
    assert_eq!(
        domain.uuid().unwrap().to_string(),
        "0f1e2d3c-4b5a-4968-8776-655443322110"
    );
    assert_eq!(domain.title(), owned("The desk\u{2019}s lamp"));
    assert_eq!(
        domain.description(),
        owned("<b>not</b> markup <but> a note")
    );
    assert_eq!(domain.os_id(), owned("http://debian.org/debian/13"));
    assert_eq!(domain.architecture(), owned("x86_64"));
    assert_eq!(domain.machine(), owned("pc-q35-10.0"));
    assert!(domain.is_uefi());
    assert_eq!(domain.cpu_model(), owned("host-passthrough"));
    assert_eq!(domain.vcpus(), (2, 4));
    assert_eq!(domain.memory_kib(), (2_097_152, 4_194_304));
}

#[test]
fn what_is_missing_has_a_plain_default() {
    let document = Document::parse("<domain><name/></domain>").unwrap();
    let domain = Domain::of(&document).unwrap();
    assert_eq!(domain.title(), None);
    assert_eq!(domain.uuid(), None);
    assert_eq!(domain.vcpus(), (1, 1));
    assert_eq!(domain.memory_kib(), (0, 0));
    assert_eq!(domain.os_id(), None);
    assert!(!domain.is_uefi());
    assert_eq!(domain.devices().count(), 0);
}

#[test]
fn the_devices_come_in_order_with_their_views() {
    let document = Document::parse(DESKTOP).unwrap();
    let devices: Vec<Device<'_>> = Domain::of(&document).unwrap().devices().collect();
    assert_eq!(devices.len(), 18);
    let disks: Vec<_> = devices
        .iter()
        .filter_map(|device| match device {
            Device::Disk(disk) => {
                Some((disk.target().unwrap(), disk.source(), disk.bus().unwrap()))
            }
            _ => None,
        })
        .collect();
    let disk = |target: &str, source: Option<&str>, bus: &str| {
        (target.to_owned(), source.map(str::to_owned), bus.to_owned())
    };
    assert_eq!(
        disks,
        [
            disk("vda", Some("/var/lib/libvirt/images/desk.qcow2"), "virtio"),
            disk("vdb", Some("rbd://ceph/pool/image"), "virtio"),
            disk("sdb", Some("default/data.img"), "sata"),
            disk("sda", None, "sata"),
        ]
    );
    let Device::Interface(interface) = devices[5] else {
        panic!("the interface comes sixth");
    };
    assert_eq!(interface.source(), owned("default"));
    assert_eq!(interface.link(), owned("down"));
    let Device::HostDevice(host) = devices[11] else {
        panic!("the host device comes twelfth");
    };
    assert_eq!(host.source(), owned("0000:06:12.5"));
}

#[test]
fn the_screens_say_where_they_listen() {
    let document = Document::parse(DESKTOP).unwrap();
    let graphics: Vec<_> = Domain::of(&document).unwrap().graphics().collect();
    assert_eq!(graphics[0].kind(), owned("vnc"));
    assert!(graphics[0].has_password());
    assert_eq!(
        graphics[0].listen(),
        Listen::Address {
            address: "127.0.0.1".to_owned(),
            port: 5901
        }
    );
    assert_eq!(graphics[1].listen(), Listen::Nowhere);
    assert!(!graphics[1].has_password());
}

#[test]
fn a_snapshot_is_read() {
    let document = Document::parse(SNAPSHOT).unwrap();
    let snapshot = Snapshot::of(&document).unwrap();
    assert_eq!(snapshot.name(), owned("before-upgrade"));
    assert_eq!(snapshot.parent(), owned("fresh"));
    assert_eq!(snapshot.created(), Some(1_763_782_639));
    assert_eq!(snapshot.state(), owned("running"));
    assert_eq!(snapshot.memory(), owned("internal"));
    assert!(snapshot.is_external());
}

#[test]
fn a_view_refuses_another_kind_of_document() {
    let document = Document::parse(SNAPSHOT).unwrap();
    assert!(matches!(
        Domain::of(&document),
        Err(Error::WrongRoot {
            expected: "domain",
            ..
        })
    ));
}
