//! The far host: a private libvirtd that listens for TLS and, with SASL, for TCP, and an sshd in front of its socket.

use std::{fmt, fs, path::PathBuf, time::Duration};

use lab::{
    Daemon, Listen, Sshd, SshdOptions,
    certificates::{Authority, Wish, client_folder},
    sasl::Accounts,
};
use testbed::socket::Relay;

/// A way to the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Tls,
    Sasl,
    Ssh,
}

impl Way {
    pub(crate) const ALL: [Self; 3] = [Self::Tls, Self::Sasl, Self::Ssh];
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Tls => "TLS",
            Self::Sasl => "TCP+SASL",
            Self::Ssh => "ssh",
        })
    }
}

/// The host with what lets us in.
pub(crate) struct Far {
    daemon: Daemon,
    sshd: Sshd,
    tls: u16,
    tcp: u16,
    folder: tempfile::TempDir,
    _authority: Authority,
    _accounts: Accounts,
}

impl Far {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let authority = Authority::new("the lab").expect("an authority");
        let sign = |name, wish| authority.sign(name, wish).expect("a certificate");
        let own = sign("server", Wish::server());
        let client = sign("client", Wish::client("a client"));
        let ca = &authority.own().certificate;
        client_folder(&folder.path().join("pki"), ca, None, Some(&client)).expect("a folder");
        let accounts = Accounts::new("libvirt", "digest-md5").expect("accounts");
        accounts.add("fred", "a good password").expect("an account");
        let auth = "[credentials-lab]\nauthname=fred\npassword=a good password\n\
                    [auth-libvirt-localhost]\ncredentials=lab\n";
        fs::write(folder.path().join("auth.conf"), auth).expect("a file");
        let (listen, tls) = Listen::default().tls(ca, &own).expect("a port");
        let (listen, tcp) = listen.tcp("sasl").expect("a port");
        let listen = listen
            .line("auth_tls = \"none\"")
            .environment("SASL_CONF_PATH", accounts.path());
        let daemon = Daemon::start_with(&listen).expect("a daemon");
        let sshd = Sshd::start(&SshdOptions {
            libvirt: Some(daemon.path().join("run")),
            ..SshdOptions::default()
        });
        Self {
            daemon,
            sshd: sshd.expect("an sshd"),
            tls,
            tcp,
            folder,
            _authority: authority,
            _accounts: accounts,
        }
    }

    /// The URI of its own socket.
    pub(crate) fn near(&self) -> String {
        let socket = self.daemon.socket();
        format!("qemu+unix:///system?socket={}", socket.display())
    }

    /// A way through a relay that delays each direction by half of the round trip, and its URI.
    pub(crate) fn way(&self, way: Way, round_trip: Duration) -> (Relay, String) {
        let port = match way {
            Way::Tls => self.tls,
            Way::Sasl => self.tcp,
            Way::Ssh => self.sshd.port(),
        };
        let relay = Relay::to_port(port, round_trip / 2);
        let port = relay.port();
        let place = |name: &str| -> PathBuf { self.folder.path().join(name) };
        let uri = match way {
            Way::Tls => format!(
                "qemu+tls://localhost:{port}/system?pkipath={}",
                place("pki").display()
            ),
            Way::Sasl => format!(
                "qemu+tcp://localhost:{port}/system?authfile={}",
                place("auth.conf").display()
            ),
            Way::Ssh => format!(
                "qemu+ssh://root@127.0.0.1:{port}/system?no_verify=1&keyfile={}",
                self.sshd.key().display()
            ),
        };
        (relay, uri)
    }
}
