//! Judges the other side's certificate: first what nobody may overrule, then the chain, then the name; what fails may
//! be pinned where a person may decide.
//!
//! The chain is webpki's work. What is ours: libvirt's fallback to the common name, its revocation lists, the time of
//! authorities, and that every problem has a name of its own.

use std::{
    cell::Cell,
    time::{Duration, SystemTime},
};

use rustls::{
    SignatureScheme,
    crypto::WebPkiSupportedAlgorithms,
    pki_types::{CertificateDer, UnixTime},
};
use webpki::{EndEntityCert, KeyUsage, VerifiedPath};

use super::{CertificateProblem as Problem, Trust, host::Host, trust::Authorities};
use crate::certificate::{CertificateInfo, Fingerprint};

/// The shortest RSA key whose signatures are checked, in bits; rustls knows no way to check shorter ones.
const RSA_MIN: u32 = 2_048;

/// What the verifier must know.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) authorities: Authorities,
    pub(super) host: Host,
    pub(super) pins: Vec<Fingerprint>,
    pub(super) verify: bool,
    pub(super) algorithms: WebPkiSupportedAlgorithms,
    pub(super) schemes: Vec<SignatureScheme>,
    /// The least strength of every key in the chain, in bits: 112 is that of RSA with 2048 bits.
    pub(super) strength: u32,
}

impl Question {
    /// Judges a certificate: why it is trusted, or why not.
    pub(super) fn judge(
        &self,
        certificate: &CertificateInfo,
        leaf: &CertificateDer<'_>,
        above: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<Trust, Problem> {
        if !self.verify {
            // Its signature in the handshake is checked nevertheless, and must be of a kind that can be.
            return short_key(certificate).map_or(Ok(Trust::Unverified), Err);
        }
        unfit(certificate)?;
        let checked = self.check(certificate, leaf, above, now);
        match checked {
            Err(problem)
                if problem.can_be_pinned() && self.pins.contains(&certificate.fingerprint) =>
            {
                Ok(Trust::Pinned)
            }
            other => other,
        }
    }

    fn check(
        &self,
        certificate: &CertificateInfo,
        leaf: &CertificateDer<'_>,
        above: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<Trust, Problem> {
        match self.check_chain(certificate, leaf, above, now) {
            Ok(()) => self.check_name(certificate, leaf),
            // Somebody may overlook the date: what else is wrong must be said then.
            Err(late @ (Problem::Expired { .. } | Problem::NotYetValid { .. })) => {
                let then = within(certificate, now);
                match self.check_chain(certificate, leaf, above, then) {
                    Ok(()) | Err(Problem::AuthorityOutOfTime) => Err(late),
                    Err(worse) => Err(worse),
                }
            }
            Err(problem) => Err(problem),
        }
    }

    fn check_chain(
        &self,
        certificate: &CertificateInfo,
        leaf: &CertificateDer<'_>,
        above: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(), Problem> {
        let explain = |error: &webpki::Error| self.explain(error, certificate, above, now);
        let entity = EndEntityCert::try_from(leaf).map_err(|error| explain(&error))?;
        let refused = Cell::new(None);
        let ours = |path: &VerifiedPath<'_>| {
            self.check_path(certificate, leaf, path, now)
                .map_err(|problem| {
                    refused.set(Some(problem));
                    webpki::Error::CertDistrusted
                })
        };
        let chain = entity.verify_for_usage(
            self.algorithms.all,
            &self.authorities.anchors,
            above,
            now,
            KeyUsage::server_auth(),
            None,
            Some(&ours),
        );
        let unexplained = |error| refused.take().unwrap_or_else(|| explain(&error));
        chain.map(|_| ()).map_err(unexplained)
    }

    /// What webpki leaves to us: revocation, the time of the authority itself, and the strength of the keys.
    fn check_path(
        &self,
        certificate: &CertificateInfo,
        leaf: &[u8],
        path: &VerifiedPath<'_>,
        now: UnixTime,
    ) -> Result<(), Problem> {
        let between: Vec<_> = path
            .intermediate_certificates()
            .map(webpki::Cert::der)
            .collect();
        let chain = || between.iter().map(|der| &**der);
        if chain()
            .chain([leaf])
            .any(|der| self.authorities.has_revoked(der))
        {
            return Err(Problem::Revoked);
        }
        let anchor = self.authorities.shown_of(path.anchor());
        if !anchor.is_some_and(|shown| shown.is_valid_at(system(now))) {
            return Err(Problem::AuthorityOutOfTime);
        }
        let between = chain().filter_map(|der| CertificateInfo::from_der(der).ok());
        let shown = between.chain(anchor.cloned()).chain([certificate.clone()]);
        let mut bits = shown
            .filter(|shown| shown.strength() < self.strength)
            .map(|shown| shown.key_bits);
        bits.next()
            .map_or(Ok(()), |bits| Err(Problem::WeakKey { bits }))
    }

    /// Names a problem of the chain.
    fn explain(
        &self,
        error: &webpki::Error,
        certificate: &CertificateInfo,
        above: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Problem {
        let parsed = above
            .iter()
            .filter_map(|der| CertificateInfo::from_der(der).ok());
        let between: Vec<_> = parsed.collect();
        let signers = || between.iter().chain(&self.authorities.shown);
        let issuers = signers()
            .filter(|signer| signer.subject == certificate.issuer || between.contains(signer));
        let short = issuers
            .filter(|signer| is_short(signer))
            .map(|signer| signer.key_bits)
            .min();
        match Problem::from_webpki(error, short) {
            Problem::Expired { .. } | Problem::NotYetValid { .. }
                if certificate.is_valid_at(system(now)) =>
            {
                Problem::AuthorityOutOfTime
            }
            Problem::Other(what) => match between.iter().find(|signer| signer.weak_signature) {
                Some(signer) => Problem::WeakSignature {
                    algorithm: signer.signature_algorithm.clone(),
                },
                None => Problem::Other(what),
            },
            problem => problem,
        }
    }

    fn check_name(
        &self,
        certificate: &CertificateInfo,
        leaf: &CertificateDer<'_>,
    ) -> Result<Trust, Problem> {
        let named = EndEntityCert::try_from(leaf)
            .and_then(|entity| entity.verify_is_valid_for_subject_name(&self.host.name));
        match named {
            Ok(()) => Ok(Trust::Chain),
            Err(_) if self.host.is_common_name_of(certificate) => Ok(Trust::CommonNameOnly),
            Err(_) => Err(Problem::WrongName {
                host: self.host.written.clone(),
            }),
        }
    }
}

/// What nobody may overrule, whoever has signed the certificate.
fn unfit(certificate: &CertificateInfo) -> Result<(), Problem> {
    if certificate.version < 3 {
        return Err(Problem::OldVersion {
            version: certificate.version,
        });
    }
    if certificate.is_ca {
        return Err(Problem::AuthorityAsHost);
    }
    if certificate.weak_signature {
        return Err(Problem::WeakSignature {
            algorithm: certificate.signature_algorithm.clone(),
        });
    }
    short_key(certificate).map_or(Ok(()), Err)
}

fn short_key(certificate: &CertificateInfo) -> Option<Problem> {
    is_short(certificate).then_some(Problem::WeakKey {
        bits: certificate.key_bits,
    })
}

fn is_short(certificate: &CertificateInfo) -> bool {
    certificate.key_type == "RSA" && certificate.key_bits < RSA_MIN
}

/// The moment of a certificate's validity that is nearest to now.
fn within(certificate: &CertificateInfo, now: UnixTime) -> UnixTime {
    let now = system(now);
    let then = now.min(certificate.not_after).max(certificate.not_before);
    let since = then.duration_since(SystemTime::UNIX_EPOCH);
    UnixTime::since_unix_epoch(since.unwrap_or_default())
}

fn system(time: UnixTime) -> SystemTime {
    let since = Duration::from_secs(time.as_secs());
    SystemTime::UNIX_EPOCH
        .checked_add(since)
        .unwrap_or(SystemTime::UNIX_EPOCH)
}
