//! A view of `<domainsnapshot>` (libvirt's docs/formatsnapshot).

use crate::{Document, Element, Error};

/// A snapshot's XML.
#[derive(Clone, Copy, Debug)]
pub struct Snapshot<'a> {
    root: &'a Element,
}

impl<'a> Snapshot<'a> {
    /// Views a document.
    ///
    /// # Errors
    /// [`Error::WrongRoot`] when it is no snapshot.
    pub fn of(document: &'a Document) -> Result<Self, Error> {
        let root = document.root();
        if root.name() != "domainsnapshot" {
            return Err(Error::WrongRoot {
                expected: "domainsnapshot",
                found: root.name().to_owned(),
            });
        }
        Ok(Self { root })
    }

    /// The name, unique within the domain.
    pub fn name(&self) -> Option<String> {
        self.root.text_of("name")
    }

    /// The user's note.
    pub fn description(&self) -> Option<String> {
        self.root
            .text_of("description")
            .filter(|text| !text.is_empty())
    }

    /// The snapshot that it was taken on top of.
    pub fn parent(&self) -> Option<String> {
        self.root.first("parent")?.text_of("name")
    }

    /// When it was taken, in seconds since 1970 UTC.
    pub fn created(&self) -> Option<i64> {
        self.root.text_of("creationTime")?.parse().ok()
    }

    /// What the domain did then, in libvirt's word: `running`, `shutoff`, `disk-snapshot`.
    pub fn state(&self) -> Option<String> {
        self.root.text_of("state")
    }

    /// Where the memory's state is kept: `no`, `internal` or `external`.
    pub fn memory(&self) -> Option<String> {
        self.root.attribute_at(&["memory"], "snapshot")
    }

    /// Whether the memory or any disk is kept in a file of its own.
    pub fn is_external(&self) -> bool {
        let is_external =
            |element: &Element| element.attribute("snapshot").as_deref() == Some("external");
        let disks = self.root.first("disks");
        self.root.first("memory").is_some_and(is_external)
            || disks.is_some_and(|disks| disks.all("disk").any(is_external))
    }
}
