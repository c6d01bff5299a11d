//! Screens behind TLS, passwords and SASL, on every way to them: real libvirtd, QEMU, sshd and Cyrus. Needs the feature
//! `daemon-tests` and root, and fails where a part is missing.

#![cfg(feature = "daemon-tests")]

mod support;

use std::{fs, path::Path, sync::Arc, time::Duration};

use innkeeper_core::{
    Console, ConsoleState, ErrorKind, Host, Options, ScreenProtection,
    security::{Question, pki::PkiRoots, tls::CertificateProblem},
};
use lab::{
    Daemon, Listen, SshdOptions,
    certificates::{Authority, Pair, Wish},
    sasl::Accounts,
};
use support::{
    far_host::{FarHost, connected, quiet},
    person::Person,
    relay::Relay,
    screen::{
        AT_A_SOCKET, at_a_port, at_a_port_with, failure, start_guest, start_guest_with, until,
        until_live,
    },
    uri,
    view::View,
};
use virt_rpc::procedure::types;

const USER: (&str, &str) = ("fred", "a good password");

/// An authority, with the folders of QEMU and of a viewer that knows it.
struct Pki {
    authority: Authority,
}

impl Pki {
    fn new() -> Self {
        let authority = Authority::new("Screens").unwrap();
        let own = authority.sign("server", Wish::server()).unwrap();
        let folder = authority.path().join("qemu");
        fs::create_dir(&folder).unwrap();
        fs::copy(&authority.own().certificate, folder.join("ca-cert.pem")).unwrap();
        fs::copy(own.certificate, folder.join("server-cert.pem")).unwrap();
        fs::copy(own.key, folder.join("server-key.pem")).unwrap();
        Self { authority }
    }

    /// The lines of `qemu.conf` that make screens show the certificate, and ask for one where `verify` is 1.
    fn guard(&self, verify: u8) -> String {
        let folder = self.authority.path().join("qemu");
        format!(
            "vnc_tls = 1\nvnc_tls_x509_verify = {verify}\nvnc_tls_x509_cert_dir = \"{}\"",
            folder.display()
        )
    }

    /// The places of a viewer who knows the authority, and may have a certificate.
    fn viewer(&self, name: &str, own: Option<&Pair>) -> PkiRoots {
        let system = self.authority.path().join(name);
        fs::create_dir_all(system.join("CA")).unwrap();
        fs::copy(
            &self.authority.own().certificate,
            system.join("CA/cacert.pem"),
        )
        .unwrap();
        if let Some(own) = own {
            let folder = system.join("libvirt-vnc");
            fs::create_dir_all(folder.join("private")).unwrap();
            fs::copy(&own.certificate, folder.join("clientcert.pem")).unwrap();
            fs::copy(&own.key, folder.join("private/clientkey.pem")).unwrap();
        }
        roots(&system)
    }
}

fn roots(system: &Path) -> PkiRoots {
    PkiRoots {
        system: system.to_path_buf(),
        user: None,
        privileged: false,
    }
}

fn accounts(mechanisms: &str) -> Accounts {
    let accounts = Accounts::new("qemu", mechanisms).unwrap();
    accounts.add(USER.0, USER.1).unwrap();
    accounts
}

/// The lines of `qemu.conf` that make screens ask for a login.
fn login(accounts: &Accounts) -> String {
    format!(
        "vnc_sasl = 1\nvnc_sasl_dir = \"{}\"",
        accounts.path().display()
    )
}

fn daemon(lines: &str) -> Daemon {
    Daemon::start_with(&Listen::default().qemu(lines)).unwrap()
}

fn by_address(pki: &PkiRoots) -> Options {
    Options {
        graphics_descriptor: false,
        pki: Some(pki.clone()),
        console_retries: vec![Duration::from_millis(50)],
        ..Options::default()
    }
}

/// Those who may only look are not told the passwords that stand in the XML.
fn without_secrets(options: Options) -> Options {
    Options {
        read_only: true,
        ..options
    }
}

async fn host(daemon: &Daemon, options: Options) -> (Host, View) {
    connected(uri(Daemon::qemu_uri(), &daemon.socket()), options).await
}

/// Opens a screen with somebody to ask.
fn open(host: &Host, dom: &types::Domain, person: &Arc<Person>) -> Console {
    host.console(dom.uuid, person.clone())
}

/// Opens a screen that asks nothing.
async fn shows(host: &Host, dom: &types::Domain) {
    let nobody = Person::with(&[]);
    until_live(&open(host, dom, &nobody)).await;
    assert!(nobody.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_guards_a_screen_on_every_way() {
    let pki = Pki::new();
    let daemon = daemon(&pki.guard(0));
    let at_port = start_guest(&daemon, "port", &at_a_port()).await;
    let at_socket = start_guest(&daemon, "socket", AT_A_SOCKET).await;
    let viewer = pki.viewer("viewer", None);
    let (known, _view) = host(&daemon, by_address(&viewer)).await;
    shows(&known, &at_port).await;
    shows(&known, &at_socket).await;

    // Over libvirt's descriptor there is nothing to check.
    let nowhere = tempfile::tempdir().unwrap();
    let mut options = by_address(&roots(nowhere.path()));
    options.graphics_descriptor = true;
    let (local, _view) = host(&daemon, options).await;
    shows(&local, &at_port).await;

    let (strange, _view) = host(&daemon, by_address(&roots(nowhere.path()))).await;
    let missing = failure(&open(&strange, &at_port, &Person::with(&[]))).await;
    let place = nowhere.path().join("CA/cacert.pem");
    assert_eq!(
        missing.kind,
        ErrorKind::CaMissing {
            looked: vec![place]
        }
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_authority_is_not_trusted_until_a_person_does() {
    let (pki, other) = (Pki::new(), Pki::new());
    let daemon = daemon(&pki.guard(0));
    let dom = start_guest(&daemon, "port", &at_a_port()).await;
    let (host, _view) = host(&daemon, by_address(&other.viewer("viewer", None))).await;
    let console = open(&host, &dom, &Person::with(&[]));
    let ErrorKind::CertificateUntrusted {
        problem,
        certificate,
        ..
    } = failure(&console).await.kind
    else {
        panic!("{:?}", console.state());
    };
    assert_eq!(problem, CertificateProblem::UnknownAuthority);
    let mut options = host.options();
    options.pins = vec![certificate.fingerprint];
    host.set_options(options);
    console.retry();
    until_live(&console).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_may_ask_for_our_certificate() {
    let (pki, other) = (Pki::new(), Pki::new());
    let daemon = daemon(&pki.guard(1));
    let dom = start_guest(&daemon, "port", &at_a_port()).await;
    let own = pki
        .authority
        .sign("client", Wish::client("viewer"))
        .unwrap();
    let strange = other
        .authority
        .sign("client", Wish::client("viewer"))
        .unwrap();
    let good = pki.viewer("good", Some(&own));
    let (host, _view) = host(&daemon, by_address(&good)).await;
    shows(&host, &dom).await;

    let without = pki.viewer("without", None);
    host.set_options(by_address(&without));
    let console = open(&host, &dom, &Person::with(&[]));
    let error = failure(&console).await;
    let ErrorKind::ClientCertificateMissing { looked } = &error.kind else {
        panic!("{error:?}");
    };
    assert!(looked.contains(&without.system.join("libvirt-vnc/clientcert.pem")));

    host.set_options(by_address(&pki.viewer("strange", Some(&strange))));
    console.retry();
    until(&console, "the refusal", |state| {
        matches!(state, ConsoleState::Failed(error)
            if error.kind == ErrorKind::ClientCertificateRefused)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_inside_tls_is_asked_until_it_is_right_and_then_kept() {
    let pki = Pki::new();
    let daemon = daemon(&pki.guard(0));
    let dom = start_guest(&daemon, "locked", &at_a_port_with("passwd='sesame'")).await;
    let options = without_secrets(by_address(&pki.viewer("viewer", None)));
    let (host, _view) = host(&daemon, options).await;
    let person = Person::with(&[("", "wrong"), ("", "sesame")]);
    until_live(&open(&host, &dom, &person)).await;
    let asked = person.asked();
    assert_eq!(asked.len(), 2);
    assert!(
        asked
            .iter()
            .all(|one| one.question == Question::VncPassword)
    );
    assert!(asked[1].previous_failure.is_some());
    assert_eq!(person.accepted_count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_inside_tls_is_asked_until_name_and_password_are_right() {
    let (pki, accounts) = (Pki::new(), accounts("scram-sha-256"));
    let daemon = daemon(&format!("{}\n{}", pki.guard(0), login(&accounts)));
    let dom = start_guest(&daemon, "port", &at_a_port()).await;
    let (host, _view) = host(&daemon, by_address(&pki.viewer("viewer", None))).await;
    let person = Person::with(&[("nobody", USER.1), (USER.0, "wrong"), USER]);
    let console = open(&host, &dom, &person);
    until_live(&console).await;
    let failures: Vec<bool> = person
        .asked()
        .iter()
        .map(|one| one.previous_failure.is_some())
        .collect();
    assert_eq!(failures, [false, true, true]);
    assert_eq!(person.accepted_count(), 1);

    let cancelled = open(&host, &dom, &Person::with(&[]));
    assert_eq!(failure(&cancelled).await.kind, ErrorKind::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_without_tls_must_encrypt_on_a_port() {
    let digest = accounts("digest-md5");
    let strong = daemon(&login(&digest));
    let dom = start_guest(&strong, "port", &at_a_port()).await;
    let nowhere = tempfile::tempdir().unwrap();
    let options = by_address(&roots(nowhere.path()));
    let (open_host, _view) = host(&strong, options.clone()).await;
    let person = Person::with(&[(USER.0, "wrong"), USER]);
    until_live(&open(&open_host, &dom, &person)).await;
    assert_eq!(person.asked().len(), 2);

    let mut handed_over = options.clone();
    handed_over.graphics_descriptor = true;
    let (local, _view) = host(&strong, handed_over).await;
    shows(&local, &dom).await;

    let scram = accounts("scram-sha-256");
    let weak = daemon(&login(&scram));
    let dom = start_guest(&weak, "port", &at_a_port()).await;
    let (weak_host, _view) = host(&weak, options).await;
    let person = Person::with(&[USER]);
    let error = failure(&open(&weak_host, &dom, &person)).await;
    assert_eq!(error.kind, ErrorKind::SaslTooWeak);
    assert!(
        person.asked().is_empty(),
        "nothing goes over the open network"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_at_a_local_socket_needs_no_layer() {
    let accounts = accounts("scram-sha-256");
    let daemon = daemon(&login(&accounts));
    let dom = start_guest(&daemon, "socket", AT_A_SOCKET).await;
    let nowhere = tempfile::tempdir().unwrap();
    let (host, _view) = host(&daemon, by_address(&roots(nowhere.path()))).await;
    let person = Person::with(&[USER]);
    until_live(&open(&host, &dom, &person)).await;
    assert_eq!(person.accepted_count(), 1);
}

/// Another host over ssh whose screens are guarded so.
fn far_host(lines: &str) -> FarHost {
    FarHost::start_with(SshdOptions::default(), &Listen::default().qemu(lines))
}

async fn over_ssh(far: &FarHost, pki: &PkiRoots) -> (Host, View) {
    let options = without_secrets(Options {
        pki: Some(pki.clone()),
        ..quiet()
    });
    connected(far.uri(Daemon::qemu_uri(), ""), options).await
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_and_logins_go_through_ssh_too() {
    let (pki, scram) = (Pki::new(), accounts("scram-sha-256"));
    let far = far_host(&format!("{}\n{}", pki.guard(0), login(&scram)));
    let at_port = start_guest(&far.daemon, "port", &at_a_port()).await;
    let at_socket = start_guest(&far.daemon, "socket", AT_A_SOCKET).await;
    let locked = start_guest(&far.daemon, "locked", &at_a_port_with("passwd='sesame'")).await;
    let (host, _view) = over_ssh(&far, &pki.viewer("viewer", None)).await;
    for (dom, answer) in [(at_port, USER), (at_socket, USER), (locked, ("", "sesame"))] {
        let person = Person::with(&[answer]);
        until_live(&open(&host, &dom, &person)).await;
        assert_eq!(person.accepted_count(), 1);
    }
    assert_eq!(far.sshd.logins(), 1, "{}", far.sshd.log());

    // QEMU sees a TCP socket at the tunnel's end: without TLS it wants a layer there.
    let digest = accounts("digest-md5");
    let far = far_host(&login(&digest));
    let dom = start_guest(&far.daemon, "port", &at_a_port()).await;
    let nowhere = tempfile::tempdir().unwrap();
    let (host, _view) = over_ssh(&far, &roots(nowhere.path())).await;
    until_live(&open(&host, &dom, &Person::with(&[USER]))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_is_suddenly_open_is_asked_about() {
    const ELEMENT: &str = "<uuid>1ab00000-0000-4000-8000-0000000000aa</uuid>";
    let pki = Pki::new();
    let guarded = daemon(&pki.guard(0));
    let dom = start_guest_with(&guarded, "guest", &at_a_port(), ELEMENT).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay");
    let relay = Relay::start(&path, &guarded.socket(), Duration::ZERO);
    let options = by_address(&pki.viewer("viewer", None));
    let (host, mut view) = connected(uri(Daemon::qemu_uri(), &path), options).await;
    let console = open(&host, &dom, &Person::with(&[]));
    until_live(&console).await;

    // Another daemon answers in the place of the first, with a guest of the same name whose screen is open.
    let open_daemon = daemon("");
    start_guest_with(&open_daemon, "guest", &at_a_port(), ELEMENT).await;
    drop(relay);
    view.until("the loss", View::is_lost).await;
    drop(guarded);
    let _relay = Relay::start(&path, &open_daemon.socket(), Duration::ZERO);
    view.until_connected().await;
    let kind = ErrorKind::ConsoleDowngraded {
        before: ScreenProtection::Certificate,
        now: ScreenProtection::Nothing,
    };
    assert_eq!(failure(&console).await.kind, kind);

    // Another window on the same guest knows it as well.
    let other = open(&host, &dom, &Person::with(&[]));
    assert_eq!(failure(&other).await.kind, kind);
    console.accept_downgrade();
    until_live(&console).await;
    other.retry();
    until_live(&other).await;
}
