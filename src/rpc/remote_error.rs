//! An error that the daemon answered, as data, and the codes that a caller decides by (libvirt's `virterror.h`).
//! Knows no texts for users. Read next: `error.rs`.

use crate::procedure::types::{Domain, Network};
use crate::wire::codec::{Decode, Encode};
use crate::wire::xdr::{DecodeError, Decoder, EncodeError, Encoder};

/// The codes (`virErrorNumber`) that decide what a program does next.
pub mod code {
    /// Something went wrong inside the daemon; also "cause is unknown".
    pub const INTERNAL: i32 = 1;
    /// The driver has no such function.
    pub const NO_SUPPORT: i32 = 3;
    /// No driver for this URI.
    pub const NO_CONNECT: i32 = 5;
    /// An argument is wrong.
    pub const INVALID_ARG: i32 = 8;
    /// The operation failed.
    pub const OPERATION_FAILED: i32 = 9;
    /// The XML cannot be parsed or makes no sense.
    pub const XML: i32 = 27;
    /// Not allowed on a read-only connection.
    pub const OPERATION_DENIED: i32 = 29;
    /// A system call failed.
    pub const SYSTEM: i32 = 38;
    /// The protocol was violated, or a procedure is not known.
    pub const RPC: i32 = 39;
    /// There is no such guest (any more).
    pub const NO_DOMAIN: i32 = 42;
    /// There is no such network.
    pub const NO_NETWORK: i32 = 43;
    /// Authentication was refused.
    pub const AUTH_FAILED: i32 = 45;
    /// There is no such pool.
    pub const NO_STORAGE_POOL: i32 = 49;
    /// There is no such volume.
    pub const NO_STORAGE_VOL: i32 = 50;
    /// There is no such device of the host.
    pub const NO_NODE_DEVICE: i32 = 53;
    /// Not in this state.
    pub const OPERATION_INVALID: i32 = 55;
    /// The configuration is not supported.
    pub const CONFIG_UNSUPPORTED: i32 = 67;
    /// The daemon waited in vain.
    pub const OPERATION_TIMEOUT: i32 = 68;
    /// There is no such snapshot.
    pub const NO_DOMAIN_SNAPSHOT: i32 = 72;
    /// An argument is not supported.
    pub const ARGUMENT_UNSUPPORTED: i32 = 74;
    /// Somebody aborted the operation.
    pub const OPERATION_ABORTED: i32 = 78;
    /// The person closed the authentication dialog.
    pub const AUTH_CANCELLED: i32 = 79;
    /// There is no metadata.
    pub const NO_DOMAIN_METADATA: i32 = 80;
    /// The operation is not supported here.
    pub const OPERATION_UNSUPPORTED: i32 = 84;
    /// The guest agent does not answer.
    pub const AGENT_UNRESPONSIVE: i32 = 86;
    /// Something holds the resource.
    pub const RESOURCE_BUSY: i32 = 87;
    /// Access control refused it.
    pub const ACCESS_DENIED: i32 = 88;
    /// No authentication agent, or none of its mechanisms.
    pub const AUTH_UNAVAILABLE: i32 = 94;
}

/// The subsystems (`virErrorDomain`) that report an unknown procedure.
const FROM_RPC: [i32; 2] = [7, 13];

/// What the daemon answered instead of a result.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RemoteError {
    /// See [`code`]. Zero was seen from daemons that lost the cause.
    pub code: i32,
    /// The subsystem (`virErrorDomain`).
    pub domain: i32,
    /// The text, in the daemon's language.
    pub message: Option<String>,
    /// 1 warning, 2 error.
    pub level: i32,
    /// The guest it is about.
    pub dom: Option<Domain>,
    /// Details for translators and logs.
    pub details: [Option<String>; 3],
    /// Further numbers; the first is often errno.
    pub numbers: [i32; 2],
    /// The network it is about.
    pub net: Option<Network>,
}

impl RemoteError {
    /// Says whether the daemon does not know procedure `number` of `program`.
    ///
    /// The text is translated in the daemon's language, so only the number in it is looked at.
    pub fn is_unknown_procedure(&self, program: u32, number: i32) -> bool {
        self.code == code::RPC
            && FROM_RPC.contains(&self.domain)
            && self.message.as_deref().is_some_and(|text| {
                names(text, i64::from(number)) || names(text, i64::from(program))
            })
    }

    /// Says whether the function is missing there: by driver, by argument or by the daemon's age.
    pub fn is_unsupported(&self) -> bool {
        [
            code::NO_SUPPORT,
            code::ARGUMENT_UNSUPPORTED,
            code::OPERATION_UNSUPPORTED,
        ]
        .contains(&self.code)
    }
}

/// Says whether `text` has `number` as a word.
fn names(text: &str, number: i64) -> bool {
    text.split(|char: char| !char.is_ascii_digit())
        .any(|word| word.parse() == Ok(number))
}

impl std::fmt::Display for RemoteError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.message {
            Some(message) => out.write_str(message),
            None => write!(out, "error {} of subsystem {}", self.code, self.domain),
        }
    }
}

impl std::error::Error for RemoteError {}

impl Encode for RemoteError {
    fn encode(&self, to: &mut Encoder) -> Result<(), EncodeError> {
        self.code.encode(to)?;
        self.domain.encode(to)?;
        self.message.encode(to)?;
        self.level.encode(to)?;
        self.dom.encode(to)?;
        self.details.iter().try_for_each(|text| text.encode(to))?;
        self.numbers
            .iter()
            .try_for_each(|number| number.encode(to))?;
        self.net.encode(to)
    }
}

impl Decode for RemoteError {
    const MIN_LEN: usize = 44;
    fn decode(from: &mut Decoder) -> Result<Self, DecodeError> {
        Ok(Self {
            code: Decode::decode(from)?,
            domain: Decode::decode(from)?,
            message: Decode::decode(from)?,
            level: Decode::decode(from)?,
            dom: Decode::decode(from)?,
            details: [
                Decode::decode(from)?,
                Decode::decode(from)?,
                Decode::decode(from)?,
            ],
            numbers: [Decode::decode(from)?, Decode::decode(from)?],
            net: Decode::decode(from)?,
        })
    }
}
