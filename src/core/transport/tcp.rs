//! Plain TCP to libvirtd. Nothing protects the stream: SASL must, or a warning stays on the connection.

use super::{Reached, Shield, Wire, dial};
use crate::{Error, Options, Transport, Uri, progress::Progress};

/// libvirt's port for plain TCP (`LIBVIRTD_TCP_PORT`).
pub(super) const PORT: u16 = 16_509;

/// Connects to the daemon's port; without a host, on this machine.
pub(super) async fn reach(
    uri: &Uri,
    options: &Options,
    progress: &Progress,
) -> Result<Reached, Error> {
    let (stream, _, peer) = dial::dial_daemon(uri, PORT, options, progress).await?;
    let wire = Wire::Stream(Box::new(stream));
    Ok(Reached::plain(wire, Transport::Tcp, peer, Shield::Bare))
}
