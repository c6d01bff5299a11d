//! What hosts may show: each certificate has a daemon of its own.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use lab::{
    Daemon, Listen,
    certificates::{Authority, Key, Pair, Wish, client_folder, self_signed},
};

use crate::{expect_documented, files_in, verdict, virsh};

/// A certificate that a host shows, and what the client has to judge it by.
struct Case {
    name: &'static str,
    host: &'static str,
    shown: Pair,
    ca: PathBuf,
    crl: Option<PathBuf>,
}

/// The authorities, and the cases that were made of them.
struct Matrix {
    good: Authority,
    cases: Vec<Case>,
    /// Keeps the files of the others.
    others: Vec<Authority>,
}

impl Matrix {
    fn new() -> io::Result<Self> {
        Ok(Self {
            good: Authority::new("Lab Authority")?,
            cases: Vec::new(),
            others: Vec::new(),
        })
    }

    /// A case that the good authority signs and that the client judges by it.
    fn add(&mut self, name: &'static str, wish: Wish) -> io::Result<()> {
        self.add_for("localhost", name, wish)
    }

    fn add_for(&mut self, host: &'static str, name: &'static str, wish: Wish) -> io::Result<()> {
        let shown = self.good.sign(&self.cases.len().to_string(), wish)?;
        self.add_pair(host, name, shown);
        Ok(())
    }

    fn add_pair(&mut self, host: &'static str, name: &'static str, shown: Pair) {
        let ca = self.good.own().certificate.clone();
        self.cases.push(Case {
            name,
            host,
            shown,
            ca,
            crl: None,
        });
    }

    /// A case that another authority signs, and that the client judges by this one.
    fn add_other(&mut self, name: &'static str, authority: Authority) -> io::Result<()> {
        let shown = authority.sign("server", Wish::server())?;
        let ca = authority.own().certificate.clone();
        self.cases.push(Case {
            name,
            host: "localhost",
            shown,
            ca,
            crl: None,
        });
        self.others.push(authority);
        Ok(())
    }
}

fn names(matrix: &mut Matrix) -> io::Result<()> {
    let named = |names: &[&str]| Wish::server_named("localhost", names);
    matrix.add("as libvirt's documentation makes it", Wish::server())?;
    matrix.add_for(
        "127.0.0.1",
        "the same, asked for by address",
        Wish::server(),
    )?;
    matrix.add("common name only", named(&[]))?;
    matrix.add_for(
        "127.0.0.1",
        "an address as common name only",
        Wish::server_named("127.0.0.1", &[]),
    )?;
    matrix.add(
        "common name right, other names",
        named(&["dns_name = other.example"]),
    )?;
    matrix.add(
        "common name and names wrong",
        Wish::server_named("other", &["dns_name = other.example"]),
    )?;
    matrix.add("common name only, wrong", Wish::server_named("other", &[]))?;
    matrix.add(
        "common name right, a URI for names",
        named(&["uri = https://lab.example"]),
    )?;
    matrix.add_for(
        "127.0.0.1",
        "the address written as a DNS name",
        named(&["dns_name = 127.0.0.1"]),
    )
}

fn times_and_kinds(matrix: &mut Matrix) -> io::Result<()> {
    matrix.add("expired", Wish::server().expired())?;
    matrix.add("not valid yet", Wish::server().not_yet())?;
    let elsewhere = Wish::server_named("other", &["dns_name = other.example"]);
    matrix.add("expired, for another name", elsewhere.expired())?;
    matrix.add("X.509 version 1", Wish::server().argument("--v1"))?;
    matrix.add("signed with SHA-1", Wish::server().argument("--hash=SHA1"))?;
    matrix.add(
        "an authority's, used by the host",
        Wish::server().line("ca").line("cert_signing_key"),
    )?;
    let silent = ["dns_name = localhost"]
        .iter()
        .fold(Wish::plain("cn = localhost"), |wish, name| wish.line(name));
    matrix.add("no purpose (EKU) at all", silent)?;
    matrix.add(
        "for clients only (EKU)",
        Wish::client("localhost").line("dns_name = localhost"),
    )?;
    matrix.add(
        "key may not sign (key usage)",
        Wish::server().without("signing_key"),
    )?;
    matrix.add(
        "key may not encrypt (key usage)",
        Wish::server().without("encryption_key"),
    )
}

fn keys(matrix: &mut Matrix) -> io::Result<()> {
    let all = [
        ("RSA with 1024 bits", Key::Rsa(1_024)),
        ("RSA with 2048 bits", Key::Rsa(2_048)),
        ("RSA with 3072 bits", Key::Rsa(3_072)),
        ("RSA with 4096 bits", Key::Rsa(4_096)),
        ("ECDSA P-256", Key::Curve("P-256")),
        ("ECDSA P-384", Key::Curve("P-384")),
        ("ECDSA P-521", Key::Curve("P-521")),
        ("Ed25519", Key::Named("ED25519")),
        ("Ed448", Key::Named("ED448")),
    ];
    for (name, key) in all {
        matrix.add(name, Wish::server().key(key))?;
    }
    Ok(())
}

fn authorities(matrix: &mut Matrix) -> io::Result<()> {
    for (name, common) in [
        ("another authority", "Other Authority"),
        ("another authority of the same name", "Lab Authority"),
    ] {
        let other = Authority::new(common)?;
        matrix.add_pair("localhost", name, other.sign("server", Wish::server())?);
        matrix.others.push(other);
    }
    let expired = Wish::authority("Old Authority").line(
        "activation_date = \"2020-01-01 00:00:00 UTC\"\nexpiration_date = \"2020-02-01 00:00:00 UTC\"",
    );
    matrix.add_other("the authority has expired", Authority::of(expired)?)?;
    matrix.add_other(
        "the authority has RSA with 1024 bits",
        Authority::of(Wish::authority("Short").key(Key::Rsa(1_024)))?,
    )?;
    let below = matrix.good.authority("Lab Department")?;
    let shown = below.sign("server", Wish::server())?;
    let mut chain = fs::read_to_string(&shown.certificate)?;
    matrix.add_pair(
        "localhost",
        "an authority between, not shown",
        Pair {
            certificate: copy_beside(&shown.certificate)?,
            ..shown.clone()
        },
    );
    chain += &fs::read_to_string(&below.own().certificate)?;
    fs::write(&shown.certificate, chain)?;
    matrix.add_pair(
        "localhost",
        "an authority between, shown by the host",
        shown,
    );
    matrix.others.push(below);
    for (name, wish) in [
        (
            "its own, in the client's list of authorities",
            Wish::server(),
        ),
        (
            "its own with an authority's mark, in the list",
            Wish::server().line("ca").line("cert_signing_key"),
        ),
    ] {
        let shown = self_signed(matrix.good.path(), &matrix.cases.len().to_string(), wish)?;
        let ca = shown.certificate.clone();
        matrix.cases.push(Case {
            name,
            host: "localhost",
            shown,
            ca,
            crl: None,
        });
    }
    Ok(())
}

fn copy_beside(path: &Path) -> io::Result<PathBuf> {
    let copy = path.with_extension("alone.pem");
    fs::copy(path, &copy)?;
    Ok(copy)
}

fn revocations(matrix: &mut Matrix) -> io::Result<()> {
    let (one, other) = (
        matrix.good.sign("one", Wish::server())?,
        matrix.good.sign("other", Wish::server())?,
    );
    let now = matrix.good.revoke("now", &[&one], "expiration_days = 10")?;
    let dates = "crl_this_update_date = \"2020-01-01 00:00:00 UTC\"\ncrl_next_update_date = \"2020-02-01 00:00:00 UTC\"";
    let old = matrix.good.revoke("old", &[&one], dates)?;
    let ca = matrix.good.own().certificate.clone();
    for (name, shown, crl) in [
        ("revoked", &one, &now),
        ("not in the list of the revoked", &other, &now),
        ("revoked, in a list that is out of date", &one, &old),
        ("not in the list, which is out of date", &other, &old),
    ] {
        let (shown, ca, crl) = (shown.clone(), ca.clone(), Some(crl.clone()));
        matrix.cases.push(Case {
            name,
            host: "localhost",
            shown,
            ca,
            crl,
        });
    }
    Ok(())
}

#[tokio::test]
async fn hosts_are_judged_as_documented() {
    let mut matrix = Matrix::new().unwrap();
    let make: [fn(&mut Matrix) -> io::Result<()>; 5] =
        [names, times_and_kinds, keys, authorities, revocations];
    for part in make {
        part(&mut matrix).unwrap();
    }
    let mut rows = Vec::new();
    for case in &matrix.cases {
        let lines = ["auth_tls = \"none\"", "tls_no_verify_certificate = 1"];
        let listen = lines
            .iter()
            .fold(Listen::default(), |listen, line| listen.line(line));
        let (listen, port) = listen
            .tls(&matrix.good.own().certificate, &case.shown)
            .unwrap();
        let daemon =
            Daemon::start_with(&listen).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let folder = daemon.path().join("client");
        client_folder(&folder, &case.ca, case.crl.as_deref(), None).unwrap();
        let ours = verdict(port, case.host, &files_in(&folder)).await;
        let theirs = virsh::verdict(port, case.host, &folder);
        rows.push([case.name.to_owned(), ours, theirs]);
    }
    expect_documented("hosts", &rows);
}
