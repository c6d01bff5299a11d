//! What of a URI decides about the login: two URIs with equal logins share one.
//!
//! Parameters: libvirt's `docs/uri.rst`. The transports `libssh` and `libssh2` are names for this one; what their
//! parameters say is told to OpenSSH. Where the socket is that the login leads to is in [`super::far_socket`].

use std::ffi::OsString;

use crate::{Error, ErrorKind, Uri};

/// One login on one host.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Login {
    /// The host as ssh's configuration may know it.
    pub(crate) host: String,
    pub(crate) user: Option<String>,
    pub(crate) port: Option<u16>,
    /// The program to run instead of `ssh`.
    pub(super) program: Option<String>,
    pub(super) key_file: Option<String>,
    /// Whether nothing may be asked.
    pub(super) silent: bool,
    host_keys: HostKeys,
    known_hosts: Option<String>,
    methods: Vec<Method>,
}

/// What to do about the host's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum HostKeys {
    /// As ssh is configured.
    AsConfigured,
    /// A person decides about unknown ones.
    Ask,
    /// Unknown ones are taken and remembered; others than before are refused.
    TakeNew,
    /// `no_verify`: as libvirt says it to ssh. Passwords are not sent where the key is another than before.
    Off,
    /// They are not looked at.
    Ignore,
}

/// libvirt's names for the ways to authenticate (`sshauth`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Method {
    Agent,
    PrivateKey,
    Password,
    KeyboardInteractive,
    Gssapi,
}

impl Login {
    /// Reads a URI.
    ///
    /// # Errors
    /// [`ErrorKind::BadUri`] when there is no host, or a parameter has no meaning.
    pub(crate) fn of(uri: &Uri) -> Result<Self, Error> {
        let bad = |why: String| Error::new(ErrorKind::BadUri, format!("{uri}: {why}"));
        let text = |name: &str| {
            let value = uri.parameter(name).filter(|value| !value.is_empty());
            value.map(str::to_owned)
        };
        let host = uri
            .host()
            .ok_or_else(|| bad("ssh needs a host".to_owned()))?;
        Ok(Self {
            host: host.to_owned(),
            user: uri.user().map(str::to_owned),
            port: uri.port(),
            program: text("command"),
            key_file: text("keyfile"),
            silent: uri.switch("no_tty")?,
            host_keys: HostKeys::of(uri).map_err(bad)?,
            known_hosts: text("known_hosts"),
            methods: methods_of(uri.parameter("sshauth").unwrap_or_default()).map_err(bad)?,
        })
    }

    /// `user@host` as far as the URI says it, for people.
    pub(crate) fn name(&self) -> String {
        match &self.user {
            Some(user) => format!("{user}@{}", self.host),
            None => self.host.clone(),
        }
    }

    /// The options that name the account and say how to get in, in libvirt's order (`virNetSocketNewConnectSSH`).
    pub(super) fn options(&self) -> Vec<OsString> {
        let mut list = Arguments::default();
        if let Some(port) = self.port {
            list.pair("-p", &port.to_string());
        }
        if let Some(user) = &self.user {
            list.pair("-l", user);
        }
        if let Some(key) = &self.key_file {
            list.pair("-i", key);
        }
        list.0.push("-T".into());
        list.pair("-e", "none");
        if self.silent {
            list.option("BatchMode", "yes");
        }
        self.host_keys.add_to(&mut list);
        if let Some(file) = self.known_hosts.as_deref().filter(|_| !self.ignores_keys()) {
            list.option("UserKnownHostsFile", &quoted(file));
        }
        self.add_methods(&mut list);
        list.0
    }

    /// What ends a command line's options: the host, which is never taken for one.
    pub(super) fn destination(&self) -> [OsString; 2] {
        ["--".into(), self.host.clone().into()]
    }

    fn ignores_keys(&self) -> bool {
        self.host_keys == HostKeys::Ignore
    }

    fn add_methods(&self, list: &mut Arguments) {
        if self.methods.is_empty() {
            return;
        }
        let mut names: Vec<&str> = Vec::new();
        for method in &self.methods {
            if !names.contains(&method.openssh()) {
                names.push(method.openssh());
            }
        }
        list.option("PreferredAuthentications", &names.join(","));
        let has = |method| self.methods.contains(&method);
        if has(Method::PrivateKey) && !has(Method::Agent) {
            list.option("IdentityAgent", "none");
        }
        if has(Method::Agent) && !has(Method::PrivateKey) {
            list.option("IdentityFile", "none");
        }
    }
}

impl HostKeys {
    fn of(uri: &Uri) -> Result<Self, String> {
        if uri.switch("no_verify").map_err(|error| error.message)? {
            return Ok(Self::Off);
        }
        match uri.parameter("known_hosts_verify") {
            None | Some("") => Ok(Self::AsConfigured),
            Some("normal") => Ok(Self::Ask),
            Some("auto") => Ok(Self::TakeNew),
            Some("ignore") => Ok(Self::Ignore),
            Some(other) => Err(format!(
                "known_hosts_verify {other} is none of normal, auto, ignore"
            )),
        }
    }

    fn add_to(self, list: &mut Arguments) {
        let strict = match self {
            Self::AsConfigured => return,
            Self::Ask => "ask",
            Self::TakeNew => "accept-new",
            Self::Off | Self::Ignore => "no",
        };
        list.option("StrictHostKeyChecking", strict);
        if self == Self::Ignore {
            list.option("UserKnownHostsFile", "/dev/null");
            list.option("GlobalKnownHostsFile", "/dev/null");
        }
    }
}

impl Method {
    /// OpenSSH's name for it.
    fn openssh(self) -> &'static str {
        match self {
            Self::Agent | Self::PrivateKey => "publickey",
            Self::Password => "password",
            Self::KeyboardInteractive => "keyboard-interactive",
            Self::Gssapi => "gssapi-with-mic",
        }
    }
}

fn methods_of(list: &str) -> Result<Vec<Method>, String> {
    let names = list
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    names
        .map(|name| match name {
            "agent" => Ok(Method::Agent),
            "privkey" => Ok(Method::PrivateKey),
            "password" => Ok(Method::Password),
            "keyboard-interactive" => Ok(Method::KeyboardInteractive),
            "gssapi" => Ok(Method::Gssapi),
            other => Err(format!(
                "sshauth {other} is none of agent, privkey, password, keyboard-interactive, gssapi"
            )),
        })
        .collect()
}

/// A growing command line.
#[derive(Default)]
pub(super) struct Arguments(pub(super) Vec<OsString>);

impl Arguments {
    pub(super) fn pair(&mut self, flag: &str, value: &str) {
        self.0.extend([flag.into(), value.into()]);
    }

    /// Adds an option of `ssh_config(5)`, which wins over the files.
    pub(super) fn option(&mut self, name: &str, value: &str) {
        self.pair("-o", &format!("{name}={value}"));
    }
}

/// Writes a file's name so that `ssh_config(5)` reads one word.
pub(super) fn quoted(file: &str) -> String {
    format!("\"{}\"", file.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(text: &str) -> Login {
        Login::of(&text.parse().unwrap()).unwrap()
    }

    fn options(text: &str) -> String {
        let words = login(text).options();
        let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
        words.join(" ")
    }

    #[test]
    fn a_plain_uri_says_what_libvirt_says() {
        assert_eq!(options("qemu+ssh://host/system"), "-T -e none");
        assert_eq!(
            options("qemu+ssh://me@host:2222/system?keyfile=/k&no_tty=1&no_verify=1"),
            "-p 2222 -l me -i /k -T -e none -o BatchMode=yes -o StrictHostKeyChecking=no"
        );
        let end = login("qemu+ssh://[fe80::1]/system").destination();
        assert_eq!(end, ["--", "fe80::1"]);
    }

    #[test]
    fn host_keys_are_treated_as_the_uri_says() {
        let verify = |value: &str| {
            options(&format!(
                "qemu+libssh2://h/system?known_hosts=/a%20b&known_hosts_verify={value}"
            ))
        };
        let known = "-o UserKnownHostsFile=\"/a b\"";
        assert_eq!(
            verify("normal"),
            format!("-T -e none -o StrictHostKeyChecking=ask {known}")
        );
        assert_eq!(
            verify("auto"),
            format!("-T -e none -o StrictHostKeyChecking=accept-new {known}")
        );
        assert_eq!(
            verify("ignore"),
            "-T -e none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
             -o GlobalKnownHostsFile=/dev/null"
        );
    }

    #[test]
    fn methods_are_those_that_are_named() {
        let methods = |value: &str| options(&format!("qemu+libssh://h/system?sshauth={value}"));
        assert_eq!(
            methods("privkey,password"),
            "-T -e none -o PreferredAuthentications=publickey,password -o IdentityAgent=none"
        );
        assert_eq!(
            methods("agent"),
            "-T -e none -o PreferredAuthentications=publickey -o IdentityFile=none"
        );
        assert_eq!(
            methods("agent,privkey"),
            "-T -e none -o PreferredAuthentications=publickey"
        );
    }

    #[test]
    fn what_has_no_meaning_is_refused() {
        for text in [
            "qemu+ssh:///system",
            "qemu+ssh://h/system?sshauth=magic",
            "qemu+ssh://h/system?known_hosts_verify=perhaps",
            "qemu+ssh://h/system?no_tty=yes",
        ] {
            let error = Login::of(&text.parse().unwrap()).unwrap_err();
            assert_eq!(error.kind, ErrorKind::BadUri, "{text}");
        }
    }

    #[test]
    fn equal_logins_are_one() {
        let one = login("qemu+ssh://me@host/system?socket=/a");
        assert_eq!(one, login("lxc+ssh://me@host/system?proxy=native"));
        assert_ne!(one, login("qemu+ssh://me@host/system?keyfile=/k"));
    }
}
