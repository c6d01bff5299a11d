//! Security type VeNCrypt (19), version 0.2: TLS with certificates, and one of None, a VNC password, SASL or a name with
//! a password inside it.
//!
//! Its types without certificates (`TLSNone`, `TLSVnc`, `TLSSASL`, `TLSPlain`) protect from nobody who stands in between: they are
//! taken where the caller says so ([`Anonymous`]) and nothing better is offered. Plain without TLS is not spoken. A server
//! that offers only what is not taken is refused, never talked to in the clear. `kinds` has the numbers and the choice.

mod kinds;

use std::{future::Future, sync::Mutex, time::Duration};

use link_security::{
    pki::PkiFiles,
    sasl::{External, Policy},
    tls::{TlsClient, TlsError, TlsOptions, TlsReport},
};
use tokio::time::timeout;

pub use self::kinds::{Anonymous, SPEAKS_ANONYMOUS_TLS};
use self::kinds::{Inside, Kind, Outside, choose};
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
    /// How TLS without certificates is taken; `None` for not at all. Without this crate's feature `anonymous-tls` it never is.
    pub anonymous: Option<Anonymous>,
    /// The name to suggest.
    pub user: Option<String>,
    report: Mutex<Option<TlsReport>>,
}

const DURING: &str = "agreeing on TLS";
/// Of TLS's handshake.
const PROTECTING: &str = "protecting the connection by TLS";

/// What TLS agreed on, and what that is worth to a login inside it.
struct Shelter {
    stream: BoxedStream,
    version: String,
    cipher: String,
    policy: Policy,
    external: Option<External>,
}

impl VeNCrypt {
    /// Looks for these files, and checks certificates: there must be one.
    pub fn new(host: impl Into<String>, files: PkiFiles) -> Self {
        Self {
            host: host.into(),
            files,
            tls: TlsOptions::default(),
            anonymous: None,
            user: None,
            report: Mutex::default(),
        }
    }

    /// Gives what the last handshake with a certificate agreed on: version, cipher and certificate.
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
        let kind = agree(&mut stream, &deadline, self.anonymous).await?;
        let shelter = match kind.outside {
            Outside::Certificate => self.protect(stream, negotiation.timeout).await?,
            Outside::Nobody => self.hide(stream, negotiation.timeout).await?,
        };
        let tls = (shelter.version.clone(), shelter.cipher.clone());
        let mut negotiated = self.inside(kind.inside, shelter, negotiation).await?;
        negotiated.report.kind = format!("VeNCrypt {}", kind.name);
        negotiated.report.tls = Some(tls);
        negotiated.report.is_anonymous = kind.outside == Outside::Nobody;
        Ok(negotiated)
    }

    /// Does what goes on inside TLS.
    async fn inside(
        &self,
        inside: Inside,
        shelter: Shelter,
        negotiation: Negotiation<'_>,
    ) -> Result<Negotiated> {
        let mut stream = shelter.stream;
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
                    policy: shelter.policy,
                    user: self.user.clone(),
                };
                sasl.exchange(stream, negotiation, shelter.external).await
            }
        }
    }

    /// Puts TLS around the stream, with the server's certificate looked at.
    async fn protect(&self, stream: BoxedStream, limit: Duration) -> Result<Shelter> {
        let connecting = TlsClient::connect(stream, &self.host, &self.files, self.tls.clone());
        let (stream, report) = in_time(connecting, limit).await?;
        if let Ok(mut last) = self.report.lock() {
            *last = Some(report.clone());
        }
        Ok(Shelter {
            stream: Box::new(stream),
            version: report.version,
            cipher: report.cipher,
            policy: Policy::Protected,
            external: Some(External {
                ssf: report.key_bits,
                identity: None,
            }),
        })
    }

    /// Puts TLS around the stream, whoever answers. SASL is told nothing of it: neither does QEMU.
    #[cfg(feature = "anonymous-tls")]
    async fn hide(&self, stream: BoxedStream, limit: Duration) -> Result<Shelter> {
        let connecting = link_security::tls::connect_anonymous(stream);
        let (stream, report) = in_time(connecting, limit).await?;
        Ok(Shelter {
            stream: Box::new(stream),
            version: report.version,
            cipher: report.cipher,
            policy: self.anonymous.map_or(Policy::Bare, |how| how.policy),
            external: None,
        })
    }

    /// This build cannot, and does not choose what needs it.
    #[cfg(not(feature = "anonymous-tls"))]
    async fn hide(&self, _: BoxedStream, _: Duration) -> Result<Shelter> {
        Err(Error::Protocol("TLS without certificates is not spoken"))
    }
}

/// Bounds TLS's handshake.
async fn in_time<T>(
    handshake: impl Future<Output = Result<T, TlsError>>,
    limit: Duration,
) -> Result<T> {
    let done = timeout(limit, handshake).await;
    let done = done.map_err(|_| Error::TimedOut { during: PROTECTING })?;
    done.map_err(|error| Error::Tls(Box::new(error)))
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
async fn agree(
    stream: &mut BoxedStream,
    deadline: &Deadline,
    anonymous: Option<Anonymous>,
) -> Result<Kind> {
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
    let kind = choose(&offered, anonymous)?;
    deadline
        .write(stream, &kind.number.to_be_bytes(), DURING)
        .await?;
    match deadline.read(stream, DURING).await? {
        [1] => Ok(kind),
        [_] => Err(Error::Protocol(
            "the server refuses its own kind of VeNCrypt",
        )),
    }
}
