//! Bytes and nothing else: XDR, structures, packets. Knows no socket, no task and no procedure's meaning.
//! Read in this order: `xdr.rs`, `codec.rs`, `record.rs`, `packet.rs`.

pub mod codec;
pub mod packet;
#[macro_use]
mod record;
pub mod typed_param;
pub mod xdr;
