//! A guest whose screen takes whatever size it is asked for, as a desktop with a driver for virtio's display device does.
//!
//! It shows single pixels, black and white in turn in both directions, the upper left one white: whoever looks can tell
//! whether each of them is shown, and how many there are. Its kernel is `guests/monitor.c`.

use std::{io, path::Path};

use crate::kernel;

/// Builds the guest's kernel into a folder and gives its XML: a VNC screen on the loopback address.
///
/// # Errors
/// When the compiler is missing or refuses.
pub fn prepare(dir: &Path, name: &str, title: &str) -> io::Result<String> {
    let kernel = kernel::build(dir, name, &["monitor.c"])?;
    Ok(format!(
        "<domain type='qemu'><name>{name}</name><title>{title}</title><memory unit='MiB'>64</memory>\
         <os><type arch='x86_64' machine='pc'>hvm</type><kernel>{}</kernel></os><features><acpi/></features><devices>\
         <controller type='usb' model='none'/>\
         <graphics type='vnc' port='-1' autoport='yes'><listen type='address' address='127.0.0.1'/></graphics>\
         <video><model type='virtio' heads='1'/></video>\
         <memballoon model='none'/></devices></domain>",
        kernel.display()
    ))
}
