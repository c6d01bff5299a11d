//! VeNCrypt and SASL against a real QEMU.
//!
//! Needs QEMU, nasm, certtool and Cyrus' mechanisms: `build-aux/dev cargo test -p rfb --features qemu-tests`. With the
//! feature on a missing program is a failure.
#![cfg(feature = "qemu-tests")]

#[cfg(feature = "anonymous-tls")]
#[path = "support/anonymous_screens.rs"]
mod anonymous_screens;
mod support;

use std::{path::Path, sync::Arc, time::Instant};

use lab::{certificates::Wish, sasl::Accounts};
use link_security::{
    Answer, AskError, AskFuture, Credentials, Question, Request,
    credentials::{FixedPassword, NoCredentials},
    sasl::{Policy, SaslError},
    tls::TlsError,
};
use rfb::{Error, Event, Options, Sasl, SecurityLayer, SecurityReport, Session};
use support::{PATIENCE, guest::Guest, pki::Pki, until};
use tokio::net::TcpStream;

struct Person(&'static str);

impl Credentials for Person {
    fn ask(&self, request: Request) -> AskFuture<'_> {
        assert!(matches!(request.question, Question::UserPassword { .. }));
        let Self(password) = self;
        Box::pin(async move {
            match *password {
                "" => Err(AskError::Cancelled),
                password => Ok(Answer::user_password("lab", password)),
            }
        })
    }
}

fn accounts(mechanisms: &str) -> Accounts {
    let accounts = Accounts::new("qemu", mechanisms).unwrap();
    accounts.add("lab", "labpass").unwrap();
    accounts
}

/// A guest on a loopback port.
async fn guest(vnc: &str, arguments: &[&str], environment: &[(&str, &Path)]) -> (Guest, u16) {
    let port = lab::own_port().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let vnc = format!("127.0.0.1:{}{vnc}", port - 5900);
    let arguments = [&["-vga", "std"], arguments].concat();
    let guest = Guest::listening(folder, "pattern", &vnc, &arguments, environment);
    (guest, port)
}

async fn stream(port: u16) -> TcpStream {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match TcpStream::connect(("127.0.0.1", port)).await {
            Ok(stream) => return stream,
            Err(error) => assert!(Instant::now() < deadline, "QEMU does not listen: {error}"),
        }
        tokio::task::yield_now().await;
    }
}

/// Logs in with these types and no other, and waits for the whole first picture, or for the error.
async fn picture(
    port: u16,
    security: Arc<dyn SecurityLayer>,
    credentials: Arc<dyn Credentials>,
) -> Result<Seen, Error> {
    look(stream(port).await, security, credentials).await
}

/// What is behind a login: the picture, and how it is protected.
#[derive(Debug)]
struct Seen {
    #[cfg_attr(not(feature = "anonymous-tls"), expect(dead_code))]
    pixels: Vec<u8>,
    #[cfg_attr(not(feature = "anonymous-tls"), expect(dead_code))]
    security: SecurityReport,
}

async fn look(
    stream: impl rfb::Stream + 'static,
    security: Arc<dyn SecurityLayer>,
    credentials: Arc<dyn Credentials>,
) -> Result<Seen, Error> {
    let mut options = Options::default();
    options.security = vec![security];
    options.credentials = credentials;
    let (session, mut events) = Session::connect(stream, options);
    until(&mut events, |event| match event {
        Event::Closed(error) => Some(Err(error)),
        _ => session.is_complete().then_some(Ok(())),
    })
    .await?;
    let picture = session.picture().await.expect("a picture");
    // The fourth byte of each pixel is whatever its encoding left there.
    let pixels = picture.bytes().as_chunks().0.iter();
    let pixels = pixels.flat_map(|[blue, green, red, _]| [*blue, *green, *red]);
    Ok(Seen {
        pixels: pixels.collect(),
        security: session.statistics().security,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_alone_let_in() {
    let pki = Pki::new();
    let object = pki.object("off");
    let (_guest, port) = guest(",tls-creds=tls0", &["-object", &object], &[]).await;
    let layer = pki.vencrypt();
    picture(port, layer.clone(), Arc::new(NoCredentials))
        .await
        .unwrap();
    let report = layer.report().unwrap();
    assert_eq!(report.version, "TLS 1.3");

    let stranger = Pki::new();
    let refused = picture(port, stranger.vencrypt(), Arc::new(NoCredentials)).await;
    let Err(Error::Tls(error)) = refused else {
        panic!("{refused:?}");
    };
    assert!(matches!(*error, TlsError::Untrusted { .. }), "{error:?}");

    // Whoever wants TLS takes nothing else, and a screen without it does not get a word more.
    let (_guest, open) = guest("", &[], &[]).await;
    let downgraded = picture(open, pki.vencrypt(), Arc::new(NoCredentials)).await;
    assert!(
        matches!(&downgraded, Err(Error::SecurityUnsupported { offered }) if offered == &["None"]),
        "{downgraded:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_without_a_certificate_is_told_and_not_taken() {
    let pki = Pki::new();
    let object = "tls-creds-anon,id=tls0,endpoint=server";
    let password = ["-object", object, "-object", "secret,id=pw,data=sesame"];
    for (vnc, arguments, name) in [
        (",tls-creds=tls0", &password[..2], "VeNCrypt TLSNone"),
        (
            ",tls-creds=tls0,password-secret=pw",
            &password,
            "VeNCrypt TLSVnc",
        ),
    ] {
        let (_guest, port) = guest(vnc, arguments, &[]).await;
        let refused = picture(port, pki.vencrypt(), Arc::new(NoCredentials)).await;
        let told =
            matches!(&refused, Err(Error::AnonymousTls { offered, .. }) if offered == &[name]);
        assert!(told, "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_checks_wants_our_certificate() {
    let pki = Pki::new();
    let object = pki.object("on");
    let (_guest, port) = guest(",tls-creds=tls0", &["-object", &object], &[]).await;
    let without = picture(port, pki.vencrypt(), Arc::new(NoCredentials)).await;
    assert!(without.is_err());
    let own = pki
        .authority
        .sign("client", Wish::client("viewer"))
        .unwrap();
    pki.show(&own);
    picture(port, pki.vencrypt(), Arc::new(NoCredentials))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_inside_tls() {
    let pki = Pki::new();
    let object = pki.object("off");
    let arguments = ["-object", &object, "-object", "secret,id=pw,data=sesame"];
    let (_guest, port) = guest(",tls-creds=tls0,password-secret=pw", &arguments, &[]).await;
    picture(port, pki.vencrypt(), Arc::new(FixedPassword::new("sesame")))
        .await
        .unwrap();
    let wrong = picture(port, pki.vencrypt(), Arc::new(FixedPassword::new("open"))).await;
    assert!(
        matches!(wrong, Err(Error::Authentication { .. })),
        "{wrong:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sasl_inside_tls() {
    let pki = Pki::new();
    let object = pki.object("off");
    let accounts = accounts("scram-sha-256");
    let environment = [("SASL_CONF_PATH", accounts.path())];
    let vnc = ",tls-creds=tls0,sasl=on";
    let (_guest, port) = guest(vnc, &["-object", &object], &environment).await;
    picture(port, pki.vencrypt(), Arc::new(Person("labpass")))
        .await
        .unwrap();
    let wrong = picture(port, pki.vencrypt(), Arc::new(Person("wrong"))).await;
    assert!(
        matches!(wrong, Err(Error::Authentication { .. })),
        "{wrong:?}"
    );
    let declined = picture(port, pki.vencrypt(), Arc::new(Person(""))).await;
    assert!(matches!(declined, Err(Error::Cancelled)), "{declined:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sasl_encrypts_a_bare_screen() {
    let bare = || {
        Arc::new(Sasl {
            host: "localhost".to_owned(),
            policy: Policy::Bare,
            user: None,
        })
    };
    let digest = accounts("digest-md5");
    let environment = [("SASL_CONF_PATH", digest.path())];
    let (_guest, port) = guest(",sasl=on", &[], &environment).await;
    picture(port, bare(), Arc::new(Person("labpass")))
        .await
        .unwrap();
    let wrong = picture(port, bare(), Arc::new(Person("wrong"))).await;
    assert!(
        matches!(wrong, Err(Error::Authentication { .. })),
        "{wrong:?}"
    );

    // Without a layer the picture would go in the clear.
    let scram = accounts("scram-sha-256");
    let environment = [("SASL_CONF_PATH", scram.path())];
    let (_guest, port) = guest(",sasl=on", &[], &environment).await;
    let weak = picture(port, bare(), Arc::new(Person("labpass"))).await;
    let refused = matches!(weak, Err(Error::Sasl(SaslError::TooWeak { .. })));
    assert!(refused, "{weak:?}");
}
