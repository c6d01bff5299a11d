//! Guests that are a Multiboot kernel of a few C files (`guests/`) and need no operating system.

use std::{
    io,
    path::{Path, PathBuf},
    process::Command,
};

/// Freestanding 32-bit code in one piece, with no wish for a stack that can be executed.
const FLAGS: &str = "-m32 -std=gnu11 -O2 -Wall -Wextra -Werror -ffreestanding -nostdlib -static -fno-pie -no-pie \
     -fno-stack-protector -fcf-protection=none -mgeneral-regs-only -fno-tree-loop-distribute-patterns \
     -Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,-z,noexecstack -Wl,--no-warn-rwx-segments";

/// Builds a kernel of these files and the machine's into a folder; its file has the guest's name.
pub(crate) fn build(dir: &Path, name: &str, files: &[&str]) -> io::Result<PathBuf> {
    let kernel = dir.join(format!("{name}.elf"));
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("guests");
    let output = Command::new("gcc")
        .args(FLAGS.split_whitespace())
        .arg(format!("-Wl,-T,{}", source.join("guest.ld").display()))
        .arg("-o")
        .arg(&kernel)
        .arg(source.join("machine.c"))
        .args(files.iter().map(|file| source.join(file)))
        .output()?;
    if output.status.success() {
        return Ok(kernel);
    }
    Err(io::Error::other(String::from_utf8_lossy(&output.stderr)))
}
