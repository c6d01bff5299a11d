//! Hosts over TLS, against a real libvirtd. Needs the feature `daemon-tests`.

#![cfg(feature = "daemon-tests")]

mod support;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use innkeeper_core::{
    ErrorKind, Host, HostState, LinkWarning, Options, Transport,
    security::{
        pki::PkiRoots,
        tls::{CertificateProblem, Trust},
    },
};
use lab::{
    Daemon, Listen,
    certificates::{Authority, Pair, Wish, client_folder},
};
use support::{
    proxy::{Proxy, Target, Weather},
    view::View,
};

/// A daemon that listens for TLS with a certificate for `names`, and what vouches for it.
struct Stage {
    _daemon: Daemon,
    authority: Authority,
    port: u16,
    home: tempfile::TempDir,
}

impl Stage {
    fn of(server: Wish) -> Self {
        let authority = Authority::new("the lab").unwrap();
        let own = authority.sign("server", server).unwrap();
        let (listen, port) = Listen::default()
            .tls(&authority.own().certificate, &own)
            .unwrap();
        let listen = listen.line("auth_tls = \"none\"");
        Self {
            _daemon: Daemon::start_with(&listen).unwrap(),
            authority,
            port,
            home: tempfile::tempdir().unwrap(),
        }
    }

    fn client(&self) -> Pair {
        self.authority
            .sign("client", Wish::client("a client"))
            .unwrap()
    }

    /// A folder for `pkipath`.
    fn folder(&self, name: &str, own: Option<&Pair>) -> PathBuf {
        let folder = self.home.path().join(name);
        client_folder(&folder, &self.authority.own().certificate, None, own).unwrap();
        folder
    }

    fn uri(&self, host: &str, folder: &Path, more: &str) -> String {
        let (port, folder) = (self.port, folder.display());
        format!("test://{host}:{port}/default?pkipath={folder}{more}")
    }
}

fn connect(uri: &str, options: Options) -> (Host, View) {
    let host = Host::with_options(uri.parse().unwrap(), options);
    let view = View::of(&host);
    host.connect();
    (host, view)
}

async fn failure(uri: &str, options: Options) -> ErrorKind {
    let (_host, mut view) = connect(uri, options);
    let error = view.until_failed().await;
    assert!(!error.message.is_empty());
    error.kind
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_of_both_sides_lead_in() {
    let stage = Stage::of(Wish::server());
    let folder = stage.folder("good", Some(&stage.client()));
    let (host, mut view) = connect(&stage.uri("localhost", &folder, ""), Options::default());
    view.until_connected().await;
    let link = host.link_info().unwrap();
    assert_eq!(link.transport, Transport::Tls);
    assert_eq!(link.warnings, []);
    let tls = link.tls.as_ref().unwrap();
    assert_eq!((&*tls.version, tls.trust), ("TLS 1.3", Trust::Chain));
    assert!(tls.certificate.subject.contains("CN="));
    assert!(view.named("test").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_certificates_is_told_apart() {
    let stage = Stage::of(Wish::server());
    let own = stage.client();
    let good = stage.folder("good", Some(&own));

    let empty = stage.home.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let kind = failure(&stage.uri("localhost", &empty, ""), Options::default()).await;
    let looked = vec![empty.join("cacert.pem")];
    assert_eq!(kind, ErrorKind::CaMissing { looked });

    let alone = stage.folder("alone", None);
    let kind = failure(&stage.uri("localhost", &alone, ""), Options::default()).await;
    let looked = ["clientcert.pem", "clientkey.pem"].map(|name| alone.join(name));
    let looked = looked.to_vec();
    assert_eq!(kind, ErrorKind::ClientCertificateMissing { looked });

    let others = Authority::new("others").unwrap();
    let foreign = others.sign("client", Wish::client("a stranger")).unwrap();
    let foreign = stage.folder("foreign", Some(&foreign));
    let kind = failure(&stage.uri("localhost", &foreign, ""), Options::default()).await;
    assert_eq!(kind, ErrorKind::ClientCertificateRefused);

    let mixed = Pair {
        key: others.own().key.clone(),
        ..own.clone()
    };
    let mixed = stage.folder("mixed", Some(&mixed));
    let kind = failure(&stage.uri("localhost", &mixed, ""), Options::default()).await;
    assert!(
        matches!(kind, ErrorKind::CertificateUnusable { .. }),
        "{kind:?}"
    );

    let wishes = "&tls_priority=-VERS-ALL";
    let kind = failure(&stage.uri("localhost", &good, wishes), Options::default()).await;
    assert_eq!(kind, ErrorKind::BadUri);
    let kind = failure(
        &stage.uri("localhost", &good, "&no_verify=x"),
        Options::default(),
    )
    .await;
    assert_eq!(kind, ErrorKind::BadUri);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_name_is_refused_until_it_is_pinned_or_nothing_is_checked() {
    let stage = Stage::of(Wish::server_named(
        "elsewhere",
        &["dns_name = elsewhere.example"],
    ));
    let folder = stage.folder("good", Some(&stage.client()));
    let uri = stage.uri("localhost", &folder, "");
    let ErrorKind::CertificateUntrusted {
        problem,
        certificate,
        pin_changed,
    } = failure(&uri, Options::default()).await
    else {
        panic!("another kind");
    };
    assert!(matches!(problem, CertificateProblem::WrongName { .. }));
    assert!(problem.can_be_pinned() && !pin_changed);

    // Who is trusted as a screen is not as the daemon.
    let (host, mut view) = connect(
        &uri,
        Options {
            screen_pins: vec![certificate.fingerprint],
            ..Options::default()
        },
    );
    view.until_failed().await;
    host.set_options(Options {
        pins: vec![certificate.fingerprint],
        ..Options::default()
    });
    host.connect();
    view.until_connected().await;
    let link = host.link_info().unwrap();
    assert_eq!(link.tls.as_ref().unwrap().trust, Trust::Pinned);

    let (host, mut view) = connect(
        &stage.uri(
            "localhost",
            &folder,
            "&no_verify=1&tls_priority=NORMAL:%25COMPAT",
        ),
        Options::default(),
    );
    view.until_connected().await;
    let link = host.link_info().unwrap();
    let ignored = LinkWarning::PriorityIgnored(vec!["%COMPAT".to_owned()]);
    assert_eq!(link.warnings, [LinkWarning::Unverified, ignored]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_common_name_alone_is_accepted_with_a_warning() {
    let stage = Stage::of(Wish::server_named("localhost", &[]));
    let folder = stage.folder("good", Some(&stage.client()));
    let (host, mut view) = connect(&stage.uri("localhost", &folder, ""), Options::default());
    view.until_connected().await;
    assert_eq!(
        host.link_info().unwrap().warnings,
        [LinkWarning::CommonNameOnly]
    );
}

/// The user's own places count where the URI names none; what was put right meanwhile counts when asked again.
#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_was_put_into_its_place_counts_at_the_next_attempt() {
    let stage = Stage::of(Wish::server());
    let home = stage.home.path();
    let options = Options {
        pki: Some(PkiRoots {
            system: home.join("etc"),
            user: Some(home.join("pki")),
            privileged: false,
        }),
        ..Options::default()
    };
    let uri = format!("test+tls://127.0.0.1:{}/default", stage.port);
    let (host, mut view) = connect(&uri, options);
    let kind = view.until_failed().await.kind;
    assert!(
        matches!(kind, ErrorKind::CaMissing { ref looked } if looked.len() == 2),
        "{kind:?}"
    );
    stage.folder("pki/libvirt", Some(&stage.client()));
    host.connect();
    view.until_connected().await;
    host.disconnect();
    view.until("the end", |view| {
        matches!(view.state, HostState::Disconnected)
    })
    .await;
}

/// Calls that are sent in one flight are answered in one, however the network carries them: no question of ours is
/// needed to wake the daemon up.
#[tokio::test(flavor = "multi_thread")]
async fn a_flight_of_calls_is_answered_without_a_wake_up() {
    let stage = Stage::of(Wish::server());
    let folder = stage.folder("good", Some(&stage.client()));
    let target = Target::Port(([127, 0, 0, 1], stage.port).into());
    let proxy = Proxy::start(target).await;
    proxy.set(Weather {
        delay: Duration::from_millis(1),
        ..Weather::default()
    });
    let (port, folder) = (proxy.address.port(), folder.display());
    let uri = format!("test://localhost:{port}/default?pkipath={folder}");
    for _ in 0..40 {
        let begun = Instant::now();
        let options = Options {
            ping: Duration::from_secs(10),
            ..Options::default()
        };
        let (_host, mut view) = connect(&uri, options);
        view.until_connected().await;
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(9), "{took:?}");
    }
}
