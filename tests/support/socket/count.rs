//! Which procedures were called, read from the bytes of a libvirt connection.
//!
//! A packet is a length, then program, version, procedure, type, serial and status, each four bytes
//! (libvirt: src/rpc/virnetprotocol.x).

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

const REMOTE_PROGRAM: u32 = 0x2000_8086;
const TYPE_CALL: u32 = 0;
const HEADER: usize = 28;

/// How often each procedure of libvirt's remote protocol was called, by its number.
pub type Calls = BTreeMap<u32, u32>;

/// A count of calls that can be read and begun anew.
#[derive(Debug, Default)]
pub struct Count(Mutex<Calls>);

impl Count {
    /// What was called since the last time that this was asked.
    pub fn take(&self) -> Calls {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How many calls there were since the last [`Count::take`].
    pub fn total(&self) -> u32 {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .sum()
    }

    /// How often one procedure was called since the last [`Count::take`].
    pub fn of(&self, procedure: u32) -> u32 {
        let calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        calls.get(&procedure).copied().unwrap_or(0)
    }

    fn add(&self, procedure: u32) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *calls.entry(procedure).or_default() += 1;
    }
}

/// Finds the packets' headers in one direction of a connection.
#[derive(Debug, Default)]
pub(super) struct Reader {
    header: Vec<u8>,
    body: usize,
}

impl Reader {
    pub(super) fn read(&mut self, mut bytes: &[u8], count: &Count) {
        while !bytes.is_empty() {
            let skipped = self.body.min(bytes.len());
            self.body -= skipped;
            bytes = &bytes[skipped..];
            let taken = (HEADER - self.header.len()).min(bytes.len());
            self.header.extend_from_slice(&bytes[..taken]);
            bytes = &bytes[taken..];
            if self.header.len() == HEADER {
                self.body = self.packet(count);
                self.header.clear();
            }
        }
    }

    /// Counts the packet whose header is there; gives the length of what follows.
    fn packet(&self, count: &Count) -> usize {
        let word = |at: usize| {
            let bytes = &self.header[at * 4..at * 4 + 4];
            u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
        };
        if word(1) == REMOTE_PROGRAM && word(4) == TYPE_CALL {
            count.add(word(3));
        }
        (word(0) as usize).saturating_sub(HEADER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(procedure: u32, body: usize) -> Vec<u8> {
        let words = [
            28 + body as u32,
            REMOTE_PROGRAM,
            1,
            procedure,
            TYPE_CALL,
            7,
            0,
        ];
        let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        bytes.resize(28 + body, 0xff);
        bytes
    }

    #[test]
    fn packets_are_found_however_they_are_cut() {
        let bytes = [packet(1, 0), packet(344, 90), packet(344, 5), packet(2, 0)].concat();
        for step in [1, 3, 28, 64, 1000] {
            let count = Count::default();
            let mut reader = Reader::default();
            for piece in bytes.chunks(step) {
                reader.read(piece, &count);
            }
            assert_eq!(
                count.take(),
                Calls::from([(1, 1), (2, 1), (344, 2)]),
                "{step}"
            );
        }
    }
}
