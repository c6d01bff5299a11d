//! What a person may decide about a screen: to trust its certificate, and to take it less protected than before. Real
//! libvirtd and QEMU. `screen_matrix` has what screens are taken without that. Needs the feature `daemon-tests` and root, and
//! fails where a part is missing.

#![cfg(feature = "daemon-tests")]

mod support;

use std::{sync::Arc, time::Duration};

use innkeeper_core::{
    Console, ErrorKind, Host, Options, ScreenProtection, security::tls::CertificateProblem,
};
use lab::{Daemon, Listen};
use support::{
    far_host::connected,
    guarded::{Pki, by_address},
    person::Person,
    relay::Relay,
    screen::{at_a_port, failure, start_guest, start_guest_with, until_live},
    uri,
    view::View,
};
use virt_rpc::procedure::types;

fn daemon(lines: &str) -> Daemon {
    Daemon::start_with(&Listen::default().qemu(lines)).unwrap()
}

async fn host(daemon: &Daemon, options: Options) -> (Host, View) {
    connected(uri(Daemon::qemu_uri(), &daemon.socket()), options).await
}

/// Opens a screen with somebody to ask.
fn open(host: &Host, dom: &types::Domain, person: &Arc<Person>) -> Console {
    host.console(dom.uuid, person.clone())
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
    let trust = |pins, screen_pins| {
        host.set_options(Options {
            pins,
            screen_pins,
            ..host.options()
        });
        console.retry();
    };
    // Who is trusted as the daemon is not as a screen.
    trust(vec![certificate.fingerprint], Vec::new());
    let again = failure(&console).await.kind;
    let untrusted = matches!(again, ErrorKind::CertificateUntrusted { .. });
    assert!(untrusted, "{again:?}");
    trust(Vec::new(), vec![certificate.fingerprint]);
    until_live(&console).await;
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

    // What is known outlives the host's handle.
    let lowered = (dom.uuid, ScreenProtection::Nothing);
    assert_eq!(host.protections(), [lowered]);
    let before = Options {
        protections: vec![(dom.uuid, ScreenProtection::Certificate)],
        ..host.options()
    };
    let (next, _view) = connected(uri(Daemon::qemu_uri(), &open_daemon.socket()), before).await;
    let first = open(&next, &dom, &Person::with(&[]));
    assert_eq!(failure(&first).await.kind, kind);
}
