//! What a window asks about one domain: its hardware, its snapshots, a picture of its screen.

use bytes::{Bytes, BytesMut};
use futures_util::future::join_all;
use uuid::Uuid;
use virt_rpc::{Connection, StreamItem, procedure, procedure::types};
use virtxml::Document;

use super::{
    Host,
    live::handle_of,
    xml::{XmlKind, domain_xml},
};
use crate::{
    Domain, DomainDetails, Error, ErrorKind, Screenshot, Snapshot, os_names::os_name,
    snapshot::unreadable, snapshot_tree,
};

/// The longest picture that is taken: 16384 × 4096 pixels of three bytes each, and a header.
const SCREENSHOT_MAX: usize = 200 * 1024 * 1024;

impl Host {
    /// Reads the domain's hardware: as it is now while the domain runs, else as it will be.
    pub async fn details(&self, uuid: Uuid) -> Result<DomainDetails, Error> {
        let (link, domain) = (self.link()?, self.known(uuid)?);
        let xml = domain_xml(link.main(), handle_of(&domain), XmlKind::Present).await?;
        let document = Document::parse(&xml).map_err(unreadable)?;
        // What the list knows may have grown meanwhile.
        let domain = self.domain(uuid).unwrap_or(domain);
        let mut details = DomainDetails::read(domain, &document)?;
        if let Some(id) = &details.os_id {
            details.os_name = os_name(id).await;
        }
        Ok(details)
    }

    /// Reads the domain's snapshots, each after the one that it was taken on top of, siblings by age.
    pub async fn snapshots(&self, uuid: Uuid) -> Result<Vec<Snapshot>, Error> {
        let (link, domain) = (self.link()?, self.known(uuid)?);
        let (list, current) = list_snapshots(link.main(), &domain).await?;
        if list.is_empty() == domain.has_snapshots {
            self.shared().doubts.raise(uuid);
        }
        let xml = join_all(list.into_iter().map(|snap| async {
            let call = procedure::DomainSnapshotGetXmlDesc { snap, flags: 0 };
            link.main().call(call).await
        }));
        let mut snapshots = Vec::new();
        for answer in xml.await {
            match answer {
                Ok(ret) => snapshots.push(Snapshot::read(&ret.xml, current.as_deref())?),
                // Deleted since the list was made.
                Err(error) if error.code() == Some(virt_rpc::code::NO_DOMAIN_SNAPSHOT) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(snapshot_tree::arrange(snapshots))
    }

    /// Takes a picture of the domain's first screen.
    ///
    /// # Errors
    /// [`ErrorKind::WrongState`] while it does not run.
    pub async fn screenshot(&self, uuid: Uuid) -> Result<Screenshot, Error> {
        let (link, domain) = (self.link()?, self.known(uuid)?);
        let call = procedure::DomainScreenshot {
            dom: handle_of(&domain),
            screen: 0,
            flags: 0,
        };
        let (ret, mut stream) = link.main().open_stream(call).await?;
        let mut bytes = BytesMut::new();
        while let Some(item) = stream.recv().await? {
            let StreamItem::Data(piece) = item else {
                continue;
            };
            append(&mut bytes, &piece)?;
        }
        stream.finish().await?;
        Ok(Screenshot {
            mime: ret.mime.unwrap_or_default(),
            bytes: bytes.freeze(),
        })
    }
}

fn append(bytes: &mut BytesMut, piece: &Bytes) -> Result<(), Error> {
    if bytes.len() + piece.len() > SCREENSHOT_MAX {
        let message = format!("the picture is longer than {SCREENSHOT_MAX} bytes");
        return Err(Error::new(ErrorKind::Protocol, message));
    }
    bytes.extend_from_slice(piece);
    Ok(())
}

/// Lists a domain's snapshots, and names the one that its present state descends from.
async fn list_snapshots(
    connection: &Connection,
    domain: &Domain,
) -> Result<(Vec<types::DomainSnapshot>, Option<String>), Error> {
    let list = procedure::DomainListAllSnapshots {
        dom: handle_of(domain),
        need_results: 1,
        flags: 0,
    };
    let current = procedure::DomainSnapshotCurrent {
        dom: handle_of(domain),
        flags: 0,
    };
    let (list, current) = tokio::join!(connection.call(list), connection.call(current));
    // A domain without a current snapshot answers with an error; so does a driver that has none.
    Ok((list?.snapshots, current.ok().map(|ret| ret.snap.name)))
}
