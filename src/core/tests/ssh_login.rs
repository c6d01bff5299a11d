//! How ssh lets us in, and what it asks for: real OpenSSH with its questions answered by a script. Needs the feature
//! `daemon-tests` and root, and fails where a part is missing.

#![cfg(feature = "daemon-tests")]

mod support;

use std::{
    fs, net::TcpListener, os::unix::fs::PermissionsExt, path::Path, sync::Arc, time::Duration,
};

use innkeeper_core::{Error, ErrorKind, Host, HostState, Options, Uri, security::Question};
use lab::{Account, SshdOptions};
use support::{
    far_host::{FarHost, account, answered_by, connected, empty_known_hosts, quiet, refused},
    script::Script,
    view::View,
};

const PASSWORD: Option<&str> = Some("open sesame");

fn with_account(options: SshdOptions) -> FarHost {
    FarHost::start(SshdOptions {
        accounts: vec![account("/bin/sh")],
        ..options
    })
}

fn guest_password() -> Question {
    Question::SshPassword {
        user: Some("guest".to_owned()),
        host: "127.0.0.1".to_owned(),
    }
}

#[tokio::test]
async fn a_password_is_asked_again_after_a_wrong_one_and_used_for_what_follows() {
    let far = with_account(SshdOptions {
        // A second command needs a second login.
        config: "AllowStreamLocalForwarding no\nMaxSessions 1".to_owned(),
        ..SshdOptions::default()
    });
    let script = Script::of(&[Some("wrong"), PASSWORD]);
    let uri = far.uri_of("guest", "test:///default", "");
    let one = connected(uri.clone(), answered_by(&script)).await;
    assert_eq!(script.questions(), [guest_password(), guest_password()]);
    assert_eq!(script.failures(), [false, true]);
    assert_eq!(script.asked()[0].target, "127.0.0.1");
    assert_eq!(script.accepted(), [guest_password()]);
    let other = connected(uri, answered_by(&script)).await;
    assert_eq!(far.sshd.logins(), 2, "{}", far.sshd.log());
    assert_eq!(script.asked().len(), 2, "what worked is not asked again");
    drop((one, other));
}

#[tokio::test]
async fn pams_dialogue_is_a_password_too() {
    let far = with_account(SshdOptions {
        pam: true,
        ..SshdOptions::default()
    });
    let script = Script::of(&[PASSWORD]);
    let uri = far.uri_of("guest", "test:///default", "");
    let _connection = connected(uri, answered_by(&script)).await;
    assert_eq!(script.questions(), [guest_password()]);
}

#[tokio::test]
async fn a_keys_passphrase_is_asked_for_by_its_name() {
    let far = FarHost::start(SshdOptions::default());
    let key = far.sshd.make_key("locked", "key pass").unwrap();
    let script = Script::of(&[Some("wrong"), Some("key pass")]);
    let named = Question::KeyPassphrase {
        key: key.display().to_string(),
    };
    let uri = far.uri_of(
        "root",
        "test:///default",
        &format!("keyfile={}", key.display()),
    );
    let _connection = connected(uri, answered_by(&script)).await;
    assert_eq!(script.questions(), [named.clone(), named.clone()]);
    assert_eq!(script.failures(), [false, true]);
    assert_eq!(script.accepted(), [named]);
}

#[tokio::test]
async fn a_question_that_is_cancelled_ends_the_login_at_once() {
    let far = with_account(SshdOptions::default());
    let script = Script::of(&[None]);
    let uri = far.uri_of("guest", "test:///default", "");
    let error = refused(uri, answered_by(&script)).await;
    assert_eq!(error.kind, ErrorKind::Cancelled);
    assert_eq!(script.asked().len(), 1);
    assert!(
        !far.sshd.log().contains("Failed password"),
        "{}",
        far.sshd.log()
    );
}

#[tokio::test]
async fn a_host_that_is_given_up_takes_its_open_question_along() {
    let far = with_account(SshdOptions::default());
    let script = Script::of(&[]);
    let uri = far.uri_of("guest", "test:///default", "");
    let host = Host::with_options(uri, answered_by(&script));
    let mut view = View::of(&host);
    host.connect();
    let deadline = tokio::time::Instant::now() + support::PATIENCE;
    while script.asked().is_empty() {
        assert!(tokio::time::Instant::now() < deadline, "{:?}", view.state);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    host.disconnect();
    view.until("peace", |view| {
        matches!(view.state, HostState::Disconnected)
    })
    .await;
    // The question goes with the only other holder of the script: the options of the host.
    drop(host);
    while Arc::strong_count(&script) > 1 || far.sshd.processes() > 0 {
        assert!(tokio::time::Instant::now() < deadline, "something is left");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn where_nothing_may_be_asked_nothing_is() {
    let far = with_account(SshdOptions::default());
    let script = Script::of(&[PASSWORD]);
    let uri = far.uri_of("guest", "test:///default", "no_tty=1");
    let error = refused(uri, answered_by(&script)).await;
    assert_eq!(error.kind, ErrorKind::SshDenied, "{error}");
    let uri = far.uri_of("guest", "test:///default", "sshauth=privkey");
    let error = refused(uri, answered_by(&script)).await;
    assert_eq!(error.kind, ErrorKind::SshDenied, "{error}");
    assert!(script.asked().is_empty());
    let uri = far.uri_of("guest", "test:///default", "sshauth=password");
    let _connection = connected(uri, answered_by(&script)).await;
}

#[tokio::test]
async fn nobody_to_ask_is_a_refusal() {
    let far = with_account(SshdOptions::default());
    let error = refused(far.uri_of("guest", "test:///default", ""), quiet()).await;
    assert_eq!(error.kind, ErrorKind::SshDenied, "{error}");
}

/// A URI to a host that nobody has met, and what would remember it.
fn stranger(far: &FarHost, parameters: &str) -> (Uri, std::path::PathBuf) {
    let known = empty_known_hosts(far.sshd.path());
    let place = format!(
        "keyfile={}&known_hosts={}&{parameters}",
        far.sshd.key().display(),
        known.display()
    );
    (far.bare_uri("root", "test:///default", &place), known)
}

#[tokio::test]
async fn an_unknown_host_shows_its_fingerprint_and_is_remembered_when_trusted() {
    let far = FarHost::start(SshdOptions::default());
    let (uri, known) = stranger(&far, "known_hosts_verify=normal");
    let script = Script::of(&[Some("")]);
    let first = connected(uri.clone(), answered_by(&script)).await;
    match script.questions().as_slice() {
        [
            Question::HostKey {
                host,
                key_type,
                fingerprint,
            },
        ] => {
            assert!(
                host.contains(&format!("[127.0.0.1]:{}", far.sshd.port())),
                "{host}"
            );
            assert_eq!(key_type, "ED25519");
            assert_eq!(*fingerprint, far.sshd.fingerprint().unwrap());
        }
        other => panic!("{other:?}"),
    }
    assert!(fs::read_to_string(known).unwrap().contains("ssh-ed25519"));
    drop(first);
    let _second = connected(uri, answered_by(&script)).await;
    assert_eq!(script.asked().len(), 1);
}

#[tokio::test]
async fn an_unknown_host_is_refused_by_whoever_is_asked_and_where_nobody_is() {
    let far = FarHost::start(SshdOptions::default());
    let (uri, known) = stranger(&far, "");
    let script = Script::of(&[None]);
    let error = refused(uri.clone(), answered_by(&script)).await;
    assert_eq!(error.kind, ErrorKind::Cancelled);
    let (silent, _) = stranger(&far, "no_tty=1");
    for uri in [uri, silent] {
        let error = refused(uri, quiet()).await;
        assert_eq!(error.kind, ErrorKind::SshHostKeyUnknown, "{error}");
    }
    assert_eq!(fs::read_to_string(known).unwrap(), "");
    assert_eq!(far.sshd.logins(), 0);
}

#[tokio::test]
async fn the_uri_says_whether_strangers_are_taken() {
    let far = FarHost::start(SshdOptions::default());
    let (uri, known) = stranger(&far, "known_hosts_verify=auto");
    let _taken = connected(uri, quiet()).await;
    assert!(fs::read_to_string(&known).unwrap().contains("ssh-ed25519"));
    let (uri, known) = stranger(&far, "known_hosts_verify=ignore");
    let _ignored = connected(uri, quiet()).await;
    assert_eq!(fs::read_to_string(known).unwrap(), "");
    let (uri, _) = stranger(&far, "no_verify=1");
    let _unchecked = connected(uri, quiet()).await;
}

#[tokio::test]
async fn a_changed_key_names_the_place_and_cannot_be_overridden() {
    let far = FarHost::start(SshdOptions::default());
    let known = far.sshd.wrong_known_hosts().unwrap();
    let place = format!(
        "keyfile={}&known_hosts={}",
        far.sshd.key().display(),
        known.display()
    );
    for verify in ["", "&known_hosts_verify=normal", "&known_hosts_verify=auto"] {
        let script = Script::of(&[Some("")]);
        let uri = far.bare_uri("root", "test:///default", &format!("{place}{verify}"));
        let error = refused(uri, answered_by(&script)).await;
        let changed = ErrorKind::SshHostKeyChanged {
            file: known.display().to_string(),
            line: 2,
            fingerprint: far.sshd.fingerprint().unwrap(),
        };
        assert_eq!(error.kind, changed, "{error}");
        assert!(script.asked().is_empty());
    }
}

async fn failure(uri: &str) -> Error {
    let options = Options {
        reach: Duration::from_secs(1),
        ..quiet()
    };
    refused(uri.parse().unwrap(), options).await
}

#[tokio::test]
async fn what_is_not_there_is_named() {
    let missing = failure("qemu+ssh://127.0.0.1/system?command=/nowhere/ssh").await;
    assert_eq!(missing.kind, ErrorKind::SshMissing);
    let name = "host.invalid".to_owned();
    let unknown = failure("qemu+ssh://host.invalid/system").await;
    assert_eq!(
        unknown.kind,
        ErrorKind::HostNotFound { host: name },
        "{unknown}"
    );
    let host = || "127.0.0.1".to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let silent = failure(&format!("qemu+ssh://127.0.0.1:{port}/system")).await;
    assert_eq!(
        silent.kind,
        ErrorKind::HostSilent { host: host(), port },
        "{silent}"
    );
    drop(listener);
    let closed = failure(&format!("qemu+ssh://127.0.0.1:{port}/system")).await;
    assert_eq!(
        closed.kind,
        ErrorKind::PortClosed { host: host(), port },
        "{closed}"
    );
}

#[tokio::test]
async fn an_account_that_does_not_take_the_key_is_a_refusal() {
    let far = FarHost::start(SshdOptions {
        config: "PasswordAuthentication no".to_owned(),
        accounts: vec![Account {
            name: "other".to_owned(),
            ..account("/bin/sh")
        }],
        ..SshdOptions::default()
    });
    let stranger = far.sshd.path().join("stranger");
    let made = std::process::Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(&stranger)
        .status();
    assert!(made.unwrap().success());
    let key = |path: &Path| format!("keyfile={}", path.display());
    let uri = far.uri_of("other", "test:///default", &key(&stranger));
    let error = refused(uri, quiet()).await;
    assert_eq!(error.kind, ErrorKind::SshDenied, "{error}");
    assert!(error.message.contains("publickey"), "{error}");
}

/// No security key can be had here: what ssh does with one is done by a script in its place.
#[tokio::test]
async fn a_security_key_asks_to_be_touched_until_it_is() {
    let far = FarHost::start(SshdOptions::default());
    let ssh = far.sshd.path().join("toucher");
    let body = "#!/bin/sh\n[ \"$1\" = -G ] && exit 1\n\
        SSH_ASKPASS_PROMPT=none \"$SSH_ASKPASS\" 'Confirm user presence for key ED25519-SK' &\n\
        until [ -e \"$0.touched\" ]; do sleep 0.02; done\n\
        kill $!; for last; do :; done; exec sh -c \"$last\"\n";
    fs::write(&ssh, body).unwrap();
    fs::set_permissions(&ssh, fs::Permissions::from_mode(0o755)).unwrap();
    let socket = far.daemon.socket().display().to_string();
    let parameters = format!("command={}&socket={socket}", ssh.display());
    let uri: Uri = format!("test+ssh://far.example/default?{parameters}")
        .parse()
        .unwrap();
    let script = Script::of(&[]);
    let host = Host::with_options(uri, answered_by(&script));
    let mut view = View::of(&host);
    host.connect();
    let deadline = tokio::time::Instant::now() + support::PATIENCE;
    while script.open() == 0 {
        assert!(tokio::time::Instant::now() < deadline, "{:?}", view.state);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let prompt = "Confirm user presence for key ED25519-SK".to_owned();
    assert_eq!(script.questions(), [Question::TouchKey { prompt }]);
    fs::write(far.sshd.path().join("toucher.touched"), "").unwrap();
    view.until_connected().await;
    assert_eq!(script.open(), 0, "the dialog closes by itself");
}
