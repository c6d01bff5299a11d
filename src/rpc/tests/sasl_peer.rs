//! SASL against a scripted daemon whose mechanisms are Cyrus' own: what libvirtd cannot be made to do. Needs the feature
//! `daemon-tests`, and fails where `sasl2-bin` is missing.

#![cfg(feature = "daemon-tests")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use lab::sasl::{Accounts, SampleServer};
use link_security::credentials::{FixedPassword, NoCredentials};
use link_security::sasl::{External, Policy, SaslError, Setup};
use tokio::io::DuplexStream;
use tokio::time::timeout;
use virt_rpc::procedure::*;
use virt_rpc::wire::packet::{Header, Status};
use virt_rpc::{
    Authenticated, Authentication, CloseReason, Connection, Error, Keepalive, Options, RemoteError,
};

use support::peer::{Peer, answer, message, pair, started, wire};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn how(policy: Policy) -> Authentication {
    let mut setup = Setup::new("rcmd", "localhost", policy);
    setup.user = Some("lab".to_owned());
    Authentication::default().with_sasl(setup, Arc::new(FixedPassword::new("labpass")))
}

/// Says which kind of authentication is wanted, and which mechanisms there are.
async fn offer(peer: &mut Peer<DuplexStream>, mechanisms: &str) {
    let call = peer.expect(66).await;
    peer.reply(&call, &ret::AuthList { types: vec![1] }).await;
    let call = peer.expect(67).await;
    let mechlist = mechanisms.to_owned();
    peer.reply(&call, &ret::AuthSaslInit { mechlist }).await;
}

/// Lets Cyrus' server speak through the scripted daemon, until it is content. Gives the call that it has to answer then.
async fn relay(peer: &mut Peer<DuplexStream>, server: &mut SampleServer) -> Result<Header> {
    let offered = String::from_utf8(server.message()?.ok_or("no list")?)?;
    offer(peer, &offered).await;
    let (mut call, start): (_, AuthSaslStart) = peer.expect_args().await;
    let mut first = start.mech.into_bytes();
    if start.nil == 0 {
        first.push(0);
        first.extend_from_slice(&start.data);
    }
    server.send(&first)?;
    while let Some(data) = server.message()? {
        let words = ret::AuthSaslStep {
            complete: 0,
            nil: 0,
            data,
        };
        peer.reply(&call, &words).await;
        let (next, step): (_, AuthSaslStep) = peer.expect_args().await;
        server.send(&step.data)?;
        call = next;
    }
    Ok(call)
}

fn content() -> ret::AuthSaslStep {
    ret::AuthSaslStep {
        complete: 1,
        nil: 1,
        data: Vec::new(),
    }
}

fn bare_server() -> Result<(Accounts, SampleServer)> {
    let accounts = Accounts::new("sample", "DIGEST-MD5")?;
    accounts.add("lab", "labpass")?;
    let server = SampleServer::start(&accounts, &["-b", "min=56,max=256"])?;
    Ok((accounts, server))
}

#[tokio::test]
async fn the_layer_begins_at_the_first_byte_behind_the_last_reply() -> Result {
    let (_accounts, mut server) = bare_server()?;
    let (conn, _events, mut peer) = pair(Options::default());
    let daemon = async {
        let call = relay(&mut peer, &mut server).await?;
        // The first sealed bytes come in the same breath as the reply, before the client knows how it ended. They are no
        // packet of libvirt's: the server of the example says "srv message 1".
        let mut bytes = answer(&call, Status::Ok, &wire(&content())).to_vec();
        bytes.extend_from_slice(&server.message()?.ok_or("no sealed message")?);
        peer.send(&bytes).await;
        Result::Ok(())
    };
    let (outcome, script) = tokio::join!(conn.authenticate(how(Policy::Bare)), daemon);
    script?;
    let outcome: Authenticated = outcome?;
    assert!(outcome.ssf >= 56 && outcome.mechanism.as_deref() == Some("DIGEST-MD5"));
    assert!(!conn.passes_fds());
    // It was opened: "srv " as a length is no packet's.
    let reason = timeout(Duration::from_mins(1), conn.closed()).await?;
    let CloseReason::Garbage(error) = reason else {
        return Err(format!("{reason:?}").into());
    };
    let length = u32::from_be_bytes(*b"srv ");
    assert!(error.to_string().contains(&length.to_string()), "{error}");
    Ok(())
}

#[tokio::test]
async fn what_comes_in_the_clear_behind_the_last_reply_is_not_believed() -> Result {
    let (_accounts, mut server) = bare_server()?;
    let (conn, mut events, mut peer) = pair(Options::default());
    let daemon = async {
        let call = relay(&mut peer, &mut server).await?;
        // Somebody on the way puts events of his own behind it.
        let mut bytes = answer(&call, Status::Ok, &wire(&content())).to_vec();
        bytes.extend_from_slice(&message(&started(7)));
        bytes.extend_from_slice(&message(&started(8)));
        peer.send(&bytes).await;
        Result::Ok(())
    };
    let (outcome, script) = tokio::join!(conn.authenticate(how(Policy::Bare)), daemon);
    script?;
    assert!(outcome.is_ok(), "{outcome:?}");
    let ended = timeout(Duration::from_mins(1), events.recv()).await?;
    assert!(
        matches!(
            &ended,
            Err(CloseReason::Io {
                kind: std::io::ErrorKind::InvalidData,
                ..
            })
        ),
        "{ended:?}"
    );
    assert_eq!(conn.stats().events, 0);
    Ok(())
}

#[tokio::test]
async fn a_reply_that_ends_too_early_lets_nobody_in() -> Result {
    let (conn, _events, mut peer) = pair(Options::default());
    let daemon = async {
        offer(&mut peer, "SCRAM-SHA-256").await;
        let call = peer.expect(68).await;
        peer.reply(&call, &content()).await;
    };
    let (outcome, ()) = tokio::join!(conn.authenticate(how(Policy::Protected)), daemon);
    assert!(
        matches!(outcome, Err(Error::Sasl(SaslError::Unproved { .. }))),
        "{outcome:?}"
    );
    Ok(())
}

#[tokio::test]
async fn no_words_and_empty_words_differ() -> Result {
    let (conn, _events, mut peer) = pair(Options::default());
    let daemon = async {
        offer(&mut peer, "DIGEST-MD5").await;
        let (call, start): (_, AuthSaslStart) = peer.expect_args().await;
        assert_eq!((start.nil, start.data.len()), (1, 0), "the server begins");
        let refused = RemoteError {
            code: 45,
            message: Some("authentication failed".to_owned()),
            ..RemoteError::default()
        };
        peer.refuse(&call, &refused).await;
    };
    let (outcome, ()) = tokio::join!(conn.authenticate(how(Policy::Protected)), daemon);
    // Nobody was asked yet, so nobody is asked again.
    assert!(matches!(outcome, Err(Error::SaslRefused(_))), "{outcome:?}");

    let mut setup = Setup::new("rcmd", "localhost", Policy::Protected);
    let identity = Some("lab".to_owned());
    setup.external = Some(External { ssf: 256, identity });
    let how = Authentication::default().with_sasl(setup, Arc::new(NoCredentials));
    let (conn, _events, mut peer) = pair(Options::default());
    let daemon = async {
        offer(&mut peer, "EXTERNAL").await;
        let (call, start): (_, AuthSaslStart) = peer.expect_args().await;
        assert_eq!(
            (start.nil, start.data.len()),
            (0, 0),
            "whoever the certificate names"
        );
        // An empty word behind the end says as little as none.
        let content = ret::AuthSaslStart {
            complete: 1,
            nil: 0,
            data: Vec::new(),
        };
        peer.reply(&call, &content).await;
    };
    let (outcome, ()) = tokio::join!(conn.authenticate(how), daemon);
    assert_eq!(outcome?.mechanism.as_deref(), Some("EXTERNAL"));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn nothing_is_said_while_a_layer_may_begin() -> Result {
    let often = Keepalive::Every {
        interval: Duration::from_millis(100),
        misses: 1000,
    };
    let (conn, _events, mut peer) = pair(Options::default().with_keepalive(often));
    let daemon = async {
        let call = peer.expect(66).await;
        let ping = peer
            .next()
            .await
            .ok_or("a ping comes while nothing is at stake")?;
        assert_eq!((ping.header.procedure, ping.header.serial), (1, 0));
        peer.reply(&call, &ret::AuthList { types: vec![1] }).await;
        let call = calls_only(&mut peer).await?;
        let mechlist = "PLAIN".to_owned();
        peer.reply(&call, &ret::AuthSaslInit { mechlist }).await;
        let call = calls_only(&mut peer).await?;
        assert_eq!(call.procedure, 68);
        let quiet = timeout(Duration::from_secs(10), peer.next()).await;
        assert!(quiet.is_err(), "{quiet:?}");
        peer.reply(&call, &content()).await;
        let ping = peer.next().await.ok_or("pings come again")?;
        assert_eq!(ping.header.procedure, 1);
        Result::Ok(())
    };
    let (outcome, script) = tokio::join!(conn.authenticate(how(Policy::Protected)), daemon);
    script?;
    assert_eq!(outcome?.mechanism.as_deref(), Some("PLAIN"));
    Ok(())
}

/// Passes over pings.
async fn calls_only(peer: &mut Peer<DuplexStream>) -> Result<Header> {
    loop {
        let packet = peer.next().await.ok_or("the client has gone")?;
        if packet.header.serial != 0 {
            return Ok(packet.header);
        }
    }
}

#[tokio::test]
async fn a_dropped_login_leaves_the_reader_free() -> Result {
    let (conn, _events, mut peer): (Connection, _, _) = pair(Options::default());
    let login = tokio::spawn({
        let conn = conn.clone();
        async move { conn.authenticate(how(Policy::Protected)).await }
    });
    offer(&mut peer, "PLAIN").await;
    let call = peer.expect(68).await;
    login.abort();
    assert!(login.await.is_err());
    peer.reply(&call, &content()).await;
    let kind = async {
        let call = peer.expect(ConnectGetType::NUMBER).await;
        let kind = "TEST".to_owned();
        peer.reply(&call, &ret::ConnectGetType { kind }).await;
    };
    let (kind, ()) = tokio::join!(conn.call(ConnectGetType), kind);
    assert_eq!(kind?.kind, "TEST");
    Ok(())
}
