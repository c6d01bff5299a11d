//! SASL against a real libvirtd, over everything that it listens on. Needs the feature `daemon-tests`, and fails where
//! libvirtd, Cyrus' mechanisms or MIT Kerberos are missing.

#![cfg(feature = "daemon-tests")]

mod support;

use std::fmt::Write as _;
use std::process::Command;
use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use lab::certificates::{Authority, Wish, client_folder};
use lab::sasl::Accounts;
use lab::{Daemon, Kdc, Listen};
use link_security::pki::{PkiFiles, PkiRoots};
use link_security::sasl::{External, Policy, SaslError, Setup};
use link_security::tls::{TlsClient, TlsOptions};
use link_security::{Answer, AskError, AskFuture, Credentials, Request};
use tokio::io::AsyncReadExt;
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;
use virt_rpc::procedure::types::Domain;
use virt_rpc::procedure::*;
use virt_rpc::{
    AuthType, Authenticated, Authentication, Connection, Error, Events, Options, StreamItem,
};

use support::session::{PATIENCE, Result, domains, lifecycle, subscribe};

/// Gives these passwords one after the other, then cancels; notes what was asked and what was right.
struct Person {
    user: &'static str,
    passwords: Mutex<Vec<&'static str>>,
    asked: Mutex<Vec<Request>>,
    accepted: Mutex<Vec<Request>>,
}

impl Person {
    fn knowing(user: &'static str, passwords: &[&'static str]) -> Arc<Self> {
        Arc::new(Self {
            user,
            passwords: Mutex::new(passwords.to_vec()),
            asked: Mutex::default(),
            accepted: Mutex::default(),
        })
    }

    fn asked(&self) -> Vec<Request> {
        self.asked.lock().expect("no panic").clone()
    }

    fn accepted(&self) -> usize {
        self.accepted.lock().expect("no panic").len()
    }
}

impl Credentials for Person {
    fn ask(&self, request: Request) -> AskFuture<'_> {
        self.asked.lock().expect("no panic").push(request);
        let mut passwords = self.passwords.lock().expect("no panic");
        let answer = if passwords.is_empty() {
            Err(AskError::Cancelled)
        } else {
            Ok(Answer::user_password(self.user, passwords.remove(0)))
        };
        Box::pin(async { answer })
    }

    fn accepted(&self, request: &Request) {
        self.accepted
            .lock()
            .expect("no panic")
            .push(request.clone());
    }
}

fn libvirt(mechanisms: &str) -> Result<Accounts> {
    let accounts = Accounts::new("libvirt", mechanisms)?;
    accounts.add("lab", "labpass")?;
    Ok(accounts)
}

fn listening(accounts: &Accounts) -> Listen {
    Listen::default().environment("SASL_CONF_PATH", accounts.path())
}

fn setup(policy: Policy) -> Setup {
    Setup::new("libvirt", "localhost", policy)
}

async fn tcp(port: u16) -> Result<(Connection, Events)> {
    let socket = TcpStream::connect(("127.0.0.1", port)).await?;
    socket.set_nodelay(true)?;
    Ok(Connection::from_stream(socket, Options::default()))
}

async fn log_in(
    conn: &Connection,
    setup: Setup,
    person: &Arc<Person>,
) -> std::result::Result<Authenticated, Error> {
    let person: Arc<dyn Credentials> = Arc::<Person>::clone(person);
    let how = Authentication::default().with_sasl(setup, person);
    let outcome = timeout(PATIENCE, conn.authenticate(how)).await;
    outcome.expect("authentication ends")
}

async fn open(conn: &Connection, uri: &str) -> Result {
    let name = Some(uri.to_owned());
    conn.call(ConnectOpen { name, flags: 0 }).await?;
    Ok(())
}

/// A file for the test driver with so many guests.
fn many_guests(daemon: &Daemon, count: usize) -> Result<String> {
    let mut xml = String::from("<node>");
    for number in 0..count {
        write!(
            xml,
            "<domain type='test'><name>vm{number}</name><memory>8192</memory><os><type>hvm</type></os></domain>"
        )?;
    }
    let node = daemon.path().join("node.xml");
    std::fs::write(&node, xml + "</node>")?;
    Ok(format!("test://{}", node.display()))
}

#[tokio::test]
async fn a_layer_carries_large_answers_many_calls_events_and_streams() -> Result {
    let accounts = libvirt("digest-md5")?;
    let (listen, port) = listening(&accounts).tcp("sasl")?;
    let daemon = Daemon::start_with(&listen)?;
    let (conn, mut events) = tcp(port).await?;
    let person = Person::knowing("lab", &["labpass"]);
    let how = log_in(&conn, setup(Policy::Bare), &person).await?;
    assert_eq!(how.kind, AuthType::Sasl);
    assert_eq!(how.mechanism.as_deref(), Some("DIGEST-MD5"));
    assert!(how.ssf >= 56, "{how:?}");
    assert_eq!((person.asked().len(), person.accepted()), (1, 1));

    open(&conn, &many_guests(&daemon, 1000)?).await?;
    subscribe(&conn, 0).await?;
    let guests = domains(&conn).await?;
    assert_eq!(guests.len(), 1000);
    let stats = ConnectGetAllDomainStats {
        doms: Vec::new(),
        stats: 0,
        flags: 0,
    };
    // Longer than a packet of the layer, in both directions.
    let named = ConnectGetAllDomainStats {
        doms: guests.clone(),
        stats: 1,
        flags: 0,
    };
    let descriptions = guests.iter().map(|dom| {
        let dom = dom.clone();
        conn.call(DomainGetXmlDesc { dom, flags: 0 })
    });
    let (all, named, descriptions) =
        tokio::join!(conn.call(stats), conn.call(named), join_all(descriptions));
    assert_eq!((all?.ret_stats.len(), named?.ret_stats.len()), (1000, 1000));
    for (guest, description) in guests.iter().zip(descriptions) {
        let name = format!("<name>{}</name>", guest.name);
        assert!(description?.xml.contains(&name), "{name}");
    }
    let dom = guests[0].clone();
    conn.call(DomainDestroy { dom }).await?;
    lifecycle(&mut events, 5).await?;
    assert!(screenshot(&conn, guests[1].clone()).await? > 1000);
    conn.close().await;
    Ok(())
}

async fn screenshot(conn: &Connection, dom: Domain) -> Result<usize> {
    let shot = DomainScreenshot {
        dom,
        screen: 0,
        flags: 0,
    };
    let (_, mut stream) = conn.open_stream(shot).await?;
    let mut len = 0;
    while let Some(item) = timeout(PATIENCE, stream.recv()).await?? {
        if let StreamItem::Data(bytes) = item {
            len += bytes.len();
        }
    }
    Ok(len)
}

#[tokio::test]
async fn what_cannot_encrypt_is_refused_on_a_bare_link() -> Result {
    let accounts = libvirt("scram-sha-256 plain")?;
    let (listen, port) = listening(&accounts).tcp("sasl")?;
    let _daemon = Daemon::start_with(&listen)?;
    let (conn, _events) = tcp(port).await?;
    let person = Person::knowing("lab", &["labpass"]);
    let refused = log_in(&conn, setup(Policy::Bare), &person).await;
    // libvirtd does not even give such a list; a socket without that rule shows that we would not take it.
    let nothing = SaslError::nothing_offered(Policy::Bare);
    assert_eq!(refused, Err(Error::Sasl(nothing)));

    let lax = listening(&accounts).line("auth_unix_rw = \"sasl\"");
    let daemon = Daemon::start_with(&lax)?;
    let socket = UnixStream::connect(daemon.socket()).await?;
    let (conn, _events) = Connection::from_unix(socket, Options::default());
    let refused = log_in(&conn, setup(Policy::Bare), &person).await;
    let Err(Error::Sasl(SaslError::TooWeak { mut offered, .. })) = refused else {
        return Err(format!("{refused:?}").into());
    };
    offered.sort();
    assert_eq!(offered, ["PLAIN", "SCRAM-SHA-256"]);
    assert!(person.asked().is_empty(), "no password was at risk");
    Ok(())
}

#[tokio::test]
async fn a_local_socket_asks_until_the_password_is_right() -> Result {
    let accounts = libvirt("scram-sha-256")?;
    let listen = listening(&accounts).line("auth_unix_rw = \"sasl\"");
    let daemon = Daemon::start_with(&listen)?;
    let connect = async || -> Result<_> {
        let socket = UnixStream::connect(daemon.socket()).await?;
        Ok(Connection::from_unix(socket, Options::default()))
    };

    let (conn, _events) = connect().await?;
    let person = Person::knowing("lab", &["wrong", "labpass"]);
    let mut named = setup(Policy::Protected);
    named.target = "the lab".to_owned();
    let how = log_in(&conn, named, &person).await?;
    assert_eq!(
        (how.mechanism.as_deref(), how.ssf),
        (Some("SCRAM-SHA-256"), 0)
    );
    let asked = person.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked.iter().all(|request| request.target == "the lab"));
    assert_eq!(asked[0].previous_failure, None);
    let reason = asked[1].previous_failure.as_deref().unwrap_or_default();
    assert!(reason.contains("authentication failed"), "{reason}");
    assert_eq!(person.accepted(), 1);
    open(&conn, "test:///default").await?;
    assert!(conn.passes_fds(), "there is no layer in the way");

    let (conn, _events) = connect().await?;
    let stranger = Person::knowing("nobody", &["labpass"]);
    let cancelled = log_in(&conn, setup(Policy::Protected), &stranger).await;
    assert_eq!(cancelled, Err(Error::Sasl(SaslError::Cancelled)));
    assert_eq!((stranger.asked().len(), stranger.accepted()), (2, 0));

    let (conn, _events) = connect().await?;
    let once = Arc::new(link_security::credentials::FixedPassword::new("wrong"));
    let mut known = setup(Policy::Protected);
    known.user = Some("lab".to_owned());
    let how = Authentication::default().with_sasl(known, once);
    let refused = conn.authenticate(how).await;
    assert!(matches!(refused, Err(Error::SaslRefused(_))), "{refused:?}");

    let (conn, _events) = connect().await?;
    let mut wants = setup(Policy::Protected);
    wants.mechanism = Some("digest-md5".to_owned());
    let forbidden = log_in(&conn, wants, &person).await;
    let (offered, wanted) = (
        vec!["SCRAM-SHA-256".to_owned()],
        Some("DIGEST-MD5".to_owned()),
    );
    assert_eq!(
        forbidden,
        Err(Error::Sasl(SaslError::Mechanism { offered, wanted }))
    );

    let (conn, _events) = connect().await?;
    let polkit = Authentication::default().only(AuthType::Polkit);
    let other = conn.authenticate(polkit).await;
    assert_eq!(other, Err(Error::AuthUnsupported(vec![AuthType::Sasl])));
    Ok(())
}

#[tokio::test]
async fn tls_carries_passwords_without_a_layer() -> Result {
    let authority = Authority::new("SASL's authority")?;
    let own = authority.sign("server", Wish::server())?;
    let client = authority.sign("client", Wish::client("lab"))?;
    let folder = tempfile::tempdir()?;
    client_folder(
        folder.path(),
        &authority.own().certificate,
        None,
        Some(&client),
    )?;
    let accounts = libvirt("scram-sha-512 scram-sha-256 plain")?;
    let (listen, port) = listening(&accounts).tls(&authority.own().certificate, &own)?;
    let _daemon = Daemon::start_with(&listen.line("auth_tls = \"sasl\""))?;

    for mechanism in ["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] {
        let files = PkiFiles::libvirt(&PkiRoots::of_this_user(), Some(folder.path()));
        let socket = TcpStream::connect(("127.0.0.1", port)).await?;
        let (mut stream, report) =
            TlsClient::connect(socket, "localhost", &files, TlsOptions::default()).await?;
        assert_eq!(
            stream.read_u8().await?,
            1,
            "libvirtd accepts our certificate"
        );
        let (conn, _events) = Connection::from_stream(stream, Options::default());
        let mut setup = setup(Policy::Protected);
        setup.mechanism = Some(mechanism.to_lowercase());
        let ssf = report.key_bits;
        setup.external = Some(External {
            ssf,
            identity: None,
        });
        let person = Person::knowing("lab", &["labpass"]);
        let how = log_in(&conn, setup, &person).await?;
        assert_eq!((how.mechanism.as_deref(), how.ssf), (Some(mechanism), 0));
        open(&conn, "test:///default").await?;
        assert_eq!(domains(&conn).await?.len(), 1);
    }
    Ok(())
}

/// Set for the copy of this program that has a ticket.
const PORT: &str = "INNKEEPER_KERBEROS_PORT";

#[tokio::test]
async fn a_ticket_opens_without_a_question() -> Result {
    if let Ok(port) = std::env::var(PORT) {
        return with_a_ticket(port.parse()?).await;
    }
    let kdc = Kdc::start("libvirt")?;
    kdc.add("lab", "labpass")?;
    let accounts = Accounts::new("libvirt", "gssapi")?;
    accounts.configure(&format!(
        "mech_list: gssapi digest-md5\nkeytab: {}",
        kdc.keytab().display()
    ))?;
    accounts.add("lab", "labpass")?;
    let listen = listening(&accounts).environment("KRB5_CONFIG", &kdc.config());
    let (listen, port) = listen.tcp("sasl")?;
    let daemon = Daemon::start_with(&listen)?;
    let ticket = kdc.ticket("lab", "labpass", "1h")?;
    // Kerberos looks at the environment of its process.
    for (cache, expected) in [
        (ticket.as_path(), "opened by GSSAPI"),
        (
            std::path::Path::new("/nowhere/cache"),
            "no ticket, no login",
        ),
    ] {
        let output = Command::new(std::env::current_exe()?)
            .args([
                "--exact",
                "a_ticket_opens_without_a_question",
                "--nocapture",
            ])
            .env("KRB5_CONFIG", kdc.config())
            .env("KRB5CCNAME", cache)
            .env(PORT, port.to_string())
            .output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        let failed = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && said.contains(expected),
            "{said}{failed}{}",
            daemon.log()
        );
    }
    Ok(())
}

/// What the copy of this program does: logs in with the ticket, or is told that there is none.
async fn with_a_ticket(port: u16) -> Result {
    let (conn, _events) = tcp(port).await?;
    let person = Person::knowing("lab", &["labpass"]);
    let mut only = setup(Policy::Bare);
    only.mechanism = Some("GSSAPI".to_owned());
    match log_in(&conn, only, &person).await {
        Ok(how) => {
            assert_eq!(how.mechanism.as_deref(), Some("GSSAPI"));
            assert!(how.ssf >= 56, "{how:?}");
            assert!(person.asked().is_empty(), "no question");
            open(&conn, "test:///default").await?;
            assert_eq!(domains(&conn).await?.len(), 1);
            println!("opened by GSSAPI with {} bits", how.ssf);
            Ok(())
        }
        Err(Error::Sasl(SaslError::KerberosTicket { reason })) => {
            assert!(!reason.is_empty());
            // Without a wish, what needs no ticket is used.
            let (conn, _events) = tcp(port).await?;
            let how = log_in(&conn, setup(Policy::Bare), &person).await?;
            assert_eq!(how.mechanism.as_deref(), Some("DIGEST-MD5"));
            println!("no ticket, no login: {reason}");
            Ok(())
        }
        Err(other) => Err(other.into()),
    }
}
