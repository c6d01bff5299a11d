//! The channel that a guest needs to share its clipboard, in the XML that counts from its next start.

use uuid::Uuid;
use virt_rpc::procedure;
use virtxml::{
    Document,
    domain::{self as view, graphics::Graphics, vdagent},
};

use super::{Host, Link, live::handle_of};
use crate::{Domain, Error, ErrorKind};

/// `VIR_DOMAIN_XML_SECURE` and `VIR_DOMAIN_XML_INACTIVE`: what is kept, with its passwords.
const KEPT_WHOLE: u32 = 1 | 2;
/// `VIR_DOMAIN_DEFINE_VALIDATE`.
const VALIDATE: u32 = 1;

impl Host {
    /// Says whether the domain could share the clipboard of its VNC screen from its next start, but for the channel.
    ///
    /// A domain that is gone when it is off never starts again, and only QEMU has such channels.
    pub async fn lacks_clipboard_channel(&self, uuid: Uuid) -> Result<bool, Error> {
        let (link, domain) = (self.link()?, self.known(uuid)?);
        if !domain.persistent {
            return Ok(false);
        }
        let document = kept(&link, &domain).await?;
        let view = view::Domain::of(&document).map_err(unreadable)?;
        let is_qemu = matches!(view.virt_type().as_deref(), Some("qemu" | "kvm"));
        let is_vnc = |screen: Graphics<'_>| screen.kind().as_deref() == Some("vnc");
        let has = vdagent::has_channel(&document).map_err(unreadable)?;
        Ok(is_qemu && view.graphics().any(is_vnc) && !has)
    }

    /// Adds the agent's channel to the XML that counts from the next start, and changes nothing else in it.
    ///
    /// # Errors
    /// [`ErrorKind::WrongState`] for a domain that is not kept.
    ///
    /// # Cancel safety
    /// Dropping the future stops the waiting; the channel is there then, or not.
    pub async fn add_clipboard_channel(&self, uuid: Uuid) -> Result<(), Error> {
        let (link, domain) = (self.link()?, self.known(uuid)?);
        if !domain.persistent {
            return Err(Error::new(ErrorKind::WrongState, "the domain is not kept"));
        }
        let mut document = kept(&link, &domain).await?;
        if vdagent::has_channel(&document).map_err(unreadable)? {
            return Ok(());
        }
        vdagent::add_channel(&mut document).map_err(unreadable)?;
        let call = procedure::DomainDefineXmlFlags {
            xml: document.to_string(),
            flags: VALIDATE,
        };
        link.main().call(call).await?;
        Ok(())
    }
}

async fn kept(link: &Link, domain: &Domain) -> Result<Document, Error> {
    let call = procedure::DomainGetXmlDesc {
        dom: handle_of(domain),
        flags: KEPT_WHOLE,
    };
    let answer = link.main().call(call).await?;
    Document::parse(&answer.xml).map_err(unreadable)
}

fn unreadable(error: virtxml::Error) -> Error {
    Error::new(ErrorKind::Protocol, error.to_string())
}
