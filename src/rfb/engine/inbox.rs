//! The bytes that have arrived and are not used up yet: one buffer, reused for the whole session.
//!
//! It grows only when it is full and the engine wants more than fits, so a length that a server
//! merely announces costs nothing. It knows nothing of what the bytes mean.

/// Bytes read from a socket at once, and the size that an idle inbox keeps.
const CHUNK: usize = 256 << 10;

/// A server that once sent a large payload does not keep this much memory for ever.
const KEEP: usize = 8 << 20;

#[derive(Debug, Default)]
pub(super) struct Inbox {
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

impl Inbox {
    /// Returns what is there and not used.
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Counts `count` bytes as used.
    pub(super) fn consume(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            if self.buffer.len() > KEEP {
                self.buffer = vec![0; CHUNK];
            }
        }
    }

    /// Returns free space to read into, never empty.
    pub(super) fn space(&mut self) -> &mut [u8] {
        if self.buffer.len() - self.end < CHUNK / 4 {
            self.make_room();
        }
        self.buffer.get_mut(self.end..).unwrap_or_default()
    }

    /// Counts `count` bytes of the space as filled.
    pub(super) fn fill(&mut self, count: usize) {
        self.end = (self.end + count).min(self.buffer.len());
    }

    /// Moves what is left to the front; doubles the buffer if it is more than half full even so.
    fn make_room(&mut self) {
        self.buffer.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        if self.end * 2 >= self.buffer.len() {
            let size = (self.buffer.len() * 2).max(CHUNK);
            self.buffer.resize(size, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_only_with_what_arrived() {
        let mut inbox = Inbox::default();
        for _ in 0..10_000 {
            assert!(!inbox.space().is_empty());
            inbox.fill(1);
        }
        assert_eq!(inbox.bytes().len(), 10_000);
        assert_eq!(inbox.buffer.len(), CHUNK);
        inbox.consume(9_999);
        while inbox.bytes().len() < 3 * CHUNK {
            let space = inbox.space().len();
            inbox.fill(space.min(1000));
        }
        assert!(inbox.buffer.len() <= 8 * CHUNK);
    }

    #[test]
    fn a_large_buffer_is_given_back() {
        let mut inbox = Inbox::default();
        while inbox.bytes().len() < KEEP + 1 {
            let space = inbox.space().len();
            inbox.fill(space);
        }
        inbox.consume(usize::MAX / 2);
        assert_eq!(inbox.buffer.len(), CHUNK);
    }
}
