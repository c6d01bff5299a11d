//! Reaches a port of another host: finds the name's addresses and tries them side by side.
//!
//! All addresses count, in the way of RFC 8305 ("happy eyeballs"): a host whose IPv6 leads nowhere costs a quarter of a
//! second, not a minute.

use std::{io, net::SocketAddr, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::{
    net::{TcpStream, lookup_host},
    time::{Instant, sleep_until, timeout, timeout_at},
};

use crate::{CheckStep, Error, ErrorKind, LogEvent, Options, Uri, progress::Progress};

/// The head start of each address before the next one is tried beside it (RFC 8305 §8).
const HEAD_START: Duration = Duration::from_millis(250);

/// How long the kernel waits for the other side to acknowledge bytes before it calls the connection broken. A little
/// below what our own pings take to find a silent peer.
const UNACKNOWLEDGED: Duration = Duration::from_secs(12);

/// After how long a silence the system asks whether a screen is there, and how long it waits before it asks again. It
/// gives up when [`UNACKNOWLEDGED`] is over (tcp(7), `TCP_USER_TIMEOUT`).
const SILENCE: Duration = Duration::from_secs(4);

/// Connects to a port of a host by any of its addresses; the stream sends at once what it is given.
async fn dial(
    host: &str,
    port: u16,
    options: &Options,
    progress: &Progress,
) -> Result<TcpStream, Error> {
    progress.begin(CheckStep::Resolve);
    let addresses = resolve(host, port, options.resolve).await?;
    let shown: Vec<String> = addresses.iter().map(|a| a.ip().to_string()).collect();
    progress.passed(CheckStep::Resolve, shown.join(", "));
    progress.begin(CheckStep::Port);
    let deadline = Instant::now() + options.reach;
    let stream = connect_any(&addresses, deadline, progress)
        .await
        .map_err(|error| refusal(host, port, &error))?;
    prepare(&stream).map_err(|error| refusal(host, port, &error))?;
    progress.passed(CheckStep::Port, peer_of(&stream));
    Ok(stream)
}

/// Connects to a daemon's port; without a host in its URI, on this machine. Gives the host's name and the other side's
/// address as well.
pub(super) async fn dial_daemon<'a>(
    uri: &'a Uri,
    default_port: u16,
    options: &Options,
    progress: &Progress,
) -> Result<(TcpStream, &'a str, String), Error> {
    let host = uri.host().unwrap_or("localhost");
    let port = uri.port().unwrap_or(default_port);
    let stream = dial(host, port, options, progress).await?;
    let peer = peer_of(&stream);
    Ok((stream, host, peer))
}

/// Connects to a screen's port. A screen may be silent for as long as nothing moves on it, and we with it: the system
/// asks now and then whether the path is there.
pub(crate) async fn dial_screen(
    host: &str,
    port: u16,
    options: &Options,
) -> Result<TcpStream, Error> {
    let stream = dial(host, port, options, &Progress::unheard()).await?;
    keep_alive(&stream).map_err(|error| refusal(host, port, &error.into()))?;
    Ok(stream)
}

fn keep_alive(stream: &TcpStream) -> rustix::io::Result<()> {
    use rustix::net::sockopt;
    sockopt::set_socket_keepalive(stream, true)?;
    sockopt::set_tcp_keepidle(stream, SILENCE)?;
    sockopt::set_tcp_keepintvl(stream, SILENCE)
}

/// The other side's address and port.
fn peer_of(stream: &TcpStream) -> String {
    let address = stream.peer_addr();
    address.map_or_else(|_| String::new(), |address| address.to_string())
}

async fn resolve(host: &str, port: u16, patience: Duration) -> Result<Vec<SocketAddr>, Error> {
    let not_found = |why: String| {
        let host = host.to_owned();
        Error::new(ErrorKind::HostNotFound { host }, why)
    };
    let found = timeout(patience, lookup_host((host, port)))
        .await
        .map_err(|_| not_found(format!("{host}: no answer within {patience:?}")))?
        .map_err(|error| not_found(format!("{host}: {error}")))?;
    let addresses = in_turn(found.collect());
    if addresses.is_empty() {
        return Err(not_found(format!("{host}: the name has no address")));
    }
    Ok(addresses)
}

/// Puts the addresses of both kinds in turn, beginning with the kind that the system prefers (RFC 8305 §4).
fn in_turn(found: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_v6 = found.first().is_some_and(SocketAddr::is_ipv6);
    let (preferred, others): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|address| address.is_ipv6() == first_is_v6);
    let mut turns = Vec::with_capacity(preferred.len() + others.len());
    let (mut preferred, mut others) = (preferred.into_iter(), others.into_iter());
    loop {
        let pair = (preferred.next(), others.next());
        if pair == (None, None) {
            return turns;
        }
        turns.extend(pair.0.into_iter().chain(pair.1));
    }
}

/// Tries the addresses one after the other, each beside those before it once they had their head start.
async fn connect_any(
    addresses: &[SocketAddr],
    deadline: Instant,
    progress: &Progress,
) -> io::Result<TcpStream> {
    let mut waiting = addresses.iter().copied();
    let mut attempts = FuturesUnordered::new();
    let mut worst: Option<io::Error> = None;
    let mut next = Instant::now();
    loop {
        tokio::select! {
            biased;
            Some((address, result)) = attempts.next() => match result {
                Ok(stream) => return Ok(stream),
                Err(error) => {
                    tried(progress, address, &error);
                    worst = Some(more_telling(worst, error));
                    // Nothing is won by letting it have its head start.
                    next = Instant::now();
                }
            },
            () = sleep_until(next), if waiting.len() > 0 => {
                attempts.extend(waiting.next().map(|address| attempt(address, deadline)));
                next = Instant::now() + HEAD_START;
            }
            else => return Err(worst.unwrap_or_else(|| io::ErrorKind::AddrNotAvailable.into())),
        }
    }
}

async fn attempt(address: SocketAddr, deadline: Instant) -> (SocketAddr, io::Result<TcpStream>) {
    let result = timeout_at(deadline, TcpStream::connect(address)).await;
    let result = result.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    (address, result)
}

fn tried(progress: &Progress, address: SocketAddr, error: &io::Error) {
    progress.log(LogEvent::Tried {
        what: address.to_string(),
        why: error.to_string(),
    });
}

/// A refusal tells more than silence: somebody is there.
fn more_telling(one: Option<io::Error>, other: io::Error) -> io::Error {
    match one {
        Some(one) if one.kind() == io::ErrorKind::ConnectionRefused => one,
        _ => other,
    }
}

/// Has small packets sent at once, and a broken path noticed.
fn prepare(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let milliseconds = UNACKNOWLEDGED.as_millis() as u32;
    rustix::net::sockopt::set_tcp_user_timeout(stream, milliseconds)?;
    Ok(())
}

fn refusal(host: &str, port: u16, error: &io::Error) -> Error {
    let message = format!("{host} port {port}: {error}");
    let host = host.to_owned();
    let kind = match error.kind() {
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset => {
            ErrorKind::PortClosed { host, port }
        }
        _ => ErrorKind::HostSilent { host, port },
    };
    Error::new(kind, message)
}

#[cfg(test)]
mod tests {
    use tokio::net::{TcpListener, TcpSocket};

    use super::*;

    fn impatient() -> Options {
        Options {
            reach: Duration::from_millis(700),
            ..Options::default()
        }
    }

    /// A listener whose queue is full: the kernel drops what else comes, as a firewall does.
    async fn black_hole() -> (TcpListener, Vec<TcpStream>) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(0).unwrap();
        let address = listener.local_addr().unwrap();
        let mut queued = Vec::new();
        while let Ok(Ok(stream)) =
            timeout(Duration::from_millis(100), TcpStream::connect(address)).await
        {
            queued.push(stream);
        }
        (listener, queued)
    }

    #[tokio::test]
    async fn a_name_a_port_and_a_host_fail_each_in_their_own_way() {
        let (options, progress) = (impatient(), Progress::unheard());
        let error = dial("no-such-host.invalid", 1, &options, &progress)
            .await
            .unwrap_err();
        let host = "no-such-host.invalid".to_owned();
        assert_eq!(error.kind, ErrorKind::HostNotFound { host });

        let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = closed.local_addr().unwrap().port();
        drop(closed);
        let error = dial("127.0.0.1", port, &options, &progress)
            .await
            .unwrap_err();
        let host = "127.0.0.1".to_owned();
        assert_eq!(error.kind, ErrorKind::PortClosed { host, port });

        let (hole, _queued) = black_hole().await;
        let port = hole.local_addr().unwrap().port();
        let error = dial("127.0.0.1", port, &options, &progress)
            .await
            .unwrap_err();
        let host = "127.0.0.1".to_owned();
        assert_eq!(error.kind, ErrorKind::HostSilent { host, port });
    }

    #[tokio::test]
    async fn an_address_that_leads_nowhere_holds_the_next_one_up_for_its_head_start_only() {
        let (hole, _queued) = black_hole().await;
        let good = TcpListener::bind("[::1]:0").await.unwrap();
        let addresses = [hole.local_addr().unwrap(), good.local_addr().unwrap()];
        let begun = Instant::now();
        let deadline = begun + Duration::from_secs(20);
        let stream = connect_any(&addresses, deadline, &Progress::unheard())
            .await
            .unwrap();
        assert_eq!(stream.peer_addr().unwrap(), good.local_addr().unwrap());
        assert!(begun.elapsed() < Duration::from_secs(10));
    }

    #[tokio::test]
    async fn a_zone_is_part_of_an_address() {
        let addresses = resolve("fe80::1%lo", 99, Duration::from_secs(20))
            .await
            .unwrap();
        assert!(matches!(addresses[..], [SocketAddr::V6(address)] if address.scope_id() == 1));
    }

    #[test]
    fn both_kinds_of_addresses_take_turns() {
        let read = |list: &[&str]| -> Vec<SocketAddr> {
            list.iter().map(|text| text.parse().unwrap()).collect()
        };
        let found = read(&["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1"]);
        let turns = read(&["[::1]:1", "1.1.1.1:1", "[::2]:1", "[::3]:1"]);
        assert_eq!(in_turn(found), turns);
    }
}
