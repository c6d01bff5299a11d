//! What is typed, on its way to the guest: bounded, because a guest may never read it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::{Bytes, BytesMut};
use tokio::sync::Notify;

/// How many typed bytes may wait for the guest.
pub const INPUT_MAX: usize = 1 << 20;

/// Why bytes were not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsent {
    /// The line is not there.
    NotConnected,
    /// The guest does not read: too much waits already.
    Full,
}

/// A queue of typed bytes, open while there is a line.
#[derive(Default)]
pub(super) struct Input {
    queue: Mutex<Queue>,
    filled: Notify,
}

#[derive(Default)]
struct Queue {
    bytes: BytesMut,
    is_open: bool,
}

impl Input {
    /// Queues all of the bytes or none.
    pub(super) fn push(&self, bytes: &[u8]) -> Result<(), Unsent> {
        let mut queue = self.queue();
        if !queue.is_open {
            return Err(Unsent::NotConnected);
        }
        if queue.bytes.len() + bytes.len() > INPUT_MAX {
            return Err(Unsent::Full);
        }
        queue.bytes.extend_from_slice(bytes);
        drop(queue);
        self.filled.notify_one();
        Ok(())
    }

    /// Takes bytes from now on, until what is returned is dropped; then what waits is forgotten: it was for this run of the
    /// line.
    pub(super) fn open(&self) -> impl Drop + use<'_> {
        struct Open<'a>(&'a Input);
        impl Drop for Open<'_> {
            fn drop(&mut self) {
                *self.0.queue() = Queue::default();
            }
        }
        self.queue().is_open = true;
        Open(self)
    }

    /// Waits for bytes, and takes at most so many; at least one.
    ///
    /// # Cancel safety
    /// Cancel safe: nothing is taken before it is returned.
    pub(super) async fn next(&self, most: usize) -> Bytes {
        loop {
            {
                let mut queue = self.queue();
                let length = queue.bytes.len().min(most);
                if length > 0 {
                    return queue.bytes.split_to(length).freeze();
                }
            }
            self.filled.notified().await;
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn all_or_nothing_is_taken_while_there_is_a_line() {
        let input = Input::default();
        assert_eq!(input.push(b"early"), Err(Unsent::NotConnected));
        let line = input.open();
        input.push(b"abc").unwrap();
        assert_eq!(input.push(&vec![0; INPUT_MAX]), Err(Unsent::Full));
        input.push(&vec![b'x'; INPUT_MAX - 3]).unwrap();
        assert_eq!(input.push(b"y"), Err(Unsent::Full));
        assert_eq!(input.next(4).await, "abcx");
        input.push(b"z").unwrap();
        drop(line);
        assert_eq!(input.push(b"late"), Err(Unsent::NotConnected));
        let _line = input.open();
        input.push(b"new").unwrap();
        assert_eq!(input.next(99).await, "new", "the old line's is forgotten");
    }
}
