//! The hostile server inside TLS and behind a SASL layer, whose own frames are attacked as well.

use std::{
    future::Future,
    path::Path,
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};

use lab::{
    certificates::{Authority, Wish},
    sasl::Accounts,
};
use link_security::{
    pki::{PkiFiles, PkiRoots},
    sasl::Policy,
};
use rfb::{BoxedStream, Encoding, EncodingPolicy, Error, Event, Options, Sasl, Session, VeNCrypt};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf},
};
use tokio_rustls::TlsAcceptor;

use super::{
    after_login, all,
    cases::Case,
    spawn,
    support::{PATIENCE, guest::Guest, pki::Person},
};

/// Plays a server of VeNCrypt up to where TLS begins; `number` is that of its only type.
async fn offer(stream: &mut TcpStream, number: u32) -> std::io::Result<()> {
    stream.write_all(b"RFB 003.008\n\x01\x13").await?;
    stream.read_exact(&mut [0; 13]).await?;
    stream.write_all(&[0, 2]).await?;
    stream.read_exact(&mut [0; 2]).await?;
    stream.write_all(&[0, 1]).await?;
    stream.write_all(&number.to_be_bytes()).await?;
    stream.read_exact(&mut [0; 4]).await?;
    stream.write_all(&[1]).await
}

/// Goes on where TLS has begun.
async fn attack_inside(
    mut inside: impl AsyncRead + AsyncWrite + Unpin,
    case: Case,
) -> std::io::Result<()> {
    inside.write_all(&[0; 4]).await?;
    inside.read_exact(&mut [0; 1]).await?;
    after_login(&mut inside, case).await
}

/// A server's side of TLS while it is agreed on.
type Accepting = Pin<Box<dyn Future<Output = std::io::Result<BoxedStream>> + Send>>;

/// Runs all cases inside a kind of TLS, by its number and a server's side of it.
async fn all_inside(
    number: u32,
    vencrypt: VeNCrypt,
    accept: impl Fn(TcpStream) -> Accepting + Clone + Send + Sync + 'static,
) {
    let mut options = Options::default();
    options.security = vec![Arc::new(vencrypt)];
    let listener = Arc::new(TcpListener::bind("127.0.0.1:0").await.unwrap());
    let address = listener.local_addr().unwrap();
    all(
        async || TcpStream::connect(address).await.unwrap(),
        options,
        |case| {
            let (listener, accept) = (listener.clone(), accept.clone());
            spawn(async move {
                let mut stream = listener.accept().await.unwrap().0;
                let attack = async {
                    offer(&mut stream, number).await?;
                    attack_inside(accept(stream).await?, case).await
                };
                // A client that has had enough is gone.
                let _: std::io::Result<()> = attack.await;
            })
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn inside_tls() {
    let authority = Authority::new("Screens").unwrap();
    let own = authority.sign("server", Wish::server()).unwrap();
    let chain: Vec<_> = CertificateDer::pem_file_iter(&own.certificate)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let key = PrivateKeyDer::from_pem_file(&own.key).unwrap();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let system = authority.path().join("viewer");
    std::fs::create_dir_all(system.join("CA")).unwrap();
    std::fs::copy(&authority.own().certificate, system.join("CA/cacert.pem")).unwrap();
    let roots = PkiRoots {
        system,
        user: None,
        privileged: false,
    };
    let vencrypt = VeNCrypt::new("localhost", PkiFiles::vnc(&roots));
    all_inside(260, vencrypt, move |stream| {
        let accepting = acceptor.accept(stream);
        Box::pin(async { Ok(Box::new(accepting.await?) as BoxedStream) })
    })
    .await;
}

#[cfg(feature = "anonymous-tls")]
#[tokio::test(flavor = "multi_thread")]
async fn inside_tls_without_certificates() {
    let mut vencrypt = VeNCrypt::new("localhost", PkiFiles::vnc(&PkiRoots::of_this_user()));
    vencrypt.anonymous = Some(rfb::Anonymous {
        policy: Policy::Bare,
        only_with_login: false,
    });
    let server = lab::AnonymousTls::new().unwrap();
    all_inside(257, vencrypt, move |stream| {
        let server = server.clone();
        Box::pin(async move { Ok(Box::new(server.accept(stream).await?) as BoxedStream) })
    })
    .await;
}

/// What comes in place of the layer's next frame.
#[derive(Clone, Copy, Debug)]
enum Frame {
    Endless,
    Garbage,
    Unsigned,
    Cut,
    /// The real frames go on, byte by byte.
    Dripping,
}

/// Frames that pass before the attack: the desktop's description and some of the first picture.
const PASS: usize = 6;

/// Passes a real server's login and some frames on, and then attacks.
async fn spoil(
    mut server: OwnedReadHalf,
    mut client: impl AsyncWrite + Unpin,
    frame: Frame,
) -> std::io::Result<()> {
    let mut wire = Wire {
        server: &mut server,
        client: &mut client,
        dripping: matches!(frame, Frame::Dripping),
    };
    wire.login().await?;
    for _ in 0..PASS {
        wire.sized().await?;
    }
    let attack: &[u8] = match frame {
        Frame::Endless => &[0xff; 4],
        Frame::Garbage => &[0x55; 9000],
        Frame::Unsigned => &[
            0, 0, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0,
        ],
        Frame::Cut => return client.shutdown().await,
        Frame::Dripping => {
            tokio::io::copy(&mut server, &mut client).await?;
            return Ok(());
        }
    };
    client.write_all(attack).await?;
    std::future::pending().await
}

/// The way from the server to its client.
struct Wire<'a, S, C> {
    server: &'a mut S,
    client: &'a mut C,
    dripping: bool,
}

impl<S: AsyncRead + Unpin, C: AsyncWrite + Unpin> Wire<'_, S, C> {
    /// Passes version, types, mechanisms, the exchange and the verdict on.
    async fn login(&mut self) -> std::io::Result<()> {
        self.pass(12).await?;
        self.pass(2).await?;
        self.sized().await?;
        loop {
            self.sized().await?;
            if self.pass(1).await? == [1] {
                break;
            }
        }
        self.pass(4).await?;
        Ok(())
    }

    /// Passes something with its length in four bytes on.
    async fn sized(&mut self) -> std::io::Result<()> {
        let length = self.pass(4).await?;
        let length = u32::from_be_bytes(length.try_into().unwrap());
        self.pass(length as usize).await?;
        Ok(())
    }

    /// Passes bytes on, one at a time where that is the attack.
    async fn pass(&mut self, count: usize) -> std::io::Result<Vec<u8>> {
        let mut bytes = vec![0; count];
        self.server.read_exact(&mut bytes).await?;
        let piece = if self.dripping { 1 } else { count.max(1) };
        for piece in bytes.chunks(piece) {
            self.client.write_all(piece).await?;
            tokio::task::yield_now().await;
        }
        Ok(bytes)
    }
}

/// Stands between a client and the server at a port.
async fn between(port: u16, frame: Frame) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (client, _) = listener.accept().await.unwrap();
        let server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let (mut from_client, to_client) = client.into_split();
        let (from_server, mut to_server) = server.into_split();
        tokio::spawn(async move {
            // Either side may go first.
            let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
        });
        let _ = spoil(from_server, to_client, frame).await;
    });
    own
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_sasl_layer() {
    let accounts = Accounts::new("qemu", "digest-md5").unwrap();
    accounts.add("lab", "labpass").unwrap();
    let port = lab::own_port().unwrap();
    let environment: [(&str, &Path); 1] = [("SASL_CONF_PATH", accounts.path())];
    let vnc = format!("127.0.0.1:{},sasl=on", port - 5900);
    let folder = tempfile::tempdir().unwrap();
    let _guest = Guest::listening(folder, "pattern", &vnc, &["-vga", "std"], &environment);
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        assert!(begun.elapsed() < PATIENCE, "QEMU does not listen");
        tokio::task::yield_now().await;
    }
    for frame in [
        Frame::Endless,
        Frame::Garbage,
        Frame::Unsigned,
        Frame::Cut,
        Frame::Dripping,
    ] {
        attacked(between(port, frame).await, frame).await;
    }
}

/// Logs in through the attacker, and looks how that ends.
async fn attacked(port: u16, frame: Frame) {
    let mut options = Options::default();
    options.credentials = Arc::new(Person {
        name: "lab",
        password: "labpass",
    });
    options.encodings = EncodingPolicy::new(Encoding::Raw);
    options.security = vec![Arc::new(Sasl {
        host: "localhost".to_owned(),
        policy: Policy::Bare,
        user: None,
    })];
    let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let (session, mut events) = Session::connect(stream, options);
    let ended = async {
        loop {
            match tokio::time::timeout(Duration::from_millis(10), events.recv()).await {
                Ok(Some(Event::Closed(error))) => return Some(error),
                _ if session.is_complete() => return None,
                _ => session.key(0x61, 0, false),
            }
        }
    };
    let ended = tokio::time::timeout(PATIENCE, ended).await;
    let ended = ended.unwrap_or_else(|_| panic!("{frame:?}: neither picture nor end"));
    match frame {
        Frame::Dripping => assert!(ended.is_none(), "{ended:?}"),
        _ => assert!(
            matches!(ended, Some(Error::Lost(_))),
            "{frame:?}: {ended:?}"
        ),
    }
    let report = session.statistics().security;
    assert_eq!(report.mechanism.as_deref(), Some("DIGEST-MD5"));
    assert!(report.ssf >= 56, "{report:?}");
}
