//! Hosts that cut, lie and babble: no panic, no endless work, and an error that says what it is.
//!
//! The other side is rustls' own server with certificates of certtool's, because a real daemon cannot be made to do so.
#![cfg(feature = "daemon-tests")]

#[path = "support/harm.rs"]
mod harm;

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use harm::{Harm, Way};

use lab::certificates::{Authority, Key, Pair, Wish, client_folder};
use link_security::{
    pki::{PkiFiles, PkiRoots},
    tls::{HandshakeProblem, TlsClient, TlsError, TlsOptions, Trust},
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio::{io::duplex, time::timeout};
use tokio_rustls::TlsAcceptor;

/// How many handshakes may take how long together, generously: none waits for anything.
const DEADLINE: Duration = Duration::from_mins(2);

/// Shows the same certificate to everybody, whether or not it is one.
#[derive(Debug)]
struct Always(Arc<CertifiedKey>);

impl ResolvesServerCert for Always {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

/// A host with its certificate, and a client that trusts its authority.
struct Stage {
    authority: Authority,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    files: PkiFiles,
}

impl Stage {
    fn new() -> Self {
        let authority = Authority::of(Wish::authority("Lab").key(Key::Curve("P-256"))).unwrap();
        let Pair { certificate, key } = authority
            .sign("host", Wish::server().key(Key::Curve("P-256")))
            .unwrap();
        let folder = authority.path().join("client");
        client_folder(&folder, &authority.own().certificate, None, None).unwrap();
        Self {
            chain: vec![CertificateDer::from_pem_file(certificate).unwrap()],
            key: PrivateKeyDer::from_pem_file(key).unwrap(),
            files: files_in(&folder),
            authority,
        }
    }

    fn acceptor(&self, chain: Vec<CertificateDer<'static>>) -> TlsAcceptor {
        let key = rustls::crypto::aws_lc_rs::sign::any_supported_type(&self.key).unwrap();
        let shown = Arc::new(CertifiedKey::new(chain, key));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap();
        let config = config
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(Always(shown)));
        TlsAcceptor::from(Arc::new(config))
    }

    /// One handshake; gives how many bytes came, too.
    async fn shake(
        &self,
        acceptor: &TlsAcceptor,
        harm: Harm,
        verify: bool,
    ) -> (Result<Trust, TlsError>, usize) {
        let (near, far) = duplex(1 << 20);
        let way = Way::new(near, harm);
        let options = TlsOptions {
            verify,
            ..TlsOptions::default()
        };
        let host = acceptor.accept(far);
        let client = async {
            match TlsClient::connect(way, "localhost", &self.files, options).await {
                Ok((stream, report)) => (Ok(report.trust), stream.below().seen),
                Err(error) => (Err(error), 0),
            }
        };
        // Both may wait for each other when a length was changed. The clock stands still until nobody can go on.
        let both = async { tokio::join!(host, client).1 };
        let silence = || TlsError::Handshake(HandshakeProblem::Io("silence".to_owned()));
        timeout(Duration::from_secs(1), both)
            .await
            .unwrap_or_else(|_| (Err(silence()), 0))
    }
}

fn files_in(folder: &Path) -> PkiFiles {
    PkiFiles::libvirt(&PkiRoots::of_this_user(), Some(folder))
}

#[tokio::test(start_paused = true)]
async fn a_handshake_cut_at_any_byte_ends_as_cut() {
    let stage = Stage::new();
    let acceptor = stage.acceptor(stage.chain.clone());
    let (whole, length) = stage.shake(&acceptor, Harm::None, true).await;
    assert_eq!(whole, Ok(Trust::Chain));
    assert!(length > 500, "{length} bytes are no handshake");
    let begun = Instant::now();
    // The last bytes are the host's tickets, which a client need not wait for.
    for end in 0..length - 300 {
        let (answer, _) = stage.shake(&acceptor, Harm::CutAfter(end), true).await;
        assert!(
            matches!(answer, Err(TlsError::Handshake(_)) | Ok(Trust::Chain)),
            "{end}: {answer:?}"
        );
        assert!(end > 600 || answer.is_err(), "{end} bytes were enough");
    }
    assert!(begun.elapsed() < DEADLINE);
}

#[tokio::test(start_paused = true)]
async fn a_handshake_with_any_byte_changed_ends_cleanly() {
    let stage = Stage::new();
    let acceptor = stage.acceptor(stage.chain.clone());
    let (_, length) = stage.shake(&acceptor, Harm::None, true).await;
    let begun = Instant::now();
    let mut failed = 0;
    for at in 0..length - 300 {
        let (answer, _) = stage.shake(&acceptor, Harm::FlipAt(at), true).await;
        failed += usize::from(answer.is_err());
        assert!(
            matches!(answer, Err(TlsError::Handshake(_)) | Ok(Trust::Chain)),
            "{at}: {answer:?}"
        );
    }
    // The version within a record is the only part that TLS 1.3 does not look at.
    assert!(failed > (length - 300) * 9 / 10, "{failed} of {length}");
    assert!(begun.elapsed() < DEADLINE);
}

#[tokio::test(start_paused = true)]
async fn a_certificate_with_any_byte_changed_is_refused() {
    let stage = Stage::new();
    let leaf = stage.chain[0].to_vec();
    let begun = Instant::now();
    for at in 0..leaf.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut changed = leaf.clone();
            changed[at] ^= change;
            let acceptor = stage.acceptor(vec![changed.into()]);
            let (answer, _) = stage.shake(&acceptor, Harm::None, true).await;
            assert!(
                answer.is_err(),
                "byte {at} ^ {change:#x} is not covered by the signature"
            );
        }
    }
    assert!(begun.elapsed() < DEADLINE);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_certificate_is_refused_without_checks_too() {
    let stage = Stage::new();
    let leaf = stage.chain[0].to_vec();
    let nested = [0x30, 0x80].repeat(2_000);
    let mut long = leaf.clone();
    long.extend([0; 10]);
    let huge = [&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff][..], &leaf].concat();
    for der in [
        vec![0],
        vec![0x30, 0],
        leaf[..leaf.len() / 2].to_vec(),
        nested,
        long,
        huge,
        vec![0xff; 60_000],
    ] {
        for verify in [true, false] {
            let acceptor = stage.acceptor(vec![der.clone().into()]);
            let (answer, _) = stage.shake(&acceptor, Harm::None, verify).await;
            assert!(matches!(answer, Err(TlsError::Handshake(_))), "{answer:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn long_chains_are_bounded() {
    let stage = Stage::new();
    let begun = Instant::now();
    let more = |count: usize| {
        let mut chain = stage.chain.clone();
        chain.extend(std::iter::repeat_n(stage.chain[0].clone(), count));
        stage.acceptor(chain)
    };
    // Useless ones behind the good one do not disturb.
    assert_eq!(
        stage.shake(&more(50), Harm::None, true).await.0,
        Ok(Trust::Chain)
    );
    let (answer, _) = stage.shake(&more(1_000), Harm::None, true).await;
    assert!(matches!(answer, Err(TlsError::Handshake(_))), "{answer:?}");
    // Authorities that have all signed each other, by name: a maze for whoever looks for a way.
    let maze: Vec<_> = (0..40)
        .map(|number| maze_pair(stage.authority.path(), number))
        .collect();
    let strange = fs::read(&maze[0].key).unwrap();
    let key = PrivateKeyDer::from_pem_slice(&strange).unwrap();
    let chain = maze
        .iter()
        .map(|pair| CertificateDer::from_pem_file(&pair.certificate).unwrap());
    let lost = Stage {
        chain: chain.collect(),
        key,
        files: stage.files.clone(),
        authority: Authority::new("Unused").unwrap(),
    };
    let (answer, _) = lost
        .shake(&lost.acceptor(lost.chain.clone()), Harm::None, true)
        .await;
    assert!(
        matches!(answer, Err(TlsError::Untrusted { .. })),
        "{answer:?}"
    );
    assert!(begun.elapsed() < DEADLINE);
}

/// An authority with the same name as all the others, by a key of its own; the first is a host.
fn maze_pair(dir: &Path, number: usize) -> Pair {
    let wish = if number == 0 {
        Wish::plain("cn = Maze")
    } else {
        Wish::authority("Maze")
    };
    let wish = wish.key(Key::Curve("P-256"));
    lab::certificates::self_signed(dir, &format!("maze{number}"), wish).unwrap()
}
