//! Drivers that live in libvirt's client library or need another host, up to a real daemon's answer: there is no ESX,
//! Hyper-V or `VirtualBox` here. Needs the feature `daemon-tests`.

#![cfg(feature = "daemon-tests")]

mod support;

use std::sync::Arc;

use innkeeper_core::{Error, ErrorKind, Host, Options, security::Question};
use lab::Daemon;
use support::{person::Person, uri, view::View};

async fn failure(base: &str, daemon: &Daemon, options: Options) -> Error {
    let host = Host::with_options(uri(base, &daemon.socket()), options);
    let mut view = View::of(&host);
    host.connect();
    view.until_failed().await
}

#[tokio::test(flavor = "multi_thread")]
async fn esx_without_a_password_says_what_auth_conf_needs() {
    let daemon = Daemon::start().unwrap();
    for base in [
        "esx://127.0.0.1/",
        "vpx://127.0.0.1/dc/host",
        "gsx://127.0.0.1/",
    ] {
        let error = failure(base, &daemon, Options::default()).await;
        let (service, host) = ("esx".to_owned(), "127.0.0.1".to_owned());
        assert_eq!(
            error.kind,
            ErrorKind::DriverCredentials { service, host },
            "{base}: {error}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn esx_gets_the_password_that_somebody_gives() {
    let daemon = Daemon::start().unwrap();
    let person = Person::with(&[("root", "secret")]);
    let options = Options {
        credentials: Arc::clone(&person) as _,
        ..Options::default()
    };
    let error = failure("esx://127.0.0.1/", &daemon, options).await;
    // It has its password, tries to sign in, and finds nobody there.
    assert!(
        !matches!(error.kind, ErrorKind::DriverCredentials { .. }),
        "{error:?}"
    );
    assert!(error.message.contains("127.0.0.1"), "{error}");
    assert!(!error.message.contains("secret"), "{error}");
    let asked = person.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].target, "127.0.0.1");
    let realm = Some("esx".to_owned());
    assert_eq!(
        asked[0].question,
        Question::UserPassword { user: None, realm }
    );
    let left = std::fs::read_dir(std::env::temp_dir()).unwrap();
    let left = left
        .flatten()
        .any(|file| file.file_name().to_string_lossy().starts_with("innkeeper-"));
    assert!(!left, "the password's file is gone");
    assert_eq!(person.accepted_count(), 0);

    let person = Person::with(&[]);
    let options = Options {
        credentials: Arc::clone(&person) as _,
        ..Options::default()
    };
    let error = failure("esx://127.0.0.1/", &daemon, options).await;
    assert_eq!(error.kind, ErrorKind::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn drivers_that_are_not_there_are_told_in_the_daemons_words() {
    let daemon = Daemon::start().unwrap();
    for base in [
        "xen:///system",
        "bhyve:///system",
        "ch:///system",
        "vz:///system",
        "vbox:///session",
        "hyperv://127.0.0.1/",
        "openvz:///system",
        "vmwareplayer:///session",
        "vmwarews:///session",
    ] {
        let error = failure(base, &daemon, Options::default()).await;
        assert!(!error.message.is_empty(), "{base}");
        let is_answer = !matches!(
            error.kind,
            ErrorKind::BadUri | ErrorKind::Lost | ErrorKind::Protocol | ErrorKind::TimedOut
        );
        assert!(is_answer, "{base}: {error:?}");
    }
}
