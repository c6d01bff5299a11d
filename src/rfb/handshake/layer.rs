//! What a security type is: a step that talks over the stream and may replace it.
//!
//! VeNCrypt, TLS and SASL implement [`SecurityLayer`] as None and the VNC password do: they take the
//! stream, negotiate, and give back the same stream or one wrapped in TLS. What begins only behind the
//! server's verdict, a SASL layer, comes beside it. An outer layer may run another one inside (X509VNC
//! is TLS around the VNC password).

use std::{future::Future, pin::Pin, time::Duration};

use link_security::{Answer, AskError, Credentials, Question, Request, sasl::Layer};

use super::stream::BoxedStream;
use crate::{Error, Options, Result};

/// The future that [`SecurityLayer::negotiate`] returns.
pub type LayerFuture<'a> = Pin<Box<dyn Future<Output = Result<Negotiated>> + Send + 'a>>;

/// What a security type leaves behind.
pub struct Negotiated {
    /// Where the server's verdict comes from.
    pub stream: BoxedStream,
    /// What everything behind the verdict passes through, both ways.
    pub layer: Option<Layer>,
    /// The question whose answer a good verdict proves right. SASL proves its own.
    pub asked: Option<Request>,
    /// How the connection is protected, to be shown.
    pub report: SecurityReport,
}

/// How a connection is protected, as far as it was negotiated here: a tunnel around it is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecurityReport {
    /// The security type by its usual name, such as `VeNCrypt X509Vnc`; empty before one was agreed on.
    pub kind: String,
    /// TLS's version and cipher suite, such as `TLS 1.3` and `TLS_AES_256_GCM_SHA384`.
    pub tls: Option<(String, String)>,
    /// Whether TLS came without a certificate: it keeps out who listens, but nobody knows who the server is.
    pub is_anonymous: bool,
    /// SASL's mechanism.
    pub mechanism: Option<String>,
    /// The strength of SASL's own layer, in bits; 0 where it has none.
    pub ssf: u32,
}

impl From<BoxedStream> for Negotiated {
    fn from(stream: BoxedStream) -> Self {
        Self {
            stream,
            layer: None,
            asked: None,
            report: SecurityReport::default(),
        }
    }
}

/// One security type (RFC 6143 §7.2).
pub trait SecurityLayer: Send + Sync {
    /// Returns its number on the wire.
    fn number(&self) -> u8;

    /// Tells whether a server before version 3.8 sends no verdict after it; true of None alone.
    fn silent_before_3_8(&self) -> bool {
        false
    }

    /// Negotiates, up to but not including the server's verdict, which is read from the stream that comes back.
    ///
    /// # Cancel safety
    /// Not cancel safe: a dropped future leaves a stream that is of no more use.
    fn negotiate<'a>(
        &'a self,
        stream: BoxedStream,
        negotiation: Negotiation<'a>,
    ) -> LayerFuture<'a>;
}

/// What a layer may use.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Negotiation<'a> {
    /// Whom to ask for secrets.
    pub credentials: &'a dyn Credentials,
    /// The name of what is connected to, for questions.
    pub target: &'a str,
    /// Why the attempt before this one failed.
    pub previous_failure: Option<&'a str>,
    /// How long one step may take.
    pub timeout: Duration,
}

impl<'a> Negotiation<'a> {
    pub(super) fn new(options: &'a Options) -> Self {
        Self {
            credentials: &*options.credentials,
            target: &options.target,
            previous_failure: options.previous_failure.as_deref(),
            timeout: options.handshake_timeout,
        }
    }

    /// Words a question.
    pub fn request(&self, question: Question) -> Request {
        Request::new(question, self.target).after_failure(self.previous_failure.map(str::to_owned))
    }

    /// Asks a question; waits as long as a person takes.
    pub async fn ask(&self, request: &Request) -> Result<Answer> {
        self.credentials
            .ask(request.clone())
            .await
            .map_err(|error| match error {
                AskError::Cancelled => Error::Cancelled,
                _ => Error::CredentialsUnavailable,
            })
    }
}

/// Returns the usual name of a security type (IANA's registry "RFB Security Types").
pub(super) fn type_name(number: u8) -> String {
    let name = match number {
        1 => "None",
        2 => "VNC password",
        5 | 6 | 13 | 129..=134 => "RealVNC RA2",
        16 => "Tight",
        17 => "Ultra",
        18 => "TLS",
        19 => "VeNCrypt",
        20 => "SASL",
        21 => "MD5 hash",
        22 => "Colin Dean xvp",
        30 => "Apple Diffie-Hellman",
        113 => "MS-Logon II",
        _ => return format!("security type {number}"),
    };
    name.to_owned()
}
