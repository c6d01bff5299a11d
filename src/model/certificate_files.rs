//! The files with certificates that connections and screens use, as they are now.

use gtk::gio;
use innkeeper_core::security::{
    pki::{PkiFiles, PkiRoots},
    tls::Survey,
};

/// What was found for each of the two uses.
#[derive(Clone, Debug)]
pub struct CertificateFiles {
    /// For connections whose address names no folder of its own.
    pub connections: Survey,
    /// For screens.
    pub screens: Survey,
}

impl CertificateFiles {
    /// Looks for the files of the user who runs this, and reads them on a thread of its own.
    pub async fn read() -> Self {
        Self::read_below(PkiRoots::of_this_user()).await
    }

    /// Looks for the files below other folders.
    pub async fn read_below(roots: PkiRoots) -> Self {
        let reading = gio::spawn_blocking(move || Self {
            connections: Survey::of(PkiFiles::libvirt(&roots, None)),
            screens: Survey::of(PkiFiles::vnc(&roots)),
        });
        match reading.await {
            Ok(files) => files,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}
