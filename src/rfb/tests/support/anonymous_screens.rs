//! Screens with TLS but without a certificate: real QEMU, and for what QEMU never offers a server of our own.

use std::{sync::Arc, time::Instant};

use lab::AnonymousTls;
use link_security::{
    credentials::{FixedPassword, NoCredentials},
    pki::{PkiFiles, PkiRoots},
    sasl::{Policy, SaslError},
};
use rfb::{Anonymous, Error, NoSecurity, Options, SecurityReport, Session, Size, VeNCrypt, keys};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    net::UnixStream,
};

use super::{
    Person, accounts, guest, look, picture,
    support::{PATIENCE, eventually, guest::stream as local, mirror::Mirror},
    until,
};

/// How much a server of our own may say before it is heard. There is no port: whoever takes another's by mistake, as tests
/// do that look for a free one at a time, would be served in our place, and we cut.
const ROOM: usize = 1 << 20;
const OBJECT: &str = "tls-creds-anon,id=anon,endpoint=server";

/// Takes TLS without certificates, on a way that is as good as this.
fn anonymous(policy: Policy) -> Arc<VeNCrypt> {
    let files = PkiFiles::vnc(&PkiRoots::of_this_user());
    let mut vencrypt = VeNCrypt::new("localhost", files);
    vencrypt.anonymous = Some(Anonymous {
        policy,
        only_with_login: false,
    });
    vencrypt.user = Some("lab".to_owned());
    Arc::new(vencrypt)
}

#[track_caller]
fn expect_anonymous(report: &SecurityReport, kind: &str) {
    assert_eq!(report.kind, format!("VeNCrypt {kind}"));
    assert!(report.is_anonymous);
    let (version, cipher) = report.tls.as_ref().unwrap();
    assert_eq!(version, "TLS 1.2");
    assert_eq!(cipher, "TLS_DH_anon_WITH_AES_256_GCM_SHA384");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_picture_is_the_same_as_without() {
    let folder = tempfile::tempdir().unwrap();
    let open = folder.path().join("open");
    let second = format!("unix:{}", open.display());
    let arguments = ["-object", OBJECT, "-vnc", &second];
    let (_guest, port) = guest(",tls-creds=anon", &arguments, &[]).await;
    let nobody = || Arc::new(NoCredentials);
    let plain = async || {
        let seen = look(local(&open).await, Arc::new(NoSecurity), nobody());
        seen.await.unwrap()
    };
    // Stays until the end: what is cut at once may not have sent its key.
    let _drawing = draw(local(&open).await).await;
    let deadline = Instant::now() + PATIENCE;
    // The guest draws its picture in its own time.
    let (before, hidden) = loop {
        let before = plain().await;
        let hidden = picture(port, anonymous(Policy::Bare), nobody()).await;
        let after = plain().await;
        let has_picture = before.pixels.iter().any(|byte| *byte != before.pixels[0]);
        if has_picture && before.pixels == after.pixels {
            break (before, hidden.unwrap());
        }
        assert!(Instant::now() < deadline, "the guest draws for ever");
    };
    expect_anonymous(&hidden.security, "TLSNone");
    assert!(!before.security.is_anonymous && before.security.tls.is_none());
    assert!(hidden.pixels == before.pixels, "the pictures differ");
}

/// Presses the key for which the guest waits before it draws, and waits for something to see.
async fn draw(stream: UnixStream) -> (Session, rfb::Events) {
    let mut options = Options::default();
    options.security = vec![Arc::new(NoSecurity)];
    let (session, mut events) = Session::connect(stream, options);
    let waits = |_| (session.size() == Size::new(320, 200)).then_some(());
    until(&mut events, waits).await;
    for down in [true, false] {
        session.key(0xff0d, keys::qnum_from_evdev(28).unwrap(), down);
    }
    let mirror = Mirror::of(&session);
    eventually("something to see", || {
        let shown = mirror.lock();
        shown.bytes().iter().any(|byte| *byte != 0).then_some(())
    })
    .await;
    (session, events)
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_inside() {
    let arguments = ["-object", OBJECT, "-object", "secret,id=pw,data=sesame"];
    let vnc = ",tls-creds=anon,password-secret=pw";
    let (_guest, port) = guest(vnc, &arguments, &[]).await;
    let with = |word| {
        picture(
            port,
            anonymous(Policy::Bare),
            Arc::new(FixedPassword::new(word)),
        )
    };
    expect_anonymous(&with("sesame").await.unwrap().security, "TLSVnc");
    let wrong = with("open").await;
    let refused = matches!(wrong, Err(Error::Authentication { .. }));
    assert!(refused, "{wrong:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_inside_protects_itself() {
    let digest = accounts("digest-md5");
    let environment = [("SASL_CONF_PATH", digest.path())];
    let vnc = ",tls-creds=anon,sasl=on";
    let arguments = ["-object", OBJECT];
    let (_guest, port) = guest(vnc, &arguments, &environment).await;
    let with = |word| picture(port, anonymous(Policy::Bare), Arc::new(Person(word)));
    let security = with("labpass").await.unwrap().security;
    expect_anonymous(&security, "TLSSASL");
    assert_eq!(security.mechanism.as_deref(), Some("DIGEST-MD5"));
    assert!(security.ssf >= 56, "{security:?}");
    let wrong = with("wrong").await;
    let refused = matches!(wrong, Err(Error::Authentication { .. }));
    assert!(refused, "{wrong:?}");

    // SCRAM has no layer: at a port neither side takes it, at a local socket both do.
    let scram = accounts("scram-sha-256");
    let environment = [("SASL_CONF_PATH", scram.path())];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("local");
    let second = format!("unix:{},tls-creds=anon,sasl=on", path.display());
    let arguments = ["-object", OBJECT, "-vnc", &second];
    let (_guest, port) = guest(vnc, &arguments, &environment).await;
    let weak = picture(port, anonymous(Policy::Bare), Arc::new(Person("labpass"))).await;
    let refused = matches!(weak, Err(Error::Sasl(SaslError::TooWeak { .. })));
    assert!(refused, "{weak:?}");
    let local = look(
        local(&path).await,
        anonymous(Policy::Protected),
        Arc::new(Person("labpass")),
    );
    let security = local.await.unwrap().security;
    expect_anonymous(&security, "TLSSASL");
    assert_eq!(
        (security.mechanism.as_deref(), security.ssf),
        (Some("SCRAM-SHA-256"), 0)
    );
}

/// Plays a server of the type 259 up to the name and password inside, which it gives.
async fn listens_for_a_password(mut stream: DuplexStream) -> std::io::Result<Vec<u8>> {
    stream.write_all(b"RFB 003.008\n\x01\x13").await?;
    stream.read_exact(&mut [0; 13]).await?;
    stream.write_all(&[0, 2]).await?;
    stream.read_exact(&mut [0; 2]).await?;
    stream.write_all(&[0, 1, 0, 0, 1, 3]).await?;
    stream.read_exact(&mut [0; 4]).await?;
    stream.write_all(&[1]).await?;
    let mut inside = AnonymousTls::new()?.accept(stream).await?;
    let mut told = vec![0; 18];
    inside.read_exact(&mut told).await?;
    // As for any wrong password; the client goes.
    inside.write_all(&[0, 0, 0, 1, 0, 0, 0, 0]).await?;
    Ok(told)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_password_is_told_to_nobody_unknown() {
    for (policy, is_told) in [(Policy::Bare, false), (Policy::Protected, true)] {
        let (ours, theirs) = duplex(ROOM);
        let server = tokio::spawn(listens_for_a_password(theirs));
        let person = Arc::new(Person("labpass"));
        let error = look(ours, anonymous(policy), person).await.unwrap_err();
        let told = server.await.unwrap();
        if is_told {
            assert!(matches!(error, Error::Authentication { .. }), "{error:?}");
            assert_eq!(told.unwrap(), b"\0\0\0\x03\0\0\0\x07lablabpass");
        } else {
            assert!(matches!(error, Error::PasswordExposed { .. }), "{error:?}");
            assert!(told.is_err(), "{told:?}");
        }
    }
}

/// A server that says this once a type without certificates is agreed on, and reads until we go.
async fn babble(mut stream: DuplexStream, bytes: Vec<u8>) -> std::io::Result<()> {
    stream
        .write_all(b"RFB 003.008\n\x01\x13\0\x02\0\x01\0\0\x01\x01\x01")
        .await?;
    stream.write_all(&bytes).await?;
    stream.shutdown().await?;
    tokio::io::copy(&mut stream, &mut tokio::io::sink()).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_in_the_place_of_tls_ends_as_tls_does() {
    for bytes in [
        Vec::new(),
        vec![0; 4],
        b"\0\0\0\0\x03\x20\x02\x58".to_vec(),
        vec![0xff; 100_000],
        [&b"\x16\x03\x03\x40\0\x02\xff\xff\xff"[..], &[0; 16_380]].concat(),
    ] {
        let (ours, theirs) = duplex(ROOM);
        let server = tokio::spawn(babble(theirs, bytes));
        let nobody = Arc::new(NoCredentials);
        let ended = look(ours, anonymous(Policy::Bare), nobody).await;
        assert!(matches!(ended, Err(Error::Tls(_))), "{ended:?}");
        server.await.unwrap().unwrap();
    }
}
