//! The connection: what a caller holds. Two tasks do the work (`reader.rs`, `writer.rs`), `shared.rs` is what they and
//! the callers have in common. Knows no URI and no policy.

mod auth;
mod call;
mod events;
mod inlet;
mod keepalive;
mod options;
mod protected;
mod reader;
mod sasl;
mod shared;
mod stats;
mod stream;
mod transport;
mod writer;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::UnixStream;

pub use auth::{AuthType, Authenticated, Authentication};
pub use call::Deadline;
pub use events::Events;
pub use options::{Keepalive, Options};
pub use shared::CloseReason;
pub use stats::Stats;
pub use stream::{Stream, StreamItem, StreamReceiver, StreamSender};

use shared::{Handle, Shared};
use transport::{ReadHalf, WriteHalf};

/// A connection to a libvirt daemon. Cheap to clone; any number of calls may be under way at once.
///
/// When the last clone and the last stream are dropped, the connection is cut. Nothing here blocks.
#[derive(Debug, Clone)]
pub struct Connection {
    handle: Arc<Handle>,
}

impl Connection {
    /// Speaks over any byte stream, such as TLS or a child's pipes. Must be called within a tokio runtime: it starts
    /// the connection's tasks there. The stream has been greeted already (TLS's single byte is read).
    pub fn from_stream(
        stream: impl AsyncRead + AsyncWrite + Send + 'static,
        options: Options,
    ) -> (Self, Events) {
        let (read, write) = tokio::io::split(stream);
        let (read, write) = (
            ReadHalf::Stream(Box::pin(read)),
            WriteHalf::Stream(Box::pin(write)),
        );
        Self::start(read, write, options, false)
    }

    /// Speaks over a local socket, which can also pass file descriptors. Must be called within a tokio runtime.
    pub fn from_unix(socket: UnixStream, options: Options) -> (Self, Events) {
        let socket = Arc::new(socket);
        let (read, write) = (ReadHalf::unix(Arc::clone(&socket)), WriteHalf::Unix(socket));
        Self::start(read, write, options, true)
    }

    fn start(read: ReadHalf, write: WriteHalf, options: Options, local: bool) -> (Self, Events) {
        let (shared, queues) = Shared::new(options, local);
        let (sink, events) = events::channel(&shared);
        tokio::spawn(reader::run(Arc::clone(&shared), read.into(), sink));
        tokio::spawn(writer::run(Arc::clone(&shared), write.into(), queues));
        if let Some(pings) = shared.options.keepalive.pings(local) {
            tokio::spawn(keepalive::run(Arc::clone(&shared), pings));
        }
        let handle = Arc::new(Handle::new(shared));
        (Self { handle }, events)
    }

    fn shared(&self) -> &Arc<Shared> {
        self.handle.shared()
    }

    /// Waits until the connection is gone and says why.
    ///
    /// # Cancel safety
    /// Waiting changes nothing.
    pub async fn closed(&self) -> CloseReason {
        self.shared().closed().await
    }

    /// Says why the connection is gone, or `None` while it is up.
    pub fn close_reason(&self) -> Option<CloseReason> {
        self.shared().close_reason()
    }

    /// Takes leave of the daemon (`CONNECT_CLOSE`) and cuts the connection; a daemon that does not answer within five
    /// seconds is not waited for.
    ///
    /// # Cancel safety
    /// When dropped, the connection may still be up; its end will be called [`CloseReason::Local`] all the same.
    pub async fn close(&self) {
        self.shared().leaving.store(true, Ordering::Relaxed);
        let patience = Deadline::After(std::time::Duration::from_secs(5));
        let goodbye = self.call_with(crate::procedure::ConnectClose, patience);
        // Whatever the answer is, the connection ends.
        let _ = goodbye.await;
        self.shared().close(CloseReason::Local);
    }

    /// Counts what went over the wire so far.
    pub fn stats(&self) -> Stats {
        self.shared().stats.snapshot()
    }

    /// Says whether [`Connection::call_with_fds`] works here: on a local socket without a SASL layer.
    pub fn passes_fds(&self) -> bool {
        self.shared().passes_fds()
    }
}
