//! Puts TLS around a stream.

use std::sync::Arc;

use rustls::{ClientConfig, SupportedCipherSuite, client::Resumption, crypto::aws_lc_rs};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;

use super::{
    HandshakeProblem, TlsError, TlsReport, TlsStream,
    host::Host,
    identity::{Identity, Offer},
    judge::Question,
    priority::Selection,
    trust::Authorities,
    verify::Verifier,
};
use crate::{certificate::Fingerprint, pki::PkiFiles};

/// How a stream shall be protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsOptions {
    /// The certificates that the user has decided to trust for this host, in spite of their names, times or authorities.
    pub pins: Vec<Fingerprint>,
    /// Whether the other side's certificate is checked at all. Without it anybody may be there (`no_verify=1`).
    pub verify: bool,
    /// A GnuTLS priority string: which versions, ciphers and key exchanges may be used.
    pub priority: Option<String>,
}

impl Default for TlsOptions {
    /// Checks the certificate, has no pins and no wishes.
    fn default() -> Self {
        Self {
            pins: Vec::new(),
            verify: true,
            priority: None,
        }
    }
}

/// The client's side of TLS, ready for handshakes: its files are read, and its wishes understood.
#[derive(Debug)]
pub struct TlsClient {
    authorities: Authorities,
    identity: Option<Identity>,
    selection: Selection,
    options: TlsOptions,
}

impl TlsClient {
    /// Reads the files and protects a stream: [`TlsClient::read`] and [`TlsClient::handshake`] in one.
    ///
    /// # Errors
    /// See [`TlsError`]. It has no deadline of its own.
    ///
    /// # Cancel safety
    /// The stream is gone when the future is dropped.
    pub async fn connect<S>(
        stream: S,
        host: &str,
        files: &PkiFiles,
        options: TlsOptions,
    ) -> Result<(TlsStream<S>, TlsReport), TlsError>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        Self::read(files, options)
            .await?
            .handshake(stream, host)
            .await
    }

    /// Reads the files without blocking the caller's thread, and understands the priority string.
    ///
    /// Without a file of authorities this succeeds only where none is needed: when nothing is checked, or when
    /// certificates are pinned.
    pub async fn read(files: &PkiFiles, options: TlsOptions) -> Result<Self, TlsError> {
        let files = files.clone();
        let reading = tokio::task::spawn_blocking(move || Self::read_now(&files, options));
        reading.await.unwrap_or_else(|failure| {
            Err(TlsError::Handshake(HandshakeProblem::Io(
                failure.to_string(),
            )))
        })
    }

    fn read_now(files: &PkiFiles, options: TlsOptions) -> Result<Self, TlsError> {
        let needs_none = !options.verify || !options.pins.is_empty();
        let authorities = match Authorities::read(files) {
            Err(TlsError::CaMissing { .. }) if needs_none => Authorities::default(),
            // Whoever checks nothing needs no file that is in order.
            Err(_) if !options.verify => Authorities::default(),
            read => read?,
        };
        Ok(Self {
            authorities,
            identity: Identity::read(files)?,
            selection: Selection::read(options.priority.as_deref())?,
            options,
        })
    }

    /// Protects a stream to a host, by its name or address as the user wrote it.
    ///
    /// # Errors
    /// See [`TlsError`]. It has no deadline of its own.
    ///
    /// # Cancel safety
    /// The stream is gone when the future is dropped.
    pub async fn handshake<S>(
        self,
        stream: S,
        host: &str,
    ) -> Result<(TlsStream<S>, TlsReport), TlsError>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let host = Host::new(host)?;
        let name = host.name.clone();
        let ignored = self.selection.ignored.clone();
        let attempt = Attempt::prepare(self, host)?;
        let connector = TlsConnector::from(Arc::clone(&attempt.config));
        match connector.connect(name, stream).await {
            Ok(stream) => {
                let report = attempt.report(&stream, ignored)?;
                tracing::debug!(version = report.version, cipher = report.cipher, trust = ?report.trust, "TLS is up");
                Ok((TlsStream(stream), report))
            }
            Err(error) => Err(attempt.explain(&error)),
        }
    }
}

/// One handshake, with those who listen to it.
struct Attempt {
    config: Arc<ClientConfig>,
    verifier: Arc<Verifier>,
    offer: Arc<Offer>,
}

impl Attempt {
    fn prepare(client: TlsClient, host: Host) -> Result<Self, TlsError> {
        let mut provider = aws_lc_rs::default_provider();
        client.selection.narrow(&mut provider);
        let verifier = Arc::new(Verifier::new(Question {
            authorities: client.authorities,
            host,
            pins: client.options.pins,
            verify: client.options.verify,
            algorithms: provider.signature_verification_algorithms,
            schemes: client.selection.schemes.clone(),
            strength: client.selection.strength,
        }));
        let offer = Arc::new(Offer::new(client.identity));
        let builder = ClientConfig::builder_with_provider(Arc::new(provider))
            .with_protocol_versions(&client.selection.versions)
            .map_err(|error| TlsError::Priority {
                priority: client.options.priority.unwrap_or_default(),
                reason: error.to_string(),
            })?;
        let mut config = builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::<Verifier>::clone(&verifier))
            .with_client_cert_resolver(Arc::<Offer>::clone(&offer));
        // A resumed session would show no certificate to judge.
        config.resumption = Resumption::disabled();
        config.require_ems = client.selection.require_session_hash;
        Ok(Self {
            config: Arc::new(config),
            verifier,
            offer,
        })
    }

    fn report<S>(
        &self,
        stream: &tokio_rustls::client::TlsStream<S>,
        ignored_priority: Vec<String>,
    ) -> Result<TlsReport, TlsError> {
        let session = stream.get_ref().1;
        let unfinished = || TlsError::Handshake(HandshakeProblem::BadCertificate);
        let verdict = self.verifier.take_verdict().ok_or_else(unfinished)?;
        let suite = session.negotiated_cipher_suite().ok_or_else(unfinished)?;
        let group = session.negotiated_key_exchange_group();
        let version = match suite {
            SupportedCipherSuite::Tls13(_) => "TLS 1.3",
            SupportedCipherSuite::Tls12(_) => "TLS 1.2",
        };
        Ok(TlsReport {
            version: version.to_owned(),
            cipher: name_of(suite),
            key_bits: super::priority::key_bits(suite),
            key_exchange: group
                .map(|group| format!("{:?}", group.name()))
                .unwrap_or_default(),
            trust: verdict.outcome.map_err(|_| unfinished())?,
            certificate: verdict.certificate,
            client: self.offer.outcome(),
            ignored_priority,
        })
    }

    fn explain(&self, error: &std::io::Error) -> TlsError {
        let Some(verdict) = self.verifier.take_verdict() else {
            return TlsError::Handshake(HandshakeProblem::from_io(error));
        };
        match verdict.outcome {
            Ok(_) => TlsError::Handshake(HandshakeProblem::from_io(error)),
            Err(problem) => TlsError::Untrusted {
                problem,
                pin_changed: self.verifier.pin_changed(&verdict.certificate),
                certificate: Box::new(verdict.certificate),
            },
        }
    }
}

/// The registered name: rustls writes `TLS13_` where the registry has `TLS_`.
fn name_of(suite: SupportedCipherSuite) -> String {
    format!("{:?}", suite.suite()).replacen("TLS13_", "TLS_", 1)
}
