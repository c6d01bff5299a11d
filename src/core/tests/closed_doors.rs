//! Sockets behind which nobody, the wrong one or a silent one sits: each ends in its own error, in time.

mod support;

use std::{path::Path, time::Duration};

use innkeeper_core::{Error, ErrorKind, Host, HostState, Options};
use support::{
    peer::{Peer, wire},
    uri,
    view::View,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
};
use virt_rpc::{RemoteError, procedure};

fn impatient() -> Options {
    let short = Duration::from_millis(300);
    Options {
        reach: short,
        authenticate: short,
        open: short,
        list: short,
        read: short,
        ..Options::default()
    }
}

/// Connects to a socket and gives the failure that comes of it.
async fn failure(socket: &Path) -> Error {
    let host = Host::with_options(uri("test:///default", socket), impatient());
    let mut view = View::of(&host);
    host.connect();
    let error = view.until_failed().await;
    assert!(view.domains.is_empty());
    assert!(matches!(host.state(), HostState::Failed(_)));
    error
}

/// Listens, and does something with each connection.
fn listen<F: Future<Output = ()> + Send>(
    folder: &Path,
    serve: impl Fn(UnixStream) -> F + Send + Sync + 'static,
) -> std::path::PathBuf {
    let path = folder.join("sock");
    let listener = UnixListener::bind(&path).unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            serve(stream).await;
        }
    });
    path
}

#[tokio::test]
async fn no_socket_means_no_daemon() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("sock");
    let error = failure(&socket).await;
    let path = socket.display().to_string();
    assert_eq!(error.kind, ErrorKind::DaemonMissing { socket: path });
}

#[tokio::test]
async fn a_socket_without_a_listener_means_that_the_daemon_is_down() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("sock");
    drop(UnixListener::bind(&socket).unwrap());
    let error = failure(&socket).await;
    assert!(
        matches!(error.kind, ErrorKind::DaemonDown { .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_silent_daemon_is_given_up_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let socket = listen(folder.path(), |mut stream| async move {
        let mut swallowed = Vec::new();
        let _ = stream.read_to_end(&mut swallowed).await;
    });
    assert_eq!(failure(&socket).await.kind, ErrorKind::TimedOut);
}

#[tokio::test]
async fn a_daemon_that_hangs_up_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let socket = listen(folder.path(), |stream| async { drop(stream) });
    assert_eq!(failure(&socket).await.kind, ErrorKind::Lost);
}

#[tokio::test]
async fn garbage_is_not_the_protocol() {
    let folder = tempfile::tempdir().unwrap();
    let socket = listen(folder.path(), |mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        let _ = stream.read(&mut [0; 64]).await;
    });
    assert_eq!(failure(&socket).await.kind, ErrorKind::Protocol);
}

/// A daemon that asks for this kind of authentication and answers polkit's question with this code.
async fn authentication(kind: i32, code: i32) -> ErrorKind {
    let folder = tempfile::tempdir().unwrap();
    let socket = listen(folder.path(), move |stream| async move {
        let mut peer = Peer::new(stream);
        let call = peer.expect(66).await;
        peer.reply(&call, &procedure::ret::AuthList { types: vec![kind] })
            .await;
        while let Some(call) = peer.next().await {
            let refusal = RemoteError {
                code,
                message: Some("no".to_owned()),
                ..RemoteError::default()
            };
            peer.refuse(&call.header, &refusal).await;
        }
    });
    failure(&socket).await.kind
}

#[tokio::test]
async fn polkits_answers_and_other_authentication_are_told_apart() {
    assert_eq!(authentication(2, 45).await, ErrorKind::PolkitDenied);
    assert_eq!(authentication(2, 79).await, ErrorKind::PolkitCancelled);
    assert_eq!(authentication(2, 94).await, ErrorKind::PolkitNoAgent);
    let (offered, wanted) = (Vec::new(), None);
    let none = ErrorKind::SaslMechanism { offered, wanted };
    assert_eq!(authentication(1, 45).await, none, "refused before it began");
    assert_eq!(authentication(3, 0).await, ErrorKind::AuthUnsupported);
    assert_eq!(authentication(0, 5).await, ErrorKind::NoDriver);
}

#[tokio::test]
async fn a_daemon_that_falls_silent_after_any_of_its_answers_is_given_up_in_time() {
    for answers in 1..4 {
        let folder = tempfile::tempdir().unwrap();
        let socket = listen(folder.path(), move |stream| async move {
            let mut peer = Peer::new(stream);
            for _ in 0..answers {
                let Some(call) = peer.next().await else {
                    return;
                };
                let payload = match call.header.procedure {
                    66 => wire(&procedure::ret::AuthList { types: vec![0] }),
                    316 => wire(&procedure::ret::ConnectDomainEventCallbackRegisterAny {
                        callback_id: 0,
                    }),
                    _ => wire(&()),
                };
                let answer = support::peer::answer(
                    &call.header,
                    virt_rpc::wire::packet::Status::Ok,
                    &payload,
                );
                peer.send(&answer).await;
            }
            while peer.next().await.is_some() {}
        });
        assert_eq!(
            failure(&socket).await.kind,
            ErrorKind::TimedOut,
            "{answers}"
        );
    }
}

#[tokio::test]
async fn a_failed_host_tries_again_only_when_asked_and_can_be_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("sock");
    let host = Host::with_options(uri("test:///default", &socket), impatient());
    let mut view = View::of(&host);
    host.connect();
    let first = view.until_failed().await;
    assert!(matches!(first.kind, ErrorKind::DaemonMissing { .. }));
    listen(folder.path(), |stream| async { drop(stream) });
    host.connect();
    view.until("the second attempt's failure", |view| match &view.state {
        HostState::Failed(error) => error.kind == ErrorKind::Lost,
        _ => false,
    })
    .await;
    host.disconnect();
    view.until("peace", |view| {
        matches!(view.state, HostState::Disconnected)
    })
    .await;
}

#[tokio::test]
async fn a_host_that_is_dropped_ends_its_readers() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::new(uri("test:///default", &folder.path().join("sock")));
    let mut changes = host.changes();
    drop(host);
    while changes.next().await.is_some() {}
}

#[tokio::test]
async fn a_transport_that_libvirt_does_not_have_is_refused() {
    let host = Host::new("qemu+pigeon://host.example/system".parse().unwrap());
    let mut view = View::of(&host);
    host.connect();
    assert_eq!(view.until_failed().await.kind, ErrorKind::BadUri);
}
