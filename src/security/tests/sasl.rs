//! Against a real Cyrus server. Needs the feature `daemon-tests`, and fails where `sasl2-bin` is missing.

#![cfg(feature = "daemon-tests")]

use std::sync::Mutex;

use bytes::BytesMut;
use lab::sasl::{Accounts, SampleServer};
use link_security::sasl::{Client, External, Outcome, Policy, Reply, SaslError, SaslStream, Setup};
use link_security::{Answer, AskError, AskFuture, Credentials, Question, Request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Answers with one account, and notes what it was asked and told.
#[derive(Default)]
struct Person {
    password: &'static str,
    asked: Mutex<Vec<Question>>,
    accepted: Mutex<u32>,
}

impl Person {
    fn knowing(password: &'static str) -> Self {
        Self {
            password,
            ..Self::default()
        }
    }

    fn asked(&self) -> usize {
        self.asked.lock().expect("no panic").len()
    }

    fn accepted(&self) -> u32 {
        *self.accepted.lock().expect("no panic")
    }
}

impl Credentials for Person {
    fn ask(&self, request: Request) -> AskFuture<'_> {
        self.asked.lock().expect("no panic").push(request.question);
        Box::pin(async {
            // An answer takes its time.
            tokio::task::yield_now().await;
            match self.password {
                "" => Err(AskError::Cancelled),
                password => Ok(Answer::user_password("lab", password)),
            }
        })
    }

    fn accepted(&self, _request: &Request) {
        *self.accepted.lock().expect("no panic") += 1;
    }
}

fn accounts(mechanisms: &str) -> Result<Accounts> {
    let accounts = Accounts::new("sample", mechanisms)?;
    accounts.add("lab", "labpass")?;
    Ok(accounts)
}

fn setup(policy: Policy) -> Setup {
    Setup::new("rcmd", "localhost", policy)
}

/// Carries one exchange to its end. The inner error is the client's; a server that refuses is an outer one.
async fn exchange(
    server: &mut SampleServer,
    mut client: Client,
    person: &Person,
) -> Result<std::result::Result<Outcome, SaslError>> {
    let offered = server.message()?.ok_or("no list")?;
    let opening = client.start(&String::from_utf8(offered)?, person).await;
    let opening = match opening {
        Ok(opening) => opening,
        Err(error) => return Ok(Err(error)),
    };
    let mut first = opening.mechanism.into_bytes();
    if let Some(message) = opening.message {
        first.push(0);
        first.extend_from_slice(&message);
    }
    server.send(&first)?;
    loop {
        // The example sends what a mechanism says last as a message of its own only when it is asked to (`-l`).
        let challenge = server.message()?;
        let complete = challenge.is_none();
        match client.answer(challenge.as_deref(), complete, person).await {
            Ok(Reply::Send(message)) => server.send(&message.unwrap_or_default())?,
            Ok(Reply::Complete) => return Ok(client.finish(person)),
            Err(error) => return Ok(Err(error)),
        }
    }
}

async fn login(
    mechanisms: &str,
    arguments: &[&str],
    setup: Setup,
    person: &Person,
) -> Result<std::result::Result<Outcome, SaslError>> {
    let accounts = accounts(mechanisms)?;
    let mut server = SampleServer::start(&accounts, arguments)?;
    exchange(&mut server, Client::new(setup), person).await
}

#[tokio::test]
async fn passwords_open_a_protected_link_without_a_layer() -> Result {
    for mechanism in [
        "SCRAM-SHA-256",
        "SCRAM-SHA-512",
        "PLAIN",
        "DIGEST-MD5",
        "CRAM-MD5",
    ] {
        let person = Person::knowing("labpass");
        let outcome = login(mechanism, &[], setup(Policy::Protected), &person).await??;
        assert_eq!((outcome.mechanism.as_str(), outcome.ssf), (mechanism, 0));
        assert!(outcome.layer.is_none());
        assert_eq!((person.asked(), person.accepted()), (1, 1), "{mechanism}");
    }
    Ok(())
}

#[tokio::test]
async fn digest_md5_encrypts_a_bare_link() -> Result {
    let accounts = accounts("DIGEST-MD5 SCRAM-SHA-256 PLAIN")?;
    let mut server = SampleServer::start(&accounts, &["-b", "min=56,max=256"])?;
    let person = Person::knowing("labpass");
    let client = Client::new(setup(Policy::Bare));
    let outcome = exchange(&mut server, client, &person).await??;
    assert_eq!(outcome.mechanism, "DIGEST-MD5");
    assert!(outcome.ssf >= 56, "{outcome:?}");
    let layer = outcome.layer.ok_or("no layer")?;

    let sealed = server.message()?.ok_or("no message")?;
    assert!(
        !sealed.windows(3).any(|bytes| bytes == b"srv"),
        "it is encrypted"
    );
    let (ours, mut theirs) = tokio::io::duplex(8);
    let mut stream = SaslStream::new(ours, layer);
    let mut plain = [0; 14];
    // Through a pipe of eight bytes: no packet comes in one piece.
    let (sent, read) = tokio::join!(theirs.write_all(&sealed), stream.read_exact(&mut plain));
    sent?;
    read?;
    assert_eq!(&plain, b"srv message 1\0");

    let write = async {
        stream.write_all(b"client message 1\0").await?;
        stream.shutdown().await
    };
    let mut sealed = Vec::new();
    let (sent, read) = tokio::join!(write, theirs.read_to_end(&mut sealed));
    sent?;
    read?;
    server.send(&sealed)?;
    let (content, said) = server.finish()?;
    assert!(content && said.contains("'client message 1'"), "{said}");
    Ok(())
}

#[tokio::test]
async fn a_layer_refuses_what_was_changed_repeated_or_is_too_long() -> Result {
    let person = Person::knowing("labpass");
    for fault in ["none", "flipped", "repeated", "long", "garbage"] {
        let accounts = accounts("DIGEST-MD5")?;
        let mut server = SampleServer::start(&accounts, &["-b", "min=56,max=256"])?;
        let client = Client::new(setup(Policy::Bare));
        let outcome = exchange(&mut server, client, &person).await??;
        let layer = outcome.layer.ok_or("no layer")?;
        let sealed = server.message()?.ok_or("no message")?;
        let mut plain = BytesMut::new();
        let mut changed = sealed.clone();
        changed[6] ^= 1;
        let opened = match fault {
            "none" => layer.decode(&sealed, &mut plain),
            "flipped" => layer.decode(&changed, &mut plain),
            "repeated" => {
                layer.decode(&sealed, &mut plain)?;
                layer.decode(&sealed, &mut plain)
            }
            // The length comes first: it must be refused before the rest is waited for.
            "long" => layer.decode(&[0xff, 0xff, 0xff, 0xff], &mut plain),
            _ => layer.decode(
                b"\0\0\0\x20HTTP/1.1 400 Bad Request\r\n\r\nabcdef",
                &mut plain,
            ),
        };
        assert_eq!(opened.is_ok(), fault == "none", "{fault}");
        let once = if matches!(fault, "none" | "repeated") {
            14
        } else {
            0
        };
        assert_eq!(plain.len(), once, "{fault}");
    }
    Ok(())
}

#[tokio::test]
async fn a_certificate_opens_with_external() -> Result {
    let mut setup = setup(Policy::Protected);
    let identity = Some("lab".to_owned());
    setup.external = Some(External { ssf: 256, identity });
    let person = Person::default();
    let outcome = login("EXTERNAL", &["-e", "ssf=256,id=lab"], setup, &person).await??;
    assert_eq!(outcome.mechanism, "EXTERNAL");
    assert_eq!(person.asked(), 0, "no question");
    Ok(())
}

#[tokio::test]
async fn a_wrong_password_is_the_servers_to_refuse_and_is_asked_again() -> Result {
    let accounts = accounts("SCRAM-SHA-256")?;
    let wrong = Person::knowing("wrong");
    let mut server = SampleServer::start(&accounts, &[])?;
    let refused = exchange(&mut server, Client::new(setup(Policy::Protected)), &wrong).await?;
    assert!(
        matches!(refused, Err(SaslError::Unproved { .. })),
        "{refused:?}"
    );
    assert_eq!((wrong.asked(), wrong.accepted()), (1, 0));
    let (content, _) = server.finish()?;
    assert!(!content, "the server has refused it");

    let mut again = setup(Policy::Protected);
    again.previous_failure = Some("authentication failed".to_owned());
    again.user = Some("lab".to_owned());
    let mut server = SampleServer::start(&accounts, &[])?;
    let right = Person::knowing("labpass");
    exchange(&mut server, Client::new(again), &right).await??;
    let asked = right.asked.lock().expect("no panic");
    let user = Some("lab".to_owned());
    assert_eq!(*asked, [Question::UserPassword { user, realm: None }]);
    Ok(())
}

#[tokio::test]
async fn what_is_too_weak_or_unknown_or_declined_is_told_apart() -> Result {
    let person = Person::knowing("labpass");
    let offered = || vec!["SCRAM-SHA-256".to_owned(), "PLAIN".to_owned()];
    let mut bare = Client::new(setup(Policy::Bare));
    let weak = bare.start("scram-sha-256,plain", &person).await;
    let too_weak = SaslError::TooWeak {
        offered: offered(),
        min_ssf: 56,
    };
    assert_eq!(weak.err(), Some(too_weak));

    for policy in [Policy::Bare, Policy::Protected] {
        let unknown = Client::new(setup(policy))
            .start("X-NOBODY-HAS", &person)
            .await;
        let offered = vec!["X-NOBODY-HAS".to_owned()];
        let wanted = None;
        assert_eq!(
            unknown.err(),
            Some(SaslError::Mechanism { offered, wanted })
        );
    }
    let mut wants = setup(Policy::Protected);
    wants.mechanism = Some("gssapi".to_owned());
    let forbidden = Client::new(wants)
        .start("SCRAM-SHA-256 PLAIN", &person)
        .await;
    let (offered, wanted) = (offered(), Some("GSSAPI".to_owned()));
    assert_eq!(
        forbidden.err(),
        Some(SaslError::Mechanism { offered, wanted })
    );
    assert_eq!(person.asked(), 0, "nobody was bothered");

    let declined = Client::new(setup(Policy::Protected))
        .start("PLAIN", &Person::default())
        .await;
    assert_eq!(declined.err(), Some(SaslError::Cancelled));
    let nobody = link_security::credentials::NoCredentials;
    let nobody = Client::new(setup(Policy::Protected))
        .start("PLAIN", &nobody)
        .await;
    assert_eq!(nobody.err(), Some(SaslError::CredentialsUnavailable));
    let zero = Person::knowing("lab\0pass");
    let zero = Client::new(setup(Policy::Protected))
        .start("PLAIN", &zero)
        .await;
    assert!(matches!(zero.err(), Some(SaslError::UnusableAnswer { .. })));
    Ok(())
}

#[tokio::test]
async fn a_server_that_says_complete_too_early_has_proved_nothing() -> Result {
    let person = Person::knowing("labpass");
    for mechanism in ["SCRAM-SHA-256", "DIGEST-MD5"] {
        let mut client = Client::new(setup(Policy::Protected));
        client.start(mechanism, &person).await?;
        let end = client.answer(None, true, &person).await;
        assert!(
            matches!(end, Err(SaslError::Unproved { .. })),
            "{mechanism}: {end:?}"
        );
        assert!(client.finish(&person).is_err());
    }
    // The password is right, but the proof that the server knows it too was changed on the way.
    let accounts = accounts("SCRAM-SHA-256")?;
    let mut server = SampleServer::start(&accounts, &[])?;
    server.message()?;
    let mut client = Client::new(setup(Policy::Protected));
    let opening = client.start("SCRAM-SHA-256", &person).await?;
    let message = opening.message.ok_or("SCRAM's client begins")?;
    server.send(&[b"SCRAM-SHA-256\0", message.as_slice()].concat())?;
    let salt = server.message()?.ok_or("no salt")?;
    let reply = client.answer(Some(&salt), false, &person).await?;
    let Reply::Send(Some(proof)) = reply else {
        return Err("no proof".into());
    };
    server.send(&proof)?;
    let mut verifier = server.message()?.ok_or("no verifier")?;
    let last = verifier.len() - 3;
    verifier[last] = if verifier[last] == b'A' { b'B' } else { b'A' };
    let end = client.answer(Some(&verifier), true, &person).await;
    assert!(matches!(end, Err(SaslError::Unproved { .. })), "{end:?}");
    assert_eq!(person.accepted(), 0);
    Ok(())
}

#[tokio::test]
async fn a_server_that_goes_on_is_left() -> Result {
    let person = Person::knowing("labpass");
    let mut client = Client::new(setup(Policy::Protected));
    client.start("PLAIN", &person).await?;
    let surplus = client.answer(Some(b"more"), true, &person).await;
    assert!(
        matches!(surplus, Err(SaslError::Protocol { .. })),
        "{surplus:?}"
    );
    let endless = client.answer(None, false, &person).await;
    assert!(
        matches!(endless, Err(SaslError::Protocol { .. })),
        "{endless:?}"
    );
    let mut client = Client::new(setup(Policy::Protected));
    client.start("SCRAM-SHA-256", &person).await?;
    let long = client
        .answer(Some(&vec![b'r'; 65_537]), false, &person)
        .await;
    assert!(matches!(long, Err(SaslError::Protocol { .. })), "{long:?}");
    Ok(())
}

#[tokio::test]
async fn a_password_is_stretched_only_so_far() -> Result {
    let person = Person::knowing("labpass");
    let mut client = Client::new(setup(Policy::Protected));
    let opening = client.start("SCRAM-SHA-256", &person).await?;
    let message = String::from_utf8(opening.message.ok_or("no message")?.to_vec())?;
    let nonce = message.split_once(",r=").ok_or("no nonce")?.1;
    let salt = format!("r={nonce}server,s=c2FsdHNhbHQ=,i=4000000000");
    let begun = std::time::Instant::now();
    let end = client.answer(Some(salt.as_bytes()), false, &person).await;
    assert!(matches!(end, Err(SaslError::Protocol { .. })), "{end:?}");
    assert!(begun.elapsed() < std::time::Duration::from_secs(5));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_exchanges_at_once_do_not_harm_each_other() -> Result {
    let one = |number: usize| async move {
        let mechanism = ["DIGEST-MD5", "SCRAM-SHA-256"][number % 2];
        let person = Person::knowing(if number.is_multiple_of(3) {
            "wrong"
        } else {
            "labpass"
        });
        let ended = login(mechanism, &[], setup(Policy::Protected), &person).await;
        ended
            .map_err(|error| error.to_string())
            .map(|outcome| (number, outcome.is_ok()))
    };
    let tasks: Vec<_> = (0..24).map(|number| tokio::spawn(one(number))).collect();
    for task in tasks {
        let (number, right) = task.await??;
        assert_eq!(right, !number.is_multiple_of(3), "{number}");
    }
    Ok(())
}
