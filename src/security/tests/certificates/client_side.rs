//! What we may show to a daemon that lets in only whom its authority knows.

use std::{fs, io, os::unix::fs::PermissionsExt, path::Path};

use lab::{
    Daemon, Listen,
    certificates::{Authority, Key, Pair, Wish, client_folder, encrypt_key},
};
use rustix::{
    process::{Gid, Uid, geteuid},
    thread::{set_thread_res_gid, set_thread_res_uid},
};

use crate::{expect_documented, files_in, verdict, virsh};

/// The user who must not read root's key.
const NOBODY: u32 = 65_534;

type Made = io::Result<Vec<(&'static str, Option<Pair>)>>;

fn signed(good: &Authority, other: &Authority) -> Made {
    let client = || Wish::client("lab");
    let mut made = vec![("none", None)];
    let wishes = [
        ("as libvirt's documentation makes it", client()),
        ("expired", client().expired()),
        ("not valid yet", client().not_yet()),
        ("for servers only (EKU)", Wish::server()),
        ("no purpose (EKU) at all", Wish::plain("cn = lab")),
        ("X.509 version 1", client().argument("--v1")),
        ("RSA with 1024 bits", client().key(Key::Rsa(1_024))),
        ("ECDSA P-256", client().key(Key::Curve("P-256"))),
        ("ECDSA P-521", client().key(Key::Curve("P-521"))),
        ("Ed25519", client().key(Key::Named("ED25519"))),
    ];
    for (number, (name, wish)) in wishes.into_iter().enumerate() {
        made.push((name, Some(good.sign(&format!("client{number}"), wish)?)));
    }
    made.push((
        "of another authority",
        Some(other.sign("client", client())?),
    ));
    Ok(made)
}

fn spoiled(good: &Authority, other: &Authority) -> Made {
    let own = good.sign("own", Wish::client("lab"))?;
    let stranger = other.sign("stranger", Wish::client("lab"))?;
    let locked = good.sign("locked", Wish::client("lab"))?;
    encrypt_key(&locked.key)?;
    let empty = other.path().join("empty.pem");
    fs::write(&empty, "no certificate here\n")?;
    let with_key = |key: &Path| {
        Some(Pair {
            certificate: own.certificate.clone(),
            key: key.to_owned(),
        })
    };
    Ok(vec![
        ("the key of another certificate", with_key(&stranger.key)),
        ("an encrypted key", Some(locked)),
        ("a key file without a key", with_key(&empty)),
        (
            "a certificate file without a certificate",
            Some(Pair {
                certificate: empty,
                key: own.key.clone(),
            }),
        ),
    ])
}

/// Runs something in a thread that must not read what is root's.
fn as_nobody<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::spawn(move || {
        if geteuid().is_root() {
            let (group, user) = (Gid::from_raw(NOBODY), Uid::from_raw(NOBODY));
            set_thread_res_gid(group, group, group).unwrap();
            set_thread_res_uid(user, user, user).unwrap();
        }
        run()
    });
    thread.join().unwrap()
}

/// A key that only another user may read: libvirt's client and ours run as nobody.
fn unreadable(port: u16, good: &Authority) -> [String; 3] {
    let dir = tempfile::tempdir().unwrap();
    let own = good.sign("unreadable", Wish::client("lab")).unwrap();
    client_folder(dir.path(), &good.own().certificate, None, Some(&own)).unwrap();
    for (path, mode) in [
        (".", 0o777),
        ("cacert.pem", 0o644),
        ("clientcert.pem", 0o644),
        ("clientkey.pem", 0o000),
    ] {
        fs::set_permissions(dir.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
    }
    let folder = dir.path().to_owned();
    let (ours, theirs) = as_nobody(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let ours = runtime.block_on(verdict(port, "localhost", &files_in(&folder)));
        (ours, virsh::verdict(port, "localhost", &folder))
    });
    ["a key that must not be read".to_owned(), ours, theirs]
}

#[tokio::test]
async fn clients_are_judged_as_documented() {
    let (good, other) = (
        Authority::new("Lab Authority").unwrap(),
        Authority::new("Other Authority").unwrap(),
    );
    let own = good.sign("daemon", Wish::server()).unwrap();
    let listen = Listen::default().line("auth_tls = \"none\"");
    let (listen, port) = listen.tls(&good.own().certificate, &own).unwrap();
    let daemon = Daemon::start_with(&listen).unwrap();
    let mut cases = signed(&good, &other).unwrap();
    cases.extend(spoiled(&good, &other).unwrap());
    let mut rows = Vec::new();
    for (number, (name, pair)) in cases.iter().enumerate() {
        let folder = daemon.path().join(format!("client{number}"));
        client_folder(&folder, &good.own().certificate, None, pair.as_ref()).unwrap();
        let ours = verdict(port, "localhost", &files_in(&folder)).await;
        rows.push([
            (*name).to_owned(),
            ours,
            virsh::verdict(port, "localhost", &folder),
        ]);
    }
    rows.push(unreadable(port, &good));
    expect_documented("clients", &rows);
}
