//! Guests that need no operating system: a boot sector that echoes its serial line and powers off at a key, and one that
//! sounds a tone.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// QEMU, whose screens have TLS without a certificate.
const HIDING: &str = "#!/bin/sh
last=
for word do
    shift
    [ \"$last\" = -vnc ] && word=$word,tls-creds=anon
    set -- \"$@\" \"$word\"
    last=$word
done
exec qemu-system-x86_64 -object tls-creds-anon,id=anon,endpoint=server \"$@\"
";

/// 16-bit code at 7C00h.
const BOOT_CODE: [u8; 34] = [
    0xfb, // sti
    0xf4, // again: hlt                  (until the next interrupt: the timer's at least)
    0xb4, 0x01, // mov ah, 1             (is there a key?)
    0xcd, 0x16, // int 16h
    0x75, 0x0f, // jnz off
    0xba, 0xfd, 0x03, // mov dx, 3FDh    (COM1's line status)
    0xec, // in al, dx
    0xa8, 0x01, // test al, 1            (a byte has come?)
    0x74, 0xf1, // jz again
    0xba, 0xf8, 0x03, // mov dx, 3F8h    (COM1's data)
    0xec, // in al, dx
    0xee, // out dx, al
    0xeb, 0xea, // jmp again
    0xba, 0x04, 0x06, // off: mov dx, 604h  (PM1a control of the pc machine)
    0xb8, 0x00, 0x20, // mov ax, 2000h   (sleep enable: soft off)
    0xef, // out dx, ax
    0xf4, // hlt
    0xeb, 0xfd, // jmp $-1
    0x90, // nop
];

/// What the timer counts, in Hz.
const TIMER: usize = 1_193_182;

/// 16-bit code at 7C00h: the timer's second channel makes a square wave, which the speaker follows.
const TONE_CODE: [u8; 24] = [
    0xfa, // cli
    0xb0, 0xb6, // mov al, B6h           (channel 2, both bytes, square wave)
    0xe6, 0x43, // out 43h, al
    0xb8, 0, 0, // mov ax, …             (the timer's Hz by the tone's)
    0xe6, 0x42, // out 42h, al
    0x88, 0xe0, // mov al, ah
    0xe6, 0x42, // out 42h, al
    0xe4, 0x61, // in al, 61h
    0x0c, 0x03, // or al, 3
    0xe6, 0x61, // out 61h, al
    0xf4, // stop: hlt
    0xeb, 0xfd, // jmp stop
    0x90, // nop
];

/// Where the tone's number stands in its code.
const TONE_AT: usize = 6;

/// Writes the boot disk and gives the guest's XML.
pub fn prepare(dir: &Path, name: &str) -> io::Result<String> {
    prepare_code(dir, name, &BOOT_CODE)
}

/// Writes the boot disk of a guest that sounds a tone of 19 Hz or more on its PC speaker from its start on, and gives its
/// XML.
pub fn prepare_tone(dir: &Path, name: &str, hertz: usize) -> io::Result<String> {
    let mut code = TONE_CODE;
    let divisor = u16::try_from(TIMER / hertz).map_err(io::Error::other)?;
    code[TONE_AT..TONE_AT + 2].copy_from_slice(&divisor.to_le_bytes());
    let xml = prepare_code(dir, name, &code)?;
    Ok(xml.replace("<graphics", "<sound model='pcspk'/><graphics"))
}

fn prepare_code(dir: &Path, name: &str, code: &[u8]) -> io::Result<String> {
    let disk = dir.join(format!("{name}.img"));
    let mut sector = [0; 512];
    sector[..code.len()].copy_from_slice(code);
    sector[510..].copy_from_slice(&[0x55, 0xaa]);
    fs::write(&disk, sector)?;
    Ok(format!(
        "<domain type='qemu'><name>{name}</name><memory unit='MiB'>32</memory>\
         <os><type arch='x86_64' machine='pc'>hvm</type></os><features><acpi/></features><devices>\
         <disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='{}'/>\
         <target dev='hda' bus='ide'/></disk>\
         <graphics type='vnc'><listen type='none'/></graphics><video><model type='vga'/></video>\
         <serial type='pty'/><console type='pty'/></devices></domain>",
        disk.display()
    ))
}

/// Gives the element of a guest's devices whose QEMU guards screens by TLS without a certificate. libvirt does not know that,
/// and starts a program in the folder that adds it.
pub fn emulator_without_certificate(dir: &Path) -> io::Result<String> {
    let path = dir.join("qemu-without-certificate");
    if !path.exists() {
        // Under another name first: what libvirt may be starting cannot be written.
        let new = dir.join("qemu-without-certificate.new");
        fs::write(&new, HIDING)?;
        fs::set_permissions(&new, Permissions::from_mode(0o755))?;
        fs::rename(&new, &path)?;
    }
    Ok(format!("<emulator>{}</emulator>", path.display()))
}
