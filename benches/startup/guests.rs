//! The guests that are listed: real definitions of the QEMU driver with the devices that a desktop guest has, shut off.

use std::{fmt::Write, fs, process::Command};

use testbed::Lab;

/// Takes the demonstration's guests away: what they do would be measured too.
pub(crate) fn clear(lab: &Lab) {
    for name in lab.virsh(&["list", "--all", "--name"]).split_whitespace() {
        if lab.state(name) != "shut off" {
            lab.virsh(&["destroy", name]);
        }
        lab.virsh(&["undefine", "--snapshots-metadata", "--managed-save", name]);
    }
}

/// Defines what is missing of `bench-0000` to `bench-NNNN` at a URI.
pub(crate) fn define_up_to(uri: &str, size: usize) {
    let present = count(uri);
    let folder = tempfile::tempdir().expect("a folder");
    let mut script = String::new();
    for number in present..size {
        let path = folder.path().join(format!("{number}.xml"));
        fs::write(&path, definition(number)).expect("a file");
        let _ = writeln!(script, "define {}", path.display());
    }
    let path = folder.path().join("script");
    fs::write(&path, script).expect("a file");
    // virsh reads commands from its standard input.
    let done = virsh(uri)
        .stdin(fs::File::open(&path).expect("the script"))
        .output()
        .expect("virsh");
    assert!(
        done.status.success(),
        "virsh: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    assert_eq!(count(uri), size, "guests that could be defined");
}

fn count(uri: &str) -> usize {
    let output = virsh(uri).args(["list", "--all", "--name"]).output();
    let names = output.expect("virsh").stdout;
    String::from_utf8_lossy(&names).split_whitespace().count()
}

fn virsh(uri: &str) -> Command {
    let mut command = Command::new("virsh");
    command.args(["-q", "-c", uri]);
    command
}

fn definition(number: usize) -> String {
    let (high, low) = (number >> 8, number & 255);
    format!(
        "<domain type='qemu'>
  <name>bench-{number:04}</name>
  <title>Bench guest {number}</title>
  <description>Number {number} of many</description>
  <memory unit='MiB'>512</memory>
  <vcpu>2</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type><boot dev='hd'/></os>
  <features><acpi/><apic/></features>
  <clock offset='utc'><timer name='rtc' tickpolicy='catchup'/></clock>
  <devices>
    <disk type='file' device='disk'><driver name='qemu' type='qcow2'/>
      <source file='/var/lib/libvirt/images/bench-{number:04}.qcow2'/><target dev='vda' bus='virtio'/></disk>
    <disk type='file' device='cdrom'><target dev='sda' bus='sata'/><readonly/></disk>
    <interface type='user'><mac address='52:54:01:00:{high:02x}:{low:02x}'/><model type='virtio'/></interface>
    <serial type='pty'/>
    <console type='pty'/>
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
    <input type='tablet' bus='usb'/>
    <graphics type='vnc' autoport='yes'/>
    <sound model='ich9'/>
    <video><model type='virtio'/></video>
    <memballoon model='virtio'/>
    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
  </devices>
</domain>
"
    )
}
