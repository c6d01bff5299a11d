//! A picture of a domain's screen, as the hypervisor made it.

use bytes::Bytes;

/// A screenshot: a whole image file and its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screenshot {
    /// The MIME type that the hypervisor names: `image/png` with QEMU since 7.1, else `image/x-portable-pixmap`.
    pub mime: String,
    /// The file's bytes.
    pub bytes: Bytes,
}
