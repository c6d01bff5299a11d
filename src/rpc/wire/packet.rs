//! Packets: a length, a header of 24 bytes, a payload, and for descriptors one carrier byte each behind it
//! (libvirt's `virnetprotocol.x`, `virnetmessage.c`). Takes bytes and gives packets; knows no socket.
//! Read next: `../connection/reader.rs`.

use bytes::{Buf, BufMut, Bytes, BytesMut};

use super::xdr::EncodeError;

/// The bytes before a packet's payload: length word and header.
pub const PREFIX_LEN: usize = 28;
/// The largest value of the length word that libvirt sends or takes (`VIR_NET_MESSAGE_MAX` and the word itself).
pub const PACKET_MAX: usize = 33_554_432 + 4;
/// The most descriptors that one packet can bring (`VIR_NET_MESSAGE_NUM_FDS_MAX`).
pub const FDS_MAX: usize = 32;
/// The largest piece of a stream that every daemon accepts (`VIR_NET_MESSAGE_LEGACY_PAYLOAD_MAX`).
pub const STREAM_CHUNK_MAX: usize = 262_120;
/// The version of every program.
pub const VERSION: u32 = 1;

/// Which protocol a packet belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Program {
    /// The calls that every driver has.
    Remote,
    /// QEMU's monitor and agent.
    Qemu,
    /// PING and PONG.
    Keepalive,
}

impl Program {
    /// The program's number on the wire.
    pub const fn number(self) -> u32 {
        match self {
            Self::Remote => 0x2000_8086,
            Self::Qemu => 0x2000_8087,
            Self::Keepalive => 0x6b65_6570,
        }
    }
}

/// What a packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 0: from client to daemon.
    Call,
    /// 1: the daemon's answer to a call.
    Reply,
    /// 2: an event, or keepalive.
    Message,
    /// 3: data, end, or failure of a stream.
    Stream,
    /// 4: a call that brings descriptors.
    CallWithFds,
    /// 5: a reply that brings descriptors.
    ReplyWithFds,
    /// 6: a gap in a sparse stream.
    StreamHole,
    /// A number that libvirt does not define.
    Unknown(i32),
}

impl Kind {
    const fn number(self) -> i32 {
        match self {
            Self::Call => 0,
            Self::Reply => 1,
            Self::Message => 2,
            Self::Stream => 3,
            Self::CallWithFds => 4,
            Self::ReplyWithFds => 5,
            Self::StreamHole => 6,
            Self::Unknown(number) => number,
        }
    }

    const fn from_number(number: i32) -> Self {
        match number {
            0 => Self::Call,
            1 => Self::Reply,
            2 => Self::Message,
            3 => Self::Stream,
            4 => Self::CallWithFds,
            5 => Self::ReplyWithFds,
            6 => Self::StreamHole,
            other => Self::Unknown(other),
        }
    }
}

/// How a packet ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// 0.
    Ok,
    /// 1: the payload is libvirt's error structure, or nothing.
    Error,
    /// 2: more of the stream follows.
    Continue,
    /// A number that libvirt does not define.
    Unknown(i32),
}

impl Status {
    const fn number(self) -> i32 {
        match self {
            Self::Ok => 0,
            Self::Error => 1,
            Self::Continue => 2,
            Self::Unknown(number) => number,
        }
    }

    const fn from_number(number: i32) -> Self {
        match number {
            0 => Self::Ok,
            1 => Self::Error,
            2 => Self::Continue,
            other => Self::Unknown(other),
        }
    }
}

/// The 24 bytes after the length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// See [`Program::number`].
    pub program: u32,
    /// Always [`VERSION`].
    pub version: u32,
    /// The procedure's number.
    pub procedure: i32,
    /// What the packet is.
    pub kind: Kind,
    /// The call to which it belongs; 0 for events and keepalive.
    pub serial: u32,
    /// How it ends.
    pub status: Status,
}

impl Header {
    fn read(from: &mut BytesMut) -> Self {
        Self {
            program: from.get_u32(),
            version: from.get_u32(),
            procedure: from.get_i32(),
            kind: Kind::from_number(from.get_i32()),
            serial: from.get_u32(),
            status: Status::from_number(from.get_i32()),
        }
    }

    fn write(&self, to: &mut BytesMut) {
        to.put_u32(self.program);
        to.put_u32(self.version);
        to.put_i32(self.procedure);
        to.put_i32(self.kind.number());
        to.put_u32(self.serial);
        to.put_i32(self.status.number());
    }
}

/// A packet as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// Its header.
    pub header: Header,
    /// What follows the header, without the count of descriptors.
    pub payload: Bytes,
    /// How many descriptors belong to it.
    pub fds: usize,
}

/// What makes a connection unreadable: after this no byte has a known meaning.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// The length word is outside of what a packet can have.
    #[error("a packet claims a length of {0} bytes")]
    Length(u32),
    /// A packet claims more descriptors than fit, or has no room for their count.
    #[error("a packet claims an impossible number of descriptors")]
    Descriptors,
}

/// Cuts a stream of bytes into packets. Holds only bytes that arrived.
#[derive(Debug, Default)]
pub struct Deframer {
    buffer: BytesMut,
}

impl Deframer {
    /// The buffer that the next bytes are to be appended to.
    pub fn buffer(&mut self) -> &mut BytesMut {
        &mut self.buffer
    }

    /// Takes the next whole packet, or `None` when more bytes are needed.
    pub fn next_packet(&mut self) -> Result<Option<Packet>, FrameError> {
        let Some(length) = peek_u32(&self.buffer, 0) else {
            return Ok(None);
        };
        let total = length as usize;
        if !(PREFIX_LEN..=PACKET_MAX).contains(&total) {
            return Err(FrameError::Length(length));
        }
        if self.buffer.len() < total {
            return Ok(None);
        }
        let fds = self.descriptors(total)?;
        if self.buffer.len() < total + fds {
            return Ok(None);
        }
        Ok(Some(self.cut(total, fds)))
    }

    /// Reads how many descriptors the packet at the front brings; its last byte has arrived.
    fn descriptors(&self, total: usize) -> Result<usize, FrameError> {
        let kind = peek_u32(&self.buffer, 16).map(|word| Kind::from_number(word.cast_signed()));
        if !matches!(kind, Some(Kind::ReplyWithFds | Kind::CallWithFds)) {
            return Ok(0);
        }
        if total < PREFIX_LEN + 4 {
            return Err(FrameError::Descriptors);
        }
        match peek_u32(&self.buffer, PREFIX_LEN) {
            Some(count) if count as usize <= FDS_MAX => Ok(count as usize),
            _ => Err(FrameError::Descriptors),
        }
    }

    fn cut(&mut self, total: usize, fds: usize) -> Packet {
        let mut packet = self.buffer.split_to(total);
        // The bytes that carry descriptors are not counted in the packet's length.
        self.buffer.advance(fds);
        packet.advance(4);
        let header = Header::read(&mut packet);
        if matches!(header.kind, Kind::ReplyWithFds | Kind::CallWithFds) {
            packet.advance(4);
        }
        Packet {
            header,
            payload: packet.freeze(),
            fds,
        }
    }
}

fn peek_u32(bytes: &[u8], at: usize) -> Option<u32> {
    let word = bytes.get(at..at + 4)?;
    word.try_into().ok().map(u32::from_be_bytes)
}

/// Builds a whole packet. `fds` is written before the payload for the two kinds that bring descriptors.
pub fn build(header: &Header, fds: usize, payload: &[u8]) -> Result<Bytes, EncodeError> {
    let counted = matches!(header.kind, Kind::ReplyWithFds | Kind::CallWithFds);
    let len = PREFIX_LEN + if counted { 4 } else { 0 } + payload.len();
    if len > PACKET_MAX {
        return Err(EncodeError::MessageTooLong { len });
    }
    let mut packet = BytesMut::with_capacity(len);
    packet.put_u32(len as u32);
    header.write(&mut packet);
    if counted {
        packet.put_u32(fds as u32);
    }
    packet.put_slice(payload);
    Ok(packet.freeze())
}
