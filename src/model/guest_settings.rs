//! What a user has settled for single guests, kept in a JSON file in the user's configuration folder.
//!
//! By the guest's UUID alone: where a guest moves, its settings go with it. What another version wrote and this one does not
//! know stays as it was.

use std::{cell::RefCell, collections::BTreeMap};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::kept_file::KeptFile;
use crate::app::runtime;

static FILE: KeptFile = KeptFile::named("guests.json");

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
    /// How loud it is, in percent; `None` is the whole of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume: Option<u8>,
    /// Whether its sound is not wanted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub muted: bool,
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
}

impl GuestSettings {
    /// Reads what is settled for a guest. Main thread only; the first call reads one small file.
    pub fn of(guest: Uuid) -> Self {
        with_kept(|kept| kept.guests.get(&guest).cloned()).unwrap_or_default()
    }

    /// Changes what is settled for a guest, and keeps it.
    pub fn change(guest: Uuid, change: impl FnOnce(&mut Self)) {
        let written = with_kept(|kept| {
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
            Some(FILE.write(kept))
        });
        let Some(written) = written else { return };
        runtime::local(async move {
            if let Err(error) = written.await {
                tracing::warn!(%error, "what was settled for a guest could not be kept");
            }
        });
    }
}

fn with_kept<R>(call: impl FnOnce(&mut Kept) -> R) -> R {
    KEPT.with_borrow_mut(|kept| call(kept.get_or_insert_with(|| FILE.read().unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUEST: Uuid = Uuid::from_u128(7);

    #[test]
    fn what_is_unknown_stays_and_what_is_usual_is_not_written() {
        let newer = format!(
            r#"{{"version":3,"theme":"x","guests":{{"{GUEST}":{{"view_only":true,"zoom":2}}}}}}"#
        );
        let kept: Kept = serde_json::from_str(&newer).expect("readable");
        let settings = &kept.guests[&GUEST];
        assert!(settings.view_only && !settings.exclusive);
        assert_eq!(settings.autoconnect, None);
        let value = serde_json::to_value(&kept).expect("JSON");
        assert_eq!(value["version"], 3);
        assert_eq!(value["theme"], "x");
        let guest = &value["guests"][GUEST.to_string()];
        assert_eq!(guest["zoom"], 2);
        assert!(guest.get("exclusive").is_none());
    }
}
