//! Security type VeNCrypt (19), version 0.2: TLS with certificates, and one of None, a VNC password, SASL or a name with
//! a password inside it.
//!
//! Its types without certificates (`TLSNone`, `TLSVnc`, `TLSSASL`, `TLSPlain`) protect from nobody who stands in between, and are
//! not spoken; neither is Plain without TLS. A server that offers only those is refused, never talked to in the clear.

use std::{sync::Mutex, time::Duration};

use link_security::{
    pki::PkiFiles,
    sasl::{External, Policy},
    tls::{TlsClient, TlsError, TlsOptions, TlsReport},
};
use tokio::time::timeout;

use super::{
    BoxedStream, LayerFuture, Negotiated, Negotiation, Sasl, SecurityLayer, VncPassword, plain,
    stream::Deadline,
};
use crate::{Error, Result};

/// The security type VeNCrypt.
#[derive(Debug)]
pub struct VeNCrypt {
    /// The host as the user named it: what the certificate must be for.
    pub host: String,
    /// The certificates to trust and to show.
    pub files: PkiFiles,
    /// How the other side's certificate is looked at.
    pub tls: TlsOptions,
    /// The name to suggest.
    pub user: Option<String>,
    report: Mutex<Option<TlsReport>>,
}

const DURING: &str = "agreeing on TLS";
/// Of TLS's handshake.
const PROTECTING: &str = "protecting the connection by TLS";

/// What goes on inside TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    None,
    Password,
    Plain,
    Sasl,
}

impl Inside {
    /// The usual name of the type that has it inside.
    fn name(self) -> &'static str {
        match self {
            Self::None => "X509None",
            Self::Password => "X509Vnc",
            Self::Plain => "X509Plain",
            Self::Sasl => "X509SASL",
        }
    }
}

/// The types that are spoken, the most wanted first: who is let in by the certificate alone is asked nothing.
const SPOKEN: [(u32, Inside); 4] = [
    (260, Inside::None),
    (263, Inside::Sasl),
    (262, Inside::Plain),
    (261, Inside::Password),
];

/// TLS without certificates: `TLSNone`, `TLSVnc`, `TLSPlain`, `TLSSASL`.
const ANONYMOUS: [u32; 4] = [257, 258, 259, 264];

impl VeNCrypt {
    /// Looks for these files, and checks certificates.
    pub fn new(host: impl Into<String>, files: PkiFiles) -> Self {
        Self {
            host: host.into(),
            files,
            tls: TlsOptions::default(),
            user: None,
            report: Mutex::default(),
        }
    }

    /// Gives what the last handshake agreed on: version, cipher and certificate.
    pub fn report(&self) -> Option<TlsReport> {
        let report = self.report.lock();
        report.ok().and_then(|report| report.clone())
    }

    async fn run(
        &self,
        mut stream: BoxedStream,
        negotiation: Negotiation<'_>,
    ) -> Result<Negotiated> {
        let deadline = Deadline::new(negotiation.timeout);
        let inside = agree(&mut stream, &deadline).await?;
        let (stream, tls) = self.protect(stream, negotiation.timeout).await?;
        let mut negotiated = self
            .inside(inside, stream, negotiation, tls.key_bits)
            .await?;
        negotiated.report.kind = format!("VeNCrypt {}", inside.name());
        negotiated.report.tls = Some((tls.version, tls.cipher));
        Ok(negotiated)
    }

    /// Does what goes on inside TLS, whose strength is given in bits.
    async fn inside(
        &self,
        inside: Inside,
        mut stream: BoxedStream,
        negotiation: Negotiation<'_>,
        key_bits: u32,
    ) -> Result<Negotiated> {
        match inside {
            Inside::None => Ok(stream.into()),
            Inside::Password => VncPassword.negotiate(stream, negotiation).await,
            Inside::Plain => {
                let user = self.user.as_deref();
                let asked = plain::send(&mut stream, negotiation, user).await?;
                Ok(Negotiated {
                    asked: Some(asked),
                    ..stream.into()
                })
            }
            Inside::Sasl => {
                let sasl = Sasl {
                    host: self.host.clone(),
                    policy: Policy::Protected,
                    user: self.user.clone(),
                };
                let external = External {
                    ssf: key_bits,
                    identity: None,
                };
                sasl.exchange(stream, negotiation, Some(external)).await
            }
        }
    }

    /// Puts TLS around the stream. Says as well what was agreed on.
    async fn protect(
        &self,
        stream: BoxedStream,
        limit: Duration,
    ) -> Result<(BoxedStream, TlsReport)> {
        let connecting = TlsClient::connect(stream, &self.host, &self.files, self.tls.clone());
        let connected = timeout(limit, connecting).await;
        let connected = connected.map_err(|_| Error::TimedOut { during: PROTECTING })?;
        let (stream, report) = connected.map_err(|error: TlsError| Error::Tls(Box::new(error)))?;
        if let Ok(mut last) = self.report.lock() {
            *last = Some(report.clone());
        }
        Ok((Box::new(stream), report))
    }
}

impl SecurityLayer for VeNCrypt {
    fn number(&self) -> u8 {
        19
    }

    fn negotiate<'a>(
        &'a self,
        stream: BoxedStream,
        negotiation: Negotiation<'a>,
    ) -> LayerFuture<'a> {
        Box::pin(self.run(stream, negotiation))
    }
}

/// Agrees on version and type. The server's two yeses are a 0 and then a 1.
async fn agree(stream: &mut BoxedStream, deadline: &Deadline) -> Result<Inside> {
    let version = deadline.read::<2>(stream, DURING).await?;
    if version < [0, 2] {
        return Err(Error::Protocol("VeNCrypt older than 0.2"));
    }
    deadline.write(stream, &[0, 2], DURING).await?;
    let [refused] = deadline.read::<1>(stream, DURING).await?;
    if refused != 0 {
        return Err(Error::Protocol("the server refuses VeNCrypt 0.2"));
    }
    let [count] = deadline.read::<1>(stream, DURING).await?;
    let mut offered = Vec::with_capacity(count.into());
    for _ in 0..count {
        offered.push(u32::from_be_bytes(deadline.read(stream, DURING).await?));
    }
    let chosen = SPOKEN.iter().find(|(number, _)| offered.contains(number));
    let Some((number, inside)) = chosen else {
        let is_anonymous = offered.iter().all(|number| ANONYMOUS.contains(number));
        let is_anonymous = is_anonymous && !offered.is_empty();
        let names = offered.into_iter().map(type_name).collect();
        return Err(if is_anonymous {
            Error::AnonymousTls { offered: names }
        } else {
            Error::SecurityUnsupported { offered: names }
        });
    };
    deadline
        .write(stream, &number.to_be_bytes(), DURING)
        .await?;
    match deadline.read(stream, DURING).await? {
        [1] => Ok(*inside),
        [_] => Err(Error::Protocol(
            "the server refuses its own kind of VeNCrypt",
        )),
    }
}

fn type_name(number: u32) -> String {
    let name = match number {
        256 => "Plain",
        257 => "TLSNone",
        258 => "TLSVnc",
        259 => "TLSPlain",
        264 => "TLSSASL",
        265 => "X509Ident",
        _ => return format!("VeNCrypt type {number}"),
    };
    format!("VeNCrypt {name}")
}
