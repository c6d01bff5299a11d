//! XDR (RFC 4506) as libvirt uses it: big endian, everything in units of four bytes.
//! Knows no libvirt structure; those are declared with the macros of `record.rs`.
//! Read next: `codec.rs`, which bounds lists and strings.

use bytes::{Buf, BufMut, Bytes, BytesMut};

/// The longest string libvirt accepts, in bytes (`REMOTE_STRING_MAX`).
pub const STRING_MAX: u32 = 4_194_304;

/// Why bytes of the peer are not the value they should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The message ends before the value does.
    #[error("the message ends {missing} bytes too early")]
    Short {
        /// How many bytes are missing at least.
        missing: usize,
    },
    /// A length is above what libvirt allows for this field.
    #[error("a length of {len} is above the limit of {max}")]
    TooLong {
        /// The length that the message claims.
        len: u32,
        /// The limit.
        max: u32,
    },
    /// A discriminant, boolean or small integer has a value that it cannot have.
    #[error("{value} is no valid {what}")]
    Invalid {
        /// What was expected.
        what: &'static str,
        /// What was there.
        value: i128,
    },
    /// An XML document is not UTF-8, and must not be altered by guessing.
    #[error("an XML document is not UTF-8")]
    NotUtf8,
}

/// Why a value cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// A string or list is longer than libvirt accepts.
    #[error("a length of {len} is above the limit of {max}")]
    TooLong {
        /// The length of the value.
        len: usize,
        /// The limit.
        max: u32,
    },
    /// The whole message is above 32 MiB.
    #[error("a message of {len} bytes is above the limit of 32 MiB")]
    MessageTooLong {
        /// The length of the message.
        len: usize,
    },
}

/// Reads values from the front of a message. Never allocates more than the message holds.
#[derive(Debug, Clone)]
pub struct Decoder {
    rest: Bytes,
}

impl Decoder {
    /// Starts at the first byte of `message`.
    pub fn new(message: Bytes) -> Self {
        Self { rest: message }
    }

    /// Counts the bytes that were not read yet.
    pub fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// Reads an unsigned int.
    pub fn u32(&mut self) -> Result<u32, DecodeError> {
        let missing = 4usize.saturating_sub(self.remaining());
        self.rest
            .try_get_u32()
            .map_err(|_| DecodeError::Short { missing })
    }

    /// Reads an unsigned hyper.
    pub fn u64(&mut self) -> Result<u64, DecodeError> {
        let missing = 8usize.saturating_sub(self.remaining());
        self.rest
            .try_get_u64()
            .map_err(|_| DecodeError::Short { missing })
    }

    /// Reads a length and refuses one above `max`.
    pub fn length(&mut self, max: u32) -> Result<usize, DecodeError> {
        match self.u32()? {
            len if len <= max => Ok(len as usize),
            len => Err(DecodeError::TooLong { len, max }),
        }
    }

    /// Takes `len` bytes and the padding after them, without copying.
    pub fn fixed(&mut self, len: usize) -> Result<Bytes, DecodeError> {
        let padded = len + padding(len);
        if padded > self.remaining() {
            return Err(DecodeError::Short {
                missing: padded - self.remaining(),
            });
        }
        let mut taken = self.rest.split_to(padded);
        taken.truncate(len);
        Ok(taken)
    }

    /// Takes a length and that many bytes.
    pub fn opaque(&mut self, max: u32) -> Result<Bytes, DecodeError> {
        let len = self.length(max)?;
        self.fixed(len)
    }
}

/// Writes values one after the other.
#[derive(Debug, Default)]
pub struct Encoder {
    out: BytesMut,
}

impl Encoder {
    /// Starts with nothing written.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes an unsigned int.
    pub fn u32(&mut self, value: u32) {
        self.out.put_u32(value);
    }

    /// Writes an unsigned hyper.
    pub fn u64(&mut self, value: u64) {
        self.out.put_u64(value);
    }

    /// Writes a length, refusing one above `max`.
    pub fn length(&mut self, len: usize, max: u32) -> Result<(), EncodeError> {
        match u32::try_from(len) {
            Ok(short) if short <= max => {
                self.u32(short);
                Ok(())
            }
            _ => Err(EncodeError::TooLong { len, max }),
        }
    }

    /// Writes bytes and their padding, without a length.
    pub fn fixed(&mut self, bytes: &[u8]) {
        self.out.put_slice(bytes);
        self.out.put_bytes(0, padding(bytes.len()));
    }

    /// Writes a length, bytes and their padding.
    pub fn opaque(&mut self, bytes: &[u8], max: u32) -> Result<(), EncodeError> {
        self.length(bytes.len(), max)?;
        self.fixed(bytes);
        Ok(())
    }

    /// Counts the bytes written.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Says whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// Ends the message.
    pub fn finish(self) -> Bytes {
        self.out.freeze()
    }
}

fn padding(len: usize) -> usize {
    len.wrapping_neg() & 3
}
