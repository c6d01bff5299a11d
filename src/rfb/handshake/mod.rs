//! From a fresh connection to the point where the server describes its desktop (RFC 6143 §7.1, §7.2).
//!
//! Version and choice of a security type are here; each type is a [`SecurityLayer`] in a file of its
//! own. A layer may replace the stream (TLS, a SASL layer), so this part is async over boxed streams.
//! It knows nothing of pictures.

mod layer;
mod none;
mod plain;
mod sasl;
mod stream;
mod vencrypt;
mod version;
mod vnc_password;

use std::sync::Arc;

use link_security::sasl::SaslStream;

use self::{layer::type_name, stream::Deadline, version::Version};
pub use self::{
    layer::{LayerFuture, Negotiated, Negotiation, SecurityLayer, SecurityReport},
    none::NoSecurity,
    sasl::Sasl,
    stream::{BoxedStream, Stream},
    vencrypt::{Anonymous, SPEAKS_ANONYMOUS_TLS, VeNCrypt},
    vnc_password::VncPassword,
};
use crate::{Error, Options, Result};

/// Brings a fresh connection to where the server describes its desktop and an [`Engine`](crate::Engine) begins.
///
/// [`Session`](crate::Session) does this by itself; it is here for tools that drive the engine.
///
/// # Cancel safety
/// Not cancel safe: a dropped future takes the stream with it.
pub async fn handshake(stream: BoxedStream, options: &Options) -> Result<BoxedStream> {
    let (stream, _) = negotiate(stream, options).await?;
    Ok(stream)
}

/// The same; says as well how the connection is protected.
pub(crate) async fn negotiate(
    mut stream: BoxedStream,
    options: &Options,
) -> Result<(BoxedStream, SecurityReport)> {
    let negotiation = Negotiation::new(options);
    let deadline = Deadline::new(negotiation.timeout);
    let version = version::exchange(&mut stream, &deadline).await?;
    let layer = choose(&mut stream, version, &options.security, &deadline).await?;
    let negotiated = layer.negotiate(stream, negotiation).await?;
    let mut stream = negotiated.stream;
    if version >= Version::V3_8 || !layer.silent_before_3_8() {
        result(&mut stream, version, &deadline).await?;
        if let Some(request) = &negotiated.asked {
            options.credentials.accepted(request);
        }
    }
    if let Some(layer) = negotiated.layer {
        stream = Box::new(SaslStream::new(stream, layer));
    }
    deadline
        .write(
            &mut stream,
            &[u8::from(options.shared)],
            "starting the session",
        )
        .await?;
    let mut report = negotiated.report;
    if report.kind.is_empty() {
        report.kind = type_name(layer.number());
    }
    Ok((stream, report))
}

/// Takes the first of our layers that the server offers.
async fn choose(
    stream: &mut BoxedStream,
    version: Version,
    layers: &[Arc<dyn SecurityLayer>],
    deadline: &Deadline,
) -> Result<Arc<dyn SecurityLayer>> {
    let during = "agreeing on security";
    let offered = if version == Version::V3_3 {
        let [.., chosen] = deadline.read::<4>(stream, during).await?;
        vec![chosen]
    } else {
        let [count] = deadline.read::<1>(stream, during).await?;
        let mut types = vec![0; count.into()];
        deadline.fill(stream, &mut types, during).await?;
        types
    };
    if matches!(offered.as_slice(), [] | [0]) {
        let reason = deadline.reason(stream).await;
        return Err(Error::Refused { reason });
    }
    let Some(layer) = layers
        .iter()
        .find(|layer| offered.contains(&layer.number()))
    else {
        let offered = offered.into_iter().map(type_name).collect();
        return Err(Error::SecurityUnsupported { offered });
    };
    if version > Version::V3_3 {
        deadline.write(stream, &[layer.number()], during).await?;
    }
    Ok(Arc::clone(layer))
}

/// Reads the server's verdict (RFC 6143 §7.1.3); versions before 3.8 give no reason.
async fn result(stream: &mut BoxedStream, version: Version, deadline: &Deadline) -> Result<()> {
    let verdict = deadline
        .read::<4>(stream, "waiting for the server's verdict")
        .await?;
    let reason = match u32::from_be_bytes(verdict) {
        0 => return Ok(()),
        1 if version >= Version::V3_8 => deadline.reason(stream).await,
        1 => "the server gave no reason".to_owned(),
        2 => "too many attempts".to_owned(),
        _ => {
            return Err(Error::Protocol(
                "the server's verdict is neither yes nor no",
            ));
        }
    };
    Err(Error::Authentication { reason })
}
