//! The file in which the connections are kept: JSON with a version, in the user's configuration folder.
//!
//! What another version wrote and this one does not know stays as it was: fields, and entries whose address cannot be read.

use std::collections::BTreeMap;

use innkeeper_core::{ScreenWay, Uri};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    connection_profile::{ConnectionColour, Pin, Profile},
    kept_file::KeptFile,
};

/// The file.
pub(super) static FILE: KeptFile = KeptFile::named("connections.json");

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
    pins: Vec<Pin>,
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

    /// Gives the certificates that are trusted over the connection, whose address this is.
    pub(super) fn pins(&self, uri: &Uri) -> Vec<Pin> {
        let pins = self.pins.iter().cloned();
        pins.flat_map(|pin| pin.with_service(uri)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Service;

    fn read(text: &str) -> Kept {
        serde_json::from_str(text).expect("readable")
    }

    fn written(kept: &Kept) -> String {
        serde_json::to_string_pretty(kept).expect("JSON")
    }

    #[test]
    fn the_first_version_is_read_and_written_as_the_second() {
        let old = r#"{"version":1,"connections":[{"uri":"qemu:///system","autoconnect":true},{"uri":"test:///default"}]}"#;
        let kept = read(old);
        let profiles: Vec<_> = kept.connections.iter().map(Entry::profile).collect();
        assert!(profiles[0].as_ref().is_some_and(|p| p.autoconnect));
        assert!(profiles[1].as_ref().is_some_and(|p| !p.autoconnect));
        let again = read(&written(&kept.with(kept.connections.clone())));
        assert_eq!((again.version, &again.connections), (2, &kept.connections));
    }

    #[test]
    fn pins_without_a_service_get_one_and_unknown_ones_stay() {
        let old = r#"{"version":2,"connections":[{"uri":"qemu+ssh://h1/system","pins":[
            {"host":"h1","sha256":"00ff"},{"service":"migration","host":"h1","sha256":"11"}]}]}"#;
        let mut kept = read(old);
        let profile = kept.connections[0].profile().expect("a good URI");
        let pins = kept.connections[0].pins(&profile.uri);
        assert_eq!(pins[0].service, Service::Screen);
        kept.connections[0].pins = pins;
        let value: Value = serde_json::from_str(&written(&kept)).expect("JSON");
        let pins = &value["connections"][0]["pins"];
        assert_eq!(pins[0]["service"], "screen");
        assert_eq!(pins[1]["service"], "migration");
    }

    #[test]
    fn what_is_unknown_stays() {
        let newer =
            r#"{"version":7,"theme":"x","connections":[{"uri":"nonsense","tags":[1,{"a":null}]}]}"#;
        let kept = read(newer);
        assert_eq!(kept.connections[0].profile(), None);
        let text = written(&kept.with(kept.connections.clone()));
        let value: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(value["version"], 7);
        assert_eq!(value["theme"], "x");
        assert_eq!(value["connections"][0]["tags"][1]["a"], Value::Null);
        assert_eq!(value["connections"][0]["uri"], "nonsense");
    }

    #[test]
    fn everything_that_a_user_says_comes_back() {
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
            service: Service::Screen,
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
        let kept = read(&written(&Kept::default().with(vec![entry])));
        assert_eq!(kept.connections[0].profile(), Some(profile.clone()));
        assert_eq!(kept.connections[0].pins(&profile.uri), [pin]);
        assert_eq!(kept.connections[0].protections, protections);
    }
}
