//! Words of the clipboard, plain and extended, whose text is compressed here.
//!
//! An input is a series of words: four bytes of flags, two of the length of what follows (the lower one first), and that.
//! No flags are plain text. The highest flag, which means nothing on the wire, puts the right length before a text.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};

const PROVIDE: u32 = 1 << 28;
const RIGHT_LENGTH: u32 = 1 << 31;

/// Runs one input.
pub(crate) fn run(mut input: &[u8]) {
    let mut bytes = super::desktop(8, 8);
    while let Some((head, rest)) = input.split_first_chunk::<6>() {
        let [a, b, c, d, low, high] = *head;
        let length = usize::from(u16::from_le_bytes([low, high])).min(rest.len());
        let (content, later) = rest.split_at(length);
        input = later;
        bytes.extend(word(u32::from_be_bytes([a, b, c, d]), content));
    }
    super::push(&bytes);
}

fn word(flags: u32, content: &[u8]) -> Vec<u8> {
    let (length, body) = match flags {
        0 => (content.len() as i32, content.to_vec()),
        flags => {
            let body = [&flags.to_be_bytes()[..], &extended(flags, content)].concat();
            (-(body.len() as i32), body)
        }
    };
    [&[3, 0, 0, 0][..], &length.to_be_bytes(), &body].concat()
}

fn extended(flags: u32, content: &[u8]) -> Vec<u8> {
    if flags & PROVIDE == 0 {
        return content.to_vec();
    }
    let mut stream = ZlibEncoder::new(Vec::new(), Compression::fast());
    if flags & RIGHT_LENGTH != 0 {
        let length = content.len() as u32;
        stream.write_all(&length.to_be_bytes()).expect("memory");
    }
    stream.write_all(content).expect("memory");
    stream.finish().expect("memory")
}
