//! A guest whose screen shows whether each of its pixels is shown by a pixel of the device, and how that is told.

use std::{fs::File, path::Path, process::Command};

use testbed::Picture;

use crate::{guests::Guest, stage::Stage};

/// Shows single pixels, black and white in turn, in both directions (checkerboard.asm).
pub(crate) const CHECKERBOARD: Guest = Guest {
    name: "checkerboard",
    title: "Checkerboard",
};

/// The upper left corner of its picture, where that is seen.
pub(crate) type Place = Option<(usize, usize)>;

/// The size of its screen.
pub(crate) const SIZE: (usize, usize) = (640, 480);
const WHITE: u32 = 0x00ff_ffff;
const URI: &str = "qemu:///system";

/// The running guest; it ends with its value.
pub(crate) struct Running;

impl Running {
    /// Starts it, with a display device that may be asked for another size.
    pub(crate) fn on(stage: &Stage<'_>) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/checkerboard.asm");
        let disk = stage.place("checkerboard.img");
        let assembled = Command::new("nasm")
            .args(["-f", "bin", "-o"])
            .args([&disk, &source])
            .status();
        assert!(assembled.is_ok_and(|status| status.success()), "nasm");
        let file = File::options().write(true).open(&disk).expect("a disk");
        file.set_len(1 << 20).expect("a disk");
        let definition = stage.place("checkerboard.xml");
        let xml = XML.replace("DISK", &disk.to_string_lossy());
        std::fs::write(&definition, xml).expect("a file");
        let definition = definition.to_string_lossy();
        stage.lab.virsh(&["create", &definition]);
        Self
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = Command::new("virsh")
            .args(["-c", URI, "destroy", CHECKERBOARD.name])
            .output();
    }
}

const XML: &str = "<domain type='qemu'>
  <name>checkerboard</name>
  <title>Checkerboard</title>
  <memory unit='MiB'>32</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw'/>
      <source file='DISK'/>
      <target dev='hda' bus='ide'/>
    </disk>
    <controller type='usb' model='none'/>
    <graphics type='vnc' port='-1' autoport='yes'><listen type='address' address='127.0.0.1'/></graphics>
    <video><model type='virtio' heads='1'/></video>
    <memballoon model='none'/>
  </devices>
</domain>";

/// Finds the whole board in a picture, each of the guest's pixels so many of the picture's high and wide, and exactly
/// black or white: gives its upper left corner.
pub(crate) fn find(picture: &Picture, cell: usize) -> Place {
    let (width, height) = (SIZE.0 * cell, SIZE.1 * cell);
    let (across, down) = (
        picture.width().checked_sub(width)?,
        picture.height().checked_sub(height)?,
    );
    let row = |x: usize, y: usize| {
        let start = y * picture.width() + x;
        &picture.pixels()[start..start + width]
    };
    let is_row = |x: usize, y: usize, number: usize| {
        let colour = |at: usize| {
            let is_white = (at / cell + number / cell).is_multiple_of(2);
            if is_white { WHITE } else { 0 }
        };
        let mut row = row(x, y).iter().enumerate();
        row.all(|(at, pixel)| *pixel == colour(at))
    };
    let places = (0..=down).flat_map(|y| (0..=across).map(move |x| (x, y)));
    let mut corners = places.filter(|(x, y)| is_row(*x, *y, 0));
    let (x, y) = corners.next()?;
    (0..height)
        .all(|number| is_row(x, y + number, number))
        .then_some((x, y))
}
