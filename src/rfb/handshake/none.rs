//! Security type None: nothing to negotiate (RFC 6143 §7.2.1).

use super::{BoxedStream, LayerFuture, Negotiation, SecurityLayer};

/// The type that asks nothing: local sockets, and connections that libvirt has vouched for.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSecurity;

impl SecurityLayer for NoSecurity {
    fn number(&self) -> u8 {
        1
    }

    fn silent_before_3_8(&self) -> bool {
        true
    }

    fn negotiate<'a>(&'a self, stream: BoxedStream, _: Negotiation<'a>) -> LayerFuture<'a> {
        Box::pin(async move { Ok(stream.into()) })
    }
}
