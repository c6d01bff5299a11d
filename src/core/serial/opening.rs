//! The way to a running domain's line: libvirt's name for it from the live XML, then the stream.

use std::time::Duration;

use tokio::time::timeout;
use virt_rpc::{Stream, code, procedure};
use virtxml::{Document, domain};

use super::device::{self, TextDeviceId};
use crate::{
    Domain, Error, ErrorKind,
    host::{Lane, Link, handle_of},
};

/// `VIR_DOMAIN_CONSOLE_FORCE`: ends whoever has the line.
const FORCE: u32 = 1;

/// `VIR_DOMAIN_CONSOLE_SAFE`: only from a driver that gives a line to one client at a time.
const SAFE: u32 = 2;

/// Why a line was not opened.
pub(super) enum Obstacle {
    /// Another client has it.
    InUse,
    /// Trying again may help.
    Passing(Error),
    /// Only another configuration helps, or a person's wish to try again.
    Lasting(Error),
}

impl From<Error> for Obstacle {
    fn from(error: Error) -> Self {
        match error.kind {
            ErrorKind::Unsupported
            | ErrorKind::Forbidden
            | ErrorKind::Cancelled
            | ErrorKind::AuthFailed
            | ErrorKind::NoTextConsole => Self::Lasting(error),
            _ => Self::Passing(error),
        }
    }
}

/// Opens a stream to the line over the lane.
pub(super) async fn open(
    link: &Link,
    lane: &Lane,
    domain: &Domain,
    id: TextDeviceId,
    force: bool,
    patience: Duration,
) -> Result<Stream, Obstacle> {
    let alias = alias(link, domain, id).await?;
    let call = |flags| procedure::DomainOpenConsole {
        dom: handle_of(domain),
        dev_name: alias.clone(),
        flags: if force { flags | FORCE } else { flags },
    };
    let opening = async {
        let safely = lane.connection().open_stream(call(SAFE)).await;
        match safely {
            // Drivers that know no such promise refuse the flag.
            Err(error) if is_about_flags(&error) => lane.connection().open_stream(call(0)).await,
            answer => answer,
        }
    };
    let Ok(answer) = timeout(patience, opening).await else {
        let text = format!("the line was not opened within {patience:?}");
        return Err(Obstacle::Passing(Error::new(ErrorKind::TimedOut, text)));
    };
    match answer {
        Ok(((), stream)) => Ok(stream),
        // `virChrdevOpen`: what has the line is another of libvirt's clients, or a program that has locked it.
        Err(error) if error.code() == Some(code::OPERATION_FAILED) && !force => {
            Err(Obstacle::InUse)
        }
        Err(error) => Err(Error::from(error).into()),
    }
}

fn is_about_flags(error: &virt_rpc::Error) -> bool {
    matches!(error.code(), Some(code::INVALID_ARG | code::NO_SUPPORT))
}

/// Reads libvirt's name for the line from the live XML; `None` where the driver names nothing and the line is the first.
async fn alias(link: &Link, domain: &Domain, id: TextDeviceId) -> Result<Option<String>, Obstacle> {
    let call = procedure::DomainGetXmlDesc {
        dom: handle_of(domain),
        flags: 0,
    };
    let xml = link.main().call(call).await.map_err(Error::from)?.xml;
    let unreadable =
        |error: virtxml::Error| Error::new(ErrorKind::Protocol, format!("the XML: {error}"));
    let document = Document::parse(&xml).map_err(unreadable)?;
    let view = domain::Domain::of(&document).map_err(unreadable)?;
    let lines = device::found(view);
    let missing = |why: &str| Error::new(ErrorKind::NoTextConsole, format!("{id}: {why}"));
    let place = lines.iter().position(|line| line.device.id == id);
    let place = place.ok_or_else(|| missing("the domain has no such device now"))?;
    let wanted = &lines[place];
    if !wanted.device.is_openable() {
        let why = format!(
            "libvirt does not open devices of type {}",
            wanted.device.source
        );
        return Err(missing(&why).into());
    }
    if wanted.alias.is_none() && place > 0 {
        return Err(missing("the driver has no name for it").into());
    }
    Ok(wanted.alias.clone())
}
