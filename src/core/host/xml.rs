//! A domain's XML, as it is now or as it is kept, with its secrets where they may be read.

use virt_rpc::{Connection, procedure, procedure::types};

use crate::{Error, ErrorKind};

/// `VIR_DOMAIN_XML_SECURE`: with it the XML has passwords.
const SECURE: u32 = 1;

/// `VIR_DOMAIN_XML_INACTIVE`.
const INACTIVE: u32 = 2;

/// Which of a domain's two definitions is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum XmlKind {
    /// Of the machine that runs; of one that does not, what it will be.
    Present,
    /// What it will be at its next start.
    Kept,
}

impl XmlKind {
    fn flags(self) -> u32 {
        match self {
            Self::Present => 0,
            Self::Kept => INACTIVE,
        }
    }
}

/// Reads a domain's XML with what only those who may write are told, or without it.
pub(crate) async fn domain_xml(
    connection: &Connection,
    dom: types::Domain,
    kind: XmlKind,
) -> Result<String, Error> {
    match secret_xml(connection, dom.clone(), kind).await {
        Err(error) if error.kind == ErrorKind::Forbidden => {
            let flags = kind.flags();
            let call = procedure::DomainGetXmlDesc { dom, flags };
            Ok(connection.call(call).await?.xml)
        }
        answer => answer,
    }
}

/// Reads a domain's XML with its secrets: what is written back without them loses them.
///
/// # Errors
/// [`ErrorKind::Forbidden`] where they must not be read.
pub(super) async fn secret_xml(
    connection: &Connection,
    dom: types::Domain,
    kind: XmlKind,
) -> Result<String, Error> {
    let flags = SECURE | kind.flags();
    let call = procedure::DomainGetXmlDesc { dom, flags };
    Ok(connection.call(call).await?.xml)
}
