//! How Rust types stand on libvirt's wire: the two traits, their simple implementors, and the bounded forms
//! (`List`, `Opaque`, `Chars`, `Strict`) that a field of `spec/libvirt.spec` can have.
//! Knows no procedure. Read next: `record.rs`.

use bytes::Bytes;
use uuid::Uuid;

use super::xdr::{DecodeError, Decoder, EncodeError, Encoder, STRING_MAX};

/// A value that can be sent.
pub trait Encode {
    /// Appends the value's wire form.
    fn encode(&self, to: &mut Encoder) -> Result<(), EncodeError>;
}

/// A value that can be received.
pub trait Decode: Sized {
    /// The fewest bytes that a value takes on the wire; a list reserves no more than the message could hold.
    const MIN_LEN: usize;

    /// Reads one value.
    fn decode(from: &mut Decoder) -> Result<Self, DecodeError>;
}

/// One way of putting a `T` on the wire. Fields name it when the type alone does not say enough.
pub trait Codec<T> {
    /// The fewest bytes that a value takes.
    const MIN_LEN: usize;
    /// Appends `value`.
    fn put(value: &T, to: &mut Encoder) -> Result<(), EncodeError>;
    /// Reads a value.
    fn take(from: &mut Decoder) -> Result<T, DecodeError>;
}

/// The type's own wire form.
#[derive(Debug)]
pub struct Plain;
/// A string that must be UTF-8: XML, which is edited and sent back and so must not be repaired by guessing.
#[derive(Debug)]
pub struct Strict;
/// A list of at most `N` values.
#[derive(Debug)]
pub struct List<const N: u32>;
/// At most `N` opaque bytes.
#[derive(Debug)]
pub struct Opaque<const N: u32>;
/// At most `N` C chars, each of which takes four bytes.
#[derive(Debug)]
pub struct Chars<const N: u32>;

impl<T: Encode + Decode> Codec<T> for Plain {
    const MIN_LEN: usize = T::MIN_LEN;
    fn put(value: &T, to: &mut Encoder) -> Result<(), EncodeError> {
        value.encode(to)
    }
    fn take(from: &mut Decoder) -> Result<T, DecodeError> {
        T::decode(from)
    }
}

impl Codec<String> for Strict {
    const MIN_LEN: usize = 4;
    fn put(value: &String, to: &mut Encoder) -> Result<(), EncodeError> {
        value.encode(to)
    }
    fn take(from: &mut Decoder) -> Result<String, DecodeError> {
        let bytes = from.opaque(STRING_MAX)?;
        String::from_utf8(bytes.into()).map_err(|_| DecodeError::NotUtf8)
    }
}

impl Codec<Option<String>> for Strict {
    const MIN_LEN: usize = 4;
    fn put(value: &Option<String>, to: &mut Encoder) -> Result<(), EncodeError> {
        value.encode(to)
    }
    fn take(from: &mut Decoder) -> Result<Option<String>, DecodeError> {
        bool::decode(from)?.then(|| Self::take(from)).transpose()
    }
}

impl<T: Encode + Decode, const N: u32> Codec<Vec<T>> for List<N> {
    const MIN_LEN: usize = 4;
    fn put(value: &Vec<T>, to: &mut Encoder) -> Result<(), EncodeError> {
        to.length(value.len(), N)?;
        value.iter().try_for_each(|item| item.encode(to))
    }
    fn take(from: &mut Decoder) -> Result<Vec<T>, DecodeError> {
        let len = from.length(N)?;
        let least = len.saturating_mul(T::MIN_LEN);
        if least > from.remaining() {
            return Err(DecodeError::Short {
                missing: least - from.remaining(),
            });
        }
        let mut list = Vec::with_capacity(len);
        for _ in 0..len {
            list.push(T::decode(from)?);
        }
        Ok(list)
    }
}

impl<const N: u32> Codec<Bytes> for Opaque<N> {
    const MIN_LEN: usize = 4;
    fn put(value: &Bytes, to: &mut Encoder) -> Result<(), EncodeError> {
        to.opaque(value, N)
    }
    fn take(from: &mut Decoder) -> Result<Bytes, DecodeError> {
        from.opaque(N)
    }
}

impl<const N: u32> Codec<Vec<u8>> for Chars<N> {
    const MIN_LEN: usize = 4;
    fn put(value: &Vec<u8>, to: &mut Encoder) -> Result<(), EncodeError> {
        to.length(value.len(), N)?;
        for byte in value {
            to.u32(u32::from(*byte));
        }
        Ok(())
    }
    fn take(from: &mut Decoder) -> Result<Vec<u8>, DecodeError> {
        let len = from.length(N)?;
        let wire = from.fixed(len * 4)?;
        Ok(wire.iter().skip(3).step_by(4).copied().collect())
    }
}

/// `char x[N]`: exactly `N` chars, each of which takes four bytes (as `NODE_GET_INFO`'s model).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CharArray<const N: usize>(pub [u8; N]);

impl<const N: usize> CharArray<N> {
    /// Reads the text before the first NUL; bytes that are not UTF-8 are replaced.
    pub fn to_text(&self) -> String {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(N);
        String::from_utf8_lossy(self.0.get(..end).unwrap_or_default()).into_owned()
    }
}

impl<const N: usize> Encode for CharArray<N> {
    fn encode(&self, to: &mut Encoder) -> Result<(), EncodeError> {
        for byte in self.0 {
            to.u32(u32::from(byte));
        }
        Ok(())
    }
}

impl<const N: usize> Decode for CharArray<N> {
    const MIN_LEN: usize = N * 4;
    fn decode(from: &mut Decoder) -> Result<Self, DecodeError> {
        let wire = from.fixed(N * 4)?;
        let mut chars = [0; N];
        for (char, byte) in chars.iter_mut().zip(wire.iter().skip(3).step_by(4)) {
            *char = *byte;
        }
        Ok(Self(chars))
    }
}

macro_rules! scalar {
    ($($type:ty, $len:literal, $read:ident, $wire:ty;)*) => {$(
        impl Encode for $type {
            fn encode(&self, to: &mut Encoder) -> Result<(), EncodeError> {
                to.$read(<$wire>::from(*self) as _);
                Ok(())
            }
        }
        impl Decode for $type {
            const MIN_LEN: usize = $len;
            fn decode(from: &mut Decoder) -> Result<Self, DecodeError> {
                let wire = from.$read()? as $wire;
                <$type>::try_from(wire).map_err(|_| DecodeError::Invalid {
                    what: stringify!($type),
                    value: i128::from(wire),
                })
            }
        }
    )*};
}

// The small ones take four bytes all the same.
scalar! {
    u8, 4, u32, u32;
    u16, 4, u32, u32;
    u32, 4, u32, u32;
    i32, 4, u32, i32;
    u64, 8, u64, u64;
    i64, 8, u64, i64;
    i8, 4, u32, i32;
}

impl Encode for bool {
    fn encode(&self, to: &mut Encoder) -> Result<(), EncodeError> {
        to.u32(u32::from(*self));
        Ok(())
    }
}

impl Decode for bool {
    const MIN_LEN: usize = 4;
    fn decode(from: &mut Decoder) -> Result<Self, DecodeError> {
        match from.u32()? {
            0 => Ok(false),
            1 => Ok(true),
            value => Err(DecodeError::Invalid {
                what: "boolean",
                value: i128::from(value),
            }),
        }
    }
}

impl Encode for f64 {
    fn encode(&self, to: &mut Encoder) -> Result<(), EncodeError> {
        to.u64(self.to_bits());
        Ok(())
    }
}

impl Decode for f64 {
    const MIN_LEN: usize = 8;
    fn decode(from: &mut Decoder) -> Result<Self, DecodeError> {
        from.u64().map(f64::from_bits)
    }
}

impl Encode for String {
    fn encode(&self, to: &mut Encoder) -> Result<(), EncodeError> {
        to.opaque(self.as_bytes(), STRING_MAX)
    }
}

/// Replaces what is not UTF-8: a daemon may name a volume after any file.
impl Decode for String {
    const MIN_LEN: usize = 4;
    fn decode(from: &mut Decoder) -> Result<Self, DecodeError> {
        let bytes = from.opaque(STRING_MAX)?;
        Ok(Self::from_utf8_lossy(&bytes).into_owned())
    }
}

impl Encode for Uuid {
    fn encode(&self, to: &mut Encoder) -> Result<(), EncodeError> {
        to.fixed(self.as_bytes());
        Ok(())
    }
}

impl Decode for Uuid {
    const MIN_LEN: usize = 16;
    fn decode(from: &mut Decoder) -> Result<Self, DecodeError> {
        let bytes = from.fixed(16)?;
        Self::from_slice(&bytes).map_err(|_| DecodeError::Short { missing: 16 })
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, to: &mut Encoder) -> Result<(), EncodeError> {
        self.is_some().encode(to)?;
        self.iter().try_for_each(|value| value.encode(to))
    }
}

impl<T: Decode> Decode for Option<T> {
    const MIN_LEN: usize = 4;
    fn decode(from: &mut Decoder) -> Result<Self, DecodeError> {
        bool::decode(from)?.then(|| T::decode(from)).transpose()
    }
}

impl Encode for () {
    fn encode(&self, _to: &mut Encoder) -> Result<(), EncodeError> {
        Ok(())
    }
}

impl Decode for () {
    const MIN_LEN: usize = 0;
    fn decode(_from: &mut Decoder) -> Result<Self, DecodeError> {
        Ok(())
    }
}
