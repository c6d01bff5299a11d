//! What a domain's XML says of one of its VNC screens: which one it is, where it listens, its password.
//!
//! Passwords are read where that is allowed; a connection that may only look sees the rest.

use std::time::SystemTime;

use link_security::Secret;
use time::{PrimitiveDateTime, format_description::well_known::Iso8601};
use virtxml::{
    Document,
    domain::{
        self,
        graphics::{Graphics, Listen},
    },
};

use super::{
    ScreenWay,
    place::{self, Side},
};
use crate::{
    Description, Domain, Error, ErrorKind,
    host::{Link, XmlKind, domain_xml, handle_of},
};

/// Where a running screen listens, and how it is locked.
pub(super) struct Screen {
    pub(super) listen: Listen,
    /// Whether it has an address and only its port is missing.
    pub(super) awaits_port: bool,
    pub(super) password: Option<Secret>,
    /// Until when the password is good, where that is limited.
    pub(super) password_end: Option<SystemTime>,
}

/// Finds the place of a VNC screen among the screens: the one that is asked for, else the first.
pub(super) async fn find(
    link: &Link,
    domain: &Domain,
    place: Option<usize>,
) -> Result<Option<usize>, Error> {
    let xml = domain_xml(link.main(), handle_of(domain), XmlKind::Present).await?;
    Ok(Description::read(&xml).and_then(|read| read.vnc_at(place)))
}

/// Reads the VNC screen at a place of a running domain.
pub(super) async fn read(link: &Link, domain: &Domain, index: usize) -> Result<Screen, Error> {
    let xml = domain_xml(link.main(), handle_of(domain), XmlKind::Present).await?;
    let document = parse(&xml)?;
    let vnc = vnc_of(&document, index)
        .ok_or_else(|| Error::new(ErrorKind::NoScreen, "the domain has no VNC screen now"))?;
    let listen = vnc.listen();
    Ok(Screen {
        awaits_port: listen == Listen::Nowhere && vnc.address().is_some(),
        listen,
        password: vnc.password().map(Secret::new),
        password_end: password_end(vnc),
    })
}

/// Says whether the screen can be reached once the domain has been started anew. Where that cannot be read, it is said
/// that it cannot.
pub(super) async fn will_be_reachable(
    link: &Link,
    domain: &Domain,
    index: usize,
    side: Side<'_>,
    way: ScreenWay,
) -> bool {
    if !domain.persistent {
        return false;
    }
    let xml = domain_xml(link.main(), handle_of(domain), XmlKind::Kept).await;
    let Ok(document) = xml.and_then(|xml| parse(&xml)) else {
        return false;
    };
    let address = vnc_of(&document, index).and_then(|vnc| vnc.address());
    address.is_some_and(|address| place::is_reachable(&address, side, way))
}

fn vnc_of(document: &Document, index: usize) -> Option<Graphics<'_>> {
    let view = domain::Domain::of(document).ok()?;
    let is_vnc = |graphics: &Graphics<'_>| graphics.kind().as_deref() == Some("vnc");
    view.graphics().nth(index).filter(is_vnc)
}

/// libvirt writes the time of UTC without saying so (`src/conf/domain_conf.c`).
fn password_end(graphics: Graphics<'_>) -> Option<SystemTime> {
    let text = graphics.password_end()?;
    let time = PrimitiveDateTime::parse(&text, &Iso8601::PARSING).ok()?;
    Some(time.assume_utc().into())
}

fn parse(xml: &str) -> Result<Document, Error> {
    Document::parse(xml).map_err(|error| unreadable(&error))
}

fn unreadable(error: &virtxml::Error) -> Error {
    Error::new(ErrorKind::Protocol, error.to_string())
}
