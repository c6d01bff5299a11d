//! What virt-manager keeps for the user: its connections, and the settings that this program has too.
//!
//! It keeps them in GSettings below `/org/virt-manager/virt-manager/`. Its schemas need not be installed: ours have keys
//! of the same names and types (its `data/org.virt-manager.virt-manager.gschema.xml`) and are opened at its paths. Only
//! what the user has set counts, never a default. Nothing of virt-manager's is changed.

use gtk::{gio, prelude::*};
use innkeeper_core::Uri;

use super::Profile;
use crate::app::settings::{Key, Settings};

/// Where virt-manager keeps everything.
const ROOT: &str = "/org/virt-manager/virt-manager/";

/// What can be taken over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// Its connections in its order, with its names for them.
    pub connections: Vec<Profile>,
    /// Settings that differ from the present ones.
    pub settings: Vec<ImportedSetting>,
}

/// One setting with the value that it has there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedSetting {
    key: Key,
    value: Value,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Switch(bool),
    Number(i32),
    Choice(&'static str),
}

/// Its switches, and the keys of ours that mean the same.
const SWITCHES: [(&str, &str, Key); 6] = [
    ("vmlist-fields", "cpu-usage", Key::ShowCpu),
    ("vmlist-fields", "memory-usage", Key::ShowMemory),
    ("confirm", "forcepoweroff", Key::ConfirmForceOff),
    ("confirm", "poweroff", Key::ConfirmShutDown),
    ("confirm", "pause", Key::ConfirmPause),
    ("console", "autoconnect", Key::ConsoleAutoconnect),
];

impl Import {
    /// Looks for what virt-manager keeps, in the user's settings or those of a backend.
    pub fn look(backend: Option<&gio::SettingsBackend>) -> Self {
        let there = There { backend };
        Self {
            connections: there.connections(),
            settings: there.settings(),
        }
    }

    /// Leaves out the connections that a test knows already.
    #[must_use]
    pub fn without(mut self, is_known: impl Fn(&Profile) -> bool) -> Self {
        self.connections.retain(|profile| !is_known(profile));
        self
    }

    /// Says whether there is nothing to take over.
    pub fn is_empty(&self) -> bool {
        self.connections.is_empty() && self.settings.is_empty()
    }
}

impl ImportedSetting {
    /// Sets it here.
    pub fn apply(&self) {
        let settings = Settings::get();
        match self.value {
            Value::Switch(value) => settings.set_boolean(self.key, value),
            Value::Number(value) => settings.set_int(self.key, value),
            Value::Choice(value) => settings.set_choice(self.key, value),
        }
    }

    fn differs(&self) -> bool {
        let settings = Settings::get();
        match self.value {
            Value::Switch(value) => settings.boolean(self.key) != value,
            Value::Number(value) => settings.int(self.key) != value,
            Value::Choice(value) => settings.choice(self.key) != value,
        }
    }
}

/// virt-manager's side.
struct There<'a> {
    backend: Option<&'a gio::SettingsBackend>,
}

impl There<'_> {
    /// Reads a key that the user has set.
    fn value<T: FromVariant>(&self, group: &str, path: &str, key: &str) -> Option<T> {
        let name = format!("virt-manager.{group}");
        let settings = Settings::foreign(&name, &format!("{ROOT}{path}/"), self.backend)?;
        settings.user_value(key)?.get()
    }

    fn connections(&self) -> Vec<Profile> {
        let list = |key| -> Vec<String> {
            self.value("connections", "connections", key)
                .unwrap_or_default()
        };
        let automatic = list("autoconnect");
        let mut profiles: Vec<Profile> = Vec::new();
        for text in list("uris") {
            match text.parse::<Uri>() {
                Ok(uri) if profiles.iter().all(|known| known.uri != uri) => {
                    profiles.push(Profile {
                        name: self.name_of(&text).unwrap_or_default(),
                        autoconnect: automatic.contains(&text),
                        ..Profile::new(uri)
                    });
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "a connection of virt-manager is left out"),
            }
        }
        profiles
    }

    /// Reads the user's name for a connection: virt-manager makes the path of its URI, without the slashes.
    fn name_of(&self, uri: &str) -> Option<String> {
        let place = uri.replace('/', "");
        self.value("connection", &format!("conns/{place}"), "pretty-name")
    }

    fn settings(&self) -> Vec<ImportedSetting> {
        let switches = SWITCHES.iter().filter_map(|&(group, name, key)| {
            let value = Value::Switch(self.value(group, group, name)?);
            Some(ImportedSetting { key, value })
        });
        let interval = self.value("stats", "stats", "update-interval");
        let interval = interval.map(|seconds: i32| ImportedSetting {
            key: Key::UpdateInterval,
            value: Value::Number(seconds.clamp(1, 60)),
        });
        let scaling = match self.value::<i32>("console", "console", "scaling") {
            Some(0) => Some("never"),
            Some(1) => Some("fullscreen"),
            Some(2) => Some("always"),
            _ => None,
        };
        let scaling = scaling.map(|choice| ImportedSetting {
            key: Key::ConsoleScaling,
            value: Value::Choice(choice),
        });
        let all = switches.chain(interval).chain(scaling);
        all.filter(ImportedSetting::differs).collect()
    }
}
