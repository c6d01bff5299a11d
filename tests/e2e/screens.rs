//! A screen in TLS whose authority this computer does not know: shown, and trusted by intent only.

use std::{fs, process::Command};

use lab::{
    Daemon, Listen, Sshd, SshdOptions,
    certificates::{Authority, Wish},
    guest,
};

use testbed::{Picture, until_true};

use crate::{
    runner::tests,
    scope::Scope,
    stage::{PATIENCE, Stage},
};

tests![a_strange_certificate_is_trusted_by_intent_only];

const GUEST: &str = "guarded";
const UNKNOWN: &str = "Nobody you trust has signed the certificate";

/// Another host over ssh, with one running guest whose screen is in TLS.
struct Host {
    _daemon: Daemon,
    _authority: Authority,
    _sshd: Sshd,
    uri: String,
}

impl Host {
    fn start() -> Self {
        let authority = Authority::new("Screens").expect("certtool");
        let own = authority.sign("server", Wish::server()).expect("certtool");
        let folder = authority.path().join("qemu");
        fs::create_dir(&folder).expect("a folder");
        for (from, to) in [
            (&authority.own().certificate, "ca-cert.pem"),
            (&own.certificate, "server-cert.pem"),
            (&own.key, "server-key.pem"),
        ] {
            fs::copy(from, folder.join(to)).expect("a file");
        }
        let lines = format!(
            "vnc_tls = 1\nvnc_tls_x509_cert_dir = \"{}\"",
            folder.display()
        );
        let daemon = Daemon::start_with(&Listen::default().qemu(&lines)).expect("libvirtd");
        start_guest(&daemon);
        let options = SshdOptions {
            libvirt: Some(daemon.path().join("run")),
            ..SshdOptions::default()
        };
        let sshd = Sshd::start(&options).expect("sshd");
        let uri = sshd.uri().expect("known hosts");
        Self {
            _daemon: daemon,
            _authority: authority,
            _sshd: sshd,
            uri,
        }
    }
}

fn start_guest(daemon: &Daemon) {
    let port = lab::own_port().expect("a port");
    let graphics = format!("<graphics type='vnc' port='{port}' autoport='no' listen='127.0.0.1'/>");
    let xml = guest::prepare(daemon.path(), GUEST).expect("a disk");
    let nowhere = "<graphics type='vnc'><listen type='none'/></graphics>";
    let file = daemon.path().join("guest.xml");
    fs::write(&file, xml.replace(nowhere, &graphics)).expect("a file");
    let uri = format!("qemu+unix:///system?socket={}", daemon.socket().display());
    let status = Command::new("virsh")
        .args(["-q", "-c", &uri, "create"])
        .arg(file)
        .status();
    assert!(status.expect("virsh").success());
}

fn a_strange_certificate_is_trusted_by_intent_only(stage: &mut Stage<'_>) {
    // The user knows an authority, but not the one of this host's screens.
    let other = Authority::new("Somebody Else").expect("certtool");
    let folder = stage.desktop.folder("home").join(".pki/CA");
    fs::create_dir_all(&folder).expect("a folder");
    fs::copy(&other.own().certificate, folder.join("cacert.pem")).expect("a file");
    let host = Host::start();
    stage.keep_connections(&[&host.uri]);
    stage.start(&["--connect", &host.uri, "--show-domain-console", GUEST]);
    let window = stage.window(GUEST);
    window.reads(UNKNOWN);
    window.keep("unknown");
    window.press("Trust This Certificate…");
    window.reads("Trust This Certificate?");
    window.press("Cancel");
    // A dialog that goes still has its buttons.
    window.reads_no_more("Trust This Certificate?");
    window.reads(UNKNOWN);
    window.press("Trust This Certificate…");
    window.press("Trust and Connect");
    is_live(&window);
    window.keep("trusted");

    // It is remembered at the next start.
    stage.start(&["--connect", &host.uri, "--show-domain-console", GUEST]);
    let window = stage.window(GUEST);
    is_live(&window);
}

/// Waits for what the guest's BIOS writes.
#[track_caller]
fn is_live(window: &Scope) {
    let name = format!("Screen of {GUEST}");
    let screen = window.wait_for("the screen", |e| e.name == name);
    until_true("the guest’s words", PATIENCE, || {
        !window.shows(UNKNOWN) && bright(&window.picture_of(&screen)) > 500
    });
}

/// How many pixels are as bright as letters on a black screen.
fn bright(picture: &Picture) -> usize {
    let pixels = picture.pixels().iter();
    let letters = pixels.filter(|pixel| {
        [16, 8, 0]
            .iter()
            .all(|shift| (**pixel >> shift) & 255 > 150)
    });
    let count = letters.count();
    // A page of the window is bright all over.
    if count * 4 > picture.pixels().len() {
        0
    } else {
        count
    }
}
