//! Sound from the guest (QEMU Audio): its form, and the queue between the session and whoever plays it.
//!
//! The queue is bounded: when nobody takes samples the oldest go, and are counted. It knows no device and no wire.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

/// The highest rate that QEMU accepts, in samples a second for each channel (`ui/vnc.c`).
pub(crate) const MAX_FREQUENCY: u32 = 48_000;

/// Bytes that wait for a player at most: one second of the largest form.
pub(crate) const MAX_WAITING: usize = 48_000 * 2 * 4;

/// All frames of two channels are a divisor of it: what is dropped leaves the rest in step.
const STEP: usize = 8;

/// One sample, little-endian.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sample {
    /// Unsigned, 8 bits.
    U8,
    /// Signed, 8 bits.
    S8,
    /// Unsigned, 16 bits.
    U16,
    /// Signed, 16 bits.
    #[default]
    S16,
    /// Unsigned, 32 bits.
    U32,
    /// Signed, 32 bits.
    S32,
}

impl Sample {
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::U8 => 0,
            Self::S8 => 1,
            Self::U16 => 2,
            Self::S16 => 3,
            Self::U32 => 4,
            Self::S32 => 5,
        }
    }

    /// Returns its size in bytes.
    pub const fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::S8 => 1,
            Self::U16 | Self::S16 => 2,
            Self::U32 | Self::S32 => 4,
        }
    }
}

/// The form of the sound; QEMU converts to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AudioFormat {
    /// The form of a sample.
    pub sample: Sample,
    /// 1 or 2; their samples alternate.
    pub channels: u8,
    /// Samples a second for each channel, up to 48,000.
    pub frequency: u32,
}

impl AudioFormat {
    /// Returns the bytes of one moment: a sample of each channel.
    pub const fn frame_bytes(self) -> usize {
        self.sample.bytes() * self.channels as usize
    }
}

impl Default for AudioFormat {
    /// What QEMU itself begins with: 44,100 Hz, two channels, signed 16 bits.
    fn default() -> Self {
        Self {
            sample: Sample::S16,
            channels: 2,
            frequency: 44_100,
        }
    }
}

/// Samples that wait for a player; clones share them. Any thread may take them.
#[derive(Clone, Debug, Default)]
pub struct AudioQueue {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    waiting: Mutex<Waiting>,
    filled: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    bytes: VecDeque<u8>,
    dropped: u64,
    /// Where in [`STEP`] the newest byte of this stream is.
    phase: usize,
}

impl AudioQueue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        let waiting = self.inner.waiting.lock();
        waiting.unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the oldest bytes into `out`, as many as there are and fit, and returns their number. Never waits for more.
    pub fn read(&self, out: &mut [u8]) -> usize {
        let mut waiting = self.lock();
        let count = waiting.bytes.len().min(out.len());
        for (to, from) in out.iter_mut().zip(waiting.bytes.drain(..count)) {
            *to = from;
        }
        count
    }

    /// Waits until there are samples. One player at a time is woken; it needs no tokio runtime.
    ///
    /// # Cancel safety
    /// Cancel safe: it takes nothing.
    pub async fn filled(&self) {
        while self.is_empty() {
            self.inner.filled.notified().await;
        }
    }

    /// Takes all that waits.
    pub fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.lock().bytes).into()
    }

    /// Counts the bytes that wait.
    pub fn len(&self) -> usize {
        self.lock().bytes.len()
    }

    /// Tells whether none wait.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Counts the bytes that nobody took in time, since the session began.
    pub fn dropped(&self) -> u64 {
        self.lock().dropped
    }

    /// Adds samples of the present stream.
    pub(crate) fn push(&self, samples: &[u8]) {
        let mut waiting = self.lock();
        waiting.bytes.extend(samples);
        waiting.phase = (waiting.phase + samples.len()) % STEP;
        let over = waiting.bytes.len().saturating_sub(MAX_WAITING);
        if over > 0 {
            let gone = over.next_multiple_of(STEP).min(waiting.bytes.len());
            waiting.bytes.drain(..gone);
            waiting.dropped += gone as u64;
        }
        drop(waiting);
        self.inner.filled.notify_one();
    }

    /// Begins a stream: what is left of the one before it goes, should its last frame not be whole.
    pub(crate) fn begin(&self) {
        let mut waiting = self.lock();
        if waiting.phase != 0 {
            waiting.dropped += waiting.bytes.len() as u64;
            waiting.bytes.clear();
            waiting.phase = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_come_out_as_they_went_in() {
        let queue = AudioQueue::default();
        queue.push(&[1, 2, 3, 4]);
        let player = queue.clone();
        let mut out = [0; 3];
        assert_eq!(player.read(&mut out), 3);
        assert_eq!((out, player.len()), ([1, 2, 3], 1));
        assert_eq!(player.read(&mut out), 1);
        assert_eq!(player.read(&mut out), 0);
        assert!(queue.is_empty());
    }

    #[tokio::test]
    async fn a_player_is_woken_and_takes_all_that_waits() {
        let queue = AudioQueue::default();
        let player = queue.clone();
        let taken = tokio::spawn(async move {
            player.filled().await;
            player.take()
        });
        tokio::task::yield_now().await;
        assert!(!taken.is_finished(), "nothing waits");
        queue.push(&[1, 2, 3, 4]);
        assert_eq!(taken.await.unwrap(), [1, 2, 3, 4]);
        assert!(queue.is_empty());
        // What was taken by another way wakes nobody for nothing.
        queue.push(&[5; 8]);
        assert_eq!(queue.take().len(), 8);
        let again = tokio::spawn(async move { queue.filled().await });
        tokio::task::yield_now().await;
        assert!(!again.is_finished());
    }

    #[test]
    fn what_nobody_takes_goes_in_whole_frames_and_is_counted() {
        let queue = AudioQueue::default();
        for second in 0..3u8 {
            queue.push(&vec![second; MAX_WAITING - 4]);
        }
        assert!(queue.len() <= MAX_WAITING);
        let total = 3 * (MAX_WAITING - 4) as u64;
        assert_eq!(queue.dropped() + queue.len() as u64, total);
        assert_eq!(queue.dropped() % STEP as u64, 0);
    }

    #[test]
    fn a_broken_stream_does_not_put_the_next_out_of_step() {
        let queue = AudioQueue::default();
        queue.push(&[0; 11]);
        queue.begin();
        assert_eq!((queue.len(), queue.dropped()), (0, 11));
        queue.push(&[0; 16]);
        queue.begin();
        assert_eq!(queue.len(), 16);
    }
}
