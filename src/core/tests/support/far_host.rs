//! Another host over ssh: a real sshd in front of a real libvirtd, both private.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use innkeeper_core::{Host, Options, Uri, security::Credentials};
use lab::{Account, Daemon, Listen, Sshd, SshdOptions};

use super::{script::Script, view::View};

/// What carries ssh's questions to the test.
const ASKPASS: &str = env!("CARGO_BIN_EXE_askpass");

/// `nobody`: a number that the daemon, which is not in sshd's namespace, has heard of.
const NOBODY: u32 = 65_534;

/// The two, and what lets us in.
pub(crate) struct FarHost {
    pub(crate) daemon: Daemon,
    pub(crate) sshd: Sshd,
    known_hosts: PathBuf,
}

impl FarHost {
    pub(crate) fn start(options: SshdOptions) -> Self {
        Self::start_with(options, &Listen::default())
    }

    /// Starts them with a daemon that is set up otherwise.
    pub(crate) fn start_with(mut options: SshdOptions, listen: &Listen) -> Self {
        let daemon = Daemon::start_with(listen).expect("a daemon");
        options.libvirt = Some(daemon.path().join("run"));
        let sshd = Sshd::start(&options).expect("an sshd");
        let known_hosts = sshd.known_hosts().expect("known hosts");
        Self {
            daemon,
            sshd,
            known_hosts,
        }
    }

    /// A host to which sshd forwards no sockets.
    pub(crate) fn without_forwarding(hidden: &[&str]) -> Self {
        Self::start(SshdOptions {
            config: "AllowStreamLocalForwarding no".to_owned(),
            hidden: hidden.iter().map(|name| (*name).to_owned()).collect(),
            ..SshdOptions::default()
        })
    }

    /// A URI that needs no answers: the key is let in, and the host is known.
    pub(crate) fn uri(&self, base: &str, parameters: &str) -> Uri {
        let key = self.sshd.key();
        self.uri_of(
            "root",
            base,
            &format!("keyfile={}&{parameters}", key.display()),
        )
    }

    /// A URI that names an account; `base` is driver and path.
    pub(crate) fn uri_of(&self, user: &str, base: &str, parameters: &str) -> Uri {
        let known = self.known_hosts.display();
        self.bare_uri(user, base, &format!("known_hosts={known}&{parameters}"))
    }

    /// A URI that says nothing about who may be trusted.
    pub(crate) fn bare_uri(&self, user: &str, base: &str, parameters: &str) -> Uri {
        let (driver, path) = base.split_once(":///").expect("a local URI");
        let port = self.sshd.port();
        let text = format!("{driver}+ssh://{user}@127.0.0.1:{port}/{path}?{parameters}");
        text.trim_end_matches('&').parse().expect("a URI")
    }
}

/// Options under which ssh asks nobody.
pub(crate) fn quiet() -> Options {
    Options {
        askpass: Some(PathBuf::from(ASKPASS)),
        ..Options::default()
    }
}

/// Options under which a script answers.
pub(crate) fn answered_by(script: &Arc<Script>) -> Options {
    let credentials: Arc<dyn Credentials> = script.clone();
    Options {
        credentials,
        ..quiet()
    }
}

/// Connects, and waits until the list is there.
pub(crate) async fn connected(uri: Uri, options: Options) -> (Host, View) {
    let host = Host::with_options(uri, options);
    let mut view = View::of(&host);
    host.connect();
    view.until_connected().await;
    (host, view)
}

/// Connects in vain, and gives the reason.
pub(crate) async fn refused(uri: Uri, options: Options) -> innkeeper_core::Error {
    let host = Host::with_options(uri, options);
    let mut view = View::of(&host);
    host.connect();
    view.until_failed().await
}

/// An account with a password.
pub(crate) fn account(shell: &str) -> Account {
    Account {
        name: "guest".to_owned(),
        uid: NOBODY,
        password: "open sesame".to_owned(),
        shell: shell.to_owned(),
    }
}

/// The known hosts of a person who has met nobody yet.
pub(crate) fn empty_known_hosts(folder: &Path) -> PathBuf {
    let path = folder.join("nobody");
    std::fs::write(&path, "").expect("a writable folder");
    path
}
