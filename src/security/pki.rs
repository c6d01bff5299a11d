//! Where certificates, keys and revocation lists lie, by the rules of those whose files we read.
//!
//! Two rules: libvirt's own for connections (`src/rpc/virnettlsconfig.c`, `virnettlscontext.c`) and gtk-vnc's for
//! screens. This only looks which files are there; `tls::trust` and `tls::identity` read them.

use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

/// One file: every place where it was looked for, in order, and the first where it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PkiFile {
    /// Where it was looked for, until it was found.
    pub looked: Vec<PathBuf>,
    /// Where it is.
    pub found: Option<PathBuf>,
}

impl PkiFile {
    /// Looks at each place until one has the file.
    fn first_of(places: impl IntoIterator<Item = PathBuf>) -> Self {
        let mut file = Self::default();
        for place in places {
            file.looked.push(place.clone());
            if exists(&place) {
                file.found = Some(place);
                break;
            }
        }
        file
    }
}

/// The files of one TLS client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PkiFiles {
    /// The certificates of the authorities to trust.
    pub ca: PkiFile,
    /// What these authorities have revoked; most hosts have none.
    pub crl: PkiFile,
    /// Our own certificate. Found only together with its key.
    pub certificate: PkiFile,
    /// The key of our certificate. Found only together with it.
    pub key: PkiFile,
    /// Halves of a pair that lie in one of the places without their other half, and are not used therefore.
    pub alone: Vec<PathBuf>,
}

/// The folders that both rules start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PkiRoots {
    /// The system's folder: `/etc/pki`.
    pub system: PathBuf,
    /// The user's folder: `~/.pki`. `None` when no home folder is known.
    pub user: Option<PathBuf>,
    /// Whether this is root, for whom libvirt does not look into the user's folder.
    pub privileged: bool,
}

impl PkiRoots {
    /// The folders of the user who runs this.
    pub fn of_this_user() -> Self {
        Self {
            system: PathBuf::from("/etc/pki"),
            user: std::env::home_dir().map(|home| home.join(".pki")),
            privileged: rustix::process::geteuid().is_root(),
        }
    }
}

impl PkiFiles {
    /// Looks for the files of a libvirt connection.
    ///
    /// With a folder of its own (`pkipath` in the URI) all four lie there and nowhere else. Otherwise the user's folder
    /// comes before the system's, for the authorities and the revocation list singly, for certificate and key as a pair.
    pub fn libvirt(roots: &PkiRoots, pkipath: Option<&Path>) -> Self {
        if let Some(folder) = pkipath {
            return Self::libvirt_in(&[Places::flat(folder)]);
        }
        let user = roots.user.as_ref().filter(|_| !roots.privileged);
        let user = user.map(|pki| Places::flat(&pki.join("libvirt")));
        let places: Vec<_> = user
            .into_iter()
            .chain([Places::system(&roots.system)])
            .collect();
        Self::libvirt_in(&places)
    }

    fn libvirt_in(places: &[Places]) -> Self {
        let mut files = Self {
            ca: PkiFile::first_of(
                places
                    .iter()
                    .map(|place| place.authority.join("cacert.pem")),
            ),
            crl: PkiFile::first_of(places.iter().map(|place| place.authority.join("cacrl.pem"))),
            ..Self::default()
        };
        for place in places {
            let pair = (
                place.own.join("clientcert.pem"),
                place.key.join("clientkey.pem"),
            );
            if files.take_pair(pair.0, pair.1) {
                break;
            }
        }
        files
    }

    /// Looks for the files of a VNC screen, each by itself: first in `~/.pki`, then in `/etc/pki`, as gtk-vnc does for
    /// virt-manager and virt-viewer.
    pub fn vnc(roots: &PkiRoots) -> Self {
        let bases: Vec<&PathBuf> = roots.user.iter().chain([&roots.system]).collect();
        let find = |name: &str| PkiFile::first_of(bases.iter().map(|base| base.join(name)));
        let mut files = Self {
            ca: find("CA/cacert.pem"),
            crl: find("CA/cacrl.pem"),
            certificate: find("libvirt-vnc/clientcert.pem"),
            key: find("libvirt-vnc/private/clientkey.pem"),
            alone: Vec::new(),
        };
        if files.certificate.found.is_none() || files.key.found.is_none() {
            files.alone.extend(files.certificate.found.take());
            files.alone.extend(files.key.found.take());
        }
        files
    }

    /// Uses a pair if both halves are there, and remembers a half that is alone.
    fn take_pair(&mut self, certificate: PathBuf, key: PathBuf) -> bool {
        self.certificate.looked.push(certificate.clone());
        self.key.looked.push(key.clone());
        match (exists(&certificate), exists(&key)) {
            (true, true) => {
                self.certificate.found = Some(certificate);
                self.key.found = Some(key);
                return true;
            }
            (true, false) => self.alone.push(certificate),
            (false, true) => self.alone.push(key),
            (false, false) => {}
        }
        false
    }

    /// The places where a certificate with its key would be used, for a text that helps to put one there.
    pub fn looked_for_certificate(&self) -> Vec<PathBuf> {
        let both = self.certificate.looked.iter().zip(&self.key.looked);
        both.flat_map(|(certificate, key)| [certificate.clone(), key.clone()])
            .collect()
    }
}

/// The three folders of one place that libvirt looks at.
struct Places {
    authority: PathBuf,
    own: PathBuf,
    key: PathBuf,
}

impl Places {
    fn flat(folder: &Path) -> Self {
        let folder = folder.to_path_buf();
        Self {
            authority: folder.clone(),
            own: folder.clone(),
            key: folder,
        }
    }

    fn system(pki: &Path) -> Self {
        Self {
            authority: pki.join("CA"),
            own: pki.join("libvirt"),
            key: pki.join("libvirt/private"),
        }
    }
}

/// Whether libvirt would say that a file exists: also one that cannot be read, but not one in a folder that cannot be
/// entered.
fn exists(path: &Path) -> bool {
    access(path, Access::EXISTS).is_ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    struct Lab {
        dir: tempfile::TempDir,
        roots: PkiRoots,
    }

    impl Lab {
        fn new(names: &[&str]) -> Self {
            let dir = tempfile::tempdir().unwrap();
            for name in names {
                let path = dir.path().join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, "").unwrap();
            }
            let roots = PkiRoots {
                system: dir.path().join("etc"),
                user: Some(dir.path().join("home")),
                privileged: false,
            };
            Self { dir, roots }
        }

        fn at(&self, name: &str) -> PathBuf {
            self.dir.path().join(name)
        }
    }

    const SYSTEM: [&str; 4] = [
        "etc/CA/cacert.pem",
        "etc/CA/cacrl.pem",
        "etc/libvirt/clientcert.pem",
        "etc/libvirt/private/clientkey.pem",
    ];

    #[test]
    fn the_system_answers_where_the_user_has_nothing() {
        let lab = Lab::new(&SYSTEM);
        let files = PkiFiles::libvirt(&lab.roots, None);
        assert_eq!(files.ca.found, Some(lab.at(SYSTEM[0])));
        assert_eq!(files.crl.found, Some(lab.at(SYSTEM[1])));
        assert_eq!(files.certificate.found, Some(lab.at(SYSTEM[2])));
        assert_eq!(files.key.found, Some(lab.at(SYSTEM[3])));
        assert_eq!(
            files.ca.looked,
            [lab.at("home/libvirt/cacert.pem"), lab.at(SYSTEM[0])]
        );
    }

    #[test]
    fn authorities_fall_back_singly_and_a_pair_together() {
        let mut names = SYSTEM.to_vec();
        names.extend(["home/libvirt/cacrl.pem", "home/libvirt/clientcert.pem"]);
        let lab = Lab::new(&names);
        let files = PkiFiles::libvirt(&lab.roots, None);
        assert_eq!(files.ca.found, Some(lab.at(SYSTEM[0])));
        assert_eq!(files.crl.found, Some(lab.at("home/libvirt/cacrl.pem")));
        // The user's certificate has no key: both come from the system.
        assert_eq!(files.certificate.found, Some(lab.at(SYSTEM[2])));
        assert_eq!(files.key.found, Some(lab.at(SYSTEM[3])));
        assert_eq!(files.alone, [lab.at("home/libvirt/clientcert.pem")]);
    }

    #[test]
    fn root_has_no_folder_of_its_own() {
        let mut lab = Lab::new(&["home/libvirt/cacert.pem", SYSTEM[0]]);
        assert_eq!(
            PkiFiles::libvirt(&lab.roots, None).ca.found,
            Some(lab.at("home/libvirt/cacert.pem"))
        );
        lab.roots.privileged = true;
        let files = PkiFiles::libvirt(&lab.roots, None);
        assert_eq!(files.ca.found, Some(lab.at(SYSTEM[0])));
        assert_eq!(files.ca.looked, [lab.at(SYSTEM[0])]);
    }

    #[test]
    fn a_named_folder_has_all_or_nothing() {
        let mut names = SYSTEM.to_vec();
        names.push("mine/clientkey.pem");
        let lab = Lab::new(&names);
        let files = PkiFiles::libvirt(&lab.roots, Some(&lab.at("mine")));
        assert_eq!(files.ca.found, None);
        assert_eq!(files.ca.looked, [lab.at("mine/cacert.pem")]);
        assert_eq!(files.key.found, None);
        assert_eq!(files.alone, [lab.at("mine/clientkey.pem")]);
        assert_eq!(
            files.looked_for_certificate(),
            [lab.at("mine/clientcert.pem"), lab.at("mine/clientkey.pem")]
        );
    }

    #[test]
    fn screens_find_each_file_by_itself() {
        let lab = Lab::new(&[
            "etc/CA/cacert.pem",
            "home/CA/cacrl.pem",
            "home/libvirt-vnc/clientcert.pem",
            "etc/libvirt-vnc/private/clientkey.pem",
        ]);
        let files = PkiFiles::vnc(&lab.roots);
        assert_eq!(files.ca.found, Some(lab.at("etc/CA/cacert.pem")));
        assert_eq!(files.crl.found, Some(lab.at("home/CA/cacrl.pem")));
        assert_eq!(
            files.certificate.found,
            Some(lab.at("home/libvirt-vnc/clientcert.pem"))
        );
        assert_eq!(
            files.key.found,
            Some(lab.at("etc/libvirt-vnc/private/clientkey.pem"))
        );
    }

    #[test]
    fn a_screen_certificate_without_any_key_is_not_used() {
        let lab = Lab::new(&["home/libvirt-vnc/clientcert.pem"]);
        let files = PkiFiles::vnc(&lab.roots);
        assert_eq!(files.certificate.found, None);
        assert_eq!(files.alone, [lab.at("home/libvirt-vnc/clientcert.pem")]);
    }
}
