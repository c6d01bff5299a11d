//! The links: each of the transports, through the proxy, to a daemon of its own.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use innkeeper_core::{Options, Uri};
use lab::{
    Daemon, Listen, Sshd, SshdOptions,
    certificates::{Authority, Wish, client_folder},
    sasl::Accounts,
};

use super::{Plan, log_in};
use crate::support::{
    far_host::quiet,
    person::Person,
    proxy::{Proxy, Target},
};

/// A transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The daemon's own socket. Nothing pings there: it does not freeze unless the daemon does.
    Unix,
    /// TCP with DIGEST-MD5 and its security layer.
    Sasl,
    /// TLS.
    Tls,
    /// OpenSSH.
    Ssh,
    /// A program.
    Ext,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Self; 5] = [Self::Unix, Self::Sasl, Self::Tls, Self::Ssh, Self::Ext];
}

/// A daemon, the proxy in front of it, and the URI that leads through it.
pub(crate) struct Way {
    pub(super) kind: Kind,
    pub(super) daemon: Daemon,
    pub(super) proxy: Proxy,
    pub(super) uri: Uri,
    pub(super) options: Options,
    folder: tempfile::TempDir,
    /// What else must live as long.
    _parts: Parts,
}

/// The guards of a way in.
#[derive(Default)]
struct Parts {
    _accounts: Option<Accounts>,
    _authority: Option<Authority>,
    _sshd: Option<Sshd>,
}

impl Way {
    pub(super) async fn open(kind: Kind, plan: &Plan) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // The dispatcher says which call it takes from whom; nothing else is wanted of the log.
        let listen = Listen::default()
            .line(&format!(
                "log_outputs = \"1:file:{}\"",
                log_in(folder.path()).display()
            ))
            .line("log_filters = \"1:rpc.netserverprogram\"");
        let options = Options {
            ping: plan.ping,
            retries: plan.retries.clone(),
            ..quiet()
        };
        match kind {
            Kind::Unix => Self::unix(folder, listen, options),
            Kind::Sasl => Self::sasl(folder, listen, options).await,
            Kind::Tls => Self::tls(folder, listen, options).await,
            Kind::Ssh => Self::ssh(folder, listen, options).await,
            Kind::Ext => Self::ext(folder, listen, options).await,
        }
    }

    /// The daemon's log.
    pub(super) fn log(&self) -> PathBuf {
        log_in(self.folder.path())
    }

    fn unix(folder: tempfile::TempDir, listen: Listen, options: Options) -> Self {
        let daemon = Daemon::start_with(&listen).expect("a daemon");
        let path = folder.path().join("sock");
        let proxy = Proxy::at(&path, Target::Socket(daemon.socket()));
        let uri = crate::support::uri(super::TEST, &path);
        Self::of(
            Kind::Unix,
            folder,
            daemon,
            proxy,
            uri,
            options,
            Parts::default(),
        )
    }

    async fn sasl(folder: tempfile::TempDir, listen: Listen, mut options: Options) -> Self {
        let accounts = Accounts::new("libvirt", "digest-md5").expect("accounts");
        accounts.add("fred", "a good password").expect("an account");
        let (listen, port) = listen.tcp("sasl").expect("a port");
        let listen = listen
            .line("listen_tls = 0")
            .environment("SASL_CONF_PATH", accounts.path());
        let daemon = Daemon::start_with(&listen).expect("a daemon");
        let proxy = Proxy::start(Target::Port(([127, 0, 0, 1], port).into())).await;
        options.credentials = Person::with(&[("fred", "a good password")]);
        let uri = format!("test+tcp://localhost:{}/default", proxy.address.port());
        let parts = Parts {
            _accounts: Some(accounts),
            ..Parts::default()
        };
        Self::of(
            Kind::Sasl,
            folder,
            daemon,
            proxy,
            read(&uri),
            options,
            parts,
        )
    }

    async fn tls(folder: tempfile::TempDir, listen: Listen, options: Options) -> Self {
        let authority = Authority::new("the lab").expect("an authority");
        let sign = |name, wish| authority.sign(name, wish).expect("a certificate");
        let (own, client) = (
            sign("server", Wish::server()),
            sign("client", Wish::client("a client")),
        );
        let ca = &authority.own().certificate;
        let (listen, port) = listen.tls(ca, &own).expect("a port");
        let daemon = Daemon::start_with(&listen.line("auth_tls = \"none\"")).expect("a daemon");
        let pki = folder.path().join("pki");
        client_folder(&pki, ca, None, Some(&client)).expect("a folder");
        let proxy = Proxy::start(Target::Port(([127, 0, 0, 1], port).into())).await;
        let (port, pki) = (proxy.address.port(), pki.display());
        let uri = format!("test://localhost:{port}/default?pkipath={pki}");
        let parts = Parts {
            _authority: Some(authority),
            ..Parts::default()
        };
        Self::of(Kind::Tls, folder, daemon, proxy, read(&uri), options, parts)
    }

    async fn ssh(folder: tempfile::TempDir, listen: Listen, options: Options) -> Self {
        let daemon = Daemon::start_with(&listen).expect("a daemon");
        let sshd = Sshd::start(&SshdOptions {
            libvirt: Some(daemon.path().join("run")),
            // A sshd shuts out for minutes who breaks off many logins, as a cut link does.
            config: "PerSourcePenalties no\nMaxStartups 100".to_owned(),
            ..SshdOptions::default()
        })
        .expect("an sshd");
        let proxy = Proxy::start(Target::Port(([127, 0, 0, 1], sshd.port()).into())).await;
        let (port, key) = (proxy.address.port(), sshd.key());
        let uri = format!(
            "test+ssh://root@127.0.0.1:{port}/default?no_verify=1&keyfile={}",
            key.display()
        );
        let parts = Parts {
            _sshd: Some(sshd),
            ..Parts::default()
        };
        Self::of(Kind::Ssh, folder, daemon, proxy, read(&uri), options, parts)
    }

    async fn ext(folder: tempfile::TempDir, listen: Listen, options: Options) -> Self {
        let daemon = Daemon::start_with(&listen).expect("a daemon");
        let proxy = Proxy::start(Target::Socket(daemon.socket())).await;
        let program = folder.path().join("way");
        let body = format!("#!/bin/sh\nexec nc 127.0.0.1 {}\n", proxy.address.port());
        fs::write(&program, body).expect("a file");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a program");
        let uri = format!("test+ext:///default?command={}", program.display());
        Self::of(
            Kind::Ext,
            folder,
            daemon,
            proxy,
            read(&uri),
            options,
            Parts::default(),
        )
    }

    fn of(
        kind: Kind,
        folder: tempfile::TempDir,
        daemon: Daemon,
        proxy: Proxy,
        uri: Uri,
        options: Options,
        parts: Parts,
    ) -> Self {
        Self {
            kind,
            daemon,
            proxy,
            uri,
            options,
            folder,
            _parts: parts,
        }
    }
}

fn read(uri: &str) -> Uri {
    uri.parse().expect("a URI")
}
