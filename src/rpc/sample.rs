//! Random values of every structure, for the round-trip tests.

use bytes::Bytes;
use uuid::Uuid;

use crate::wire::codec::{CharArray, Chars, List, Opaque, Plain, Strict};
use crate::wire::typed_param::{TypedParam, TypedValue};

/// Where randomness comes from: the bytes that proptest made, then zeros.
pub(crate) struct Source<'a> {
    bytes: &'a [u8],
}

impl<'a> Source<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else {
            return 0;
        };
        self.bytes = rest;
        *first
    }

    fn word(&mut self) -> u64 {
        (0..8).fold(0, |word, _| word << 8 | u64::from(self.byte()))
    }

    fn length(&mut self, max: u32) -> u32 {
        u32::from(self.byte() % 4).min(max)
    }
}

pub(crate) trait Sample {
    fn sample(from: &mut Source<'_>) -> Self;
}

pub(crate) trait SampleCodec<T> {
    fn sample(from: &mut Source<'_>) -> T;
}

impl<T: Sample> SampleCodec<T> for Plain {
    fn sample(from: &mut Source<'_>) -> T {
        T::sample(from)
    }
}

impl<T: Sample> SampleCodec<T> for Strict {
    fn sample(from: &mut Source<'_>) -> T {
        T::sample(from)
    }
}

impl<T: Sample, const N: u32> SampleCodec<Vec<T>> for List<N> {
    fn sample(from: &mut Source<'_>) -> Vec<T> {
        (0..from.length(N)).map(|_| T::sample(from)).collect()
    }
}

impl<const N: u32> SampleCodec<Bytes> for Opaque<N> {
    fn sample(from: &mut Source<'_>) -> Bytes {
        (0..from.length(N)).map(|_| from.byte()).collect()
    }
}

impl<const N: u32> SampleCodec<Vec<u8>> for Chars<N> {
    fn sample(from: &mut Source<'_>) -> Vec<u8> {
        (0..from.length(N)).map(|_| from.byte()).collect()
    }
}

impl<const N: usize> Sample for CharArray<N> {
    fn sample(from: &mut Source<'_>) -> Self {
        Self(std::array::from_fn(|_| from.byte()))
    }
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl Sample for $type {
            fn sample(from: &mut Source<'_>) -> Self {
                from.word() as $type
            }
        }
    )*};
}

integers! { u8 u16 u32 u64 i8 i32 i64 }

impl Sample for bool {
    fn sample(from: &mut Source<'_>) -> Self {
        from.byte() % 2 == 1
    }
}

impl Sample for String {
    fn sample(from: &mut Source<'_>) -> Self {
        (0..from.length(8))
            .map(|_| ['a', 'é', '漢', '\0', '<'][from.byte() as usize % 5])
            .collect()
    }
}

impl Sample for Uuid {
    fn sample(from: &mut Source<'_>) -> Self {
        Self::from_u64_pair(from.word(), from.word())
    }
}

impl<T: Sample> Sample for Option<T> {
    fn sample(from: &mut Source<'_>) -> Self {
        bool::sample(from).then(|| T::sample(from))
    }
}

impl Sample for TypedValue {
    fn sample(from: &mut Source<'_>) -> Self {
        match from.byte() % 7 {
            0 => Self::Int(Sample::sample(from)),
            1 => Self::UInt(Sample::sample(from)),
            2 => Self::LLong(Sample::sample(from)),
            3 => Self::ULLong(Sample::sample(from)),
            // Not from bits: a NaN is not equal to itself.
            4 => Self::Double(from.word() as f64 / 3.0),
            5 => Self::Boolean(Sample::sample(from)),
            _ => Self::String(Sample::sample(from)),
        }
    }
}

impl Sample for TypedParam {
    fn sample(from: &mut Source<'_>) -> Self {
        Self {
            field: Sample::sample(from),
            value: Sample::sample(from),
        }
    }
}
