//! An open connection to a daemon, and how it is made: socket, authentication, driver.
//!
//! Two round trips, and one more with polkit. What comes after is in [`super::fetch`].

use std::{sync::Arc, time::Duration};

use tokio::time::timeout;
use virt_rpc::{AuthType, Connection, Deadline, Events, procedure};

use crate::{
    AuthKind, Error, ErrorKind, LinkInfo, Options, Step, Transport, Uri,
    progress::Progress,
    transport::{self, Peer},
};

/// A connection with an open driver. Cheap to clone; the link ends with the last clone.
#[derive(Clone)]
pub(crate) struct Link {
    connection: Connection,
    /// A second connection for what may take long: consoles' descriptors and saves.
    side: Arc<tokio::sync::Mutex<Option<Connection>>>,
    way: Arc<Way>,
    info: Arc<LinkInfo>,
}

/// What it takes to make such a connection again.
struct Way {
    uri: Uri,
    options: Arc<Options>,
}

impl Link {
    /// Reaches the daemon of a URI and opens its driver; `progress` hears how far it is.
    pub(crate) async fn open(
        uri: &Uri,
        options: Arc<Options>,
        progress: &Progress,
    ) -> Result<(Self, Events), Error> {
        let (connection, events, info) = open(uri, &options, progress).await?;
        let link = Self {
            connection,
            side: Arc::default(),
            way: Arc::new(Way {
                uri: uri.clone(),
                options,
            }),
            info: Arc::new(info),
        };
        Ok((link, events))
    }

    /// The connection for control and events.
    pub(crate) fn main(&self) -> &Connection {
        &self.connection
    }

    /// What is known of the link.
    pub(crate) fn info(&self) -> &Arc<LinkInfo> {
        &self.info
    }

    /// A connection on which a slow call holds nothing up, made when it is first needed.
    ///
    /// Where polkit guards the daemon this is the main one: another connection could mean another dialog.
    pub(crate) async fn side(&self) -> Result<Connection, Error> {
        if self.info.auth == AuthKind::Polkit {
            return Ok(self.connection.clone());
        }
        let mut side = self.side.lock().await;
        if let Some(open) = side.as_ref().filter(|side| side.close_reason().is_none()) {
            return Ok(open.clone());
        }
        let (connection, _, _) =
            open(&self.way.uri, &self.way.options, &Progress::unheard()).await?;
        *side = Some(connection.clone());
        Ok(connection)
    }
}

async fn open(
    uri: &Uri,
    options: &Options,
    progress: &Progress,
) -> Result<(Connection, Events, LinkInfo), Error> {
    progress.step(Step::Reaching);
    let Peer { stream, name } = transport::reach(uri, options, progress).await?;
    let wire = virt_rpc::Options::default().with_read_deadline(options.read);
    let (connection, events) = Connection::from_unix(stream, wire);
    progress.step(Step::Authenticating);
    let auth = timeout(options.authenticate, connection.authenticate())
        .await
        .map_err(|_| slow("authentication", options.authenticate))??;
    progress.step(Step::Opening);
    let name_asked = Some(uri.driver_uri());
    let open = procedure::ConnectOpen {
        name: name_asked,
        flags: 0,
    };
    connection
        .call_with(open, Deadline::After(options.open))
        .await?;
    let info = LinkInfo {
        transport: Transport::Unix,
        peer: name,
        auth: match auth {
            AuthType::Polkit => AuthKind::Polkit,
            _ => AuthKind::None,
        },
        ..LinkInfo::default()
    };
    Ok((connection, events, info))
}

fn slow(what: &str, after: Duration) -> Error {
    Error::new(
        ErrorKind::TimedOut,
        format!("{what} was not finished within {after:?}"),
    )
}
