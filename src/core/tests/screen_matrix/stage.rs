//! Eight daemons behind one sshd each, their guests, and a host's handle for each way to them.
//!
//! TLS with certificates and the wish for a login are a daemon's settings; mechanism, password and TLS without a certificate,
//! which libvirt does not know, are a guest's. Each guest listens in one
//! place, so that there are two for each kind of security: at a port and at a socket.

use std::collections::HashMap;

use futures_util::future::join_all;
use innkeeper_core::{Host, Options, security::pki::PkiRoots};
use lab::{Daemon, Listen, SshdOptions, guest, sasl::Accounts};
use tempfile::TempDir;
use virt_rpc::procedure::types::Domain;

use crate::{
    KEYTAB,
    support::{
        far_host::{FarHost, connected, quiet},
        guarded::{Pki, USER, accounts, by_address, login, without_secrets},
        impostor::Impostor,
        screen::start_guest_with,
        uri,
        view::View,
    },
};

/// What is around a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tls {
    Plain,
    Anonymous,
    Certificate,
    OursToo,
}

impl Tls {
    pub(crate) const ALL: [Self; 4] = [
        Self::Plain,
        Self::Anonymous,
        Self::Certificate,
        Self::OursToo,
    ];

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Anonymous => "anonymous TLS",
            Self::Certificate => "TLS",
            Self::OursToo => "TLS both ways",
        }
    }
}

/// What a screen asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Auth {
    Nothing,
    Password,
    Digest,
    Scram,
    Kerberos,
}

/// The password of the screens that have one.
pub(crate) const PASSWORD: &str = "sesame";

impl Auth {
    pub(crate) const ALL: [Self; 5] = [
        Self::Nothing,
        Self::Password,
        Self::Digest,
        Self::Scram,
        Self::Kerberos,
    ];

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Password => "password",
            Self::Digest => "DIGEST-MD5",
            Self::Scram => "SCRAM-SHA-256",
            Self::Kerberos => "GSSAPI",
        }
    }

    /// What a person who knows everything answers.
    pub(crate) fn answers(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::Nothing | Self::Kerberos => Vec::new(),
            Self::Password => vec![("", PASSWORD)],
            Self::Digest | Self::Scram => vec![USER],
        }
    }

    pub(crate) fn is_login(self) -> bool {
        !matches!(self, Self::Nothing | Self::Password)
    }

    fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

/// How a screen is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Port,
    Socket,
    Descriptor,
    SshToPort,
    SshToSocket,
}

/// All of them, in the order of the tables' columns.
pub(crate) const WAYS: [Way; 5] = [
    Way::Port,
    Way::Socket,
    Way::Descriptor,
    Way::SshToPort,
    Way::SshToSocket,
];

/// The two guests of one kind of security.
pub(crate) struct Doors {
    pub(crate) at_port: Domain,
    pub(crate) port: u16,
    pub(crate) at_socket: Domain,
}

/// One daemon with its guests.
pub(crate) struct Floor {
    pub(crate) tls: Tls,
    pub(crate) doors: HashMap<Auth, Doors>,
    /// A screen whose password was good until long ago; at a port.
    pub(crate) expired: Option<Domain>,
    pub(crate) impostor: Impostor,
    by_address: (Host, View),
    by_descriptor: (Host, View),
    by_ssh: (Host, View),
    _far: FarHost,
    _accounts: Accounts,
    _folder: TempDir,
}

impl Floor {
    /// The host's handle that takes this way.
    pub(crate) fn host(&self, way: Way) -> &Host {
        match way {
            Way::Port | Way::Socket => &self.by_address.0,
            Way::Descriptor => &self.by_descriptor.0,
            Way::SshToPort | Way::SshToSocket => &self.by_ssh.0,
        }
    }

    /// Lets all look for their certificates elsewhere.
    pub(crate) fn look_at(&self, pki: &PkiRoots) {
        for way in [Way::Port, Way::Descriptor, Way::SshToPort] {
            let host = self.host(way);
            let pki = Some(pki.clone());
            host.set_options(Options {
                pki,
                ..host.options()
            });
        }
    }
}

/// Everything.
pub(crate) struct Stage {
    pub(crate) pki: Pki,
    /// The places of a viewer who has all that any screen wants.
    pub(crate) viewer: PkiRoots,
    pub(crate) floors: Vec<Floor>,
}

impl Stage {
    pub(crate) async fn set_up() -> Self {
        let pki = Pki::new();
        let viewer = pki.viewer("viewer", Some(&pki.client()));
        let kinds = Tls::ALL.map(|tls| [(tls, false), (tls, true)]);
        let floors = kinds.into_iter().flatten().map(|(tls, is_login)| {
            let lines = match tls {
                Tls::Plain | Tls::Anonymous => String::new(),
                Tls::Certificate => pki.guard(0),
                Tls::OursToo => pki.guard(1),
            };
            floor(tls, is_login, lines, viewer.clone())
        });
        let floors = join_all(floors).await;
        Self {
            pki,
            viewer,
            floors,
        }
    }
}

/// The lines of SASL's configuration that leave one mechanism. QEMU reads them when it starts.
fn mechanism(auth: Auth) -> String {
    match auth {
        Auth::Nothing | Auth::Password => String::new(),
        Auth::Digest => "mech_list: digest-md5".to_owned(),
        Auth::Scram => "mech_list: scram-sha-256".to_owned(),
        Auth::Kerberos => {
            let keytab = std::env::var(KEYTAB).unwrap();
            format!("mech_list: gssapi\nkeytab: {keytab}")
        }
    }
}

/// The element that tells a guest's QEMU of Kerberos' realm.
fn realm() -> String {
    let config = std::env::var("KRB5_CONFIG").unwrap();
    format!(
        "<q:commandline xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'>\
         <q:env name='KRB5_CONFIG' value='{config}'/></q:commandline>"
    )
}

async fn floor(tls: Tls, is_login: bool, mut lines: String, viewer: PkiRoots) -> Floor {
    let accounts = accounts("digest-md5");
    if is_login {
        lines += "\n";
        lines += &login(&accounts);
    }
    let far = tokio::task::spawn_blocking(move || {
        FarHost::start_with(SshdOptions::default(), &Listen::default().qemu(&lines))
    });
    let far = far.await.unwrap();
    let mut doors = HashMap::new();
    for auth in Auth::ALL
        .into_iter()
        .filter(|auth| auth.is_login() == is_login)
    {
        accounts.configure(&mechanism(auth)).unwrap();
        doors.insert(auth, open_doors(&far.daemon, tls, auth).await);
    }
    let expired = if is_login {
        None
    } else {
        let (graphics, _) = at_a_port("passwd='sesame' passwdValidTo='2020-01-01T00:00:00'");
        Some(start_behind(&far.daemon, tls, "expired", &graphics, "").await)
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay");
    let impostor = Impostor::start(&path, &far.daemon.socket());
    let near = uri(Daemon::qemu_uri(), &path);
    let local = uri(Daemon::qemu_uri(), &far.daemon.socket());
    let ssh = Options {
        pki: Some(viewer.clone()),
        ..quiet()
    };
    let descriptor = Options {
        graphics_descriptor: true,
        ..by_address(&viewer)
    };
    Floor {
        tls,
        doors,
        expired,
        impostor,
        by_address: connected(near, without_secrets(by_address(&viewer))).await,
        by_descriptor: connected(local, descriptor).await,
        by_ssh: connected(far.uri(Daemon::qemu_uri(), ""), without_secrets(ssh)).await,
        _far: far,
        _accounts: accounts,
        _folder: folder,
    }
}

async fn open_doors(daemon: &Daemon, tls: Tls, auth: Auth) -> Doors {
    let password = format!("passwd='{PASSWORD}'");
    let attributes = if auth == Auth::Password {
        &password
    } else {
        ""
    };
    let (name, realm) = (auth.name(), realm());
    let (graphics, port) = at_a_port(attributes);
    let at_port = start_behind(daemon, tls, &format!("{name}-port"), &graphics, &realm).await;
    let socket = format!(
        "<graphics type='vnc' {attributes}><listen type='socket' socket='DIR/lib/{name}.sock'/></graphics>"
    );
    let at_socket = start_behind(daemon, tls, &format!("{name}-socket"), &socket, &realm).await;
    Doors {
        at_port,
        port,
        at_socket,
    }
}

/// Starts a guest whose screen has TLS without a certificate where its floor wants that.
async fn start_behind(
    daemon: &Daemon,
    tls: Tls,
    name: &str,
    graphics: &str,
    element: &str,
) -> Domain {
    let emulator = match tls {
        Tls::Anonymous => guest::emulator_without_certificate(daemon.path()).unwrap(),
        _ => String::new(),
    };
    start_guest_with(daemon, name, &format!("{emulator}{graphics}"), element).await
}

/// A screen at a port that nobody else here has; the port has five digits.
fn at_a_port(attributes: &str) -> (String, u16) {
    let port = lab::own_port().unwrap();
    let text = format!(
        "<graphics type='vnc' port='{port}' autoport='no' listen='127.0.0.1' {attributes}/>"
    );
    (text, port)
}
