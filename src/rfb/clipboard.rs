//! Text of the clipboard as UTF-8 (rfbproto, "Extended Clipboard Pseudo-Encoding"): its words and their bodies.
//!
//! Each word is a cut-text message of negative length: flags, and what belongs to them. Text goes over as a zlib stream of
//! its own. Pure; who says which word when is decided in [`engine`](crate::Engine) and in the session's outbox.

use std::io::Write;

use flate2::{Compression, Decompress, FlushDecompress, Status, write::ZlibEncoder};

use crate::{Error, Result, limits::MAX_CUT_TEXT, wire::Reader};

/// Plain text, the only form that is spoken here.
const TEXT: u32 = 1;
const CAPS: u32 = 1 << 24;
const REQUEST: u32 = 1 << 25;
const PEEK: u32 = 1 << 26;
const NOTIFY: u32 = 1 << 27;
const PROVIDE: u32 = 1 << 28;

/// What the server understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClipboardAbility {
    /// It wants to hear that there is text, and asks for it when it is needed.
    pub takes_offers: bool,
    /// The longest text in bytes that it takes without having asked.
    pub unasked: u32,
}

/// A word of the server.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// What it understands.
    Ability(ClipboardAbility),
    /// It wants our text.
    Wanted,
    /// It wants to know what we have.
    Peeked,
    /// It has text.
    Offered,
    /// It hands over text.
    Text(String),
    /// Something that means nothing here, such as pictures.
    Other,
}

/// Reads the body of a cut-text message of negative length; it is whole.
pub(crate) fn parse(body: &[u8]) -> Result<Word> {
    let mut reader = Reader::new(body);
    let Some(flags) = reader.u32() else {
        return Err(Error::Protocol("a clipboard message has no flags"));
    };
    let text = flags & TEXT != 0;
    Ok(if flags & CAPS != 0 {
        let unasked = if text { reader.u32() } else { None };
        Word::Ability(ClipboardAbility {
            takes_offers: flags & NOTIFY != 0,
            unasked: unasked.filter(|_| flags & PROVIDE != 0).unwrap_or(0),
        })
    } else if flags & PEEK != 0 {
        Word::Peeked
    } else if !text {
        Word::Other
    } else if flags & NOTIFY != 0 {
        Word::Offered
    } else if flags & REQUEST != 0 {
        Word::Wanted
    } else if flags & PROVIDE != 0 {
        Word::Text(from_wire(&inflate(reader.rest())?))
    } else {
        Word::Other
    })
}

/// Takes the text, which comes first, out of its stream. What follows it is never inflated.
fn inflate(mut input: &[u8]) -> Result<Vec<u8>> {
    let mut stream = Decompress::new(true);
    let mut head = Vec::with_capacity(4);
    fill(&mut stream, &mut input, &mut head)?;
    let length = Reader::new(&head).u32().unwrap_or_default() as usize;
    Error::check_limit("clipboard text", length, MAX_CUT_TEXT)?;
    let mut text = Vec::new();
    while text.len() < length {
        // It grows with what arrived, not with what was announced.
        text.reserve_exact((length - text.len()).min(text.len().max(64 << 10)));
        let free = text.capacity().min(length) - text.len();
        let mut part = Vec::with_capacity(free);
        fill(&mut stream, &mut input, &mut part)?;
        part.truncate(length - text.len());
        text.append(&mut part);
    }
    Ok(text)
}

/// Fills the vector up to its capacity, or fails.
fn fill(stream: &mut Decompress, input: &mut &[u8], out: &mut Vec<u8>) -> Result<()> {
    while out.len() < out.capacity() {
        let (used_before, made_before) = (stream.total_in(), out.len());
        let status = stream.decompress_vec(input, out, FlushDecompress::None);
        let status = status.map_err(|_| Error::Protocol("clipboard text is damaged"))?;
        let used = (stream.total_in() - used_before) as usize;
        *input = input.get(used..).unwrap_or_default();
        let stuck = used == 0 && out.len() == made_before;
        if out.len() < out.capacity() && (stuck || status == Status::StreamEnd) {
            return Err(Error::Protocol("clipboard text ends too early"));
        }
    }
    Ok(())
}

/// Mends what is usual on the wire: a zero at the end, lines that end in two characters.
fn from_wire(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0);
    let bytes = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
    String::from_utf8_lossy(bytes).replace("\r\n", "\n")
}

fn word(out: &mut Vec<u8>, flags: u32, body: &[u8]) {
    out.extend([6, 0, 0, 0]);
    out.extend((-(4 + body.len() as i64) as i32).to_be_bytes());
    out.extend(flags.to_be_bytes());
    out.extend(body);
}

/// Says what we understand. No text is taken unasked: it is fetched when it was offered.
pub(crate) fn write_ability(out: &mut Vec<u8>) {
    let flags = CAPS | REQUEST | PEEK | NOTIFY | PROVIDE | TEXT;
    word(out, flags, &0u32.to_be_bytes());
}

/// Asks for the server's text.
pub(crate) fn write_request(out: &mut Vec<u8>) {
    word(out, REQUEST | TEXT, &[]);
}

/// Says that we have text, or none.
pub(crate) fn write_offer(out: &mut Vec<u8>, text: bool) {
    word(out, NOTIFY | if text { TEXT } else { 0 }, &[]);
}

/// Hands over text. The specification wants lines to end in CR LF and a zero at the end; QEMU passes on to the guest what
/// it gets, so it gets text `as_it_is`.
pub(crate) fn write_text(out: &mut Vec<u8>, text: &str, as_it_is: bool) {
    let text = if as_it_is {
        text.as_bytes().to_vec()
    } else {
        let lines = text.replace("\r\n", "\n").replace('\n', "\r\n");
        [lines.as_bytes(), &[0]].concat()
    };
    let mut stream = ZlibEncoder::new(Vec::new(), Compression::default());
    let written = stream
        .write_all(&(text.len() as u32).to_be_bytes())
        .and_then(|()| stream.write_all(&text))
        .and_then(|()| stream.finish());
    // Writing into memory does not fail.
    if let Ok(body) = written {
        word(out, PROVIDE | TEXT, &body);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the server would read, as if it had sent it.
    fn body(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        let mut out = Vec::new();
        write(&mut out);
        assert_eq!(out[..4], [6, 0, 0, 0]);
        let length = i32::from_be_bytes(out[4..8].try_into().unwrap());
        assert_eq!(out.len() - 8, length.unsigned_abs() as usize);
        assert!(length <= -4);
        out.split_off(8)
    }

    fn provided(content: &[u8]) -> Vec<u8> {
        let mut stream = ZlibEncoder::new(Vec::new(), Compression::best());
        stream.write_all(content).unwrap();
        [
            &(PROVIDE | TEXT).to_be_bytes()[..],
            &stream.finish().unwrap(),
        ]
        .concat()
    }

    #[test]
    fn words_are_understood_by_their_like() {
        let ability = ClipboardAbility {
            takes_offers: true,
            unasked: 0,
        };
        assert_eq!(parse(&body(write_ability)).unwrap(), Word::Ability(ability));
        assert_eq!(parse(&body(write_request)).unwrap(), Word::Wanted);
        assert_eq!(
            parse(&body(|out| write_offer(out, true))).unwrap(),
            Word::Offered
        );
        assert_eq!(
            parse(&body(|out| write_offer(out, false))).unwrap(),
            Word::Other
        );
        for text in ["", "Grüße, 世界 🖥\nzwei\n", &"lang ".repeat(100_000)] {
            for as_it_is in [false, true] {
                let read = parse(&body(|out| write_text(out, text, as_it_is))).unwrap();
                assert_eq!(read, Word::Text(text.to_owned()));
            }
        }
    }

    #[test]
    fn lines_and_end_are_as_the_specification_has_them() {
        let sent = body(|out| write_text(out, "a\nb\r\n", false));
        assert_eq!(inflate(&sent[4..]).unwrap(), b"a\r\nb\r\n\0");
        let sent = body(|out| write_text(out, "a\nb", true));
        assert_eq!(inflate(&sent[4..]).unwrap(), b"a\nb");
    }

    #[test]
    fn qemu_s_ability() {
        let caps = [&0x1b00_0001u32.to_be_bytes()[..], &[0; 4]].concat();
        let ability = ClipboardAbility {
            takes_offers: true,
            unasked: 0,
        };
        assert_eq!(parse(&caps).unwrap(), Word::Ability(ability));
        // Sizes may be missing, and other forms have sizes of their own.
        assert!(matches!(parse(&caps[..4]), Ok(Word::Ability(_))));
        let all = [&0x1f00_ffffu32.to_be_bytes()[..], &[1; 64]].concat();
        let Ok(Word::Ability(ability)) = parse(&all) else {
            panic!("no ability");
        };
        assert_eq!(ability.unasked, 0x0101_0101);
    }

    #[test]
    fn lies_are_errors() {
        assert!(matches!(parse(&[1, 2, 3]), Err(Error::Protocol(_))));
        let longer = [&100u32.to_be_bytes()[..], b"short"].concat();
        let endless = [&u32::MAX.to_be_bytes()[..], b"x"].concat();
        for (content, limit) in [(&b"\0\0"[..], false), (&longer, false), (&endless, true)] {
            let error = parse(&provided(content)).unwrap_err();
            assert_eq!(matches!(error, Error::Limit { .. }), limit, "{error:?}");
        }
        let mut damaged = provided(&[&5u32.to_be_bytes()[..], b"hello"].concat());
        damaged[8] ^= 0xff;
        assert!(parse(&damaged).is_err());
        let none = (PROVIDE | TEXT).to_be_bytes();
        assert!(matches!(parse(&none), Err(Error::Protocol(_))));
    }

    #[test]
    fn what_lies_behind_the_text_is_not_inflated() {
        let bomb = [&2u32.to_be_bytes()[..], b"hi", &vec![0; 50_000_000]].concat();
        assert_eq!(parse(&provided(&bomb)).unwrap(), Word::Text("hi".into()));
    }
}
