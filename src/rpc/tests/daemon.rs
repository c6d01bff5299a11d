//! Against a real libvirtd with its test driver. Needs the feature `daemon-tests`, and fails where
//! libvirtd or QEMU is missing.

#![cfg(feature = "daemon-tests")]

mod support;

use std::fmt::Write;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use futures_util::future::join_all;
use lab::Daemon;
use tokio::net::UnixStream;
use tokio::time::timeout;
use virt_rpc::procedure::*;
use virt_rpc::wire::codec::Encode;
use virt_rpc::wire::packet::Program;
use virt_rpc::wire::xdr::{EncodeError, Encoder};
use virt_rpc::{CloseReason, Connection, Error, Options, code};

use support::session::{PATIENCE, Result, domains, lifecycle, open, subscribe};

#[tokio::test]
async fn the_test_driver_lists_defines_starts_and_reports() -> Result {
    let daemon = Daemon::start()?;
    let (conn, mut events) = open(&daemon, "test:///default", Options::default()).await?;
    assert_eq!(conn.call(ConnectGetType).await?.kind, "TEST");
    assert!(domains(&conn).await?.iter().any(|dom| dom.name == "test"));
    subscribe(&conn, 0).await?;

    let xml = "<domain type='test'><name>näme</name><memory>8192</memory><os><type>hvm</type></os></domain>".to_owned();
    let dom = conn.call(DomainDefineXml { xml }).await?.dom;
    assert_eq!(dom.name, "näme");
    conn.call(DomainCreate { dom: dom.clone() }).await?;
    let info = conn.call(DomainGetInfo { dom: dom.clone() }).await?;
    assert_eq!((info.state, info.max_mem), (1, 8192));
    conn.call(DomainDestroy { dom: dom.clone() }).await?;
    conn.call(DomainUndefine { dom: dom.clone() }).await?;
    assert_eq!(lifecycle(&mut events, 1).await?, [0, 2, 5, 1]);

    let gone = conn.call(DomainGetInfo { dom }).await;
    assert_eq!(
        gone.err().and_then(|error| error.code()),
        Some(code::NO_DOMAIN)
    );
    conn.close().await;
    assert_eq!(events.recv().await, Err(CloseReason::Local));
    Ok(())
}

/// A call that no libvirt has.
struct Nonsense;

impl Encode for Nonsense {
    fn encode(&self, _to: &mut Encoder) -> std::result::Result<(), EncodeError> {
        Ok(())
    }
}

impl Procedure for Nonsense {
    type Ret = ();
    const NAME: &'static str = "Nonsense";
    const PROGRAM: Program = Program::Remote;
    const NUMBER: i32 = 9999;
    const LANE: Lane = Lane::Quick;
    const PATIENCE: Patience = Patience::Read;
    const STREAM: StreamKind = StreamKind::None;
}

#[tokio::test]
async fn what_a_daemon_refuses_is_told_apart() -> Result {
    let mut daemon = Daemon::start()?;
    let (conn, _events) = open(&daemon, "test:///default", Options::default()).await?;
    let unknown = conn.call(Nonsense).await;
    assert!(
        matches!(unknown, Err(Error::UnknownProcedure { number: 9999, .. })),
        "{unknown:?}"
    );
    let stats = DomainMonitorCommand {
        dom: domains(&conn).await?.remove(0),
        cmd: "info status".into(),
        flags: 1,
    };
    assert!(
        conn.call(stats).await.is_err(),
        "the test driver has no monitor"
    );
    // Arguments that the daemon cannot decode harm only their call.
    let long = DomainSendKey {
        dom: domains(&conn).await?.remove(0),
        codeset: 0,
        holdtime: 0,
        keycodes: vec![1; 17],
        flags: 0,
    };
    assert!(matches!(conn.call(long).await, Err(Error::Encode { .. })));

    let read_only = UnixStream::connect(daemon.socket()).await?;
    let (read_only, _events) = Connection::from_unix(read_only, Options::default());
    let early = read_only.call(ConnectGetType).await;
    assert!(
        matches!(early, Err(Error::Remote(_))),
        "not opened yet: {early:?}"
    );

    daemon.kill();
    assert!(matches!(
        timeout(PATIENCE, conn.closed()).await?,
        CloseReason::Peer | CloseReason::Io { .. }
    ));
    assert!(matches!(
        conn.call(ConnectGetType).await,
        Err(Error::Closed(_))
    ));
    Ok(())
}

#[tokio::test]
async fn a_thousand_guests_take_three_round_trips() -> Result {
    let daemon = Daemon::start()?;
    let mut xml = String::from("<node>");
    for number in 0..1000 {
        write!(
            xml,
            "<domain type='test'><name>vm{number}</name><memory>8192</memory><os><type>hvm</type></os></domain>"
        )?;
    }
    let node = daemon.path().join("node.xml");
    std::fs::write(&node, xml + "</node>")?;
    let uri = format!("test://{}", node.display());
    let (conn, _events) = open(&daemon, &uri, Options::default()).await?;
    let stats = ConnectGetAllDomainStats {
        doms: Vec::new(),
        stats: 1,
        flags: 0,
    };
    let (list, stats) = tokio::join!(domains(&conn), conn.call(stats));
    assert_eq!((list?.len(), stats?.ret_stats.len()), (1000, 1000));
    let counted = conn.stats();
    assert_eq!((counted.calls, counted.round_trips), (4, 3));
    Ok(())
}

#[tokio::test]
async fn dropped_calls_leave_the_connection_whole() -> Result {
    let daemon = Daemon::start()?;
    let (conn, _events) = open(&daemon, "test:///default", Options::default()).await?;
    let dom = domains(&conn).await?.remove(0);
    let calls = (0..500).map(|number| {
        let get = DomainGetXmlDesc {
            dom: dom.clone(),
            flags: 0,
        };
        timeout(Duration::from_micros(number * 20), conn.call(get))
    });
    let answers = join_all(calls).await;
    assert!(answers.iter().flatten().all(std::result::Result::is_ok));
    assert_eq!(conn.call(ConnectGetType).await?.kind, "TEST");
    Ok(())
}

/// The built example beside this test program.
fn example() -> Result<PathBuf> {
    let mut program = std::env::current_exe()?;
    program.pop();
    let example = program.with_file_name("examples").join("list");
    let built = example.exists();
    assert!(built, "examples are built by `cargo test` without `--test`");
    Ok(example)
}

const TEST_GUEST: &str = "running\ttest\t6695eb01-f6a4-8304-79aa-97f2502e193f\n";

#[test]
fn the_example_lists_guests() -> Result {
    let daemon = Daemon::start()?;
    let output = Command::new(example()?)
        .arg(daemon.socket())
        .arg("test:///default")
        .output()?;
    assert_eq!(String::from_utf8(output.stdout)?, TEST_GUEST);
    Ok(())
}

#[cfg(feature = "polkit-tests")]
#[test]
fn a_real_polkit_refuses_allows_and_misses_its_agent() -> Result {
    let daemon = Daemon::start_with_polkit()?;
    // Polkit reads its rules when it notices that they have changed.
    let outcome = |expected: &str| -> Result {
        let deadline = std::time::Instant::now() + PATIENCE;
        loop {
            let output = daemon
                .as_nobody(&example()?)?
                .arg(daemon.socket())
                .arg("test:///default")
                .output()?;
            let text = String::from_utf8([output.stdout, output.stderr].concat())?;
            if text.contains(expected) {
                return Ok(());
            }
            assert!(std::time::Instant::now() < deadline, "{text}");
        }
    };
    outcome("authentication is not available")?;
    daemon.set_polkit_rule("polkit.Result.NO")?;
    outcome("authentication was refused")?;
    daemon.set_polkit_rule("polkit.Result.YES")?;
    outcome(TEST_GUEST)
}
