//! The settings that libvirt's own clients read: `libvirt.conf`, `auth.conf` and the environment.
//!
//! Looked up as libvirt does (`src/libvirt.c`, `src/util/virauth.c`): root has the system's files, everybody else their own.
//! [`conf`] reads the one form, [`auth_file`] the other.

pub(crate) mod auth_file;
mod conf;

use std::path::{Path, PathBuf};

use conf::{Conf, Value};

use crate::{Error, ErrorKind, Transport, Uri};

/// The system's folder of settings.
const SYSTEM: &str = "/etc/libvirt";

/// libvirt's settings for clients, as they are in `libvirt.conf`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientConfig {
    aliases: Vec<(String, String)>,
    default: Option<String>,
    mode: Option<String>,
    proxy: Option<String>,
    tls_priority: Option<String>,
}

impl ClientConfig {
    /// Reads the settings of the user who runs this; a file that is not there has none.
    ///
    /// # Errors
    /// [`ErrorKind::BadUri`] when the file cannot be read or understood: libvirt's clients refuse to go on, too.
    pub fn read() -> Result<Self, Error> {
        let folder = if rustix::process::geteuid().is_root() {
            Some(PathBuf::from(SYSTEM))
        } else {
            user_folder()
        };
        let path = folder.map(|folder| folder.join("libvirt.conf"));
        path.map_or_else(|| Ok(Self::default()), |path| Self::read_from(&path))
    }

    /// Reads the settings from a file.
    pub fn read_from(path: &Path) -> Result<Self, Error> {
        let bad = |why: String| {
            let message = format!("{}: {why}", path.display());
            Error::new(ErrorKind::BadUri, message)
        };
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).map_err(bad),
            // A folder that this user cannot enter has no file for this user (libvirt's `virFileExists`).
            Err(_) if !path.exists() => Ok(Self::default()),
            Err(error) => Err(bad(error.to_string())),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let conf = Conf::parse(text)?;
        let text = |name: &str| match conf.get(name) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text.clone())),
            Some(_) => Err(format!("{name} is no text")),
        };
        let aliases = match conf.get("uri_aliases") {
            None => Vec::new(),
            Some(Value::List(list)) => list
                .iter()
                .map(|pair| alias(pair))
                .collect::<Result<_, _>>()?,
            Some(_) => return Err("uri_aliases is no list of texts".to_owned()),
        };
        Ok(Self {
            aliases,
            default: text("uri_default")?,
            mode: text("remote_mode")?,
            proxy: text("remote_proxy")?,
            tls_priority: text("tls_priority")?,
        })
    }

    /// Reads a URI as a person writes it: an alias of `libvirt.conf`, or a URI.
    pub fn resolve(&self, text: &str) -> Result<Uri, Error> {
        let text = text.trim();
        let known = self.aliases.iter().find(|(name, _)| name == text);
        known.map_or(text, |(_, uri)| uri).parse()
    }

    /// The URI that is meant where none is given: `LIBVIRT_DEFAULT_URI`, then `uri_default`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn default_uri(&self) -> Option<Result<Uri, Error>> {
        let variable = std::env::var("LIBVIRT_DEFAULT_URI").ok();
        let text = variable.filter(|text| !text.is_empty());
        let text = text.or_else(|| self.default.clone())?;
        Some(self.resolve(&text))
    }

    /// Fills in what the URI leaves to the settings: how sockets are chosen, and how TLS shall be spoken.
    pub(crate) fn complete(&self, uri: &Uri) -> Result<Uri, Error> {
        let way = uri.way()?;
        let mut parts = uri.parts().clone();
        let mut fill = |name: &str, value: &Option<String>| {
            let value = value.as_deref().filter(|_| uri.parameter(name).is_none());
            if let Some(value) = value {
                parts.set_parameter(name, Some(value));
            }
        };
        match way {
            // What the daemon is to reach itself is handed over as it is.
            _ if uri.is_through_local_daemon() => {}
            // A driver without a daemon of its own has nothing to be direct with.
            Transport::Unix if uri.is_library_driver() => {}
            Transport::Unix => fill("mode", &self.mode),
            Transport::Ssh => {
                fill("mode", &self.mode);
                fill("proxy", &self.proxy);
            }
            Transport::Tls => fill("tls_priority", &self.tls_priority),
            _ => {}
        }
        if parts == *uri.parts() {
            return Ok(uri.clone());
        }
        Uri::try_from(parts)
    }
}

/// Takes `name=uri` apart.
fn alias(pair: &str) -> Result<(String, String), String> {
    let is_known = |b: u8| b.is_ascii_alphanumeric() || b"_-".contains(&b);
    match pair.split_once('=') {
        Some((name, uri)) if name.bytes().all(is_known) => Ok((name.to_owned(), uri.to_owned())),
        Some((name, _)) => Err(format!(
            "the alias “{name}” may hold letters, digits, _ and - only"
        )),
        None => Err(format!("“{pair}” is no alias of the form name=uri")),
    }
}

/// The user's folder of settings: `$XDG_CONFIG_HOME/libvirt`.
fn user_folder() -> Option<PathBuf> {
    let absolute = |name: &str| {
        let path = std::env::var_os(name).map(PathBuf::from);
        path.filter(|path| path.is_absolute())
    };
    absolute("XDG_CONFIG_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".config")))
        .map(|base| base.join("libvirt"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
# As in libvirt's own example.
uri_aliases = [
  "hail=qemu+ssh://root@hail.cloud.example.com/system",
  "sleet=qemu+tls://sleet.cloud.example.com/system", # the last one
]
uri_default = "sleet"
remote_mode = 'legacy'
remote_proxy = "netcat"
tls_priority="NORMAL:-VERS-TLS1.2"
max_something = 12
"#;

    fn uri(text: &str) -> Uri {
        text.parse().unwrap()
    }

    #[test]
    fn aliases_and_the_default_are_resolved() {
        let config = ClientConfig::parse(FILE).unwrap();
        let sleet = uri("qemu+tls://sleet.cloud.example.com/system");
        assert_eq!(config.resolve(" sleet ").unwrap(), sleet);
        assert_eq!(
            config.resolve("test:///default").unwrap(),
            uri("test:///default")
        );
        assert_eq!(config.resolve("rain").unwrap_err().kind, ErrorKind::BadUri);
        assert_eq!(
            config.resolve(config.default.as_ref().unwrap()).unwrap(),
            sleet
        );
    }

    #[test]
    fn what_a_uri_leaves_open_is_filled_in() {
        let config = ClientConfig::parse(FILE).unwrap();
        for (given, meant) in [
            ("qemu:///system", "qemu:///system?mode=legacy"),
            ("qemu:///system?Mode=auto", "qemu:///system?Mode=auto"),
            (
                "qemu+ssh://h/system",
                "qemu+ssh://h/system?mode=legacy&proxy=netcat",
            ),
            (
                "qemu://h/system",
                "qemu://h/system?tls_priority=NORMAL%3A-VERS-TLS1.2",
            ),
            ("qemu+tcp://h/system", "qemu+tcp://h/system"),
            ("esx://h/", "esx://h/"),
            ("test:///default", "test:///default"),
        ] {
            assert_eq!(config.complete(&uri(given)).unwrap().to_string(), meant);
        }
        let nothing = ClientConfig::default();
        let system = uri("qemu:///system");
        assert_eq!(nothing.complete(&system).unwrap(), system);
    }

    #[test]
    fn a_file_that_is_not_there_sets_nothing_and_a_broken_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("libvirt.conf");
        assert_eq!(
            ClientConfig::read_from(&path).unwrap(),
            ClientConfig::default()
        );
        for broken in [
            "uri_aliases = \"x\"",
            "uri_aliases = [ \"a b=c\" ]",
            "uri_default = 3",
            "x",
        ] {
            std::fs::write(&path, broken).unwrap();
            let error = ClientConfig::read_from(&path).unwrap_err();
            assert!(error.message.contains("libvirt.conf"), "{broken}: {error}");
        }
    }
}
