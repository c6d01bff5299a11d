//! What the aliases of libvirt's settings stand for, read where reading files harms nobody.

use gtk::gio;
use innkeeper_core::{ClientConfig, Uri};

/// Reads on a thread of its own which URI an alias of `libvirt.conf` stands for; `None` when there is no such alias, or
/// the settings cannot be read.
///
/// # Cancel safety
/// Dropping the future lets the thread end by itself.
pub async fn uri_of_alias(alias: String) -> Option<Uri> {
    let read = gio::spawn_blocking(move || ClientConfig::read().ok()?.resolve(&alias).ok());
    read.await.ok()?
}
