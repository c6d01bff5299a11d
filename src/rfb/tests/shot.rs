//! The example `shot`, as somebody uses it, against a real QEMU.
#![cfg(feature = "qemu-tests")]

mod support;

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use lab::{certificates::Wish, sasl::Accounts};
use support::{guest::Guest, pki::Pki};

/// The example beside this program; `cargo test` builds it.
fn shot() -> Command {
    let own = std::env::current_exe().unwrap();
    let path = own.parent().unwrap().join("../examples/shot");
    assert!(
        path.exists(),
        "{} is missing: cargo build -p rfb --examples",
        path.display()
    );
    let mut command = Command::new(path);
    command.env_remove("VNC_PASSWORD");
    command.stdin(std::process::Stdio::null());
    command
}

/// Takes a picture of a guest's screen with these words.
fn take(guest: &Guest, words: &[&str], password: Option<&str>) -> (Output, PathBuf) {
    let out = guest.folder.path().join("shot.png");
    let _ = std::fs::remove_file(&out);
    let mut command = shot();
    if let Some(password) = password {
        command.env("VNC_PASSWORD", password);
    }
    let address = format!("unix:{}", guest.socket().display());
    let output = command.args(words).arg(address).arg(&out).output().unwrap();
    (output, out)
}

#[track_caller]
fn expect_picture((output, path): (Output, PathBuf)) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    let size = png::Decoder::new(file).read_info().unwrap().info().size();
    assert!(size.0 >= 320 && size.1 >= 200, "{size:?}");
}

#[track_caller]
fn expect_refusal((output, path): (Output, PathBuf), reason: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && !path.exists(), "{said}");
    assert!(said.contains(reason), "{said}");
}

async fn boot(vnc: &str, arguments: &[&str], environment: &[(&str, &Path)]) -> Guest {
    let folder = tempfile::tempdir().unwrap();
    let listener = format!("unix:{}{vnc}", folder.path().join("vnc").display());
    let arguments = [&["-vga", "std"], arguments].concat();
    let guest = Guest::listening(folder, "pattern", &listener, &arguments, environment);
    drop(guest.stream().await);
    guest
}

#[tokio::test]
async fn certificates_and_logins_from_the_command_line() {
    let pki = Pki::new();
    pki.show(
        &pki.authority
            .sign("client", Wish::client("viewer"))
            .unwrap(),
    );
    let accounts = Accounts::new("qemu", "scram-sha-256").unwrap();
    accounts.add("lab", "labpass").unwrap();
    let object = pki.object("on");
    let guest = boot(
        ",tls-creds=tls0,sasl=on",
        &["-object", &object],
        &[("SASL_CONF_PATH", accounts.path())],
    )
    .await;
    let folder = pki.roots.system.display().to_string();
    let with_user = ["--pki", folder.as_str(), "--user", "lab", "--require-tls"];
    expect_picture(take(&guest, &with_user, Some("labpass")));
    let told = [with_user.as_slice(), &["--password", "labpass"]].concat();
    expect_picture(take(&guest, &told, None));
    let wrong = take(&guest, &with_user, Some("wrong"));
    expect_refusal(wrong, "authentication failed");
    expect_refusal(take(&guest, &with_user, None), "none are available");
    let stranger = Pki::new();
    let other = stranger.authority.own().certificate.to_str().unwrap();
    for (file, reason) in [
        (other, "is not trusted"),
        ("/nowhere", "looked for /nowhere"),
    ] {
        let words = [with_user.as_slice(), &["--ca", file]].concat();
        expect_refusal(take(&guest, &words, Some("labpass")), reason);
    }
}

#[cfg(feature = "anonymous-tls")]
#[tokio::test]
async fn tls_without_a_certificate_is_taken_on_request() {
    let object = "tls-creds-anon,id=tls0,endpoint=server";
    let guest = boot(",tls-creds=tls0", &["-object", object], &[]).await;
    expect_picture(take(&guest, &["--anonymous"], None));
    let unasked = take(&guest, &[], None);
    expect_refusal(unasked, "TLS without a certificate only: VeNCrypt TLSNone");
}

#[tokio::test]
async fn an_open_screen_is_no_tls() {
    let guest = boot("", &[], &[]).await;
    expect_picture(take(&guest, &[], None));
    expect_refusal(take(&guest, &["--require-tls"], None), "offers only None");
    expect_refusal(
        take(&guest, &["--colour", "red"], None),
        "--colour is not known",
    );
}
