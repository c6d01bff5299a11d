//! The settings, typed: the only file that names keys of the schema in `data/`.

use gtk::{gio, glib, prelude::*};

use crate::APP_ID;

thread_local! {
    static SETTINGS: Settings = Settings::open();
}

/// The settings of the user. GSettings writes in the background; nothing here blocks.
#[derive(Clone, Debug)]
pub struct Settings(gio::Settings);

impl Settings {
    /// Gives this thread's handle.
    pub fn get() -> Self {
        SETTINGS.with(Self::clone)
    }

    /// Opens a schema of ours at another program's path, where that keeps keys of the same names.
    ///
    /// `name` is what follows our identity in the schema's; `backend` is the user's where none is given.
    pub fn foreign(
        name: &str,
        path: &str,
        backend: Option<&gio::SettingsBackend>,
    ) -> Option<gio::Settings> {
        let schema = source()?.lookup(&format!("{APP_ID}.{name}"), true)?;
        Some(gio::Settings::new_full(&schema, backend, Some(path)))
    }

    /// Opens the installed schema, else the one that the build compiled beside the program: `gio::Settings::new`
    /// would end the process where none is installed.
    fn open() -> Self {
        let schema = source()
            .and_then(|source| source.lookup(APP_ID, true))
            .expect("the schema is installed with the program");
        Self(gio::Settings::new_full(
            &schema,
            None::<&gio::SettingsBackend>,
            None,
        ))
    }

    /// Binds a widget's property to a key, both ways.
    pub fn bind(&self, key: Key, object: &impl IsA<glib::Object>, property: &str) {
        self.0.bind(key.name(), object, property).build();
    }

    /// Makes an action that toggles or sets a key.
    pub fn action(&self, key: Key) -> gio::Action {
        self.0.create_action(key.name())
    }

    /// Reads a switch.
    pub fn boolean(&self, key: Key) -> bool {
        self.0.boolean(key.name())
    }

    /// Sets a switch.
    pub fn set_boolean(&self, key: Key, value: bool) {
        if let Err(error) = self.0.set_boolean(key.name(), value) {
            tracing::warn!(%error, key = key.name(), "a setting could not be kept");
        }
    }

    /// Reads a number.
    pub fn int(&self, key: Key) -> i32 {
        self.0.int(key.name())
    }

    /// Sets a number.
    pub fn set_int(&self, key: Key, value: i32) {
        if let Err(error) = self.0.set_int(key.name(), value) {
            tracing::warn!(%error, key = key.name(), "a setting could not be kept");
        }
    }

    /// Reads a word of a fixed set.
    pub fn choice(&self, key: Key) -> glib::GString {
        self.0.string(key.name())
    }

    /// Sets a word of a fixed set.
    pub fn set_choice(&self, key: Key, value: &str) {
        if let Err(error) = self.0.set_string(key.name(), value) {
            tracing::warn!(%error, key = key.name(), "a setting could not be kept");
        }
    }

    /// Reads a list of words.
    pub fn words(&self, key: Key) -> Vec<String> {
        let words = self.0.strv(key.name());
        words.iter().map(ToString::to_string).collect()
    }

    /// Sets a list of words.
    pub fn set_words(&self, key: Key, words: &[String]) {
        if let Err(error) = self.0.set_strv(key.name(), words) {
            tracing::warn!(%error, key = key.name(), "a setting could not be kept");
        }
    }

    /// Reads the user's own key combinations: each with its name and Linux' numbers of its keys.
    pub fn combinations(&self) -> Vec<(String, Vec<u32>)> {
        self.0.get(Key::KeyCombinations.name())
    }

    /// Sets the user's own key combinations.
    pub fn set_combinations(&self, combinations: &[(String, Vec<u32>)]) {
        let key = Key::KeyCombinations.name();
        if let Err(error) = self.0.set(key, combinations.to_variant()) {
            tracing::warn!(%error, key, "a setting could not be kept");
        }
    }

    /// Sets a key back to what it was at first.
    pub fn reset(&self, key: Key) {
        self.0.reset(key.name());
    }

    /// Says whether a key was changed by the user.
    pub fn is_changed(&self, key: Key) -> bool {
        self.0.user_value(key.name()).is_some()
    }

    /// Calls a function whenever a key changes, until the object goes away.
    pub fn watch<O: IsA<glib::Object>>(
        &self,
        key: Key,
        object: &O,
        changed: impl Fn(&O) + 'static,
    ) {
        let weak = object.downgrade();
        let handler = self.0.connect_changed(Some(key.name()), move |_, _| {
            if let Some(object) = weak.upgrade() {
                changed(&object);
            }
        });
        let settings = self.0.downgrade();
        object.add_weak_ref_notify_local(move || {
            if let Some(settings) = settings.upgrade() {
                settings.disconnect(handler);
            }
        });
    }
}

/// Gives the installed schemas, below those of the build where this program is not installed.
fn source() -> Option<gio::SettingsSchemaSource> {
    let built = concat!(env!("OUT_DIR"), "/schemas");
    let installed = gio::SettingsSchemaSource::default();
    if option_env!("INNKEEPER_LOCALEDIR").is_some() {
        return installed;
    }
    gio::SettingsSchemaSource::from_directory(built, installed.as_ref(), false)
        .ok()
        .or(installed)
}

/// A key of the schema `io.github.innkeeper.Innkeeper`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Width of the main window, in application pixels.
    ManagerWindowWidth,
    /// Height of the main window, in application pixels.
    ManagerWindowHeight,
    /// Whether the main window fills the screen.
    ManagerWindowMaximized,
    /// Seconds between two readings of figures.
    UpdateInterval,
    /// Whether the list shows the CPU graph.
    ShowCpu,
    /// Whether the list shows the memory.
    ShowMemory,
    /// Whether Force Off asks first.
    ConfirmForceOff,
    /// Whether Shut Down, Reboot and Save ask first.
    ConfirmShutDown,
    /// Whether Pause asks first.
    ConfirmPause,
    /// How the console scales: `always`, `fullscreen`, `never`, `integer`.
    ConsoleScaling,
    /// Whether a guest takes the size of its window.
    ConsoleResizeGuest,
    /// Whether the main window offers to import virt-manager's connections.
    OfferImport,
    /// Whether a console opens its screen by itself.
    ConsoleAutoconnect,
    /// How many lines that have scrolled away a text console keeps.
    TerminalScrollback,
    /// The keys that, pressed together, give the keyboard back to the window, by GDK's names.
    ConsoleReleaseKeys,
    /// The combinations that no guest gets, in GTK's words for accelerators.
    ConsoleHostKeys,
    /// Which way clipboards go: `both`, `to-guest`, `from-guest`, `off`.
    ConsoleClipboard,
    /// The user's own key combinations.
    KeyCombinations,
    /// Whether this program asks for polkit's passwords where the desktop has nobody who does.
    PolkitAgent,
}

impl Key {
    fn name(self) -> &'static str {
        match self {
            Self::ManagerWindowWidth => "manager-window-width",
            Self::ManagerWindowHeight => "manager-window-height",
            Self::ManagerWindowMaximized => "manager-window-maximized",
            Self::UpdateInterval => "update-interval",
            Self::ShowCpu => "show-cpu",
            Self::ShowMemory => "show-memory",
            Self::ConfirmForceOff => "confirm-force-off",
            Self::ConfirmShutDown => "confirm-shut-down",
            Self::ConfirmPause => "confirm-pause",
            Self::ConsoleScaling => "console-scaling",
            Self::ConsoleResizeGuest => "console-resize-guest",
            Self::OfferImport => "offer-import",
            Self::ConsoleAutoconnect => "console-autoconnect",
            Self::TerminalScrollback => "terminal-scrollback",
            Self::ConsoleReleaseKeys => "console-release-keys",
            Self::ConsoleHostKeys => "console-host-keys",
            Self::ConsoleClipboard => "console-clipboard",
            Self::KeyCombinations => "key-combinations",
            Self::PolkitAgent => "polkit-agent",
        }
    }
}
