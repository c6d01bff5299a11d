//! TLS to libvirtd: both sides show certificates, and the daemon says one byte when it likes ours.
//!
//! Where certificates lie and which are trusted is `link_security`'s; this is libvirt's use of it
//! (`src/rpc/virnetclient.c`, `virNetClientSetTLSSession`).

use std::{io, path::Path, time::Duration};

use link_security::{
    pki::{PkiFiles, PkiRoots},
    tls::{TlsClient, TlsError, TlsOptions, TlsReport, TlsStream, Trust},
};
use tokio::{
    io::AsyncReadExt,
    net::TcpStream,
    time::{Instant, timeout_at},
};

use super::{Reached, Shield, Wire, dial};
use crate::{
    CheckStep, Error, ErrorKind, LinkInfo, LinkWarning, Options, Transport, Uri, progress::Progress,
};

/// libvirt's port for TLS (`LIBVIRTD_TLS_PORT`).
const PORT: u16 = 16_514;

/// What a daemon says when it accepts our certificate. One that does not just closes the connection.
const WELCOME: u8 = 1;

/// Connects to the daemon's port and protects the stream; without a host, on this machine.
pub(super) async fn reach(
    uri: &Uri,
    options: &Options,
    progress: &Progress,
) -> Result<Reached, Error> {
    let (stream, host, peer) = dial::dial_daemon(uri, PORT, options, progress).await?;
    progress.begin(CheckStep::Tls);
    let files = files(uri, options);
    let wishes = TlsOptions {
        pins: options.pins.clone(),
        verify: !uri.switch("no_verify")?,
        priority: uri.parameter("tls_priority").map(str::to_owned),
    };
    let deadline = Instant::now() + options.secure;
    let (stream, report) = protect(stream, host, &files, wishes, deadline)
        .await
        .map_err(|failure| failure.into_error(&files, options.secure))?;
    let warnings = warnings(&report);
    progress.warned(CheckStep::Tls, warnings.clone(), in_a_line(&report));
    let shield = Shield::Protected {
        strength: report.key_bits,
    };
    let info = LinkInfo {
        transport: Transport::Tls,
        peer,
        tls: Some(Box::new(report)),
        warnings,
        ..LinkInfo::default()
    };
    Ok(Reached {
        wire: Wire::Stream(Box::new(stream)),
        info,
        shield,
        carrier: None,
    })
}

fn files(uri: &Uri, options: &Options) -> PkiFiles {
    let roots = options.pki.clone().unwrap_or_else(PkiRoots::of_this_user);
    let folder = uri.parameter("pkipath").filter(|path| !path.is_empty());
    PkiFiles::libvirt(&roots, folder.map(Path::new))
}

/// Why there is no protected stream.
enum Failure {
    Tls(TlsError),
    /// It was agreed on, and then ended without a welcome.
    NotWelcome(Box<TlsReport>, io::Error),
    /// The first byte is none that libvirtd says.
    OtherWelcome,
    Silent,
}

async fn protect(
    stream: TcpStream,
    host: &str,
    files: &PkiFiles,
    wishes: TlsOptions,
    deadline: Instant,
) -> Result<(TlsStream<TcpStream>, TlsReport), Failure> {
    let (mut stream, report) =
        timeout_at(deadline, TlsClient::connect(stream, host, files, wishes))
            .await
            .map_err(|_| Failure::Silent)?
            .map_err(Failure::Tls)?;
    let welcome = timeout_at(deadline, stream.read_u8()).await;
    match welcome.map_err(|_| Failure::Silent)? {
        Ok(WELCOME) => Ok((stream, report)),
        Ok(_) => Err(Failure::OtherWelcome),
        Err(error) => Err(Failure::NotWelcome(Box::new(report), error)),
    }
}

impl Failure {
    fn into_error(self, files: &PkiFiles, patience: Duration) -> Error {
        match self {
            Self::Tls(TlsError::Handshake(problem)) if problem.is_about_our_certificate() => {
                certificate_refused(files, problem.to_string())
            }
            Self::Tls(error) => error.into(),
            Self::NotWelcome(report, error) if report.client.asked => {
                certificate_refused(files, format!("the host ended the connection: {error}"))
            }
            Self::NotWelcome(_, error) => Error::new(ErrorKind::Lost, error.to_string()),
            Self::OtherWelcome => {
                let text = "what answers over TLS is not libvirt";
                Error::new(ErrorKind::Protocol, text)
            }
            Self::Silent => Error::new(
                ErrorKind::TimedOut,
                format!("TLS was not agreed on within {patience:?}"),
            ),
        }
    }
}

/// A host that wants a certificate: we had none, or it does not like ours.
pub(crate) fn certificate_refused(files: &PkiFiles, message: String) -> Error {
    let kind = if files.certificate.found.is_none() {
        ErrorKind::ClientCertificateMissing {
            looked: files.looked_for_certificate(),
        }
    } else {
        ErrorKind::ClientCertificateRefused
    };
    Error::new(kind, message)
}

fn warnings(report: &TlsReport) -> Vec<LinkWarning> {
    let trust = match report.trust {
        Trust::Unverified => Some(LinkWarning::Unverified),
        Trust::CommonNameOnly => Some(LinkWarning::CommonNameOnly),
        _ => None,
    };
    let ignored = Some(&report.ignored_priority).filter(|ignored| !ignored.is_empty());
    let ignored = ignored.map(|parts| LinkWarning::PriorityIgnored(parts.clone()));
    trust.into_iter().chain(ignored).collect()
}

fn in_a_line(report: &TlsReport) -> String {
    let subject = &report.certificate.subject;
    format!("{}, {}, {subject}", report.version, report.cipher)
}
