//! libvirt's own client, and its verdict in its own words.

use std::{fs, path::Path, process::Command};

/// Connects with virsh. Why it refuses is in its log; what it prints says only that it does.
pub(crate) fn verdict(port: u16, host: &str, folder: &Path) -> String {
    let uri = format!(
        "test+tls://{host}:{port}/default?pkipath={}",
        folder.display()
    );
    let log = folder.join("virsh.log");
    let output = Command::new("virsh")
        .args(["-c", &uri, "uri"])
        .env("LC_ALL", "C")
        .env("LIBVIRT_LOG_OUTPUTS", format!("4:file:{}", log.display()))
        .output()
        .unwrap();
    if output.status.success() {
        return "accepted".to_owned();
    }
    let log = fs::read_to_string(log).unwrap();
    let first = log.lines().find_map(|line| line.split(" : ").nth(2));
    let why = first
        .unwrap_or("no reason in the log")
        .replace(&format!("{}/", folder.display()), "");
    format!("refused: {}", why.trim_end_matches('.'))
}
