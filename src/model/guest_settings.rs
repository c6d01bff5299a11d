//! What a user has settled for single guests, kept in a JSON file in the user's configuration folder.
//!
//! By the guest's UUID alone: where a guest moves, its settings go with it. Read once; written on another thread, to a new
//! file that then takes the old one's place. What another version wrote and this one does not know stays as it was.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use gtk::{gio, glib, prelude::*};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::app::runtime;

const VERSION: u32 = 1;

/// What a user has settled for one guest. What is `None` follows the program's own settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestSettings {
    /// Whether its screen is opened with its window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autoconnect: Option<bool>,
    /// Whether nothing that is typed or clicked reaches it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub view_only: bool,
    /// Whether its screen is for this viewer alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exclusive: bool,
    /// How its screen is scaled, as a word of the setting for all, or percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scaling: Option<String>,
    /// Whether it takes its window's size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resize_guest: Option<bool>,
    /// The connector of the monitor that its window fills.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monitor: Option<String>,
    /// Which of its screens and text consoles was looked at last, in a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen: Option<String>,
    /// What this version does not know.
    #[serde(flatten)]
    other: Map<String, Value>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Kept {
    version: u32,
    #[serde(default)]
    guests: BTreeMap<Uuid, GuestSettings>,
    /// What this version does not know.
    #[serde(flatten)]
    other: Map<String, Value>,
}

thread_local! {
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
    /// Counts the states that were to be kept.
    static SAVED: Cell<u64> = const { Cell::new(0) };
}

impl GuestSettings {
    /// Reads what is settled for a guest. Main thread only; the first call reads one small file.
    pub fn of(guest: Uuid) -> Self {
        with_kept(|kept| kept.guests.get(&guest).cloned()).unwrap_or_default()
    }

    /// Changes what is settled for a guest, and keeps it.
    pub fn change(guest: Uuid, change: impl FnOnce(&mut Self)) {
        let text = with_kept(|kept| {
            let old = kept.guests.get(&guest).cloned().unwrap_or_default();
            let mut new = old.clone();
            change(&mut new);
            if new == old {
                return None;
            }
            // Nothing but the usual needs no entry.
            if new == Self::default() {
                kept.guests.remove(&guest);
            } else {
                kept.guests.insert(guest, new);
            }
            kept.version = kept.version.max(VERSION);
            Some(serde_json::to_vec_pretty(kept))
        });
        if let Some(Ok(text)) = text {
            save(text);
        }
    }
}

/// Writes on another thread, never an older state over a newer one. The program stays alive until it is written.
fn save(text: Vec<u8>) {
    static NEWEST: Mutex<u64> = Mutex::new(0);
    let number = SAVED.with(|saved| {
        saved.set(saved.get() + 1);
        saved.get()
    });
    let hold = gio::Application::default().map(|app| app.hold());
    runtime::local(async move {
        let written = gio::spawn_blocking(move || {
            let mut newest = NEWEST.lock().unwrap_or_else(PoisonError::into_inner);
            if number < *newest {
                return Ok(());
            }
            *newest = number;
            write(&path(), &text)
        })
        .await;
        if let Ok(Err(error)) = written {
            tracing::warn!(%error, "what was settled for a guest could not be kept");
        }
        drop(hold);
    });
}

fn with_kept<R>(call: impl FnOnce(&mut Kept) -> R) -> R {
    KEPT.with_borrow_mut(|kept| call(kept.get_or_insert_with(|| read(&path()))))
}

/// Reads the file; one that cannot be read is moved aside, never overwritten.
fn read(path: &Path) -> Kept {
    let text = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Kept::default(),
        text => text,
    };
    match text.and_then(|text| Ok(serde_json::from_slice(&text)?)) {
        Ok(kept) => kept,
        Err(error) => {
            tracing::error!(%error, ?path, "the guests' settings cannot be read; they are moved aside");
            let _ = fs::rename(path, path.with_extension("json.broken"));
            Kept::default()
        }
    }
}

fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    let new = path.with_extension("json.new");
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    fs::write(&new, text)?;
    fs::rename(new, path)
}

fn path() -> PathBuf {
    glib::user_config_dir()
        .join("innkeeper")
        .join("guests.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUEST: Uuid = Uuid::from_u128(7);

    #[test]
    fn what_is_unknown_stays_and_what_is_usual_is_not_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/guests.json");
        let newer = format!(
            r#"{{"version":3,"theme":"x","guests":{{"{GUEST}":{{"view_only":true,"zoom":2}}}}}}"#
        );
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, newer).expect("a file");
        let kept = read(&path);
        let settings = &kept.guests[&GUEST];
        assert!(settings.view_only && !settings.exclusive);
        assert_eq!(settings.autoconnect, None);
        let text = serde_json::to_vec(&kept).expect("JSON");
        write(&path, &text).expect("written");
        let value: Value = serde_json::from_slice(&text).expect("JSON");
        assert_eq!(value["version"], 3);
        assert_eq!(value["theme"], "x");
        let guest = &value["guests"][GUEST.to_string()];
        assert_eq!(guest["zoom"], 2);
        assert!(guest.get("exclusive").is_none());
    }

    #[test]
    fn a_broken_file_is_moved_aside() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("guests.json");
        fs::write(&path, "{").expect("a file");
        assert!(read(&path).guests.is_empty());
        assert!(!path.exists() && path.with_extension("json.broken").exists());
    }
}
