//! The way to a running domain's screen.
//!
//! On this machine libvirt hands over a descriptor that is connected to the hypervisor, with the password already
//! waived: nobody is asked for what being allowed to manage the domain includes. Where the driver cannot do that, and
//! on other hosts, the live XML says where the screen listens ([`super::screen`]), and [`super::place`] from where that can
//! be reached. Each place has a time of its own, so that a silent one leaves the next its turn.

use std::{
    future::Future,
    os::fd::OwnedFd,
    path::Path,
    time::{Duration, SystemTime},
};

use link_security::Secret;
use rfb::BoxedStream;
use tokio::{
    net::UnixStream,
    time::{Instant, timeout},
};
use virt_rpc::procedure;

use super::{
    ScreenRoute, ScreenStep,
    place::{Nowhere, Place, Side, places},
    screen,
};
use crate::{
    Domain, Error, ErrorKind, Options, Transport,
    host::{Link, handle_of},
    transport::{self, ssh::Far},
};

/// `VIR_DOMAIN_OPEN_GRAPHICS_SKIPAUTH`.
const SKIP_AUTHENTICATION: u32 = 1;

/// What a screen of this machine is called that has no address.
const LOCAL_HOST: &str = "localhost";

/// Why there is no way to a screen.
pub(super) enum Obstacle {
    /// Trying again may help.
    Passing(Error),
    /// Only another configuration helps.
    Lasting(Error),
}

impl From<Error> for Obstacle {
    fn from(error: Error) -> Self {
        Self::Passing(error)
    }
}

/// A stream to a screen, with what its security needs to know of the way.
pub(super) struct Way {
    /// The stream, on which nothing was said yet.
    pub(super) stream: BoxedStream,
    /// The screen's host as the user named it, or the address where nobody named it.
    pub(super) host: String,
    /// Whether the screen's end of it is a TCP port.
    pub(super) is_port: bool,
    /// Whether libvirt handed it over, with all questions waived.
    pub(super) is_descriptor: bool,
    /// The password that the domain's XML says.
    pub(super) password: Option<Secret>,
    /// Until when that password is good, where that is limited.
    pub(super) password_end: Option<SystemTime>,
    /// The way in words.
    pub(super) route: ScreenRoute,
}

/// Who hears how far the way is.
pub(super) type Tell<'a> = &'a (dyn Fn(ScreenStep) + Send + Sync);

/// Opens a stream to a VNC screen of the domain: the one at this place, else the first.
pub(super) async fn open(
    link: &Link,
    domain: &Domain,
    place: Option<usize>,
    options: &Options,
    tell: Tell<'_>,
) -> Result<Way, Obstacle> {
    tell(ScreenStep::Asking);
    let index = match &domain.description {
        Some(known) => known.vnc_at(place),
        None => screen::find(link, domain, place).await?,
    };
    let Some(index) = index else {
        let text = "the domain has no VNC screen";
        return Err(Obstacle::Lasting(Error::new(ErrorKind::NoScreen, text)));
    };
    // Descriptors pass over a socket of this machine only.
    if options.graphics_descriptor && link.main().passes_fds() {
        let handed_over = in_time(options.console, by_descriptor(link, domain, index)).await;
        match handed_over {
            Ok(stream) => return Ok(descriptor(stream)),
            Err(error) if matches!(error.kind, ErrorKind::Unsupported | ErrorKind::Forbidden) => {
                tracing::debug!(%error, "no descriptor; trying the address");
            }
            Err(error) => return Err(error.into()),
        }
    }
    by_address(link, domain, index, options, tell).await
}

fn descriptor(stream: BoxedStream) -> Way {
    Way {
        stream,
        host: LOCAL_HOST.to_owned(),
        is_port: false,
        is_descriptor: true,
        password: None,
        password_end: None,
        route: ScreenRoute::Descriptor,
    }
}

async fn by_descriptor(link: &Link, domain: &Domain, index: usize) -> Result<BoxedStream, Error> {
    let call = procedure::DomainOpenGraphicsFd {
        dom: handle_of(domain),
        idx: index as u32,
        flags: SKIP_AUTHENTICATION,
    };
    let ((), mut fds) = link.side().await?.call_with_fds(call, Vec::new()).await?;
    let fd = fds
        .pop()
        .ok_or_else(|| Error::new(ErrorKind::Protocol, "no descriptor came"))?;
    Ok(Box::new(Box::pin(stream_of(fd).map_err(|error| {
        Error::new(ErrorKind::Protocol, error.to_string())
    })?)))
}

fn stream_of(fd: OwnedFd) -> std::io::Result<UnixStream> {
    let stream = std::os::unix::net::UnixStream::from(fd);
    stream.set_nonblocking(true)?;
    UnixStream::from_std(stream)
}

async fn by_address(
    link: &Link,
    domain: &Domain,
    index: usize,
    options: &Options,
    tell: Tell<'_>,
) -> Result<Way, Obstacle> {
    let screen = screen::read(link, domain, index).await?;
    let side = side_of(link);
    let places = match places(screen.listen, side, options.screen_way) {
        Ok(places) => places,
        // It has an address and gets its port this moment.
        Err(_) if screen.awaits_port => return Err(unreachable("it has no port yet").into()),
        Err(nowhere) => {
            return Err(Obstacle::Lasting(
                explain(link, domain, index, nowhere, options).await,
            ));
        }
    };
    let mut failures: Vec<Error> = Vec::new();
    for place in places {
        tell(ScreenStep::Reaching(ScreenRoute::from(&place)));
        match in_time(options.console, open_place(link, &place, options)).await {
            Ok(stream) => {
                return Ok(Way {
                    stream,
                    host: host_of(link, &place),
                    is_port: place.is_port(),
                    is_descriptor: false,
                    password: screen.password,
                    password_end: screen.password_end,
                    route: ScreenRoute::from(&place),
                });
            }
            Err(error) => {
                tracing::debug!(?place, %error, "the screen is not reached there");
                failures.push(error);
            }
        }
    }
    Err(together(failures).into())
}

/// Says why there is no place to try, and whether the next start mends that.
async fn explain(
    link: &Link,
    domain: &Domain,
    index: usize,
    nowhere: Nowhere,
    options: &Options,
) -> Error {
    let place = match nowhere {
        Nowhere::Closed => {
            return unreachable("it listens nowhere, and libvirt hands over no descriptor");
        }
        Nowhere::Nameless => return unreachable("the name of the screen's host is not known"),
        Nowhere::Inside(place) => place,
    };
    let (side, way) = (side_of(link), options.screen_way);
    let opens_at_next_start = screen::will_be_reachable(link, domain, index, side, way).await;
    let text = match &place {
        Some(place) => format!("the screen listens at {place} of its host only"),
        None => "the screen listens nowhere: it can be shown on its own host only".to_owned(),
    };
    let kind = ErrorKind::ConsoleInside {
        place,
        opens_at_next_start,
    };
    Error::new(kind, text)
}

/// Makes one failure of those of all places: the first one's kind, and what each met.
fn together(failures: Vec<Error>) -> Error {
    let messages: Vec<_> = failures.iter().map(|error| error.message.clone()).collect();
    match failures.into_iter().next() {
        Some(first) => Error::new(first.kind, messages.join("; ")),
        None => unreachable("there is no place to try"),
    }
}

/// The name that the screen's certificate must be for: the user's own for the host, whichever of its addresses the
/// screen listens at.
fn host_of(link: &Link, place: &Place) -> String {
    let named = match side_of(link) {
        Side::Here => None,
        Side::Ssh(host) => Some(host).filter(|host| !host.is_empty()),
        Side::Network(host) => host,
    };
    let address = || match place {
        Place::Port(host, _) | Place::Tunnel(Far::Tcp { host, .. }) => host.as_str(),
        _ => LOCAL_HOST,
    };
    named.unwrap_or_else(address).to_owned()
}

fn side_of(link: &Link) -> Side<'_> {
    let host = link.uri().host();
    match link.info().transport {
        Transport::Unix => Side::Here,
        Transport::Ssh => Side::Ssh(host.unwrap_or_default()),
        Transport::Ext => Side::Network(None),
        _ => Side::Network(host),
    }
}

async fn open_place(link: &Link, place: &Place, options: &Options) -> Result<BoxedStream, Error> {
    match place {
        Place::Port(host, port) => {
            let stream = transport::dial_screen(host, *port, options).await;
            let stream = stream.map_err(|error| unreachable(error.message))?;
            Ok(Box::new(Box::pin(stream)))
        }
        Place::Socket(path) => {
            let deadline = Instant::now() + options.console;
            let stream = transport::connect(Path::new(path), deadline)
                .await
                .map_err(|error| unreachable(error.message))?;
            Ok(Box::new(Box::pin(stream)))
        }
        Place::Tunnel(far) => tunnel(link, far).await,
    }
}

/// Opens a channel over the login on the screen's host.
async fn tunnel(link: &Link, far: &Far) -> Result<BoxedStream, Error> {
    let login = link.carrier().and_then(|carrier| carrier.ssh());
    let login = login.ok_or_else(|| unreachable("there is no login on the screen's host"))?;
    let channel = login.open_channel(far).await?;
    Ok(Box::new(Box::pin(channel)))
}

/// Bounds one step of the way.
async fn in_time<T>(
    patience: Duration,
    step: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let late = || {
        let text = format!("the screen could not be reached within {patience:?}");
        Err(Error::new(ErrorKind::TimedOut, text))
    };
    timeout(patience, step).await.unwrap_or_else(|_| late())
}

fn unreachable(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::ConsoleUnreachable, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_that_failed_is_told_of() {
        let silent = Error::new(ErrorKind::TimedOut, "the tunnel is silent");
        let both = together(vec![silent, unreachable("host port 5900: refused")]);
        assert_eq!(both.kind, ErrorKind::TimedOut);
        assert_eq!(
            both.message,
            "the tunnel is silent; host port 5900: refused"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_place_ends_in_time() {
        let never = std::future::pending::<Result<(), Error>>();
        let error = in_time(Duration::from_secs(15), never).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::TimedOut);
    }
}
