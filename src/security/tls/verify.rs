//! The verifier that rustls calls: it passes a certificate on to `judge`, keeps the verdict, and checks in every mode that
//! the other side holds the certificate's key.

use std::sync::Mutex;

use rustls::{
    DigitallySignedStruct, Error as Rustls, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use webpki::RawPublicKeyEntity;

use super::{CertificateProblem as Problem, Trust, judge::Question};
use crate::certificate::{CertificateInfo, parse};

/// The longest chain that is looked at, in certificates: more than any authority needs.
const CHAIN_MAX: usize = 32;

/// What it found.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    pub(super) certificate: CertificateInfo,
    pub(super) outcome: Result<Trust, Problem>,
}

/// Judges one handshake.
#[derive(Debug)]
pub(super) struct Verifier {
    question: Question,
    verdict: Mutex<Option<Verdict>>,
}

impl Verifier {
    pub(super) fn new(question: Question) -> Self {
        Self {
            question,
            verdict: Mutex::new(None),
        }
    }

    /// Takes what was found, if the other side showed a certificate.
    pub(super) fn take_verdict(&self) -> Option<Verdict> {
        self.verdict.lock().ok()?.take()
    }

    /// Whether certificates are pinned for the host, but not this one.
    pub(super) fn pin_changed(&self, certificate: &CertificateInfo) -> bool {
        let pins = &self.question.pins;
        !pins.is_empty() && !pins.contains(&certificate.fingerprint)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        above: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Rustls> {
        let bad = || Rustls::InvalidCertificate(rustls::CertificateError::BadEncoding);
        let certificate = CertificateInfo::from_der(leaf).map_err(|_| bad())?;
        let above = above.get(..CHAIN_MAX).unwrap_or(above);
        let outcome = self.question.judge(&certificate, leaf, above, now);
        let answer = match &outcome {
            Ok(_) => Ok(ServerCertVerified::assertion()),
            Err(problem) => Err(problem.to_rustls()),
        };
        if let Ok(mut verdict) = self.verdict.lock() {
            *verdict = Some(Verdict {
                certificate,
                outcome,
            });
        }
        answer
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Rustls> {
        self.question
            .check_signature(message, certificate, signed, usize::MAX)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Rustls> {
        // The scheme names the curve (RFC 8446 §4.2.3): only the first algorithm is meant.
        self.question
            .check_signature(message, certificate, signed, 1)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.question.schemes.clone()
    }
}

impl Question {
    /// Checks what the other side signed with its key: that it has the key at all. Takes at most `tries` algorithms.
    fn check_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
        tries: usize,
    ) -> Result<HandshakeSignatureValid, Rustls> {
        let bad = |error| Rustls::InvalidCertificate(error);
        let parsed = parse(certificate).map_err(|_| bad(rustls::CertificateError::BadEncoding))?;
        let key = parsed.public_key().raw.into();
        // The bare key, because webpki reads no certificates of old versions.
        let entity = RawPublicKeyEntity::try_from(&key)
            .map_err(|_| bad(rustls::CertificateError::BadEncoding))?;
        let offered = self.schemes.contains(&signed.scheme);
        let mut mapping = self.algorithms.mapping.iter();
        let algorithms = mapping.find(|(scheme, _)| offered && *scheme == signed.scheme);
        let mut algorithms = algorithms
            .into_iter()
            .flat_map(|(_, all)| all.iter().take(tries));
        let valid = algorithms.any(|algorithm| {
            let checked = entity.verify_signature(*algorithm, message, signed.signature());
            checked.is_ok()
        });
        if valid {
            Ok(HandshakeSignatureValid::assertion())
        } else {
            Err(bad(rustls::CertificateError::BadSignature))
        }
    }
}
