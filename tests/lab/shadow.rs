//! The system's file of passwords with another one in it: what PAM asks within a mount namespace of one's own.

use std::{fs, io, process::Command};

/// The text of `/etc/shadow` (shadow(5)) with this password for an account, whether the system has it or not.
///
/// # Errors
/// When openssl is missing, or the file is not ours to read.
pub fn shadow_with(name: &str, password: &str) -> io::Result<String> {
    let line = line(name, password)?;
    // Of two lines for one account the first one counts.
    Ok(line + &fs::read_to_string("/etc/shadow")?)
}

/// A line of that file.
pub(crate) fn line(name: &str, password: &str) -> io::Result<String> {
    let output = Command::new("openssl")
        .args(["passwd", "-6", password])
        .output()?;
    let hash = String::from_utf8_lossy(&output.stdout);
    Ok(format!("{name}:{}:20000:0:99999:7:::\n", hash.trim()))
}
