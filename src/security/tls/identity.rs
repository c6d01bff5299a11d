//! Our own certificate with its key, and how it is offered.
//!
//! It is sent to every host that asks, whatever authorities the host says it likes: libvirtd judges after the handshake,
//! and its refusal can then be told from having no certificate at all.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use rustls::{
    SignatureScheme,
    client::ResolvesClientCert,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::{CertifiedKey, SigningKey},
};
use x509_parser::{prelude::FromDer, x509::SubjectPublicKeyInfo};
use zeroize::Zeroizing;

use super::{ClientCertificateProblem as Problem, ClientSide, TlsError, trust};
use crate::{
    certificate::{CertificateInfo, parse},
    pki::PkiFiles,
};

/// How many certificates may stand between ours and its authority's.
const CHAIN_MAX: usize = 16;

/// A certificate with its key.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    shown: CertificateInfo,
    certified: Arc<CertifiedKey>,
}

impl Identity {
    /// Reads the pair, if there is one.
    pub(super) fn read(files: &PkiFiles) -> Result<Option<Self>, TlsError> {
        let (Some(certificate), Some(key)) = (&files.certificate.found, &files.key.found) else {
            return Ok(None);
        };
        let wrong = |problem: Problem| TlsError::ClientCertificate {
            path: certificate.clone(),
            problem,
        };
        let wrong_key = |problem: Problem| TlsError::ClientCertificate {
            path: key.clone(),
            problem,
        };
        let bytes = trust::read(certificate, |why| wrong(Problem::Unreadable(why)))?;
        let chain = chain_of(&bytes).map_err(wrong)?;
        let leaf = chain.first().ok_or_else(|| wrong(Problem::Malformed))?;
        let shown = CertificateInfo::from_der(leaf).map_err(|_| wrong(Problem::Malformed))?;
        let bytes = trust::read(key, |why| wrong_key(Problem::Unreadable(why)))?;
        let signer = signer_of(&Zeroizing::new(bytes), &shown).map_err(wrong_key)?;
        if !belongs(&*signer, leaf) {
            return Err(wrong_key(Problem::KeyMismatch));
        }
        let certified = Arc::new(CertifiedKey::new(chain, signer));
        Ok(Some(Self { shown, certified }))
    }

    /// What is shown of it.
    pub(super) fn into_shown(self) -> CertificateInfo {
        self.shown
    }
}

fn chain_of(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Problem> {
    let each = CertificateDer::pem_slice_iter(pem).take(CHAIN_MAX);
    each.collect::<Result<_, _>>()
        .map_err(|_| Problem::Malformed)
}

fn signer_of(pem: &[u8], shown: &CertificateInfo) -> Result<Arc<dyn SigningKey>, Problem> {
    // RFC 7468 §11, and the header of RFC 1421 §4.6.1.1 in OpenSSL's older files.
    let marks = [
        "-----BEGIN ENCRYPTED PRIVATE KEY-----",
        "Proc-Type: 4,ENCRYPTED",
    ];
    let has = |mark: &str| {
        pem.windows(mark.len())
            .any(|window| window == mark.as_bytes())
    };
    if marks.into_iter().any(has) {
        return Err(Problem::KeyEncrypted);
    }
    let key = PrivateKeyDer::from_pem_slice(pem).map_err(|_| Problem::KeyMalformed)?;
    let kind = format!("{}, {} bits", shown.key_type, shown.key_bits);
    rustls::crypto::aws_lc_rs::sign::any_supported_type(&key)
        .map_err(|_| Problem::KeyUnsupported(kind))
}

/// Whether a key is a certificate's: their public halves are the same.
fn belongs(signer: &dyn SigningKey, certificate: &[u8]) -> bool {
    let Some(public) = signer.public_key() else {
        return false;
    };
    let own = SubjectPublicKeyInfo::from_der(&public);
    match (own, parse(certificate)) {
        (Ok((_, own)), Ok(certificate)) => {
            own.subject_public_key == certificate.public_key().subject_public_key
        }
        _ => false,
    }
}

/// Offers the certificate, and remembers whether it was asked for.
#[derive(Debug)]
pub(super) struct Offer {
    identity: Option<Identity>,
    asked: AtomicBool,
    sent: AtomicBool,
}

impl Offer {
    pub(super) fn new(identity: Option<Identity>) -> Self {
        Self {
            identity,
            asked: AtomicBool::new(false),
            sent: AtomicBool::new(false),
        }
    }

    /// What became of it.
    pub(super) fn outcome(&self) -> ClientSide {
        let sent = self
            .identity
            .as_ref()
            .filter(|_| self.sent.load(Ordering::Relaxed));
        ClientSide {
            asked: self.asked.load(Ordering::Relaxed),
            sent: sent.map(|identity| Box::new(identity.shown.clone())),
        }
    }
}

impl ResolvesClientCert for Offer {
    fn resolve(
        &self,
        _authorities: &[&[u8]],
        schemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Relaxed);
        let identity = self.identity.as_ref()?;
        // A key that can sign in none of the host's ways would fail the handshake; without it the host can decide.
        identity.certified.key.choose_scheme(schemes)?;
        self.sent.store(true, Ordering::Relaxed);
        Some(Arc::clone(&identity.certified))
    }

    /// Also without a certificate, so that the question is noticed.
    fn has_certs(&self) -> bool {
        true
    }
}
