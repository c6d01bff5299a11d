//! Links as networks make them: delayed and cut at any byte, against a real libvirtd. Needs the feature `daemon-tests`.
//!
//! For longer than a test run: `INNKEEPER_WEATHER_SECONDS=600 cargo test -p innkeeper-core --features daemon-tests --test
//! weather`.

#![cfg(feature = "daemon-tests")]

mod support;

use std::{
    path::Path,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use innkeeper_core::{Act, DomainState, ErrorKind, Host, HostState, Options};
use lab::{
    Daemon, Listen,
    certificates::{Authority, Wish, client_folder},
    sasl::Accounts,
};
use support::{
    PATIENCE,
    admin::Admin,
    person::Person,
    proxy::{Proxy, Target, Weather},
    view::View,
};
use tokio::time::timeout;
use virt_rpc::procedure::{self, types};

/// A link to a host carries some thousand bytes until its list is there: cuts fall before, within and behind that.
const CUT_WITHIN: u64 = 40_000;

/// `VIR_DOMAIN_PAUSED`.
const PAUSED: i32 = 3;

/// How long the links are cut in a run.
fn duration() -> Duration {
    let seconds = std::env::var("INNKEEPER_WEATHER_SECONDS").ok();
    let seconds = seconds.and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(6))
}

fn quick() -> Options {
    Options {
        retries: vec![Duration::from_millis(20)],
        reach: Duration::from_secs(5),
        secure: Duration::from_secs(5),
        read: Duration::from_secs(5),
        ..Options::default()
    }
}

async fn is_paused(admin: &Admin, dom: &types::Domain) -> bool {
    let dom = dom.clone();
    let state = admin
        .call(procedure::DomainGetState { dom, flags: 0 })
        .await;
    state.state == PAUSED
}

/// Acts over a link that is cut at random bytes: every act ends, what is said to be done is done, none is done twice, and
/// the link always comes back.
async fn endure(uri: String, options: Options, proxy: Proxy, daemon: &Daemon) {
    let host = Host::with_options(uri.parse().unwrap(), options);
    let mut view = View::of(&host);
    host.connect();
    view.until_connected().await;
    let dom = view.named("test").unwrap();
    let dom = types::Domain {
        name: dom.name.clone(),
        uuid: dom.uuid,
        id: -1,
    };
    let admin = Admin::connect(&daemon.socket(), "test:///default").await;
    proxy.cut_within.store(CUT_WITHIN, Ordering::Relaxed);
    proxy.set(Weather {
        delay: Duration::from_millis(1),
        ..Weather::default()
    });
    proxy.cut();
    let end = Instant::now() + duration();
    let (mut done, mut cut, mut is_certain) = (0, 0, true);
    while Instant::now() < end {
        let act = if is_paused(&admin, &dom).await {
            Act::Resume
        } else {
            Act::Pause
        };
        // The host itself refuses what makes no sense by the last that it heard.
        let expected = if act == Act::Resume {
            DomainState::Paused
        } else {
            DomainState::Running
        };
        view.until("the news of it", |_| {
            host.domain(dom.uuid)
                .is_some_and(|domain| domain.state == expected)
        })
        .await;
        let outcome = timeout(PATIENCE, host.act(dom.uuid, act))
            .await
            .expect("every act ends");
        let said = format!("{outcome:?}");
        match outcome.map_err(|error| error.kind) {
            Ok(()) => {
                let is_done = is_paused(&admin, &dom).await == (act == Act::Pause);
                assert!(is_done, "{act:?} is said to be done");
                (done, is_certain) = (done + 1, true);
            }
            // An act whose answer was lost may have been done a moment later.
            Err(ErrorKind::WrongState) => assert!(!is_certain, "{act:?} was done twice: {said}"),
            Err(ErrorKind::NotConnected | ErrorKind::Lost | ErrorKind::TimedOut) => {
                (cut, is_certain) = (cut + 1, false);
                view.until("the link", |_| matches!(host.state(), HostState::Connected))
                    .await;
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(done > 10 && cut > 3, "{done} acts, {cut} cuts");
    proxy.cut_within.store(0, Ordering::Relaxed);
    proxy.cut();
    let is_now_paused = is_paused(&admin, &dom).await;
    view.until("the truth", |view| {
        let known = view.named("test").map(|domain| domain.state);
        known
            == Some(if is_now_paused {
                DomainState::Paused
            } else {
                DomainState::Running
            })
    })
    .await;
}

async fn before(port: u16) -> Proxy {
    Proxy::start(Target::Port(([127, 0, 0, 1], port).into())).await
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_tcp_endures_cuts() {
    let daemon = Daemon::start().unwrap();
    let proxy = Proxy::start(Target::Socket(daemon.socket())).await;
    let uri = format!("test+tcp://{}/default", proxy.address);
    endure(uri, quick(), proxy, &daemon).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tcp_with_sasls_layer_endures_cuts_and_asks_once() {
    let accounts = Accounts::new("libvirt", "digest-md5").unwrap();
    accounts.add("fred", "a good password").unwrap();
    let (listen, port) = Listen::default().tcp("sasl").unwrap();
    let listen = listen
        .line("listen_tls = 0")
        .environment("SASL_CONF_PATH", accounts.path());
    let daemon = Daemon::start_with(&listen).unwrap();
    let proxy = before(port).await;
    let uri = format!("test+tcp://localhost:{}/default", proxy.address.port());
    let person = Person::with(&[("fred", "a good password")]);
    let options = Options {
        credentials: std::sync::Arc::clone(&person) as _,
        ..quick()
    };
    endure(uri, options, proxy, &daemon).await;
    assert_eq!(person.asked().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_endures_cuts() {
    let authority = Authority::new("the lab").unwrap();
    let own = authority.sign("server", Wish::server()).unwrap();
    let (listen, port) = Listen::default()
        .tls(&authority.own().certificate, &own)
        .unwrap();
    let daemon = Daemon::start_with(&listen.line("auth_tls = \"none\"")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let client = authority.sign("client", Wish::client("a client")).unwrap();
    client_folder(
        folder.path(),
        &authority.own().certificate,
        None,
        Some(&client),
    )
    .unwrap();
    let proxy = before(port).await;
    let uri = tls_uri(folder.path(), proxy.address.port());
    endure(uri, quick(), proxy, &daemon).await;
}

fn tls_uri(folder: &Path, port: u16) -> String {
    format!(
        "test://localhost:{port}/default?pkipath={}",
        folder.display()
    )
}
