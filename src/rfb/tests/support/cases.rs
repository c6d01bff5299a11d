//! What a hostile server sends behind the handshake, case by case, and how a session must end.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use rfb::Error;

use super::{
    hostile::{COPY, HEXTILE, RAW, TIGHT, ZLIB, ZRLE},
    rect,
    server::{Deflate, sized},
    update,
};

/// One attack.
#[derive(Clone)]
pub struct Case {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    /// Sent again and again after the bytes.
    pub again: Vec<u8>,
    /// Says whether an error is the right one.
    pub ends: fn(&Error) -> bool,
    /// The session goes on, as nothing of it is forbidden.
    pub lives: bool,
}

fn protocol(error: &Error) -> bool {
    matches!(error, Error::Protocol(_))
}

fn limit(error: &Error) -> bool {
    matches!(error, Error::Limit { .. })
}

fn unexpected(error: &Error) -> bool {
    matches!(error, Error::Unexpected { .. })
}

fn never(_: &Error) -> bool {
    false
}

fn case(name: &'static str, ends: fn(&Error) -> bool, bytes: Vec<u8>) -> Case {
    Case {
        name,
        bytes,
        again: Vec::new(),
        ends,
        lives: false,
    }
}

/// An update of one rectangle.
fn one(name: &'static str, ends: fn(&Error) -> bool, rect: Vec<u8>) -> Case {
    case(name, ends, [update(1), rect].concat())
}

fn survives(name: &'static str, bytes: Vec<u8>, again: Vec<u8>) -> Case {
    Case {
        again,
        lives: true,
        ..case(name, never, bytes)
    }
}

pub fn all() -> Vec<Case> {
    [sizes(), pixels(), messages(), endless()].concat()
}

fn sizes() -> Vec<Case> {
    vec![
        one("outside", protocol, rect(91, 0, 10, 1, RAW, &[0; 40])),
        one("huge", protocol, rect(0, 0, 65535, 65535, RAW, &[0; 40])),
        one("no desktop", protocol, rect(0, 0, 0, 0, -223, &[])),
        one("vast desktop", limit, rect(0, 0, 65535, 65535, -223, &[])),
        one(
            "vast desktop, extended",
            limit,
            rect(0, 0, 65535, 65535, -308, &[0; 4]),
        ),
        one("vast cursor", limit, rect(0, 0, 65535, 65535, -239, &[])),
        one(
            "vast alpha cursor",
            limit,
            rect(0, 0, 65535, 65535, -314, &[]),
        ),
        one("long name", limit, rect(0, 0, 0, 0, -307, &[0xff; 4])),
        case(
            "old size after a new one",
            protocol,
            [
                update(2),
                rect(0, 0, 50, 40, -223, &[]),
                rect(90, 70, 10, 10, RAW, &[0; 400]),
            ]
            .concat(),
        ),
    ]
}

fn pixels() -> Vec<Case> {
    let bomb = Deflate::default().flush(&vec![0; 40_000_000]);
    vec![
        one(
            "copy from outside",
            protocol,
            rect(0, 0, 10, 10, COPY, &[0xff; 4]),
        ),
        one(
            "hextile past its tile",
            protocol,
            rect(0, 0, 8, 8, HEXTILE, &[8, 1, 0, 0x80]),
        ),
        one(
            "zlib bomb",
            protocol,
            rect(0, 0, 100, 80, ZLIB, &sized(&bomb[..60_000])),
        ),
        one(
            "zrle bomb",
            protocol,
            rect(0, 0, 100, 80, ZRLE, &sized(&bomb[..60_000])),
        ),
        one(
            "no zlib at all",
            protocol,
            rect(0, 0, 10, 10, ZRLE, &sized(b"this is no zlib")),
        ),
        one(
            "endless payload",
            limit,
            rect(0, 0, 10, 10, ZLIB, &[0xff; 4]),
        ),
        one(
            "tight of no kind",
            protocol,
            rect(0, 0, 10, 10, TIGHT, &[0xf0]),
        ),
        one(
            "tight of no filter",
            protocol,
            rect(0, 0, 10, 10, TIGHT, &[0x40, 9]),
        ),
        one(
            "JPEG of nothing",
            protocol,
            rect(0, 0, 10, 10, TIGHT, &[0x90, 4, 0, 0, 0, 0]),
        ),
        one(
            "unknown encoding",
            unexpected,
            rect(0, 0, 1, 1, 50, &[0; 99]),
        ),
    ]
}

/// A word of the extended clipboard that hands over a stream.
fn provided(content: &[u8]) -> Vec<u8> {
    let mut stream = ZlibEncoder::new(Vec::new(), Compression::best());
    stream.write_all(content).unwrap();
    let body = stream.finish().unwrap();
    let length = -(4 + body.len() as i32);
    [
        &[3, 0, 0, 0][..],
        &length.to_be_bytes(),
        &[0x10, 0, 0, 1],
        &body,
    ]
    .concat()
}

fn messages() -> Vec<Case> {
    let length = |length: i32| [&[3, 0, 0, 0][..], &length.to_be_bytes(), &[0; 8]].concat();
    let audio = [update(1), rect(0, 0, 1, 1, -259, &[])].concat();
    vec![
        case("unknown message", unexpected, vec![99]),
        case("sound unasked", unexpected, vec![255, 1, 0, 1]),
        case(
            "sound of no kind",
            protocol,
            [&audio[..], &[255, 1, 0, 9]].concat(),
        ),
        case(
            "QEMU's unknown",
            unexpected,
            [&audio[..], &[255, 7, 0, 0]].concat(),
        ),
        case("long text", limit, length(i32::MAX)),
        case("long text of negative length", limit, length(i32::MIN)),
        case("text without flags", protocol, length(-3)),
        case(
            "text of less than it says",
            protocol,
            provided(&[0, 0, 0, 9, 1]),
        ),
        case("text of no end", limit, provided(&[0xff; 4])),
        case("long fence", limit, vec![248, 0, 0, 0, 0x80, 0, 0, 0, 65]),
        case("power of no kind", protocol, vec![250, 0, 1, 9]),
    ]
}

/// What is allowed, and never ends.
fn endless() -> Vec<Case> {
    let fill = rect(1, 1, 9, 9, TIGHT, &[0x80, 1, 2, 3]);
    let audio = [update(1), rect(0, 0, 1, 1, -259, &[])].concat();
    let samples = [255, 1, 0, 2, 0xff, 0xff, 0xff, 0xff];
    let bomb = provided(&[&[0, 0, 0, 2, b'h', b'i'][..], &vec![0; 9_000_000]].concat());
    vec![
        survives("an update without end", update(0xffff), fill.repeat(4000)),
        survives("updates without end", Vec::new(), update(0).repeat(50_000)),
        survives("bells", Vec::new(), vec![2; 100_000]),
        survives("texts", Vec::new(), bomb.repeat(8)),
        survives(
            "sound without end",
            [&audio[..], &samples].concat(),
            vec![5; 100_000],
        ),
    ]
}
