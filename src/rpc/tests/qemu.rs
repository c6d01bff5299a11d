//! Against a real libvirtd with real QEMU guests. Needs the feature `daemon-tests`, and fails where libvirtd or QEMU is
//! missing.

#![cfg(feature = "daemon-tests")]

mod support;

use std::io::Read;
use std::os::fd::OwnedFd;
use std::time::Duration;

use futures_util::future::try_join_all;
use lab::{Daemon, guest};
use tokio::time::timeout;
use virt_rpc::procedure::types::Domain;
use virt_rpc::procedure::*;
use virt_rpc::{Connection, Deadline, Options, Stream, StreamItem};

use support::session::{PATIENCE, Result, domains, lifecycle, open, subscribe};

async fn guest(daemon: &Daemon, conn: &Connection, name: &str) -> Result<Domain> {
    let xml = guest::prepare(daemon.path(), name)?;
    let dom = conn.call(DomainDefineXmlFlags { xml, flags: 0 }).await?.dom;
    conn.call(DomainCreate { dom: dom.clone() }).await?;
    Ok(dom)
}

/// Takes bytes from a stream until `enough` says so or the data ends.
async fn collect(stream: &mut Stream, enough: impl Fn(&[u8]) -> bool) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    while !enough(&all) {
        match timeout(PATIENCE, stream.recv()).await?? {
            Some(StreamItem::Data(data)) => all.extend_from_slice(&data),
            Some(StreamItem::Hole(_)) => return Err("nothing here is sparse".into()),
            None => break,
        }
    }
    Ok(all)
}

#[tokio::test]
async fn every_lifecycle_event_of_a_real_guest_arrives() -> Result {
    let daemon = Daemon::start()?;
    let (conn, mut events) = open(&daemon, Daemon::qemu_uri(), Options::default()).await?;
    subscribe(&conn, 0).await?;
    let dom = guest(&daemon, &conn, "life").await?;
    let started = lifecycle(&mut events, 2).await?;
    assert_eq!(
        started.first(),
        Some(&0),
        "defined before started: {started:?}"
    );
    conn.call(DomainSuspend { dom: dom.clone() }).await?;
    lifecycle(&mut events, 3).await?;
    conn.call(DomainResume { dom: dom.clone() }).await?;
    lifecycle(&mut events, 4).await?;

    // The boot sector powers off at a key. It runs when it echoes; keys before that only disturb the firmware.
    drop(echo(&conn, &dom).await?);
    let off = async {
        let mut again = tokio::time::interval(Duration::from_secs(2));
        loop {
            again.tick().await;
            let key = DomainSendKey {
                dom: dom.clone(),
                codeset: 0,
                holdtime: 50,
                keycodes: vec![28],
                flags: 0,
            };
            if conn.call(key).await.is_err() {
                // It is off already.
                std::future::pending::<()>().await;
            }
        }
    };
    let stopped = tokio::select! {
        stopped = lifecycle(&mut events, 5) => stopped?,
        () = off => Vec::new(),
    };
    assert!(stopped.contains(&6), "shutdown before stopped: {stopped:?}");
    conn.call(DomainUndefine { dom }).await?;
    lifecycle(&mut events, 1).await?;
    Ok(())
}

#[tokio::test]
async fn a_screenshot_comes_as_a_stream() -> Result {
    let daemon = Daemon::start()?;
    let (conn, _events) = open(&daemon, Daemon::qemu_uri(), Options::default()).await?;
    let dom = guest(&daemon, &conn, "shot").await?;
    let shot = DomainScreenshot {
        dom,
        screen: 0,
        flags: 0,
    };
    let (ret, mut stream) = conn.open_stream(shot).await?;
    assert_eq!(ret.mime.as_deref(), Some("image/png"));
    let image = collect(&mut stream, |_| false).await?;
    assert!(image.starts_with(b"\x89PNG\r\n\x1a\n") && image.ends_with(b"IEND\xaeB`\x82"));
    timeout(PATIENCE, stream.finish()).await??;
    // The connection is as good as before, and a stream that is dropped is no harm.
    let dom = domains(&conn).await?.remove(0);
    let again = DomainScreenshot {
        dom,
        screen: 0,
        flags: 0,
    };
    drop(conn.open_stream(again).await?);
    assert_eq!(domains(&conn).await?.len(), 1);
    Ok(())
}

/// Opens the guest's serial console and types until the boot sector answers.
async fn echo(conn: &Connection, dom: &Domain) -> Result<Stream> {
    let console = DomainOpenConsole {
        dom: dom.clone(),
        dev_name: None,
        flags: 0,
    };
    let ((), mut stream) = conn.open_stream(console).await?;
    // Until the boot sector runs, the firmware eats what is sent: keep on sending.
    let mut again = tokio::time::interval(Duration::from_millis(200));
    let conversation = async {
        let mut heard = Vec::new();
        while !heard.windows(9).any(|part| part == b"innkeeper") {
            tokio::select! {
                _ = again.tick() => stream.send("innkeeper\n".into()).await?,
                item = stream.recv() => match item? {
                    Some(StreamItem::Data(data)) => heard.extend_from_slice(&data),
                    other => return Err(format!("the console ended with {other:?}").into()),
                },
            }
        }
        Result::<()>::Ok(())
    };
    timeout(PATIENCE, conversation).await??;
    Ok(stream)
}

#[tokio::test]
async fn the_serial_console_echoes() -> Result {
    let daemon = Daemon::start()?;
    let (conn, _events) = open(&daemon, Daemon::qemu_uri(), Options::default()).await?;
    let dom = guest(&daemon, &conn, "serial").await?;
    let (mut receiver, _sender) = echo(&conn, &dom).await?.split();
    // A guest that goes takes its console along, and the receiver is told.
    conn.call(DomainDestroy { dom }).await?;
    let end = timeout(PATIENCE, async {
        while let Ok(Some(_)) = receiver.recv().await {}
    });
    end.await?;
    Ok(())
}

fn open_descriptors() -> Result<usize> {
    Ok(std::fs::read_dir("/proc/self/fd")?.count())
}

#[tokio::test]
async fn a_thousand_graphics_descriptors_leave_none_behind() -> Result {
    let daemon = Daemon::start()?;
    let (conn, mut events) = open(&daemon, Daemon::qemu_uri(), Options::default()).await?;
    subscribe(&conn, 0).await?;
    subscribe(&conn, 5).await?;
    let dom = guest(&daemon, &conn, "screen").await?;
    let graphics = |dom: &Domain| DomainOpenGraphicsFd {
        dom: dom.clone(),
        idx: 0,
        flags: 1,
    };
    let before = open_descriptors()?;
    for _ in 0..1000 {
        let ((), fds) = conn.call_with_fds(graphics(&dom), Vec::new()).await?;
        let [fd] = <[OwnedFd; 1]>::try_from(fds).map_err(|fds| format!("{fds:?}"))?;
        let mut socket = std::os::unix::net::UnixStream::from(fd);
        socket.set_read_timeout(Some(PATIENCE))?;
        let mut greeting = [0; 12];
        socket.read_exact(&mut greeting)?;
        assert_eq!(&greeting, b"RFB 003.008\n");
    }
    assert_eq!(open_descriptors()?, before, "a descriptor was left open");
    // An answer that nobody waits for closes its descriptor too.
    for _ in 0..50 {
        let call = conn.call_with_fds(graphics(&dom), Vec::new());
        let _ = timeout(Duration::from_micros(1), call).await;
    }
    domains(&conn).await?;
    let settled = async {
        while open_descriptors().is_ok_and(|open| open != before) {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, settled).await?;
    while events.try_recv().is_some() {}
    Ok(())
}

async fn volume(daemon: &Daemon, conn: &Connection, size: usize) -> Result<StorageVol> {
    let target = daemon.path().join("pool");
    std::fs::create_dir(&target)?;
    let xml = format!(
        "<pool type='dir'><name>p</name><target><path>{}</path></target></pool>",
        target.display()
    );
    let pool = conn
        .call(StoragePoolCreateXml { xml, flags: 0 })
        .await?
        .pool;
    let xml = format!(
        "<volume><name>v</name><capacity>{size}</capacity><target><format type='raw'/></target></volume>"
    );
    let create = StorageVolCreateXml {
        pool,
        xml,
        flags: 0,
    };
    Ok(conn.call(create).await?.vol)
}

#[tokio::test]
async fn ten_thousand_calls_beside_a_slow_upload() -> Result {
    const CALLS: usize = 10_000;
    let daemon = Daemon::start()?;
    let options = Options::default().with_windows(CALLS, 3);
    let (conn, _events) = open(&daemon, Daemon::qemu_uri(), options).await?;
    // Arms the daemon's own keepalive, which cuts a client that does not read: the hardest case.
    conn.call(ConnectSupportsFeature { feature: 10 }).await?;
    let dom = guest(&daemon, &conn, "busy").await?;
    let size = 32 << 20;
    let vol = volume(&daemon, &conn, size).await?;
    let upload = StorageVolUpload {
        vol: vol.clone(),
        offset: 0,
        length: size as u64,
        flags: 0,
    };
    let ((), mut stream) = conn.open_stream(upload).await?;
    let xml = |_| {
        let get = DomainGetXmlDesc {
            dom: dom.clone(),
            flags: 0,
        };
        conn.call_with(get, Deadline::Never)
    };
    let before = conn.stats().replies;
    let reading = try_join_all((0..CALLS).map(xml));
    let writing = async {
        // One piece for so many answers: the upload lasts as long as the calls do.
        let piece = bytes::Bytes::from(vec![0xa5; 64 * 1024]);
        let pieces = size / piece.len();
        for number in 0..pieces {
            stream.send(piece.clone()).await?;
            let due = before + (CALLS * number / pieces) as u64;
            while conn.stats().replies < due {
                tokio::task::yield_now().await;
            }
        }
        stream.finish().await
    };
    let both = async { tokio::join!(reading, writing) };
    let (answers, uploaded) = timeout(Duration::from_mins(5), both).await?;
    uploaded?;
    assert!(
        answers?
            .iter()
            .all(|answer| answer.xml.contains("<name>busy</name>"))
    );
    let written = std::fs::read(daemon.path().join("pool/v"))?;
    assert!(written.len() == size && written.iter().all(|byte| *byte == 0xa5));
    assert!(
        !daemon.log().contains("keepalive timeout"),
        "{}",
        daemon.log()
    );
    assert_eq!(conn.close_reason(), None);

    let download = StorageVolDownload {
        vol,
        offset: 0,
        length: 0,
        flags: 0,
    };
    let ((), mut stream) = conn.open_stream(download).await?;
    assert!(
        collect(&mut stream, |_| false).await? == written,
        "what went up comes down"
    );
    stream.finish().await?;
    Ok(())
}
