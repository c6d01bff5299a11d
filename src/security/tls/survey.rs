//! What lies in the places that are looked at, for a page that shows it: read by the same code as for a handshake, so
//! that it says what a handshake would meet.

use super::{TlsError, identity::Identity, trust};
use crate::{certificate::CertificateInfo, pki::PkiFiles};

/// The files of one TLS client, and what is in them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Survey {
    /// Where each was looked for and found.
    pub files: PkiFiles,
    /// The authorities to trust; [`TlsError::CaMissing`] without their file.
    pub authorities: Result<Vec<CertificateInfo>, TlsError>,
    /// How many certificates are revoked; 0 without a list.
    pub revoked: Result<usize, TlsError>,
    /// Our certificate, where there is one with its key.
    pub own: Result<Option<CertificateInfo>, TlsError>,
}

impl Survey {
    /// Reads the files. It waits for the disk: not for a thread that must go on.
    pub fn of(files: PkiFiles) -> Self {
        let own = Identity::read(&files);
        Self {
            authorities: trust::read_authorities(&files.ca).map(|all| all.shown),
            revoked: trust::count_revoked(&files.crl),
            own: own.map(|own| own.map(Identity::into_shown)),
            files,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use lab::certificates::{Authority, Wish, client_folder, encrypt_key};

    use super::*;
    use crate::{pki::PkiRoots, tls::ClientCertificateProblem as Problem};

    fn survey(folder: &Path) -> Survey {
        Survey::of(PkiFiles::libvirt(&PkiRoots::of_this_user(), Some(folder)))
    }

    #[test]
    fn each_file_is_judged_by_itself() {
        let authority = Authority::new("the lab").unwrap();
        let own = authority.sign("own", Wish::client("me")).unwrap();
        let list = authority.revoke("crl", &[&own], "").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let empty = survey(path);
        assert!(
            matches!(empty.authorities, Err(TlsError::CaMissing { looked }) if looked == [path.join("cacert.pem")])
        );
        assert_eq!((empty.revoked, empty.own), (Ok(0), Ok(None)));

        client_folder(path, &authority.own().certificate, Some(&list), Some(&own)).unwrap();
        let all = survey(path);
        assert!(all.authorities.unwrap()[0].subject.contains("the lab"));
        assert_eq!(all.revoked, Ok(1));
        assert!(all.own.unwrap().unwrap().subject.contains("me"));

        encrypt_key(&path.join("clientkey.pem")).unwrap();
        fs::write(path.join("cacrl.pem"), "nothing").unwrap();
        let bad = survey(path);
        assert!(bad.authorities.is_ok(), "a bad list is the list's matter");
        assert!(matches!(bad.revoked, Err(TlsError::CrlUnusable { .. })));
        assert!(matches!(
            bad.own,
            Err(TlsError::ClientCertificate {
                problem: Problem::KeyEncrypted,
                ..
            })
        ));
    }
}
