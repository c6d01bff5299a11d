//! Certificates for a QEMU and for a viewer.

use lab::certificates::{Authority, Pair, Wish};
use link_security::pki::PkiRoots;

/// An authority, and the folders of QEMU and of a viewer that knows it.
pub struct Pki {
    pub authority: Authority,
    pub roots: PkiRoots,
}

impl Pki {
    pub fn new() -> Self {
        let authority = Authority::new("Screens").unwrap();
        let own = authority.sign("server", Wish::server()).unwrap();
        let server = authority.path().join("qemu");
        std::fs::create_dir(&server).unwrap();
        std::fs::copy(&authority.own().certificate, server.join("ca-cert.pem")).unwrap();
        std::fs::copy(own.certificate, server.join("server-cert.pem")).unwrap();
        std::fs::copy(own.key, server.join("server-key.pem")).unwrap();
        let system = authority.path().join("viewer");
        std::fs::create_dir_all(system.join("CA")).unwrap();
        std::fs::copy(&authority.own().certificate, system.join("CA/cacert.pem")).unwrap();
        let roots = PkiRoots {
            system,
            user: None,
            privileged: false,
        };
        Self { authority, roots }
    }

    /// Gives the viewer a certificate of its own.
    pub fn show(&self, own: &Pair) {
        let folder = self.roots.system.join("libvirt-vnc");
        std::fs::create_dir_all(folder.join("private")).unwrap();
        std::fs::copy(&own.certificate, folder.join("clientcert.pem")).unwrap();
        std::fs::copy(&own.key, folder.join("private/clientkey.pem")).unwrap();
    }

    pub fn object(&self, verify: &str) -> String {
        let folder = self.authority.path().join("qemu");
        let folder = folder.display();
        format!("tls-creds-x509,id=tls0,dir={folder},endpoint=server,verify-peer={verify}")
    }
}
