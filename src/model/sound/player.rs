//! Plays one guest's sound: from the queue of its session to the desktop, while there is any.
//!
//! Works on the runtime, so that a busy main loop is not heard. The way to the loudspeaker is open only while sound
//! comes, and opened anew after it broke. What is too old to be played with its picture is left out.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_channel::Sender;
use innkeeper_core::rfb::AudioQueue;

use super::{
    SoundProblem,
    pipeline::{self, LAG_BYTES, Pipeline},
};
use crate::app::runtime;

/// After so much silence the desktop's sound is let go.
const REST_AFTER: Duration = Duration::from_secs(5);

/// How long it is left alone after it broke.
const PAUSE: Duration = Duration::from_secs(2);

/// What is heard of a player: that it plays, or why it does not.
pub(super) type News = Result<(), SoundProblem>;

/// A guest's sound being played; it ends when this is dropped.
pub(super) struct Player {
    volume: Volume,
    _task: runtime::Task<()>,
}

/// The factor by which samples are multiplied, shared with whoever plays.
#[derive(Clone)]
struct Volume(Arc<AtomicU64>);

impl Volume {
    fn new(factor: f64) -> Self {
        Self(Arc::new(AtomicU64::new(factor.to_bits())))
    }

    fn set(&self, factor: f64) {
        self.0.store(factor.to_bits(), Ordering::Relaxed);
    }

    fn get(&self) -> f64 {
        f64::from_bits(self.0.load(Ordering::Relaxed))
    }
}

impl Player {
    /// Plays what comes into a queue, under a name that the desktop's sound settings show.
    pub(super) fn start(queue: AudioQueue, name: &str, factor: f64, tell: Sender<News>) -> Self {
        let volume = Volume::new(factor);
        let task = runtime::spawn(play(queue, name.to_owned(), volume.clone(), tell));
        Self {
            volume,
            _task: task,
        }
    }

    /// Sets the factor by which samples are multiplied; heard at once.
    pub(super) fn set_volume(&self, factor: f64) {
        self.volume.set(factor);
    }
}

async fn play(queue: AudioQueue, name: String, volume: Volume, tell: Sender<News>) {
    loop {
        queue.filled().await;
        if let Err(problem) = play_once(&queue, &name, &volume, &tell).await {
            tracing::warn!(%problem, "no sound");
            let _ = tell.send(Err(problem)).await;
            runtime::within(PAUSE, leave_out(&queue)).await;
        }
    }
}

/// Plays until there is silence, or the way to the loudspeaker breaks.
async fn play_once(
    queue: &AudioQueue,
    name: &str,
    volume: &Volume,
    tell: &Sender<News>,
) -> Result<(), SoundProblem> {
    let (name, factor) = (name.to_owned(), volume.get());
    let pipeline = runtime::blocking(move || Pipeline::open(&name, factor)).await?;
    let _ = tell.send(Ok(())).await;
    while runtime::within(REST_AFTER, queue.filled()).await.is_some() {
        pipeline.set_volume(volume.get());
        pipeline.push(newest(queue.take()))?;
    }
    Ok(())
}

/// Drops what comes, for as long as it is polled.
async fn leave_out(queue: &AudioQueue) {
    loop {
        queue.filled().await;
        queue.take();
    }
}

/// Leaves out what is too old to be played with its picture.
fn newest(mut samples: Vec<u8>) -> Vec<u8> {
    let over = samples.len().saturating_sub(LAG_BYTES);
    samples.drain(..over.next_multiple_of(pipeline::FORMAT.frame_bytes()));
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_old_sound_the_newest_is_played_in_whole_frames() {
        let frames = |count: usize| (0..count).flat_map(|n| (n as u32).to_le_bytes());
        let short: Vec<u8> = frames(10).collect();
        assert_eq!(newest(short.clone()), short);
        let long: Vec<u8> = frames(LAG_BYTES).collect();
        let played = newest(long.clone());
        assert_eq!(played.len(), LAG_BYTES);
        assert!(long.ends_with(&played));
        assert_eq!(LAG_BYTES, 48_000 * 4 / 10);
    }
}
