//! Why a text is not XML that this crate reads.

/// A text that cannot be read, or a document that is not of the expected kind.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text breaks XML's rules.
    #[error("not well-formed at byte {position}: {what}")]
    Malformed {
        /// Where it was noticed.
        position: u64,
        /// What is wrong.
        what: String,
    },
    /// The text is longer than [`crate::tree::MAX_BYTES`].
    #[error("longer than {} bytes", crate::tree::MAX_BYTES)]
    TooLong,
    /// Elements stand in each other deeper than [`crate::tree::MAX_DEPTH`].
    #[error("nested deeper than {} elements", crate::tree::MAX_DEPTH)]
    TooDeep,
    /// The text has a document type declaration: libvirt never writes one, and entities of one's own are a danger.
    #[error("a document type declaration is not accepted")]
    DocumentType,
    /// The outermost element is another one.
    #[error("expected <{expected}>, found <{found}>")]
    WrongRoot {
        /// The element that the view reads.
        expected: &'static str,
        /// The element that is there.
        found: String,
    },
}
