//! The file in which the connections are kept: JSON with a version, in the user's configuration folder.
//!
//! Written whole to a new file that then takes the old one's place, so that a full disk or a crash loses nothing.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use gtk::glib;
use innkeeper_core::Uri;
use serde::{Deserialize, Serialize};

/// The version that this program writes.
const VERSION: u32 = 1;

/// One kept connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) uri: String,
    #[serde(default)]
    pub(super) autoconnect: bool,
}

impl Entry {
    /// Makes an entry that connects at each start, as this machine's own hosts do.
    pub(super) fn automatic(uri: Uri) -> Self {
        Self {
            uri: uri.to_string(),
            autoconnect: true,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    connections: Vec<Entry>,
}

/// Reads the kept connections; `None` where none were ever kept.
///
/// A file that cannot be read is moved aside, never overwritten.
pub(super) fn load() -> Option<Vec<Entry>> {
    let text = fs::read(path()).ok()?;
    match serde_json::from_slice::<Kept>(&text) {
        Ok(kept) => Some(kept.connections),
        Err(error) => {
            tracing::error!(%error, path = ?path(), "the kept connections cannot be read; they are moved aside");
            let _ = fs::rename(path(), path().with_extension("json.broken"));
            None
        }
    }
}

/// Writes the connections.
pub(super) fn save(connections: Vec<Entry>) -> io::Result<()> {
    let kept = Kept {
        version: VERSION,
        connections,
    };
    let text = serde_json::to_vec_pretty(&kept)?;
    let path = path();
    let new = path.with_extension("json.new");
    fs::create_dir_all(path.parent().unwrap_or(&path))?;
    let mut file = fs::File::create(&new)?;
    file.write_all(&text)?;
    file.sync_all()?;
    fs::rename(new, path)
}

fn path() -> PathBuf {
    glib::user_config_dir()
        .join("innkeeper")
        .join("connections.json")
}
