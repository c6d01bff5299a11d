//! The file in which the connections are kept: JSON with a version, in the user's configuration folder.
//!
//! Written whole to a new file that then takes the old one's place, so that a full disk or a crash loses nothing. What
//! another version wrote and this one does not know stays as it was: fields, and entries whose address cannot be read.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use gtk::glib;
use innkeeper_core::{ScreenWay, Uri};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::connection_profile::{ConnectionColour, Pin, Profile};

/// The version that this program writes. 1 knew `uri` and `autoconnect`, and is read as it is.
const VERSION: u32 = 2;

/// One kept connection. Their order in the file is the order in which they are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) uri: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    colour: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    site: String,
    #[serde(default)]
    autoconnect: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    read_only: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    screens: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) pins: Vec<Pin>,
    /// How screens were protected when they were last seen, by the guests' numbers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) protections: BTreeMap<String, String>,
    /// What this version does not know.
    #[serde(flatten)]
    pub(super) other: Map<String, Value>,
}

impl Entry {
    /// Makes an entry that connects at each start, as this machine's own hosts do.
    pub(super) fn automatic(uri: &Uri) -> Self {
        Self {
            uri: uri.to_string(),
            autoconnect: true,
            ..Self::default()
        }
    }

    /// Makes an entry of a connection.
    pub(super) fn new(
        profile: Profile,
        pins: Vec<Pin>,
        protections: BTreeMap<String, String>,
        other: Map<String, Value>,
    ) -> Self {
        Self {
            uri: profile.uri.to_string(),
            name: profile.name,
            colour: profile.colour.id().to_owned(),
            site: profile.site,
            autoconnect: profile.autoconnect,
            read_only: profile.read_only,
            screens: screens_id(profile.screen_way).to_owned(),
            pins,
            protections,
            other,
        }
    }

    /// Gives what the user said of it; `None` where its address cannot be read.
    pub(super) fn profile(&self) -> Option<Profile> {
        let uri = match self.uri.parse::<Uri>() {
            Ok(uri) => uri,
            Err(error) => {
                tracing::warn!(%error, "a kept connection cannot be read");
                return None;
            }
        };
        Some(Profile {
            uri,
            name: self.name.clone(),
            colour: ConnectionColour::from_id(&self.colour),
            site: self.site.clone(),
            autoconnect: self.autoconnect,
            read_only: self.read_only,
            screen_way: screen_way(&self.screens),
        })
    }
}

/// Names a choice in the file; empty for the usual one.
fn screens_id(way: ScreenWay) -> &'static str {
    match way {
        ScreenWay::Tunnel => "tunnel",
        ScreenWay::Direct => "direct",
        _ => "",
    }
}

/// Finds a choice by its name in the file; one that this version does not know is the usual one.
fn screen_way(id: &str) -> ScreenWay {
    match id {
        "tunnel" => ScreenWay::Tunnel,
        "direct" => ScreenWay::Direct,
        _ => ScreenWay::Auto,
    }
}

/// All that is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    version: u32,
    pub(super) connections: Vec<Entry>,
    /// What this version does not know.
    #[serde(flatten)]
    other: Map<String, Value>,
}

impl Kept {
    /// Takes the connections as they are now.
    pub(super) fn with(&self, connections: Vec<Entry>) -> Self {
        Self {
            version: self.version.max(VERSION),
            connections,
            other: self.other.clone(),
        }
    }
}

/// Reads the kept connections; `None` where none were ever kept.
///
/// A file that cannot be read is moved aside, never overwritten.
pub(super) fn load() -> Option<Kept> {
    read(&path())
}

/// Writes the connections.
pub(super) fn save(kept: &Kept) -> io::Result<()> {
    write(&path(), kept)
}

fn read(path: &Path) -> Option<Kept> {
    let read = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        read => read,
    };
    match read.and_then(|text| Ok(serde_json::from_slice::<Kept>(&text)?)) {
        Ok(kept) => Some(kept),
        Err(error) => {
            tracing::error!(%error, ?path, "the kept connections cannot be read; they are moved aside");
            let _ = fs::rename(path, path.with_extension("json.broken"));
            None
        }
    }
}

fn write(path: &Path, kept: &Kept) -> io::Result<()> {
    let text = serde_json::to_vec_pretty(kept)?;
    let new = path.with_extension("json.new");
    fs::create_dir_all(path.parent().unwrap_or(path))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    #[test]
    fn the_first_version_is_read_and_written_as_the_second() {
        let folder = folder();
        let path = folder.path().join("connections.json");
        let old = r#"{"version":1,"connections":[{"uri":"qemu:///system","autoconnect":true},{"uri":"test:///default"}]}"#;
        fs::write(&path, old).expect("a file");
        let kept = read(&path).expect("the first version");
        let profiles: Vec<_> = kept.connections.iter().map(Entry::profile).collect();
        assert!(profiles[0].as_ref().is_some_and(|p| p.autoconnect));
        assert!(profiles[1].as_ref().is_some_and(|p| !p.autoconnect));
        write(&path, &kept.with(kept.connections.clone())).expect("written");
        let again = read(&path).expect("the second version");
        assert_eq!((again.version, &again.connections), (2, &kept.connections));
    }

    #[test]
    fn what_is_unknown_stays() {
        let folder = folder();
        let path = folder.path().join("deeper/connections.json");
        let newer =
            r#"{"version":7,"theme":"x","connections":[{"uri":"nonsense","tags":[1,{"a":null}]}]}"#;
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, newer).expect("a file");
        let kept = read(&path).expect("readable");
        assert_eq!(kept.connections[0].profile(), None);
        write(&path, &kept.with(kept.connections.clone())).expect("written");
        let text = fs::read_to_string(&path).expect("a file");
        let value: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(value["version"], 7);
        assert_eq!(value["theme"], "x");
        assert_eq!(value["connections"][0]["tags"][1]["a"], Value::Null);
        assert_eq!(value["connections"][0]["uri"], "nonsense");
    }

    #[test]
    fn everything_that_a_user_says_comes_back() {
        let folder = folder();
        let path = folder.path().join("connections.json");
        let profile = Profile {
            name: "Tōkyō 1".to_owned(),
            colour: ConnectionColour::Teal,
            site: "東京".to_owned(),
            autoconnect: true,
            read_only: true,
            screen_way: ScreenWay::Direct,
            ..Profile::new("qemu+tls://h1/system".parse().expect("a good URI"))
        };
        let pin = Pin {
            host: "h1".to_owned(),
            sha256: "00ff".to_owned(),
        };
        let protections = BTreeMap::from([("00".to_owned(), "login".to_owned())]);
        let entry = Entry::new(
            profile.clone(),
            vec![pin.clone()],
            protections.clone(),
            Map::new(),
        );
        write(&path, &Kept::default().with(vec![entry])).expect("written");
        let kept = read(&path).expect("readable");
        assert_eq!(kept.connections[0].profile(), Some(profile));
        assert_eq!(kept.connections[0].pins, [pin]);
        assert_eq!(kept.connections[0].protections, protections);
    }

    #[test]
    fn a_file_that_cannot_be_read_at_all_is_moved_aside() {
        let folder = folder();
        let path = folder.path().join("connections.json");
        // As unreadable for root as for anybody.
        fs::create_dir(&path).expect("a folder");
        assert_eq!(read(&path), None);
        assert!(path.with_extension("json.broken").exists());
        write(&path, &Kept::default()).expect("written");
    }

    #[test]
    fn a_broken_file_is_moved_aside() {
        let folder = folder();
        let path = folder.path().join("connections.json");
        fs::write(&path, "{\"version\":2,").expect("a file");
        assert_eq!(read(&path), None);
        assert!(!path.exists());
        assert!(path.with_extension("json.broken").exists());
    }
}
