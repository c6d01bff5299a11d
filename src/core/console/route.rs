//! The way to a running domain's screen.
//!
//! On this machine libvirt hands over a descriptor that is connected to the hypervisor, with the password already
//! waived: nobody is asked for what being allowed to manage the domain includes. Where the driver cannot do that, and
//! on other hosts, the live XML says where the screen listens, and [`super::place`] from where that can be reached.

use std::{os::fd::OwnedFd, path::Path, time::Duration};

use rfb::BoxedStream;
use tokio::{
    net::{TcpStream, UnixStream},
    time::{Instant, timeout},
};
use virt_rpc::procedure;
use virtxml::{Document, domain, domain::graphics::Listen};

use super::place::{Place, Side, places};
use crate::{
    Description, Domain, Error, ErrorKind, Options, Transport,
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
}

/// Opens a stream to the domain's VNC screen.
pub(super) async fn open(link: &Link, domain: &Domain, options: &Options) -> Result<Way, Obstacle> {
    let index = if let Some(known) = &domain.description {
        known.first_vnc()
    } else {
        let xml = live_xml(link, domain).await?;
        Description::read(&xml).and_then(|read| read.first_vnc())
    };
    let Some(index) = index else {
        let text = "the domain has no VNC screen";
        return Err(Obstacle::Lasting(Error::new(ErrorKind::NoScreen, text)));
    };
    // Descriptors pass over a socket of this machine only.
    if options.graphics_descriptor && link.main().passes_fds() {
        match by_descriptor(link, domain, index).await {
            Ok(stream) => {
                return Ok(Way {
                    stream,
                    host: LOCAL_HOST.to_owned(),
                    is_port: false,
                    is_descriptor: true,
                });
            }
            Err(error) if error.kind == ErrorKind::Unsupported => {
                tracing::debug!(%error, "no descriptor; trying the address");
            }
            Err(error) => return Err(error.into()),
        }
    }
    by_address(link, domain, options).await
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

async fn by_address(link: &Link, domain: &Domain, options: &Options) -> Result<Way, Obstacle> {
    let listen = listens(link, domain).await?;
    let places =
        places(listen, side_of(link)).map_err(|why| Obstacle::Lasting(unreachable(why)))?;
    let mut first_error = None;
    for place in places {
        match open_place(link, &place, options).await {
            Ok(stream) => {
                return Ok(Way {
                    stream,
                    host: host_of(link, &place),
                    is_port: place.is_port(),
                    is_descriptor: false,
                });
            }
            Err(error) => {
                tracing::debug!(?place, %error, "the screen is not reached there");
                first_error.get_or_insert(error);
            }
        }
    }
    let nowhere = || unreachable("there is no place to try");
    Err(first_error.unwrap_or_else(nowhere).into())
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
            let stream = connect(host, *port, options.console).await?;
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

/// Reads from the live XML where the first VNC screen listens.
async fn listens(link: &Link, domain: &Domain) -> Result<Listen, Error> {
    let xml = live_xml(link, domain).await?;
    let document = Document::parse(&xml)
        .map_err(|error| Error::new(ErrorKind::Protocol, error.to_string()))?;
    let view = domain::Domain::of(&document)
        .map_err(|error| Error::new(ErrorKind::Protocol, error.to_string()))?;
    let vnc = view
        .graphics()
        .find(|graphics| graphics.kind().as_deref() == Some("vnc"));
    vnc.map(|graphics| graphics.listen())
        .ok_or_else(|| Error::new(ErrorKind::NoScreen, "the domain has no VNC screen now"))
}

async fn live_xml(link: &Link, domain: &Domain) -> Result<String, Error> {
    let call = procedure::DomainGetXmlDesc {
        dom: handle_of(domain),
        flags: 0,
    };
    Ok(link.main().call(call).await?.xml)
}

async fn connect(host: &str, port: u16, patience: Duration) -> Result<TcpStream, Error> {
    let failed = |why: String| unreachable(format!("{host} port {port}: {why}"));
    let stream = timeout(patience, TcpStream::connect((host, port)))
        .await
        .map_err(|_| failed(format!("no answer within {patience:?}")))?
        .map_err(|error| failed(error.to_string()))?;
    // Keys and pointer must not wait for more to send.
    stream
        .set_nodelay(true)
        .map_err(|error| failed(error.to_string()))?;
    Ok(stream)
}

fn unreachable(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::ConsoleUnreachable, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_without_a_listener_is_unreachable() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let error = connect("127.0.0.1", port, Duration::from_secs(20))
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::ConsoleUnreachable);
        assert!(error.message.contains("127.0.0.1"), "{}", error.message);
    }
}
