//! The page that lists a guest's snapshots, for reading.

mod page;
mod row;

pub(super) use page::SnapshotsPage;
