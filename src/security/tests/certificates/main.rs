//! The matrix of certificates: our verdict on each beside that of libvirt's own client, both against a real libvirtd.
//!
//! `docs/certificates.md` has the tables that must come out, and explains every difference.
#![cfg(feature = "daemon-tests")]

mod client_side;
mod decisions;
mod server_side;
mod virsh;

use std::path::Path;

use link_security::{
    pki::{PkiFiles, PkiRoots},
    tls::{PeerEnd, TlsClient, TlsError, TlsOptions, TlsStream, Trust, ended_by},
};
use tokio::{io::AsyncReadExt, net::TcpStream};

/// The files of a folder that has all of them.
fn files_in(folder: &Path) -> PkiFiles {
    PkiFiles::libvirt(&PkiRoots::of_this_user(), Some(folder))
}

/// Connects to a daemon on the loopback address as to a host of this name, and says what became of it.
async fn verdict(port: u16, host: &str, files: &PkiFiles) -> String {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    match TlsClient::connect(stream, host, files, TlsOptions::default()).await {
        Ok((stream, report)) => {
            let note = match report.trust {
                Trust::Chain => "",
                Trust::CommonNameOnly => ", with a note",
                other => panic!("{other:?} was not asked for"),
            };
            after_handshake(stream)
                .await
                .map_or_else(|why| why, |()| format!("accepted{note}"))
        }
        Err(TlsError::Untrusted { problem, .. }) => {
            let pin = if problem.can_be_pinned() {
                "; can be pinned"
            } else {
                ""
            };
            format!("refused: {problem}{pin}")
        }
        Err(TlsError::ClientCertificate { problem, .. }) => format!("not tried: {problem}"),
        Err(TlsError::KeyUnreadable { .. }) => "not tried: permission denied".to_owned(),
        Err(TlsError::CaMissing { .. }) => "not tried: no authority".to_owned(),
        Err(other) => format!("failed: {other}"),
    }
}

/// libvirtd sends one byte when it is content with the client's certificate, and hangs up when it is not.
async fn after_handshake(mut stream: TlsStream<TcpStream>) -> Result<(), String> {
    match stream.read_u8().await {
        Ok(1) => Ok(()),
        Ok(other) => Err(format!("byte {other} instead of 1")),
        Err(error) => Err(match ended_by(&error) {
            Some(PeerEnd::Cut) => "refused by the host".to_owned(),
            Some(PeerEnd::Alert(alert)) => format!("refused by the host: {alert}"),
            _ => error.to_string(),
        }),
    }
}

/// Compares a table with the one in the documentation, between two marks there.
fn expect_documented(mark: &str, rows: &[[String; 3]]) {
    let rows: Vec<_> = rows.iter().map(|row| row.to_vec()).collect();
    lab::document::expect_table("docs/certificates.md", mark, &rows);
}
