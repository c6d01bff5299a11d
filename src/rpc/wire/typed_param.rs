//! Typed parameters: the named, dynamically typed values of tuning calls and statistics.
//! Knows no parameter's meaning.

use super::codec::{Decode, Encode};
use super::xdr::{DecodeError, Decoder, EncodeError, Encoder};

/// The flag that makes a Get…Parameters call return its string parameters too (`VIR_TYPED_PARAM_STRING_OKAY`).
pub const STRING_OKAY: u32 = 4;

/// A named value.
#[derive(Debug, Clone, PartialEq)]
pub struct TypedParam {
    /// The parameter's name, such as `cpu_shares`.
    pub field: String,
    /// Its value.
    pub value: TypedValue,
}

/// A value with its type (`virTypedParameterType`).
#[derive(Debug, Clone, PartialEq)]
pub enum TypedValue {
    /// Type 1.
    Int(i32),
    /// Type 2.
    UInt(u32),
    /// Type 3.
    LLong(i64),
    /// Type 4.
    ULLong(u64),
    /// Type 5.
    Double(f64),
    /// Type 6.
    Boolean(bool),
    /// Type 7.
    String(String),
}

impl TypedParam {
    /// Names a value: `TypedParam::new("cpu_shares", 512u64)`.
    pub fn new(field: impl Into<String>, value: impl Into<TypedValue>) -> Self {
        Self {
            field: field.into(),
            value: value.into(),
        }
    }
}

/// Finds a parameter by name.
pub fn find<'a>(params: &'a [TypedParam], field: &str) -> Option<&'a TypedValue> {
    let found = params.iter().find(|param| param.field == field)?;
    Some(&found.value)
}

impl TypedValue {
    /// Reads any integer type or boolean as an unsigned number; `None` when it is negative or no integer.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Int(value) => u64::try_from(*value).ok(),
            Self::UInt(value) => Some(u64::from(*value)),
            Self::LLong(value) => u64::try_from(*value).ok(),
            Self::ULLong(value) => Some(*value),
            Self::Boolean(value) => Some(u64::from(*value)),
            Self::Double(_) | Self::String(_) => None,
        }
    }

    /// Reads any integer type or boolean as a signed number; `None` when it is too large or no integer.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(i64::from(*value)),
            Self::LLong(value) => Some(*value),
            other => other.as_u64().and_then(|value| i64::try_from(value).ok()),
        }
    }

    /// Reads a double, or an integer as one.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Double(value) => Some(*value),
            Self::ULLong(value) => Some(*value as f64),
            other => other.as_i64().map(|value| value as f64),
        }
    }

    /// Reads a boolean; integers count as true unless zero.
    pub fn as_bool(&self) -> Option<bool> {
        self.as_i64().map(|value| value != 0)
    }

    /// Reads a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(value) => Some(value),
            _ => None,
        }
    }
}

macro_rules! from {
    ($($type:ty => $variant:ident;)*) => {$(
        impl From<$type> for TypedValue {
            fn from(value: $type) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}

from! {
    i32 => Int; u32 => UInt; i64 => LLong; u64 => ULLong; f64 => Double; bool => Boolean; String => String; &str => String;
}

impl Encode for TypedValue {
    fn encode(&self, to: &mut Encoder) -> Result<(), EncodeError> {
        match self {
            Self::Int(value) => (1u32, *value).encode(to),
            Self::UInt(value) => (2u32, *value).encode(to),
            Self::LLong(value) => (3u32, *value).encode(to),
            Self::ULLong(value) => (4u32, *value).encode(to),
            Self::Double(value) => (5u32, *value).encode(to),
            Self::Boolean(value) => (6u32, *value).encode(to),
            Self::String(value) => {
                to.u32(7);
                value.encode(to)
            }
        }
    }
}

impl<T: Encode> Encode for (u32, T) {
    fn encode(&self, to: &mut Encoder) -> Result<(), EncodeError> {
        to.u32(self.0);
        self.1.encode(to)
    }
}

impl Decode for TypedValue {
    const MIN_LEN: usize = 8;
    fn decode(from: &mut Decoder) -> Result<Self, DecodeError> {
        Ok(match from.u32()? {
            1 => Self::Int(i32::decode(from)?),
            2 => Self::UInt(u32::decode(from)?),
            3 => Self::LLong(i64::decode(from)?),
            4 => Self::ULLong(u64::decode(from)?),
            5 => Self::Double(f64::decode(from)?),
            // C fills an int with any non-zero value.
            6 => Self::Boolean(i32::decode(from)? != 0),
            7 => Self::String(String::decode(from)?),
            other => {
                return Err(DecodeError::Invalid {
                    what: "typed parameter's type",
                    value: i128::from(other),
                });
            }
        })
    }
}

impl Encode for TypedParam {
    fn encode(&self, to: &mut Encoder) -> Result<(), EncodeError> {
        self.field.encode(to)?;
        self.value.encode(to)
    }
}

impl Decode for TypedParam {
    const MIN_LEN: usize = 12;
    fn decode(from: &mut Decoder) -> Result<Self, DecodeError> {
        Ok(Self {
            field: String::decode(from)?,
            value: TypedValue::decode(from)?,
        })
    }
}
