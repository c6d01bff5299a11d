//! TLS without certificates: the key exchange that asks nobody who they are (RFC 5246 §F.1.1.1).
//!
//! By OpenSSL, because rustls has none, and TLS 1.3 neither. It keeps out who only listens; somebody who stands in between
//! is met with all honours. Who takes it nevertheless, and what may be said inside, is decided by those who call this.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use openssl::{
    error::ErrorStack,
    ssl::{
        self, Ssl, SslCipherRef, SslContext, SslMethod, SslMode, SslOptions, SslRef, SslVersion,
    },
};
use rustls::AlertDescription;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_openssl::SslStream;

use super::{HandshakeProblem, TlsError};

/// What GnuTLS has with `+ANON-DH` and is not out of date. OpenSSL has anonymous exchanges at its level 0 only; what
/// that level leaves unchecked is checked in [`report`].
const CIPHERS: &str = "ADH-AES256-GCM-SHA384:ADH-AES128-GCM-SHA256:@SECLEVEL=0";

/// The shortest prime of the key exchange, in bits: what QEMU's is (`GNUTLS_SEC_PARAM_MEDIUM`).
const EXCHANGE_MIN: u32 = 2_048;

/// A stream within TLS whose other side is nobody in particular.
#[derive(Debug)]
pub struct AnonymousStream<S>(SslStream<S>);

impl<S> AnonymousStream<S> {
    /// The stream below, for its addresses. Reading or writing there would break the protection.
    pub fn below(&self) -> &S {
        self.0.get_ref()
    }
}

/// What was agreed on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AnonymousReport {
    /// The version: `TLS 1.2`.
    pub version: String,
    /// The cipher suite by its registered name, such as `TLS_DH_anon_WITH_AES_256_GCM_SHA384`.
    pub cipher: String,
}

/// Protects a stream from who listens, and from nobody else.
///
/// # Errors
/// [`TlsError::Handshake`]. It has no deadline of its own.
///
/// # Cancel safety
/// The stream is gone when the future is dropped.
pub async fn connect_anonymous<S>(
    stream: S,
) -> Result<(AnonymousStream<S>, AnonymousReport), TlsError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let ready = client().and_then(|client| SslStream::new(client, stream));
    let unusable = |error: ErrorStack| {
        let why = reason_of(&error).unwrap_or_default();
        TlsError::Handshake(HandshakeProblem::Protocol(why))
    };
    let mut stream = ready.map_err(unusable)?;
    let agreed = Pin::new(&mut stream).connect().await;
    let agreed = agreed.map_err(|error| problem(&error));
    let report = agreed.and_then(|()| report(stream.ssl()));
    let report = report.map_err(TlsError::Handshake)?;
    tracing::debug!(cipher = report.cipher, "TLS without certificates is up");
    Ok((AnonymousStream(stream), report))
}

fn client() -> Result<Ssl, ErrorStack> {
    let mut context = SslContext::builder(SslMethod::tls_client())?;
    context.set_min_proto_version(Some(SslVersion::TLS1_2))?;
    context.set_max_proto_version(Some(SslVersion::TLS1_2))?;
    context.set_cipher_list(CIPHERS)?;
    context.set_options(
        SslOptions::NO_COMPRESSION | SslOptions::NO_RENEGOTIATION | SslOptions::NO_TICKET,
    );
    // A write that was told to wait is tried again from wherever the bytes lie then.
    context.set_mode(
        SslMode::ACCEPT_MOVING_WRITE_BUFFER
            | SslMode::ENABLE_PARTIAL_WRITE
            | SslMode::RELEASE_BUFFERS,
    );
    Ssl::new(&context.build())
}

/// Looks at what was agreed on before anything is said in it.
fn report(agreed: &SslRef) -> Result<AnonymousReport, HandshakeProblem> {
    let exchange = agreed.peer_tmp_key().map_or(0, |key| key.bits());
    if exchange < EXCHANGE_MIN {
        return Err(HandshakeProblem::WeakExchange { bits: exchange });
    }
    let cipher = agreed.current_cipher();
    let cipher = cipher.and_then(SslCipherRef::standard_name);
    Ok(AnonymousReport {
        version: "TLS 1.2".to_owned(),
        cipher: cipher.unwrap_or_default().to_owned(),
    })
}

/// OpenSSL's numbers for what went wrong (`ERR_LIB_SSL` of its `err.h`, the others of its `sslerr.h`).
mod number {
    pub(super) const LIBRARY: i32 = 20;
    pub(super) const HTTP_REQUEST: i32 = 156;
    pub(super) const UNKNOWN_CIPHER: i32 = 254;
    pub(super) const UNSUPPORTED_PROTOCOL: i32 = 258;
    pub(super) const WRONG_CIPHER: i32 = 261;
    pub(super) const WRONG_VERSION: i32 = 267;
    pub(super) const UNEXPECTED_END: i32 = 294;
    /// What the other side says has the alert's number added.
    pub(super) const ALERT: i32 = 1000;
}

/// Understands what OpenSSL says of a handshake or a stream that failed.
fn problem(error: &ssl::Error) -> HandshakeProblem {
    if let Some(error) = error.io_error() {
        return match error.kind() {
            io::ErrorKind::UnexpectedEof => HandshakeProblem::Cut,
            _ => HandshakeProblem::Io(error.to_string()),
        };
    }
    // Without a reason of TLS' own the stream below has ended.
    let stack = error.ssl_error();
    let Some(stack) = stack.filter(|stack| !stack.errors().is_empty()) else {
        return HandshakeProblem::Cut;
    };
    let numbers = stack.errors().iter();
    let mut numbers = numbers.filter(|error| error.library_code() == number::LIBRARY);
    let reason = || reason_of(stack).unwrap_or_default();
    match numbers.next().map(openssl::error::Error::reason_code) {
        Some(number::UNEXPECTED_END) => HandshakeProblem::Cut,
        Some(number::WRONG_VERSION | number::HTTP_REQUEST) => HandshakeProblem::NotTls,
        Some(number::UNSUPPORTED_PROTOCOL | number::UNKNOWN_CIPHER | number::WRONG_CIPHER) => {
            HandshakeProblem::NothingInCommon(reason())
        }
        Some(alert @ number::ALERT..) => match u8::try_from(alert - number::ALERT) {
            Ok(alert) => HandshakeProblem::Alert(AlertDescription::from(alert).into()),
            Err(_) => HandshakeProblem::Protocol(reason()),
        },
        _ => HandshakeProblem::Protocol(reason()),
    }
}

/// Its words, without the places in OpenSSL's source.
fn reason_of(stack: &ErrorStack) -> Option<String> {
    let first = stack.errors().first()?;
    first.reason().map(str::to_owned)
}

/// Names an error of the stream as those of other streams are named.
fn named(error: io::Error) -> io::Error {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner.map(problem) {
        None => error,
        Some(HandshakeProblem::Cut) => io::ErrorKind::UnexpectedEof.into(),
        Some(problem) => io::Error::new(io::ErrorKind::InvalidData, problem.to_string()),
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for AnonymousStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.0).poll_read(context, buffer);
        read.map_err(named)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for AnonymousStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.0).poll_write(context, bytes);
        written.map_err(named)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context).map_err(named)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context).map_err(named)
    }
}
