//! One snapshot as the list shows it, read from its XML.

use virtxml::Document;

use crate::{DomainState, Error, ErrorKind};

/// What is known of one snapshot of a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its name, unique within its domain.
    pub name: String,
    /// The user's note.
    pub description: Option<String>,
    /// The snapshot that it was taken on top of.
    pub parent: Option<String>,
    /// How many of those before it in the list it was taken on top of, one on the other.
    pub depth: u32,
    /// When it was taken, in seconds since 1970 UTC.
    pub created: i64,
    /// What the domain did when it was taken.
    pub state: DomainState,
    /// Whether the domain's present state descends from it directly.
    pub current: bool,
    /// Whether the state of the memory is part of it.
    pub has_memory: bool,
    /// Whether its disks are external files rather than inside the images.
    pub external: bool,
}

impl Snapshot {
    /// Reads one; `current` names the one that the domain descends from. Its depth is not known yet.
    pub(crate) fn read(xml: &str, current: Option<&str>) -> Result<Self, Error> {
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
            depth: 0,
            created: view.created().unwrap_or_default(),
            state: state.as_deref().map_or(DomainState::Unknown, state_of_word),
            current: current == Some(name.as_str()),
            has_memory,
            external: view.is_external(),
            name,
        })
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

/// Says that XML of the daemon cannot be read.
pub(crate) fn unreadable(error: virtxml::Error) -> Error {
    Error::new(
        ErrorKind::Protocol,
        format!("the XML cannot be read: {error}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshots_xml_is_read() {
        let xml = include_str!("../virtxml/tests/data/snapshot.xml");
        let snapshot = Snapshot::read(xml, Some("before-upgrade")).unwrap();
        assert!(snapshot.current && snapshot.has_memory && snapshot.external);
        assert_eq!(snapshot.state, DomainState::Running);
        assert_eq!(snapshot.parent.as_deref(), Some("fresh"));
    }
}
