//! The packets that a client and a master of OpenSSH exchange (OpenSSH's `PROTOCOL.mux`, version 4).
//!
//! Numbers are big-endian in four bytes, strings are a length and bytes. Only what is used here; nothing here reads or
//! writes.

/// The version of the protocol, the same since OpenSSH 5.7.
const VERSION: u32 = 4;

/// The longest packet that is taken from a master, in bytes; what it sends is below 1 KiB.
pub(super) const PACKET_MAX: usize = 64 * 1_024;

const HELLO: u32 = 0x0000_0001;
const NEW_SESSION: u32 = 0x1000_0002;
const ALIVE_CHECK: u32 = 0x1000_0004;
const NEW_STDIO_FORWARD: u32 = 0x1000_0008;
const OK: u32 = 0x8000_0001;
const PERMISSION_DENIED: u32 = 0x8000_0002;
const FAILURE: u32 = 0x8000_0003;
const EXIT: u32 = 0x8000_0004;
const ALIVE: u32 = 0x8000_0005;
const SESSION_OPENED: u32 = 0x8000_0006;

/// No character escapes from a session.
const NO_ESCAPE: u32 = 0xffff_ffff;

/// What stands for a port where the host is a socket's path (`PORT_STREAMLOCAL`, OpenSSH 9.4).
const SOCKET_PORT: u32 = (-2_i32).cast_unsigned();

/// The number of the one request that is made over a connection.
const REQUEST: u32 = 0;

/// What a master says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    Hello,
    Done,
    /// The channel is open.
    Opened,
    Alive,
    /// Not done, with the master's words.
    Refused(String),
    /// The session's command ended with this status.
    Exit(u32),
    /// Something of no interest.
    Other(u32),
}

impl Reply {
    /// Reads what follows a packet's length; `None` when it is cut short.
    pub(super) fn decode(mut body: &[u8]) -> Option<Self> {
        let kind = take_number(&mut body)?;
        let _about = take_number(&mut body);
        Some(match kind {
            HELLO => Self::Hello,
            OK => Self::Done,
            SESSION_OPENED => Self::Opened,
            ALIVE => Self::Alive,
            PERMISSION_DENIED | FAILURE => Self::Refused(take_text(&mut body)?),
            EXIT => Self::Exit(take_number(&mut body)?),
            other => Self::Other(other),
        })
    }
}

pub(super) fn hello() -> Vec<u8> {
    Packet::new(HELLO).number(VERSION).finish()
}

pub(super) fn alive_check() -> Vec<u8> {
    Packet::new(ALIVE_CHECK).number(REQUEST).finish()
}

/// Asks to run a command without a terminal; three descriptors follow.
pub(super) fn new_session(command: &str) -> Vec<u8> {
    let no = 0;
    Packet::new(NEW_SESSION)
        .number(REQUEST)
        .text("")
        .number(no) // a terminal
        .number(no) // X11
        .number(no) // the agent
        .number(no) // a subsystem
        .number(NO_ESCAPE)
        .text("")
        .text(command)
        .finish()
}

/// Asks for a channel to a TCP port as the other host sees it; two descriptors follow.
pub(super) fn forward_to_port(host: &str, port: u16) -> Vec<u8> {
    forward(host, u32::from(port))
}

/// Asks for a channel to a socket of the other host; two descriptors follow.
pub(super) fn forward_to_socket(path: &str) -> Vec<u8> {
    forward(path, SOCKET_PORT)
}

fn forward(host: &str, port: u32) -> Vec<u8> {
    Packet::new(NEW_STDIO_FORWARD)
        .number(REQUEST)
        .text("")
        .text(host)
        .number(port)
        .finish()
}

/// A packet that is being written.
struct Packet(Vec<u8>);

impl Packet {
    fn new(kind: u32) -> Self {
        // Room for the length, which is known at the end.
        Self(vec![0; 4]).number(kind)
    }

    fn number(mut self, number: u32) -> Self {
        self.0.extend(number.to_be_bytes());
        self
    }

    fn text(self, text: &str) -> Self {
        let mut packet = self.number(text.len() as u32);
        packet.0.extend(text.as_bytes());
        packet
    }

    fn finish(mut self) -> Vec<u8> {
        let length = (self.0.len() as u32).saturating_sub(4);
        self.0.splice(..4, length.to_be_bytes());
        self.0
    }
}

fn take_number(body: &mut &[u8]) -> Option<u32> {
    let (number, rest) = body.split_first_chunk()?;
    *body = rest;
    Some(u32::from_be_bytes(*number))
}

fn take_text(body: &mut &[u8]) -> Option<String> {
    let length = take_number(body)? as usize;
    let (text, rest) = body.split_at_checked(length)?;
    *body = rest;
    Some(String::from_utf8_lossy(text).into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn requests_are_as_the_document_says() {
        assert_eq!(hello(), [0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 4]);
        let forward = forward_to_socket("/s");
        assert_eq!(forward[..4], [0, 0, 0, 22]);
        assert_eq!(forward[4..8], [0x10, 0, 0, 8]);
        assert_eq!(forward[8..16], [0; 8]);
        assert_eq!(forward[16..], [0, 0, 0, 2, b'/', b's', 255, 255, 255, 254]);
        assert!(forward_to_port("::1", 5_900).ends_with(&[b':', b':', b'1', 0, 0, 23, 12]));
        let session = new_session("id");
        assert_eq!(session.len(), 4 + 4 * 9 + 4 + 2);
        assert!(session.ends_with(b"\xff\xff\xff\xff\0\0\0\0\0\0\0\x02id"));
    }

    #[test]
    fn replies_are_told_apart() {
        let refusal = Packet::new(FAILURE).number(0).text("no").finish();
        assert_eq!(
            Reply::decode(&refusal[4..]),
            Some(Reply::Refused("no".to_owned()))
        );
        let exit = Packet::new(EXIT).number(2).number(127).finish();
        assert_eq!(Reply::decode(&exit[4..]), Some(Reply::Exit(127)));
        let opened = Packet::new(SESSION_OPENED).number(0).number(2).finish();
        assert_eq!(Reply::decode(&opened[4..]), Some(Reply::Opened));
        assert_eq!(Reply::decode(&[0x80]), None);
        assert_eq!(Reply::decode(&refusal[4..15]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = Reply::decode(&body);
        }
    }
}
