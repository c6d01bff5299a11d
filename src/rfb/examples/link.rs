//! Measures what each choice of encodings brings over links of several rates, as rows of a table.
//!
//! `link unix:PATH`, with a guest that never stops moving; `tests/guests/link.sh` boots one. A link with a rate answers
//! 5 ms late as well, as a network does.

mod support;

use std::{error::Error, time::Duration};

use rfb::{BoxedStream, Encoding, EncodingPolicy, Event, Options, Session, keys};
use support::{Words, connect};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{Instant, sleep, sleep_until},
};

/// Bytes a second; `None` is the socket as it is.
const RATES: [Option<u64>; 4] = [None, Some(12_500_000), Some(1_250_000), Some(125_000)];
/// What is not measured: the first picture, and what an adaptive session needs to find its choice.
const WARM: Duration = Duration::from_secs(3);
const MEASURED: Duration = Duration::from_secs(4);
/// The way from us to the server.
const LATE: Duration = Duration::from_millis(5);
/// Enter, as Linux counts it.
const KEY_ENTER: u32 = 28;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut words = Words::read()?;
    let [address] = <[String; 1]>::try_from(std::mem::take(&mut words.plain))
        .map_err(|_| "usage: link unix:PATH")?;
    words.done()?;
    wake(&address).await?;
    for rate in RATES {
        for (name, policy) in policies() {
            let row = measure(&address, rate, policy).await?;
            let link = rate.map_or("none".to_owned(), |rate| format!("{} kB/s", rate / 1000));
            println!("| {link} | {name} | {row} |");
        }
    }
    Ok(())
}

/// Presses Enter for three seconds once the guest has its size: it waits for that once.
async fn wake(address: &str) -> Result<(), Box<dyn Error>> {
    let (session, _events) = Session::connect(connect(address).await?, Options::default());
    while session.size().width != 1024 {
        sleep(LATE).await;
    }
    let enter = keys::qnum_from_evdev(KEY_ENTER).unwrap_or_default();
    for _ in 0..30 {
        session.key(0xff0d, enter, true);
        session.key(0xff0d, enter, false);
        sleep(LATE * 20).await;
    }
    Ok(())
}

fn policies() -> [(&'static str, EncodingPolicy); 5] {
    let tight = EncodingPolicy::new(Encoding::Tight);
    [
        ("raw", EncodingPolicy::LOCAL),
        ("tight 2", tight.compress(2)),
        ("tight 6", tight.compress(6)),
        ("tight 9", tight.compress(9)),
        ("adaptive", EncodingPolicy::Adaptive),
    ]
}

/// Frames a second, kilobytes a frame, and what was asked for at the end.
async fn measure(
    address: &str,
    rate: Option<u64>,
    policy: EncodingPolicy,
) -> Result<String, Box<dyn Error>> {
    let mut stream = connect(address).await?;
    if let Some(rate) = rate {
        stream = throttled(stream, rate);
    }
    let mut options = Options::default();
    options.encodings = policy;
    options.local = rate.is_none();
    let (session, mut events) = Session::connect(stream, options);
    let watching = tokio::spawn(async move {
        while let Some(event) = events.recv().await {
            if let Event::Closed(error) = event {
                return error.to_string();
            }
        }
        String::new()
    });
    sleep(WARM).await;
    let before = session.statistics();
    sleep(MEASURED).await;
    let after = session.statistics();
    session.close();
    let frames = after.updates - before.updates;
    let bytes = after.bytes_received - before.bytes_received;
    let ended = watching.await?;
    if frames == 0 {
        return Ok(format!("no frame, {} kB ({ended})", bytes / 1000));
    }
    Ok(format!(
        "{:.1} frames/s, {:.1} kB each; {:?} {:?}",
        frames as f64 / MEASURED.as_secs_f64(),
        bytes as f64 / frames as f64 / 1000.0,
        after.encoding,
        after.level,
    ))
}

/// Puts a link of this rate before a server.
fn throttled(server: BoxedStream, rate: u64) -> BoxedStream {
    // What a router holds back, and no more.
    let (near, far) = tokio::io::duplex(64 << 10);
    let (mut from_server, mut to_server) = tokio::io::split(server);
    let (mut from_client, mut to_client) = tokio::io::split(far);
    tokio::spawn(async move {
        let (mut bytes, mut free_at) = (vec![0; 4096], Instant::now());
        while let Ok(count @ 1..) = from_server.read(&mut bytes).await {
            let takes = Duration::from_secs_f64(count as f64 / rate as f64);
            free_at = free_at.max(Instant::now()) + takes;
            sleep_until(free_at).await;
            if to_client.write_all(&bytes[..count]).await.is_err() {
                return;
            }
        }
    });
    tokio::spawn(async move {
        let mut bytes = vec![0; 4096];
        while let Ok(count @ 1..) = from_client.read(&mut bytes).await {
            sleep(LATE).await;
            if to_server.write_all(&bytes[..count]).await.is_err() {
                return;
            }
        }
    });
    Box::new(near)
}
