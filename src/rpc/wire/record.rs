//! The macros with which `procedure/generated.rs` declares libvirt's structures, calls and events.
//! Read next: `../procedure/mod.rs`.

/// Picks a field's codec: the named one, else the type's own form.
macro_rules! codec {
    () => {
        $crate::wire::codec::Plain
    };
    ($codec:ty) => {
        $codec
    };
}

/// Declares a structure with its wire form.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident {}) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $name;
        record!(@wire $name {});
    };
    ($(#[$meta:meta])* $name:ident { $($field:ident: $type:ty $(as $codec:ty)?),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $(
                #[doc = concat!("libvirt's `", stringify!($field), "`.")]
                pub $field: $type,
            )+
        }
        record!(@wire $name { $($field: $type $(as $codec)?),+ });
    };
    (@wire $name:ident { $($field:ident: $type:ty $(as $codec:ty)?),* }) => {
        impl $crate::wire::codec::Encode for $name {
            #[allow(unused_variables, reason = "a structure may have no fields")]
            fn encode(
                &self,
                to: &mut $crate::wire::xdr::Encoder,
            ) -> Result<(), $crate::wire::xdr::EncodeError> {
                $( <codec!($($codec)?) as $crate::wire::codec::Codec<$type>>::put(&self.$field, to)?; )*
                Ok(())
            }
        }

        impl $crate::wire::codec::Decode for $name {
            const MIN_LEN: usize =
                0 $( + <codec!($($codec)?) as $crate::wire::codec::Codec<$type>>::MIN_LEN )*;
            #[allow(unused_variables, reason = "a structure may have no fields")]
            fn decode(
                from: &mut $crate::wire::xdr::Decoder,
            ) -> Result<Self, $crate::wire::xdr::DecodeError> {
                Ok(Self {
                    $( $field: <codec!($($codec)?) as $crate::wire::codec::Codec<$type>>::take(from)?, )*
                })
            }
        }

        #[cfg(test)]
        impl $crate::sample::Sample for $name {
            #[allow(unused_variables, reason = "a structure may have no fields")]
            fn sample(from: &mut $crate::sample::Source<'_>) -> Self {
                Self {
                    $( $field: <codec!($($codec)?) as $crate::sample::SampleCodec<$type>>::sample(from), )*
                }
            }
        }
    };
}

/// Declares a call: its arguments are the structure itself, its result (if any) lies in `ret`.
macro_rules! procedure {
    (
        $(#[$meta:meta])*
        $name:ident = $program:ident $number:literal, $lane:ident, $patience:ident, $stream:ident;
        $args:tt -> $ret:ty
    ) => {
        record! { $(#[$meta])* $name $args }
        impl $crate::procedure::Procedure for $name {
            type Ret = $ret;
            const NAME: &'static str = stringify!($name);
            const PROGRAM: $crate::wire::packet::Program = $crate::wire::packet::Program::$program;
            const NUMBER: i32 = $number;
            const LANE: $crate::procedure::Lane = $crate::procedure::Lane::$lane;
            const PATIENCE: $crate::procedure::Patience = $crate::procedure::Patience::$patience;
            const STREAM: $crate::procedure::StreamKind = $crate::procedure::StreamKind::$stream;
        }
    };
}

/// Declares what the daemon sends unasked, and the enum of it all.
macro_rules! events {
    ($( $name:ident = $program:ident $number:literal $fields:tt )*) => {
        /// One structure for each event.
        pub mod event {
            use super::*;
            $(
                record! {
                    #[doc = concat!("Event ", stringify!($number), " of the program.")]
                    $name $fields
                }
            )*
        }

        /// What the daemon says unasked. The numbers in the fields are libvirt's enums.
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum Event {
            $(
                #[doc = concat!("See [`event::", stringify!($name), "`].")]
                $name(event::$name),
            )*
        }

        impl Event {
            /// Decodes an event; `None` when its number is not known here.
            pub(crate) fn decode(
                program: u32,
                number: i32,
                from: &mut crate::wire::xdr::Decoder,
            ) -> Option<Result<Self, crate::wire::xdr::DecodeError>> {
                use crate::wire::{codec::Decode, packet::Program};
                $(
                    if program == Program::$program.number() && number == $number {
                        return Some(event::$name::decode(from).map(Self::$name));
                    }
                )*
                None
            }

            /// Gives program, number and wire form, as a daemon would send it.
            pub fn encode(
                &self,
                to: &mut crate::wire::xdr::Encoder,
            ) -> Result<(crate::wire::packet::Program, i32), crate::wire::xdr::EncodeError> {
                use crate::wire::{codec::Encode, packet::Program};
                match self {
                    $( Self::$name(event) => {
                        event.encode(to)?;
                        Ok((Program::$program, $number))
                    } )*
                }
            }
        }

        #[cfg(test)]
        pub(crate) fn sample_events(from: &mut crate::sample::Source<'_>) -> Vec<Event> {
            use crate::sample::Sample;
            vec![$( Event::$name(event::$name::sample(from)) ),*]
        }
    };
}
