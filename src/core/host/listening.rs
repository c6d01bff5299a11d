//! Changes where a domain's screen listens, in the definition that is kept: the machine that runs listens where it does.
//!
//! libvirt changes no address of a running screen (`qemuDomainChangeGraphics`, `src/qemu/qemu_hotplug.c`).

use std::net::IpAddr;

use uuid::Uuid;
use virt_rpc::procedure;
use virtxml::{
    Document,
    domain::{self, graphics::Graphics},
};

use super::{
    Host,
    live::handle_of,
    xml::{XmlKind, secret_xml},
};
use crate::{Error, ErrorKind};

/// `VIR_DOMAIN_DEFINE_VALIDATE`.
const VALIDATE: u32 = 1;

impl Host {
    /// Has the domain's first VNC screen listen at another address from its next start on. Nothing else of the
    /// definition changes, its passwords included.
    ///
    /// # Errors
    /// [`ErrorKind::WrongState`] for a domain that is not kept, [`ErrorKind::Forbidden`] where its secrets may not be
    /// read, [`ErrorKind::NoScreen`] without a VNC screen, and libvirt's own.
    ///
    /// # Cancel safety
    /// Dropping the future stops the waiting; the change may still be made.
    pub async fn set_screen_address(&self, uuid: Uuid, address: IpAddr) -> Result<(), Error> {
        let (link, domain) = (self.link()?, self.known(uuid)?);
        if !domain.persistent {
            let text = "the host keeps no definition of this domain";
            return Err(Error::new(ErrorKind::WrongState, text));
        }
        let dom = handle_of(&domain);
        let xml = secret_xml(link.main(), dom.clone(), XmlKind::Kept).await?;
        let xml = with_address(&xml, address)?;
        let call = procedure::DomainDefineXmlFlags {
            xml,
            flags: VALIDATE,
        };
        link.main().call(call).await?;
        let kept = secret_xml(link.main(), dom, XmlKind::Kept).await?;
        if address_of(&kept)? == Some(address.to_string()) {
            Ok(())
        } else {
            let text = format!("libvirt did not keep the address {address}");
            Err(Error::new(ErrorKind::Unsupported, text))
        }
    }

    /// Says whether the kept definition sets a password for the domain's first VNC screen.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] where its secrets may not be read, and libvirt's own.
    pub async fn has_screen_password(&self, uuid: Uuid) -> Result<bool, Error> {
        let (link, domain) = (self.link()?, self.known(uuid)?);
        let xml = secret_xml(link.main(), handle_of(&domain), XmlKind::Kept).await?;
        let document = parse(&xml)?;
        let vnc = first_vnc(&document)?;
        Ok(vnc.is_some_and(|vnc| vnc.password().is_some()))
    }
}

fn with_address(xml: &str, address: IpAddr) -> Result<String, Error> {
    let mut document = parse(xml)?;
    let index = {
        let view = view(&document)?;
        let mut kinds = view.graphics().map(|graphics| graphics.kind());
        kinds.position(|kind| kind.as_deref() == Some("vnc"))
    };
    let has_changed = index.is_some_and(|index| {
        domain::set_listen_address(&mut document, index, &address.to_string())
    });
    if has_changed {
        Ok(document.to_string())
    } else {
        let text = "the domain has no VNC screen";
        Err(Error::new(ErrorKind::NoScreen, text))
    }
}

fn address_of(xml: &str) -> Result<Option<String>, Error> {
    let document = parse(xml)?;
    Ok(first_vnc(&document)?.and_then(|vnc| vnc.address()))
}

fn first_vnc(document: &Document) -> Result<Option<Graphics<'_>>, Error> {
    let is_vnc = |graphics: &Graphics<'_>| graphics.kind().as_deref() == Some("vnc");
    Ok(view(document)?.graphics().find(is_vnc))
}

fn parse(xml: &str) -> Result<Document, Error> {
    Document::parse(xml).map_err(|error| unreadable(&error))
}

fn view(document: &Document) -> Result<domain::Domain<'_>, Error> {
    domain::Domain::of(document).map_err(|error| unreadable(&error))
}

fn unreadable(error: &virtxml::Error) -> Error {
    Error::new(ErrorKind::Protocol, error.to_string())
}
