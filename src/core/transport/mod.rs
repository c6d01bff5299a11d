//! The ways to a daemon: sockets of this machine, ssh, TLS, plain TCP, a program of the user's.
//!
//! [`open`] chooses by the URI. [`local`] says which sockets of this machine a URI may mean, [`mod@reach`] opens one of them,
//! [`daemon`] starts the user's own daemon where none listens, and [`watch`] notices that a socket came back. [`dial`]
//! reaches a port of another host; [`mod@ssh`], [`tcp`], [`mod@tls`] and [`ext`] make a stream to a daemon. What is spoken
//! over the stream is none of their business.

mod daemon;
mod dial;
mod ext;
pub(crate) mod local;
mod reach;
pub(crate) mod ssh;
mod tcp;
mod tls;
mod watch;

use std::{pin::Pin, sync::Arc};

use tokio::net::UnixStream;

pub(crate) use dial::dial_screen;
pub use local::discover_local;
pub(crate) use reach::connect;
pub use ssh::remove_left_folders;
pub(crate) use tls::certificate_refused;
pub(crate) use watch::{SocketWatch, Sockets};

use crate::{Error, LinkInfo, Options, Transport, Uri, progress::Progress};

/// Any stream to a daemon or a screen.
pub(crate) type ByteStream = rfb::BoxedStream;

/// What a daemon is spoken to over.
pub(crate) enum Wire {
    /// A socket of this machine, which also passes descriptors.
    Unix(UnixStream),
    /// Anything else.
    Stream(ByteStream),
}

/// A stream to a daemon, with what is known of it so far.
pub(crate) struct Reached {
    pub(crate) wire: Wire,
    /// The link's description; who authenticates completes it.
    pub(crate) info: LinkInfo,
    /// What protects the stream.
    pub(crate) shield: Shield,
    /// What carries it, if that is more than a socket.
    pub(crate) carrier: Option<Arc<dyn Carrier>>,
}

/// What protects a stream from being read on its way: SASL's rules depend on it (libvirt's
/// `src/remote/remote_driver.c`, `remoteAuthSASL`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shield {
    /// It never leaves this machine, or ssh or TLS carries it. The strength in bits is told to SASL; 0 where it has none.
    Protected { strength: u32 },
    /// The user's program carries it: nobody knows. SASL is as careful as with [`Shield::Bare`].
    Unknown,
    /// Anybody on the way reads along.
    Bare,
}

/// What carries a stream: a program, a login. It lives as long as the stream is used.
pub(crate) trait Carrier: Send + Sync {
    /// Says why the stream ended, if the carrier knows better than the stream: a program's exit status and last words.
    /// Waits a moment for it to end. `None` while it runs well.
    fn obituary(&self) -> Pin<Box<dyn Future<Output = Option<Error>> + Send + '_>>;

    /// The login on the other host, if it is one: more can be opened over it.
    fn ssh(&self) -> Option<&ssh::Ssh> {
        None
    }
}

impl Reached {
    /// A stream that nothing but a socket carries.
    fn plain(wire: Wire, transport: Transport, peer: String, shield: Shield) -> Self {
        let info = LinkInfo {
            transport,
            peer,
            ..LinkInfo::default()
        };
        Self {
            wire,
            info,
            shield,
            carrier: None,
        }
    }
}

/// Opens a stream to the daemon of a URI; each step has its own deadline.
///
/// # Cancel safety
/// When dropped, whatever was begun ends.
pub(crate) async fn open(
    uri: &Uri,
    options: &Options,
    progress: &Progress,
) -> Result<Reached, Error> {
    match uri.way()? {
        Transport::Unix => reach::reach(uri, options, progress).await,
        Transport::Tls => tls::reach(uri, options, progress).await,
        Transport::Tcp => tcp::reach(uri, options, progress).await,
        Transport::Ext => ext::reach(uri, progress),
        // Large: everything that a login may take is in it.
        Transport::Ssh => Box::pin(ssh::reach(uri, options, progress)).await,
    }
}
