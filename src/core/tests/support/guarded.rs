//! What guards the screens of a daemon's guests: certificates, accounts, and the lines of `qemu.conf` that use them.

use std::{fs, path::Path, time::Duration};

use innkeeper_core::{Options, security::pki::PkiRoots};
use lab::{
    certificates::{Authority, Pair, Wish},
    sasl::Accounts,
};

/// Whom the accounts know.
pub(crate) const USER: (&str, &str) = ("fred", "a good password");

/// An authority, with the folders of QEMU and of viewers that know it.
pub(crate) struct Pki {
    pub(crate) authority: Authority,
}

impl Pki {
    pub(crate) fn new() -> Self {
        let authority = Authority::new("Screens").unwrap();
        let own = authority.sign("server", Wish::server()).unwrap();
        let folder = authority.path().join("qemu");
        fs::create_dir(&folder).unwrap();
        fs::copy(&authority.own().certificate, folder.join("ca-cert.pem")).unwrap();
        fs::copy(own.certificate, folder.join("server-cert.pem")).unwrap();
        fs::copy(own.key, folder.join("server-key.pem")).unwrap();
        Self { authority }
    }

    /// The lines of `qemu.conf` that make screens show the certificate, and ask for one where `verify` is 1.
    pub(crate) fn guard(&self, verify: u8) -> String {
        let folder = self.authority.path().join("qemu");
        format!(
            "vnc_tls = 1\nvnc_tls_x509_verify = {verify}\nvnc_tls_x509_cert_dir = \"{}\"",
            folder.display()
        )
    }

    /// A certificate for a viewer.
    pub(crate) fn client(&self) -> Pair {
        self.authority
            .sign("client", Wish::client("viewer"))
            .unwrap()
    }

    /// The places of a viewer who knows the authority, and may have a certificate.
    pub(crate) fn viewer(&self, name: &str, own: Option<&Pair>) -> PkiRoots {
        let system = self.authority.path().join(name);
        fs::create_dir_all(system.join("CA")).unwrap();
        fs::copy(
            &self.authority.own().certificate,
            system.join("CA/cacert.pem"),
        )
        .unwrap();
        if let Some(own) = own {
            let folder = system.join("libvirt-vnc");
            fs::create_dir_all(folder.join("private")).unwrap();
            fs::copy(&own.certificate, folder.join("clientcert.pem")).unwrap();
            fs::copy(&own.key, folder.join("private/clientkey.pem")).unwrap();
        }
        roots(&system)
    }
}

/// The places of somebody whose files all lie in one folder.
pub(crate) fn roots(system: &Path) -> PkiRoots {
    PkiRoots {
        system: system.to_path_buf(),
        user: None,
        privileged: false,
    }
}

/// QEMU's accounts, for these mechanisms.
pub(crate) fn accounts(mechanisms: &str) -> Accounts {
    let accounts = Accounts::new("qemu", mechanisms).unwrap();
    accounts.add(USER.0, USER.1).unwrap();
    accounts
}

/// The lines of `qemu.conf` that make screens ask for a login.
pub(crate) fn login(accounts: &Accounts) -> String {
    format!(
        "vnc_sasl = 1\nvnc_sasl_dir = \"{}\"",
        accounts.path().display()
    )
}

/// Those who may only look are not told the passwords that stand in the XML.
pub(crate) fn without_secrets(options: Options) -> Options {
    Options {
        read_only: true,
        ..options
    }
}

/// Options under which screens of this machine are reached by their addresses.
pub(crate) fn by_address(pki: &PkiRoots) -> Options {
    Options {
        graphics_descriptor: false,
        pki: Some(pki.clone()),
        console_retries: vec![Duration::from_millis(50)],
        ..Options::default()
    }
}
