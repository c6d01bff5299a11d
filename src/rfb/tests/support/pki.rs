//! Certificates for a server and for a viewer, and who is asked for a name.

use std::{path::PathBuf, sync::Arc};

use lab::certificates::{Authority, Pair, Wish};
use link_security::{
    Answer, AskFuture, Credentials, Question, Request,
    pki::{PkiFiles, PkiRoots},
};
use rfb::VeNCrypt;

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

    /// The server's certificate.
    pub fn certificate(&self) -> PathBuf {
        self.authority.path().join("qemu/server-cert.pem")
    }

    /// The key of that.
    pub fn key(&self) -> PathBuf {
        self.authority.path().join("qemu/server-key.pem")
    }

    /// The type of security of a viewer that knows the authority.
    pub fn vencrypt(&self) -> Arc<VeNCrypt> {
        Arc::new(VeNCrypt::new("localhost", PkiFiles::vnc(&self.roots)))
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

/// One who is asked for a name and a password, and nothing else.
pub struct Person {
    pub name: &'static str,
    pub password: &'static str,
}

impl Credentials for Person {
    fn ask(&self, request: Request) -> AskFuture<'_> {
        assert!(matches!(request.question, Question::UserPassword { .. }));
        Box::pin(async { Ok(Answer::user_password(self.name, self.password)) })
    }
}
