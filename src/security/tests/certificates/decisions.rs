//! What a person has decided: to pin a certificate, to check nothing, to forbid a version. And what the report says.

use std::path::Path;

use lab::{
    Daemon, Listen,
    certificates::{Authority, Key, Pair, Wish, client_folder},
};
use link_security::{
    certificate::Fingerprint,
    pki::PkiFiles,
    tls::{
        CertificateProblem, HandshakeProblem, TlsClient, TlsError, TlsOptions, TlsReport, Trust,
    },
};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
};

use crate::{after_handshake, files_in};

/// A host that shows a certificate, and a client's folder beside it.
struct Stage {
    daemon: Daemon,
    port: u16,
}

impl Stage {
    fn new(shown: &Pair, authority: &Authority, trusted: &Authority, own: Option<&Pair>) -> Self {
        let verify = i32::from(own.is_none());
        let listen = Listen::default()
            .line("auth_tls = \"none\"")
            .line(&format!("tls_no_verify_certificate = {verify}"));
        let (listen, port) = listen.tls(&authority.own().certificate, shown).unwrap();
        let daemon = Daemon::start_with(&listen).unwrap();
        let ca = &trusted.own().certificate;
        client_folder(&daemon.path().join("client"), ca, None, own).unwrap();
        Self { daemon, port }
    }

    fn files(&self) -> PkiFiles {
        files_in(&self.daemon.path().join("client"))
    }

    async fn connect(&self, options: TlsOptions) -> Result<TlsReport, TlsError> {
        self.connect_with(&self.files(), options).await
    }

    async fn connect_with(
        &self,
        files: &PkiFiles,
        options: TlsOptions,
    ) -> Result<TlsReport, TlsError> {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let (stream, report) = TlsClient::connect(stream, "localhost", files, options).await?;
        after_handshake(stream).await.unwrap();
        Ok(report)
    }

    /// The fingerprint of what the host shows, as the page for it would learn it.
    async fn shown(&self) -> (CertificateProblem, Fingerprint, bool) {
        match self.connect(TlsOptions::default()).await {
            Err(TlsError::Untrusted {
                problem,
                certificate,
                pin_changed,
            }) => (problem, certificate.fingerprint, pin_changed),
            other => panic!("{other:?}"),
        }
    }
}

fn pinned(pins: &[Fingerprint]) -> TlsOptions {
    TlsOptions {
        pins: pins.to_vec(),
        ..TlsOptions::default()
    }
}

fn unverified() -> TlsOptions {
    TlsOptions {
        verify: false,
        ..TlsOptions::default()
    }
}

fn with_priority(priority: &str) -> TlsOptions {
    TlsOptions {
        priority: Some(priority.to_owned()),
        ..TlsOptions::default()
    }
}

#[tokio::test]
async fn a_pin_trusts_one_certificate_in_spite_of_name_time_or_authority() {
    let (good, other) = (
        Authority::new("Lab Authority").unwrap(),
        Authority::new("Other").unwrap(),
    );
    let elsewhere = Wish::server_named("other", &["dns_name = other.example"]);
    let stages = [
        Stage::new(&good.sign("name", elsewhere).unwrap(), &good, &good, None),
        Stage::new(
            &good.sign("time", Wish::server().expired()).unwrap(),
            &good,
            &good,
            None,
        ),
        Stage::new(
            &other.sign("authority", Wish::server()).unwrap(),
            &other,
            &good,
            None,
        ),
    ];
    let mut prints = Vec::new();
    for stage in &stages {
        let (problem, print, pin_changed) = stage.shown().await;
        assert!(problem.can_be_pinned() && !pin_changed);
        prints.push(print);
    }
    for (stage, print) in stages.iter().zip(&prints) {
        let report = stage.connect(pinned(&[*print])).await.unwrap();
        assert_eq!(
            (report.trust, report.certificate.fingerprint),
            (Trust::Pinned, *print)
        );
        // Another host's pin is no help, and the change is told.
        let others: Vec<_> = prints
            .iter()
            .copied()
            .filter(|other| other != print)
            .collect();
        match stage.connect(pinned(&others)).await {
            Err(TlsError::Untrusted {
                pin_changed: true, ..
            }) => {}
            answer => panic!("{answer:?}"),
        }
    }
    // A pin needs no authority at all.
    let nothing = files_in(Path::new("/nonexistent"));
    let last = stages.last().unwrap();
    let report = last
        .connect_with(&nothing, pinned(&[prints[2]]))
        .await
        .unwrap();
    assert_eq!(report.trust, Trust::Pinned);
}

#[tokio::test]
async fn a_pin_vouches_for_nothing_worse_and_is_not_needed_otherwise() {
    let good = Authority::new("Lab Authority").unwrap();
    let old = Stage::new(
        &good.sign("old", Wish::server().argument("--v1")).unwrap(),
        &good,
        &good,
        None,
    );
    let (problem, print, _) = old.shown().await;
    assert_eq!(problem, CertificateProblem::OldVersion { version: 1 });
    match old.connect(pinned(&[print])).await {
        Err(TlsError::Untrusted {
            problem,
            pin_changed: false,
            ..
        }) => assert!(!problem.can_be_pinned()),
        other => panic!("{other:?}"),
    }
    let fine = Stage::new(
        &good.sign("fine", Wish::server()).unwrap(),
        &good,
        &good,
        None,
    );
    assert_eq!(
        fine.connect(pinned(&[print])).await.unwrap().trust,
        Trust::Chain
    );
}

#[tokio::test]
async fn without_checks_anybody_is_taken_who_has_the_key() {
    let (good, other) = (
        Authority::new("Lab Authority").unwrap(),
        Authority::new("Other").unwrap(),
    );
    for wish in [
        Wish::server().expired(),
        Wish::server().argument("--v1"),
        Wish::server_named("other", &[]),
    ] {
        let stage = Stage::new(&other.sign("any", wish).unwrap(), &other, &good, None);
        assert_eq!(
            stage.connect(unverified()).await.unwrap().trust,
            Trust::Unverified
        );
        let nothing = files_in(Path::new("/nonexistent"));
        assert_eq!(
            stage
                .connect_with(&nothing, unverified())
                .await
                .unwrap()
                .trust,
            Trust::Unverified
        );
    }
    let short = other
        .sign("short", Wish::server().key(Key::Rsa(1_024)))
        .unwrap();
    match Stage::new(&short, &other, &good, None)
        .connect(unverified())
        .await
    {
        Err(TlsError::Untrusted { problem, .. }) => {
            assert_eq!(problem, CertificateProblem::WeakKey { bits: 1_024 });
        }
        answer => panic!("{answer:?}"),
    }
}

#[tokio::test]
async fn the_report_says_what_was_agreed_on_and_shown() {
    let good = Authority::new("Lab Authority").unwrap();
    let (shown, own) = (
        good.sign("host", Wish::server()).unwrap(),
        good.sign("me", Wish::client("lab")).unwrap(),
    );
    let stage = Stage::new(&shown, &good, &good, Some(&own));
    let report = stage.connect(TlsOptions::default()).await.unwrap();
    assert_eq!(
        (report.version.as_str(), report.trust),
        ("TLS 1.3", Trust::Chain)
    );
    assert_eq!(
        (report.cipher.as_str(), report.key_bits),
        ("TLS_AES_256_GCM_SHA384", 256)
    );
    assert_eq!(report.certificate.subject, "CN=localhost, O=Lab");
    assert_eq!(report.certificate.issuer, "CN=Lab Authority");
    let names: Vec<_> = report
        .certificate
        .names
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(names, ["localhost", "127.0.0.1"]);
    assert_eq!(
        (
            report.certificate.key_type.as_str(),
            report.certificate.key_bits
        ),
        ("RSA", 2_048)
    );
    assert_eq!(
        report.certificate.signature_algorithm,
        "sha256WithRSAEncryption"
    );
    assert_eq!(
        (report.certificate.version, report.certificate.is_ca),
        (3, false)
    );
    assert!(report.client.asked);
    let sent = report.client.sent.unwrap();
    assert_eq!(sent.subject, "CN=lab, O=Lab");
    let of_file = link_security::certificate::CertificateInfo::read_file(&own.certificate).unwrap();
    assert_eq!(of_file, [*sent]);
}

#[tokio::test]
async fn a_priority_is_honoured_and_the_rest_said() {
    let good = Authority::new("Lab Authority").unwrap();
    let stage = Stage::new(
        &good.sign("host", Wish::server()).unwrap(),
        &good,
        &good,
        None,
    );
    let report = stage
        .connect(with_priority("NORMAL:-VERS-TLS1.3:%COMPAT:+VERS-TLS1.1"))
        .await
        .unwrap();
    assert_eq!(report.version, "TLS 1.2");
    assert_eq!(report.ignored_priority, ["%COMPAT", "+VERS-TLS1.1"]);
    let small = "NORMAL:-CIPHER-ALL:+AES-128-GCM:-GROUP-ALL:+GROUP-SECP384R1";
    let report = stage.connect(with_priority(small)).await.unwrap();
    assert_eq!(
        (report.cipher.as_str(), report.key_bits),
        ("TLS_AES_128_GCM_SHA256", 128)
    );
    assert_eq!(report.key_exchange, "secp384r1");
    // Keys of 2048 bits are too short for this profile.
    match stage.connect(with_priority("NORMAL:%PROFILE_HIGH")).await {
        Err(TlsError::Untrusted { problem, .. }) => {
            assert_eq!(problem, CertificateProblem::WeakKey { bits: 2_048 });
        }
        answer => panic!("{answer:?}"),
    }
    match stage.connect(with_priority("NONE:+VERS-TLS1.1")).await {
        Err(TlsError::Priority { .. }) => {}
        answer => panic!("{answer:?}"),
    }
}

#[tokio::test]
async fn what_cannot_begin_says_why() {
    let good = Authority::new("Lab Authority").unwrap();
    let stage = Stage::new(
        &good.sign("host", Wish::server()).unwrap(),
        &good,
        &good,
        None,
    );
    let nothing = files_in(Path::new("/nonexistent"));
    let looked = vec![Path::new("/nonexistent/cacert.pem").to_owned()];
    assert_eq!(
        stage.connect_with(&nothing, TlsOptions::default()).await,
        Err(TlsError::CaMissing { looked })
    );
    let folder = stage.daemon.path().join("client");
    std::fs::write(folder.join("cacrl.pem"), "nothing").unwrap();
    let unusable = stage.connect(TlsOptions::default()).await;
    assert!(
        matches!(unusable, Err(TlsError::CrlUnusable { .. })),
        "{unusable:?}"
    );
    std::fs::write(folder.join("cacert.pem"), "nothing").unwrap();
    let unusable = stage.connect(TlsOptions::default()).await;
    assert!(
        matches!(unusable, Err(TlsError::CaUnusable { .. })),
        "{unusable:?}"
    );
}

#[tokio::test]
async fn another_protocol_is_not_tls() {
    let good = Authority::new("Lab Authority").unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let ssh = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"SSH-2.0-OpenSSH_10.0\r\n").await.unwrap();
        stream
    });
    client_folder(
        &good.path().join("client"),
        &good.own().certificate,
        None,
        None,
    )
    .unwrap();
    let files = files_in(&good.path().join("client"));
    let stream = TcpStream::connect(address).await.unwrap();
    let answer = TlsClient::connect(stream, "localhost", &files, TlsOptions::default()).await;
    assert_eq!(
        answer.unwrap_err(),
        TlsError::Handshake(HandshakeProblem::NotTls)
    );
    drop(ssh.await.unwrap());
}
