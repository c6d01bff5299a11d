//! Bytes that are no certificate, in files and by themselves: always an error, never a panic.

use std::path::Path;

use link_security::{
    certificate::CertificateInfo,
    pki::{PkiFiles, PkiRoots},
    tls::{ClientCertificateProblem, TlsClient, TlsError, TlsOptions},
};
use proptest::prelude::*;

fn files_in(folder: &Path) -> PkiFiles {
    PkiFiles::libvirt(&PkiRoots::of_this_user(), Some(folder))
}

fn read(files: &PkiFiles, options: TlsOptions) -> Result<TlsClient, TlsError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(TlsClient::read(files, options))
}

fn armoured(label: &str, body: &str) -> String {
    format!("text before\n-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}

proptest! {
    #[test]
    fn random_bytes_are_no_certificate(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(CertificateInfo::from_der(&bytes).is_err());
    }

    /// Outer lengths that fit let the parser look further in.
    #[test]
    fn random_sequences_are_no_certificate(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
        let mut der = vec![0x30, bytes.len() as u8];
        der.extend(&bytes);
        let mut outer = vec![0x30, 0x81, der.len() as u8];
        outer.extend(&der);
        prop_assert!(CertificateInfo::from_der(&outer).is_err());
    }

    #[test]
    fn random_files_are_refused_by_name(body in "[A-Za-z0-9+/=\\n]{0,200}", label in "(CERTIFICATE|X509 CRL|RSA PRIVATE KEY|)") {
        let dir = tempfile::tempdir().unwrap();
        for name in ["cacert.pem", "cacrl.pem", "clientcert.pem", "clientkey.pem"] {
            std::fs::write(dir.path().join(name), armoured(&label, &body)).unwrap();
        }
        let files = files_in(dir.path());
        let refused = read(&files, TlsOptions::default()).unwrap_err();
        let by_name = matches!(&refused, TlsError::CaUnusable { path, .. } if path.ends_with("cacert.pem"));
        prop_assert!(by_name, "{:?}", refused);
        // Who checks nothing needs no authority, but the pair must be one.
        let unchecked = TlsOptions { verify: false, ..TlsOptions::default() };
        let refused = read(&files, unchecked).unwrap_err();
        let by_name = matches!(&refused, TlsError::ClientCertificate { .. });
        prop_assert!(by_name, "{:?}", refused);
    }
}

#[test]
fn a_file_without_end_is_not_read() {
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/dev/zero", dir.path().join("cacert.pem")).unwrap();
    match read(&files_in(dir.path()), TlsOptions::default()) {
        Err(TlsError::CaUnusable { reason, .. }) => assert!(reason.contains("larger"), "{reason}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn encrypted_keys_of_both_forms_are_told() {
    let certificate = include_str!("data/certificate.pem");
    let forms = [
        armoured(
            "ENCRYPTED PRIVATE KEY",
            "MIIBpjBABgkqhkiG9w0BBQ0wMzAbBgkqhkiG9w0BBQwwDgQI",
        ),
        armoured(
            "RSA PRIVATE KEY",
            "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA",
        ),
    ];
    for key in forms {
        let dir = tempfile::tempdir().unwrap();
        let files = [
            ("cacert.pem", certificate),
            ("clientcert.pem", certificate),
            ("clientkey.pem", &key),
        ];
        for (name, text) in files {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        let path = dir.path().join("clientkey.pem");
        let problem = ClientCertificateProblem::KeyEncrypted;
        assert_eq!(
            read(&files_in(dir.path()), TlsOptions::default()).unwrap_err(),
            TlsError::ClientCertificate { path, problem }
        );
    }
}

/// The certificate of a P-256 key for `localhost` and 127.0.0.1, signed by itself for a hundred years.
#[test]
fn a_certificate_is_read_as_it_was_made() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/certificate.pem");
    let [shown] = CertificateInfo::read_file(&path)
        .unwrap()
        .try_into()
        .unwrap();
    assert_eq!(
        (shown.subject.as_str(), shown.common_names.as_slice()),
        ("CN=localhost, O=Lab", &["localhost".to_owned()][..])
    );
    assert_eq!(
        (shown.key_type.as_str(), shown.key_bits),
        ("ECDSA P-256", 256)
    );
    assert_eq!(
        (shown.version, shown.is_ca, shown.weak_signature),
        (3, false, false)
    );
    let names: Vec<_> = shown.names.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["localhost", "127.0.0.1"]);
    assert!(shown.is_valid_at(shown.not_before) && shown.is_valid_at(shown.not_after));
    let later = shown.not_after + std::time::Duration::from_secs(1);
    assert!(!shown.is_valid_at(later));
}
