//! An open connection to a daemon, and how it is made: stream, authentication, driver.
//!
//! Two round trips, and more with polkit or SASL ([`super::login`]). What comes after is in [`super::fetch`].

use std::{sync::Arc, time::Duration};

use tokio::runtime::Handle;
use virt_rpc::{Connection, Events, Keepalive};

use super::{
    answers::{Answers, Layered},
    driver,
    farewell::Presence,
    fetch, login,
};
use crate::{
    AuthKind, Error, ErrorKind, LinkInfo, Options, Step, Uri,
    config::{ClientConfig, auth_file},
    progress::Progress,
    transport::{self, Carrier, Reached, Wire},
};

/// How many of our pings may stay unanswered. With one more pause before the first and after the last of them, a link that
/// was frozen is lost after four pauses.
const MISSES: u32 = 2;

/// A connection with an open driver. Cheap to clone; the link ends with the last clone.
#[derive(Clone)]
pub(crate) struct Link {
    connection: Connection,
    carrier: Option<Arc<dyn Carrier>>,
    /// A second connection for what may take long: consoles' descriptors and saves.
    side: Arc<tokio::sync::Mutex<Option<Opened>>>,
    way: Arc<Way>,
    info: Arc<LinkInfo>,
}

/// A connection for one stream.
pub(crate) struct Lane {
    connection: Connection,
    /// What keeps it open; the link does where it is the main one.
    opened: Option<(Opened, Presence)>,
}

impl Drop for Lane {
    /// Takes leave of the daemon behind the stream's abort. libvirtd 11.3 can lock itself up, for all of its clients, when a
    /// connection is cut with a console open (one in some twenty times).
    fn drop(&mut self) {
        let (Some((opened, presence)), Ok(runtime)) = (self.opened.take(), Handle::try_current())
        else {
            return;
        };
        runtime.spawn(async move {
            opened.connection.close().await;
            drop((opened, presence));
        });
    }
}

impl Lane {
    /// The connection.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }
}

/// What it takes to make such a connection again.
struct Way {
    /// The URI, with what libvirt's settings add to it.
    uri: Uri,
    /// The options; whom they ask knows the host's answers.
    options: Options,
}

impl Way {
    async fn of(
        uri: &Uri,
        options: &Options,
        answers: &Arc<Answers>,
        progress: &Progress,
    ) -> Result<Self, Error> {
        let path = options.client_config.clone();
        let read = move || match path {
            Some(path) => ClientConfig::read_from(&path),
            None => ClientConfig::read(),
        };
        let config = tokio::task::spawn_blocking(read).await;
        let config = config.map_err(|error| Error::new(ErrorKind::BadUri, error.to_string()))??;
        let uri = config.complete(uri)?;
        let mut options = options.clone();
        options.credentials = Arc::new(Layered::new(
            Arc::clone(answers),
            auth_file::locate(options.auth_file.as_deref(), &uri),
            uri.host().unwrap_or("localhost"),
            options.credentials,
            progress.clone(),
        ));
        Ok(Self { uri, options })
    }
}

/// A connection as it was made.
struct Opened {
    connection: Connection,
    events: Events,
    carrier: Option<Arc<dyn Carrier>>,
    info: LinkInfo,
}

impl Link {
    /// Reaches the daemon of a URI and opens its driver; `progress` hears how far it is.
    pub(crate) async fn open(
        uri: &Uri,
        options: &Options,
        answers: &Arc<Answers>,
        progress: &Progress,
    ) -> Result<(Self, Events), Error> {
        let way = Way::of(uri, options, answers, progress).await?;
        let opened = open(&way, progress).await?;
        let link = Self {
            connection: opened.connection,
            carrier: opened.carrier,
            side: Arc::default(),
            way: Arc::new(way),
            info: Arc::new(opened.info),
        };
        Ok((link, opened.events))
    }

    /// The connection for control and events.
    pub(crate) fn main(&self) -> &Connection {
        &self.connection
    }

    /// What is known of the link.
    pub(crate) fn info(&self) -> &Arc<LinkInfo> {
        &self.info
    }

    /// The URI that led here.
    pub(crate) fn uri(&self) -> &Uri {
        &self.way.uri
    }

    /// What carries the connection, if that is more than a socket.
    pub(crate) fn carrier(&self) -> Option<&Arc<dyn Carrier>> {
        self.carrier.as_ref()
    }

    /// A connection on which a slow call holds nothing up, made when it is first needed.
    ///
    /// Where polkit guards the daemon this is the main one: another connection could mean another dialog.
    pub(crate) async fn side(&self) -> Result<Connection, Error> {
        if self.info.auth == AuthKind::Polkit {
            return Ok(self.connection.clone());
        }
        let mut side = self.side.lock().await;
        let open_one = side.as_ref().map(|side| side.connection.clone());
        if let Some(open) = open_one.filter(|side| side.close_reason().is_none()) {
            return Ok(open);
        }
        let opened = open(&self.way, &Progress::unheard()).await?;
        let connection = opened.connection.clone();
        *side = Some(opened);
        Ok(connection)
    }

    /// Opens a connection for one stream, in which nothing else waits behind what nobody reads. It ends with the value.
    ///
    /// Where polkit guards the daemon this is the main one, as with [`Self::side`].
    pub(crate) async fn lane(&self) -> Result<Lane, Error> {
        if self.info.auth == AuthKind::Polkit {
            return Ok(Lane {
                connection: self.connection.clone(),
                opened: None,
            });
        }
        let opened = open(&self.way, &Progress::unheard()).await?;
        Ok(Lane {
            connection: opened.connection.clone(),
            opened: Some((opened, Presence::begin())),
        })
    }

    /// Asks the daemon what it is: versions and the host's name, as facts in a line.
    pub(crate) async fn introduce(&self) -> Result<String, Error> {
        let facts = fetch::facts(&self.connection).await;
        if let Some(reason) = self.connection.close_reason() {
            return Err(reason.into());
        }
        let libvirt = version(facts.libvirt_version);
        let hypervisor = format!("{} {}", facts.hypervisor, version(facts.hypervisor_version));
        Ok(format!(
            "{}: libvirt {libvirt}, {hypervisor}",
            facts.hostname
        ))
    }
}

/// Writes libvirt's numbers of versions as people do.
fn version(number: u64) -> String {
    let (major, rest) = (number / 1_000_000, number % 1_000_000);
    format!("{major}.{}.{}", rest / 1_000, rest % 1_000)
}

async fn open(way: &Way, progress: &Progress) -> Result<Opened, Error> {
    let Way { uri, options } = way;
    progress.step(Step::Reaching);
    let reached = transport::open(uri, options, progress).await?;
    let carrier = reached.carrier.clone();
    let spoken = speak(uri, options, progress, reached).await;
    match spoken {
        Err(error) => Err(better_reason(error, carrier.as_deref()).await),
        opened => opened,
    }
}

/// Speaks to the daemon over a stream until its driver is open.
async fn speak(
    uri: &Uri,
    options: &Options,
    progress: &Progress,
    reached: Reached,
) -> Result<Opened, Error> {
    // Over TLS each packet is a record: libvirtd may forget what shares one with another (virt-rpc's `gather`).
    let wire = virt_rpc::Options::default()
        .with_read_deadline(options.read)
        .with_gathering(reached.info.tls.is_none());
    let (connection, events) = match reached.wire {
        Wire::Unix(socket) => Connection::from_unix(socket, wire),
        Wire::Stream(stream) => {
            Connection::from_stream(stream, wire.with_keepalive(pings(options)))
        }
    };
    let mut info = reached.info;
    info.auth = login::log_in(&connection, uri, options, reached.shield, progress).await?;
    let weak = login::warnings(reached.shield, &info.auth);
    info.warnings.extend(weak);
    driver::open(&connection, uri, options, progress).await?;
    Ok(Opened {
        connection,
        events,
        carrier: reached.carrier,
        info,
    })
}

fn pings(options: &Options) -> Keepalive {
    Keepalive::Every {
        interval: options.ping,
        misses: MISSES,
    }
}

/// Asks what carried a stream why it ended: it knows better than the stream.
pub(super) async fn better_reason(error: Error, carrier: Option<&dyn Carrier>) -> Error {
    let of_the_stream = matches!(
        error.kind,
        ErrorKind::Lost | ErrorKind::Protocol | ErrorKind::TimedOut
    );
    match carrier.filter(|_| of_the_stream) {
        Some(carrier) => carrier.obituary().await.unwrap_or(error),
        None => error,
    }
}

pub(super) fn slow(what: &str, after: Duration) -> Error {
    Error::new(
        ErrorKind::TimedOut,
        format!("{what} was not finished within {after:?}"),
    )
}
