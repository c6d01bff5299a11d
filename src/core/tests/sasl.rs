//! Who one is, proved by SASL, against a real libvirtd. Needs the feature `daemon-tests`, libvirtd and Cyrus' mechanisms.

#![cfg(feature = "daemon-tests")]

mod support;

use std::sync::Arc;

use innkeeper_core::{
    AuthKind, ErrorKind, Host, HostState, LinkWarning, Options, Transport, security::Question,
};
use lab::{
    Daemon, Listen,
    certificates::{Authority, Wish, client_folder},
    sasl::Accounts,
};
use support::{
    person::Person,
    proxy::{Proxy, Target},
    view::View,
};

const GOOD: (&str, &str) = ("fred", "a good password");

/// A daemon with accounts that listens on a port.
struct Stage {
    _daemon: Daemon,
    _accounts: Accounts,
    port: u16,
}

impl Stage {
    fn tcp(mechanisms: &str) -> Self {
        let accounts = accounts(mechanisms);
        let (listen, port) = Listen::default().tcp("sasl").unwrap();
        let listen = listen
            .line("listen_tls = 0")
            .environment("SASL_CONF_PATH", accounts.path());
        Self {
            _daemon: Daemon::start_with(&listen).unwrap(),
            _accounts: accounts,
            port,
        }
    }

    fn uri(&self, more: &str) -> String {
        format!("test+tcp://localhost:{}/default{more}", self.port)
    }
}

fn accounts(mechanisms: &str) -> Accounts {
    let accounts = Accounts::new("libvirt", mechanisms).unwrap();
    accounts.add(GOOD.0, GOOD.1).unwrap();
    accounts
}

fn connect(uri: &str, person: &Arc<Person>) -> (Host, View) {
    let options = Options {
        credentials: Arc::clone(person) as _,
        ..Options::default()
    };
    let host = Host::with_options(uri.parse().unwrap(), options);
    let view = View::of(&host);
    host.connect();
    (host, view)
}

async fn failure(uri: &str, person: &Arc<Person>) -> ErrorKind {
    let (_host, mut view) = connect(uri, person);
    view.until_failed().await.kind
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_leads_in_over_plain_tcp_and_is_asked_once() {
    let stage = Stage::tcp("digest-md5");
    let target = ([127, 0, 0, 1], stage.port).into();
    let proxy = Proxy::start(Target::Port(target)).await;
    let person = Person::with(&[GOOD]);
    let uri = format!("test+tcp://localhost:{}/default", proxy.address.port());
    let (host, mut view) = connect(&uri, &person);
    view.until_connected().await;
    let link = host.link_info().unwrap();
    assert_eq!(link.transport, Transport::Tcp);
    let AuthKind::Sasl { mechanism, ssf } = &link.auth else {
        panic!("{:?}", link.auth);
    };
    assert_eq!(mechanism, "DIGEST-MD5");
    assert!(*ssf >= 56, "{ssf}");
    assert!(!link.warnings.contains(&LinkWarning::Unencrypted));
    assert!(
        view.named("test").is_some(),
        "what follows goes through the layer"
    );

    // The link breaks and comes back: nobody is asked again.
    proxy.cut();
    view.until("the loss", View::is_lost).await;
    view.until_connected().await;
    assert_eq!((person.asked().len(), person.accepted_count()), (1, 1));

    // Who leaves on purpose is asked again.
    host.disconnect();
    view.until("the end", |view| {
        matches!(view.state, HostState::Disconnected)
    })
    .await;
    host.connect();
    let error = view.until_failed().await;
    assert_eq!(
        error.kind,
        ErrorKind::Cancelled,
        "the list was at its end: {error}"
    );
    assert_eq!(person.asked().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_asked_again_with_the_reason() {
    let stage = Stage::tcp("digest-md5");
    let person = Person::with(&[("fred", "wrong"), GOOD]);
    let (_host, mut view) = connect(&stage.uri(""), &person);
    view.until_connected().await;
    let asked = person.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked[0].previous_failure.is_none());
    assert!(asked[1].previous_failure.is_some());
    assert_eq!(person.accepted_count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_in_auth_conf_is_not_asked() {
    let stage = Stage::tcp("digest-md5");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("auth.conf");
    let file = format!(
        "[credentials-lab]\nauthname={}\npassword={}\n[auth-libvirt-localhost]\ncredentials=lab\n",
        GOOD.0, GOOD.1
    );
    std::fs::write(&path, file).unwrap();
    let nobody = Person::with(&[]);
    let uri = stage.uri(&format!("?authfile={}", path.display()));
    let (_host, mut view) = connect(&uri, &nobody);
    view.until_connected().await;
    assert!(nobody.asked().is_empty());

    std::fs::write(
        &path,
        "[credentials-lab]\nauthname=fred\npassword=old\n[auth-libvirt-default]\ncredentials=lab\n",
    )
    .unwrap();
    let person = Person::with(&[GOOD]);
    let (_host, mut view) = connect(&uri, &person);
    view.until_connected().await;
    let asked = person.asked();
    assert!(matches!(&asked[..], [one] if one.previous_failure.is_some()
        && matches!(&one.question, Question::UserPassword { user: Some(user), .. } if user == "fred")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_pass_in_the_clear_is_refused_before_anybody_is_asked() {
    // libvirtd itself offers nothing of this without encryption.
    let stage = Stage::tcp("scram-sha-256 plain");
    let person = Person::with(&[GOOD]);
    assert_eq!(
        failure(&stage.uri(""), &person).await,
        ErrorKind::SaslTooWeak
    );
    assert!(person.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_uri_may_want_one_way_to_sign_in_only() {
    let stage = Stage::tcp("digest-md5");
    let person = Person::with(&[]);
    let kind = failure(&stage.uri("?auth=sasl.GSSAPI"), &person).await;
    let offered = vec!["DIGEST-MD5".to_owned()];
    let wanted = Some("GSSAPI".to_owned());
    assert_eq!(kind, ErrorKind::SaslMechanism { offered, wanted });
    let kind = failure(&stage.uri("?auth=polkit"), &person).await;
    assert_eq!(kind, ErrorKind::AuthUnsupported);
    assert_eq!(
        failure(&stage.uri("?auth=x"), &person).await,
        ErrorKind::BadUri
    );
    assert!(person.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_goes_through_tls() {
    let accounts = accounts("scram-sha-256");
    let authority = Authority::new("the lab").unwrap();
    let own = authority.sign("server", Wish::server()).unwrap();
    let (listen, port) = Listen::default()
        .tls(&authority.own().certificate, &own)
        .unwrap();
    let listen = listen
        .line("auth_tls = \"sasl\"")
        .line("tls_no_verify_certificate = 1")
        .environment("SASL_CONF_PATH", accounts.path());
    let _daemon = Daemon::start_with(&listen).unwrap();
    let folder = tempfile::tempdir().unwrap();
    client_folder(folder.path(), &authority.own().certificate, None, None).unwrap();
    let person = Person::with(&[GOOD]);
    let folder = folder.path().display();
    let uri = format!("test://localhost:{port}/default?pkipath={folder}&auth=sasl.scram-sha-256");
    let (host, mut view) = connect(&uri, &person);
    view.until_connected().await;
    let link = host.link_info().unwrap();
    let mechanism = "SCRAM-SHA-256".to_owned();
    assert_eq!(link.auth, AuthKind::Sasl { mechanism, ssf: 0 });
    assert_eq!(link.warnings, []);
    assert!(link.tls.is_some());
}
