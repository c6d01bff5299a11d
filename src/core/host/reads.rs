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
    Domain, DomainDetails, DomainState, Error, ErrorKind, Screenshot, Snapshot, os_names::os_name,
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

    /// Reads the domain's snapshots, each after the one that it was taken on top of.
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
        Ok(Snapshot::in_order(snapshots))
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

fn unreadable(error: virtxml::Error) -> Error {
    Error::new(
        ErrorKind::Protocol,
        format!("the XML cannot be read: {error}"),
    )
}

impl Snapshot {
    fn read(xml: &str, current: Option<&str>) -> Result<Self, Error> {
        let document = Document::parse(xml).map_err(unreadable)?;
        let view = virtxml::snapshot::Snapshot::of(&document).map_err(unreadable)?;
        let name = view.name().unwrap_or_default();
        let state = view.state();
        // A snapshot of a running domain has its memory unless it says otherwise.
        let has_memory = match view.memory().as_deref() {
            Some("no") => false,
            Some(_) => true,
            None => matches!(state.as_deref(), Some("running" | "paused")),
        };
        Ok(Self {
            description: view.description(),
            parent: view.parent(),
            created: view.created().unwrap_or_default(),
            state: state.as_deref().map_or(DomainState::Unknown, state_of_word),
            current: current == Some(name.as_str()),
            has_memory,
            external: view.is_external(),
            name,
        })
    }

    /// Puts each behind its parent, and children of one parent by their time.
    fn in_order(mut snapshots: Vec<Self>) -> Vec<Self> {
        snapshots.sort_by(|a, b| a.created.cmp(&b.created).then_with(|| a.name.cmp(&b.name)));
        let mut ordered: Vec<Self> = Vec::with_capacity(snapshots.len());
        while !snapshots.is_empty() {
            let is_ready = |snapshot: &Self, rest: &[Self]| {
                let parent = snapshot.parent.as_deref();
                !rest.iter().any(|other| Some(other.name.as_str()) == parent)
            };
            // A ring of parents cannot be; should a host tell of one, its first comes first.
            let next = (0..snapshots.len())
                .find(|index| is_ready(&snapshots[*index], &snapshots))
                .unwrap_or(0);
            ordered.push(snapshots.remove(next));
        }
        ordered
    }
}

/// libvirt's words for states (`virDomainState`, and a snapshot's own).
fn state_of_word(word: &str) -> DomainState {
    match word {
        "running" | "blocked" => DomainState::Running,
        "paused" => DomainState::Paused,
        "shutdown" => DomainState::ShuttingDown,
        "shutoff" | "disk-snapshot" => DomainState::ShutOff,
        "crashed" => DomainState::Crashed,
        "pmsuspended" => DomainState::PmSuspended,
        _ => DomainState::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(name: &str, parent: Option<&str>, created: i64) -> Snapshot {
        Snapshot {
            name: name.to_owned(),
            description: None,
            parent: parent.map(str::to_owned),
            created,
            state: DomainState::ShutOff,
            current: false,
            has_memory: false,
            external: false,
        }
    }

    fn order(snapshots: Vec<Snapshot>) -> Vec<String> {
        let ordered = Snapshot::in_order(snapshots).into_iter();
        ordered.map(|snapshot| snapshot.name).collect()
    }

    #[test]
    fn children_come_after_their_parents_even_if_the_clock_went_back() {
        let list = vec![
            snapshot("child", Some("root"), 1),
            snapshot("root", None, 5),
            snapshot("other", None, 3),
        ];
        assert_eq!(order(list), ["other", "root", "child"]);
    }

    #[test]
    fn a_ring_of_parents_ends() {
        let ring = vec![snapshot("a", Some("b"), 1), snapshot("b", Some("a"), 2)];
        assert_eq!(order(ring), ["a", "b"]);
    }

    #[test]
    fn a_snapshots_xml_is_read() {
        let xml = include_str!("../../virtxml/tests/data/snapshot.xml");
        let snapshot = Snapshot::read(xml, Some("before-upgrade")).unwrap();
        assert!(snapshot.current && snapshot.has_memory && snapshot.external);
        assert_eq!(snapshot.state, DomainState::Running);
        assert_eq!(snapshot.parent.as_deref(), Some("fresh"));
    }
}
