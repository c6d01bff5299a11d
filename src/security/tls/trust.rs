//! The authorities that are trusted and what they have revoked, read from their files.
//!
//! Revocation is libvirt's: a serial number in a list of the same issuer counts, whether or not the list has been
//! replaced since. The lists lie beside the authorities and are as trusted as they are.

use std::{
    collections::HashSet,
    io,
    path::{Path, PathBuf},
};

use rustls::pki_types::{
    CertificateDer, CertificateRevocationListDer, TrustAnchor, pem::PemObject,
};
use x509_parser::{prelude::FromDer, revocation_list::CertificateRevocationList};

use super::TlsError;
use crate::{
    certificate::{CertificateInfo, parse, read_bounded},
    pki::{PkiFile, PkiFiles},
};

/// How many authorities or lists a file may have.
const ENTRIES_MAX: usize = 1_000;

/// Whom to trust.
#[derive(Debug, Default)]
pub(super) struct Authorities {
    pub(super) anchors: Vec<TrustAnchor<'static>>,
    /// The same certificates as they are shown; in the order of the anchors.
    pub(super) shown: Vec<CertificateInfo>,
    revoked: Vec<Revoked>,
}

#[derive(Debug)]
struct Revoked {
    issuer: Vec<u8>,
    serials: HashSet<Vec<u8>>,
}

impl Authorities {
    /// Reads the files.
    ///
    /// # Errors
    /// When there is no file with authorities, or one of the files cannot be read or understood.
    pub(super) fn read(files: &PkiFiles) -> Result<Self, TlsError> {
        let mut authorities = read_authorities(&files.ca)?;
        authorities.revoked = read_revocations(&files.crl)?;
        Ok(authorities)
    }

    fn add(&mut self, der: &CertificateDer<'_>) -> Result<(), String> {
        let shown = CertificateInfo::from_der(der).map_err(|error| error.to_string())?;
        let anchor = webpki::anchor_from_trusted_cert(der).map_err(|error| format!("{error:?}"))?;
        self.anchors.push(anchor.to_owned());
        self.shown.push(shown);
        Ok(())
    }

    /// Whether a certificate is in a list of its issuer.
    pub(super) fn has_revoked(&self, der: &[u8]) -> bool {
        let Ok(certificate) = parse(der) else {
            return true;
        };
        let serial = significant(certificate.raw_serial());
        self.revoked.iter().any(|list| {
            list.issuer == certificate.issuer().as_raw() && list.serials.contains(serial)
        })
    }

    /// The certificate that an anchor was made of; webpki keeps its name and key only.
    pub(super) fn shown_of(&self, anchor: &TrustAnchor<'_>) -> Option<&CertificateInfo> {
        let mut pairs = self.anchors.iter().zip(&self.shown);
        let own = pairs.find(|(own, _)| *own == anchor);
        own.map(|(_, shown)| shown)
    }
}

/// Reads the authorities alone.
///
/// # Errors
/// When there is no file, or it cannot be read or understood.
pub(super) fn read_authorities(file: &PkiFile) -> Result<Authorities, TlsError> {
    let Some(path) = &file.found else {
        return Err(TlsError::CaMissing {
            looked: file.looked.clone(),
        });
    };
    let unusable = |reason: String| TlsError::CaUnusable {
        path: path.clone(),
        reason,
    };
    let bytes = read(path, unusable)?;
    let mut authorities = Authorities::default();
    for der in CertificateDer::pem_slice_iter(&bytes).take(ENTRIES_MAX) {
        let der = der.map_err(|error| unusable(error.to_string()))?;
        authorities.add(&der).map_err(unusable)?;
    }
    if authorities.anchors.is_empty() {
        return Err(unusable("it holds no certificate".to_owned()));
    }
    Ok(authorities)
}

/// Counts what is revoked, in all lists of the file; 0 without one.
pub(super) fn count_revoked(file: &PkiFile) -> Result<usize, TlsError> {
    let lists = read_revocations(file)?;
    Ok(lists.iter().map(|list| list.serials.len()).sum())
}

fn read_revocations(file: &PkiFile) -> Result<Vec<Revoked>, TlsError> {
    let Some(path) = &file.found else {
        return Ok(Vec::new());
    };
    let unusable = |reason: String| TlsError::CrlUnusable {
        path: path.clone(),
        reason,
    };
    let bytes = read(path, unusable)?;
    let mut all = Vec::new();
    for der in CertificateRevocationListDer::pem_slice_iter(&bytes).take(ENTRIES_MAX) {
        let der = der.map_err(|error| unusable(error.to_string()))?;
        let parsed = CertificateRevocationList::from_der(&der);
        let (_, list) = parsed.map_err(|_| unusable("it is no revocation list".to_owned()))?;
        let revoked = list.iter_revoked_certificates();
        all.push(Revoked {
            issuer: list.issuer().as_raw().to_vec(),
            serials: revoked
                .map(|one| significant(one.raw_serial()).to_vec())
                .collect(),
        });
    }
    if all.is_empty() {
        return Err(unusable("it holds no revocation list".to_owned()));
    }
    Ok(all)
}

/// A serial number without the zeros that different encoders put before it.
fn significant(serial: &[u8]) -> &[u8] {
    let zeros = serial.iter().take_while(|byte| **byte == 0).count();
    serial.get(zeros..).unwrap_or_default()
}

/// Reads one of the files; that it must not be read is a reason of its own.
pub(super) fn read(
    path: &Path,
    unusable: impl Fn(String) -> TlsError,
) -> Result<Vec<u8>, TlsError> {
    read_bounded(path).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => TlsError::KeyUnreadable {
            path: PathBuf::from(path),
        },
        _ => unusable(error.to_string()),
    })
}
