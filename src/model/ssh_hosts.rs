//! The hosts that the user's OpenSSH knows, read where reading files harms nobody.

use gtk::gio;
use innkeeper_core::ssh_hosts::{SshFiles, SshHost, ssh_hosts};

/// Reads which hosts ssh knows, on a thread of its own.
///
/// # Cancel safety
/// Dropping the future lets the thread end by itself.
pub async fn known_ssh_hosts() -> Vec<SshHost> {
    let read = gio::spawn_blocking(|| ssh_hosts(&SshFiles::usual()));
    // A panic over somebody's odd file is no reason to end here, too.
    read.await.unwrap_or_default()
}
