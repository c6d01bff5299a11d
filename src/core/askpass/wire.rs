//! What the messenger and the asking process say to each other over their socket: one question, one answer.
//!
//! A question is its length in four bytes, then token, hint and prompt with a zero byte between them. An answer is
//! [`YES`] with the text behind it up to the end, or [`NO`].

use std::io::{self, Read};

use link_security::Secret;

/// The longest question, in bytes; OpenSSH's own are below 2 KiB.
pub(crate) const MESSAGE_MAX: usize = 16 * 1_024;

/// The longest answer that is read, in bytes; ssh takes 1,024.
const ANSWER_MAX: u64 = 4 * 1_024;

const YES: u8 = b'+';
const NO: u8 = b'-';

/// A question of ssh's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// Proves which ssh asks.
    pub(crate) token: String,
    /// `SSH_ASKPASS_PROMPT`: `confirm` for yes or no, `none` for news that nobody answers, else empty.
    pub(crate) hint: String,
    /// ssh's words.
    pub(crate) prompt: String,
}

impl Message {
    /// Writes it as it goes over the socket, cut to the longest length.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut body = [self.token.as_str(), &self.hint, &self.prompt]
            .join("\0")
            .into_bytes();
        body.truncate(MESSAGE_MAX);
        let mut bytes = (body.len() as u32).to_be_bytes().to_vec();
        bytes.append(&mut body);
        bytes
    }

    /// Reads what follows the length.
    pub(crate) fn decode(body: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(body);
        let mut parts = text.splitn(3, '\0').map(str::to_owned);
        Some(Self {
            token: parts.next()?,
            hint: parts.next()?,
            prompt: parts.next()?,
        })
    }
}

/// The bytes of an answer, without the secret that follows them.
pub(crate) fn answered() -> [u8; 1] {
    [YES]
}

/// The bytes of a refusal.
pub(crate) fn refused() -> [u8; 1] {
    [NO]
}

/// Waits for the answer.
pub(super) fn read_answer(stream: &mut impl Read) -> io::Result<Secret> {
    let mut verdict = [NO];
    stream.read_exact(&mut verdict)?;
    if verdict != [YES] {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    // Large enough at once, so that no copy of a secret is left behind by growing.
    let mut bytes = Vec::with_capacity(ANSWER_MAX as usize + 1);
    stream.take(ANSWER_MAX).read_to_end(&mut bytes)?;
    let text = String::from_utf8(bytes).map_err(|_| io::ErrorKind::InvalidData)?;
    Ok(Secret::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_arrives_as_it_was_asked() {
        let message = Message {
            token: "abc".to_owned(),
            hint: String::new(),
            prompt: "me@host's password: ".to_owned(),
        };
        let bytes = message.encode();
        let (length, body) = bytes.split_at(4);
        assert_eq!(
            u32::from_be_bytes(length.try_into().unwrap()) as usize,
            body.len()
        );
        assert_eq!(Message::decode(body), Some(message));
        assert_eq!(Message::decode(b"abc\0none"), None);
    }

    #[test]
    fn an_endless_question_is_cut() {
        let message = Message {
            token: "abc".to_owned(),
            hint: String::new(),
            prompt: "x".repeat(1 << 20),
        };
        assert_eq!(message.encode().len(), MESSAGE_MAX + 4);
    }

    #[test]
    fn only_a_yes_is_an_answer() {
        let answer = |bytes: &[u8]| read_answer(&mut &*bytes).ok();
        assert_eq!(answer(b"+word").unwrap().reveal(), "word");
        assert_eq!(answer(b"+").unwrap().reveal(), "");
        assert_eq!(answer(b"-"), None);
        assert_eq!(answer(b""), None);
        assert_eq!(answer(b"+\xff"), None);
    }
}
