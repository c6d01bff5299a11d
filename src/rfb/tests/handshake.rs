//! Versions, security types and passwords, against a scripted server.

mod support;

use std::sync::Arc;

use link_security::{
    AskError, AskFuture, Credentials, Request,
    credentials::FixedPassword,
    pki::{PkiFiles, PkiRoots},
    sasl::Policy,
};
use rfb::{Anonymous, Error, Event, Options, Sasl, SecurityLayer, Size, VeNCrypt};
use support::{desktop, next, session};
use tokio::io::AsyncReadExt;

/// `openssl enc -des-ecb -nopad -K cea6c64ea62e0000` over the bytes 0 to 15: the password "secret".
const RESPONSE: [u8; 16] = [
    0xee, 0x22, 0x53, 0x9f, 0x33, 0xa5, 0x98, 0x3e, 0xc1, 0x2f, 0x9c, 0x2e, 0xdb, 0xc9, 0x95, 0xdd,
];

fn challenge() -> [u8; 16] {
    std::array::from_fn(|i| i as u8)
}

fn with_password(password: &str) -> Options {
    let mut options = Options::default();
    options.credentials = Arc::new(FixedPassword::new(password));
    options
}

async fn closed(events: &mut rfb::Events) -> Error {
    match next(events).await {
        Event::Closed(error) => error,
        other => panic!("expected the end, got {other:?}"),
    }
}

#[tokio::test]
async fn none_leads_to_a_desktop() {
    let (_session, mut events, mut peer) = session(Options::default());
    peer.welcome(16, 8).await;
    match next(&mut events).await {
        Event::Connected { name, size } => {
            assert_eq!((name.as_str(), size), ("guest", Size::new(16, 8)));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_right_password_is_let_in() {
    let (_session, mut events, mut peer) = session(with_password("secret"));
    peer.send(b"RFB 003.008\n\x01\x02").await;
    peer.expect(b"RFB 003.008\n\x02").await;
    peer.send(&challenge()).await;
    peer.expect(&RESPONSE).await;
    peer.send(&[0, 0, 0, 0]).await;
    peer.expect(&[1]).await;
    peer.send(&desktop(4, 4, b"")).await;
    assert!(matches!(next(&mut events).await, Event::Connected { .. }));
}

#[tokio::test]
async fn a_wrong_password_comes_back_with_the_servers_words() {
    let (_session, mut events, mut peer) = session(with_password("wrong"));
    peer.send(b"RFB 003.008\n\x01\x02").await;
    peer.send(&challenge()).await;
    peer.send(b"\0\0\0\x01\0\0\0\x15Authentication failed")
        .await;
    match closed(&mut events).await {
        Error::Authentication { reason } => assert_eq!(reason, "Authentication failed"),
        other => panic!("{other:?}"),
    }
    assert!(events.recv().await.is_none());
}

#[tokio::test]
async fn a_reason_that_lies_about_its_length_is_cut_off() {
    let (_session, mut events, mut peer) = session(with_password("wrong"));
    peer.send(b"RFB 003.008\n\x01\x02").await;
    peer.send(&challenge()).await;
    peer.send(b"\0\0\0\x01\xff\xff\xff\xffno").await;
    peer.hang_up().await;
    match closed(&mut events).await {
        Error::Authentication { reason } => assert_eq!(reason, "no"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn unknown_types_are_named() {
    let (_session, mut events, mut peer) = session(Options::default());
    peer.send(b"RFB 003.008\n\x03\x13\x14\xfa").await;
    match closed(&mut events).await {
        Error::SecurityUnsupported { offered } => {
            assert_eq!(offered, ["VeNCrypt", "SASL", "security type 250"]);
        }
        other => panic!("{other:?}"),
    }
}

fn only(layer: impl SecurityLayer + 'static) -> Options {
    let mut options = with_password("secret");
    options.security = vec![Arc::new(layer)];
    options
}

/// Offers these types of VeNCrypt to a client that takes TLS without certificates so; tells what it chooses, or why not.
async fn choice(offered: &[u32], anonymous: Option<Anonymous>) -> Result<u32, Error> {
    let files = PkiFiles::vnc(&PkiRoots::of_this_user());
    let mut vencrypt = VeNCrypt::new("localhost", files);
    vencrypt.anonymous = anonymous;
    let (_session, mut events, mut peer) = session(only(vencrypt));
    peer.send(b"RFB 003.008\n\x01\x13\0\x02").await;
    peer.expect(b"RFB 003.008\n\x13\0\x02").await;
    peer.send(&[0, offered.len() as u8]).await;
    for number in offered {
        peer.send(&number.to_be_bytes()).await;
    }
    let mut number = [0; 4];
    match peer.stream.read_exact(&mut number).await {
        Ok(_) => Ok(u32::from_be_bytes(number)),
        Err(_) => Err(closed(&mut events).await),
    }
}

#[tokio::test]
async fn tls_without_certificates_and_a_name_without_tls_are_not_spoken() {
    match choice(&[256, 257, 264], None).await {
        Err(Error::AnonymousTls {
            offered,
            with_login: true,
        }) => assert_eq!(
            offered,
            ["VeNCrypt Plain", "VeNCrypt TLSNone", "VeNCrypt TLSSASL"]
        ),
        other => panic!("{other:?}"),
    }
    for (offered, name) in [(256, "VeNCrypt Plain"), (300, "VeNCrypt type 300")] {
        match choice(&[offered], None).await {
            Err(Error::SecurityUnsupported { offered }) => assert_eq!(offered, [name]),
            other => panic!("{other:?}"),
        }
    }
    let nothing = choice(&[], None).await;
    let unsupported = matches!(nothing, Err(Error::SecurityUnsupported { .. }));
    assert!(unsupported, "{nothing:?}");
}

/// What is taken where the caller takes TLS without certificates at all.
#[cfg(feature = "anonymous-tls")]
#[tokio::test]
async fn tls_without_certificates_is_taken_where_nothing_better_is_offered() {
    let anonymous = |policy, only_with_login| {
        Some(Anonymous {
            policy,
            only_with_login,
        })
    };
    let bare = anonymous(Policy::Bare, false);
    for (offered, chosen) in [
        (&[257, 258, 264, 261][..], 261),
        (&[257, 260], 260),
        (&[258, 257, 259, 264], 264),
        (&[258, 259], 258),
        (&[257], 257),
    ] {
        let choice = choice(offered, bare).await;
        assert!(
            matches!(choice, Ok(number) if number == chosen),
            "{choice:?}"
        );
    }
    // A name and a password as they are go to nobody in particular, unless the way itself leads nowhere else.
    let exposed = choice(&[259], bare).await;
    let is_exposed = matches!(&exposed, Err(Error::PasswordExposed { offered }) if offered == &["VeNCrypt TLSPlain"]);
    assert!(is_exposed, "{exposed:?}");
    let protected = choice(&[259], anonymous(Policy::Protected, false)).await;
    assert!(matches!(protected, Ok(259)), "{protected:?}");
    let with_login = anonymous(Policy::Protected, true);
    let weaker = choice(&[257, 258, 259], with_login).await;
    let is_weaker = matches!(
        weaker,
        Err(Error::AnonymousTls {
            with_login: false,
            ..
        })
    );
    assert!(is_weaker, "{weaker:?}");
    let login = choice(&[257, 264], with_login).await;
    assert!(matches!(login, Ok(264)), "{login:?}");
}

#[tokio::test]
async fn sasl_lengths_are_bounded() {
    let sasl = || Sasl {
        host: "localhost".to_owned(),
        policy: Policy::Protected,
        user: Some("lab".to_owned()),
    };
    for script in [&b"\xff\xff\xff\xff"[..], b"\0\0\0\x05PLAIN\xff\xff\xff\xff"] {
        let (_session, mut events, mut peer) = session(only(sasl()));
        peer.send(b"RFB 003.008\n\x01\x14").await;
        peer.send(script).await;
        let error = closed(&mut events).await;
        assert!(matches!(error, Error::Limit { .. }), "{error:?}");
    }
    // The zero at the end belongs to every word.
    let (_session, mut events, mut peer) = session(only(sasl()));
    peer.send(b"RFB 003.008\n\x01\x14\0\0\0\x05PLAIN\0\0\0\x02ab\0")
        .await;
    let error = closed(&mut events).await;
    assert!(matches!(error, Error::Protocol(_)), "{error:?}");
}

#[tokio::test]
async fn a_refusal_comes_with_its_reason() {
    let (_session, mut events, mut peer) = session(Options::default());
    peer.send(b"RFB 003.008\n\0\0\0\0\x0a\x1b[1mbusy\n\0").await;
    match closed(&mut events).await {
        // Without what could harm a terminal or a C string.
        Error::Refused { reason } => assert_eq!(reason, "[1mbusy"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn older_versions_choose_and_judge_in_their_own_way() {
    let (_session, mut events, mut peer) = session(Options::default());
    peer.send(b"RFB 003.003\n\0\0\0\x01").await;
    peer.expect(b"RFB 003.003\n\x01").await;
    peer.send(&desktop(4, 4, b"old")).await;
    assert!(matches!(next(&mut events).await, Event::Connected { .. }));

    let (_session, mut events, mut peer) = session(with_password("secret"));
    peer.send(b"RFB 003.007\n\x02\x02\x01").await;
    // None is preferred when it is offered; 3.7 sends no verdict after it.
    peer.expect(b"RFB 003.007\n\x01\x01").await;
    peer.send(&desktop(4, 4, b"old")).await;
    assert!(matches!(next(&mut events).await, Event::Connected { .. }));

    let (_session, mut events, mut peer) = session(with_password("secret"));
    peer.send(b"RFB 003.003\n\0\0\0\x02").await;
    peer.send(&challenge()).await;
    peer.expect(b"RFB 003.003\n").await;
    peer.expect(&RESPONSE).await;
    peer.send(&[0, 0, 0, 1]).await;
    assert!(matches!(
        closed(&mut events).await,
        Error::Authentication { .. }
    ));
}

#[tokio::test]
async fn something_else_than_rfb_is_told_apart() {
    let (_session, mut events, mut peer) = session(Options::default());
    peer.send(b"SSH-2.0-OpenSSH\r\n").await;
    match closed(&mut events).await {
        Error::NotRfb { greeting } => assert!(greeting.starts_with("SSH-2.0")),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_runs_into_the_deadline_at_every_step() {
    let script = b"RFB 003.008\n\x01\x02\0\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\0\0\0\0";
    for sent in 0..script.len() {
        let (_session, mut events, mut peer) = session(with_password("secret"));
        peer.send(&script[..sent]).await;
        let error = loop {
            if let Some(Event::Closed(error)) = events.recv().await {
                break error;
            }
        };
        assert!(
            matches!(error, Error::TimedOut { .. }),
            "after {sent} bytes: {error:?}"
        );
    }
}

#[tokio::test]
async fn the_end_of_the_stream_anywhere_is_a_lost_connection() {
    let mut script = b"RFB 003.008\n\x01\x01\0\0\0\0".to_vec();
    script.extend(desktop(4, 4, b"name"));
    for sent in 0..script.len() {
        let (_session, mut events, mut peer) = session(Options::default());
        peer.send(&script[..sent]).await;
        peer.hang_up().await;
        let error = closed(&mut events).await;
        assert!(
            matches!(error, Error::Lost(_)),
            "after {sent} bytes: {error:?}"
        );
    }
}

struct Declines;

impl Credentials for Declines {
    fn ask(&self, request: Request) -> AskFuture<'_> {
        assert_eq!(request.target, "my guest");
        assert_eq!(request.previous_failure.as_deref(), Some("wrong"));
        Box::pin(async { Err(AskError::Cancelled) })
    }
}

#[tokio::test]
async fn a_declined_question_and_nobody_to_ask_differ() {
    let mut options = Options::default();
    options.credentials = Arc::new(Declines);
    options.target = "my guest".into();
    options.previous_failure = Some("wrong".into());
    for (options, cancelled) in [(options, true), (Options::default(), false)] {
        let (_session, mut events, mut peer) = session(options);
        peer.send(b"RFB 003.008\n\x01\x02").await;
        peer.send(&challenge()).await;
        let error = closed(&mut events).await;
        assert_eq!(matches!(error, Error::Cancelled), cancelled, "{error:?}");
        assert_eq!(
            matches!(error, Error::CredentialsUnavailable),
            !cancelled,
            "{error:?}"
        );
    }
}
