//! One snapshot as the list shows it.

use crate::DomainState;

/// What is known of one snapshot of a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its name, unique within its domain.
    pub name: String,
    /// The user's note.
    pub description: Option<String>,
    /// The snapshot that it was taken on top of.
    pub parent: Option<String>,
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
