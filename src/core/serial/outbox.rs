//! News on their way to a text console's consumer: every byte in order, and of the states the newest.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use tokio::sync::Notify;

use super::{TextConsoleEvent, TextConsoleState};

/// How many bytes may wait before the line is not read any more.
const OUTPUT_MAX: usize = 256 * 1024;

/// A queue of news.
#[derive(Default)]
pub(super) struct Outbox {
    queue: Mutex<Queue>,
    filled: Notify,
    drained: Notify,
}

#[derive(Default)]
struct Queue {
    events: VecDeque<TextConsoleEvent>,
    /// Bytes in the events.
    bytes: usize,
    closed: bool,
}

impl Outbox {
    /// Queues a state in place of an older one.
    pub(super) fn set_state(&self, state: TextConsoleState) {
        let mut queue = self.queue();
        let is_output = |event: &TextConsoleEvent| matches!(event, TextConsoleEvent::Output(_));
        queue.events.retain(is_output);
        queue.events.push_back(TextConsoleEvent::State(state));
        drop(queue);
        self.filled.notify_one();
    }

    /// Queues what the guest wrote, once there is room.
    ///
    /// # Cancel safety
    /// When dropped, the bytes are lost: their line has ended.
    pub(super) async fn output(&self, bytes: Bytes) {
        loop {
            {
                let mut queue = self.queue();
                if queue.bytes < OUTPUT_MAX {
                    queue.bytes += bytes.len();
                    queue.events.push_back(TextConsoleEvent::Output(bytes));
                    break;
                }
            }
            self.drained.notified().await;
        }
        self.filled.notify_one();
    }

    /// Lets the consumer end after what is queued.
    pub(super) fn close(&self) {
        self.queue().closed = true;
        self.filled.notify_one();
    }

    /// Waits for news; `None` at the end.
    pub(super) async fn next(&self) -> Option<TextConsoleEvent> {
        loop {
            {
                let mut queue = self.queue();
                let event = queue.events.pop_front();
                if let Some(TextConsoleEvent::Output(bytes)) = &event {
                    queue.bytes -= bytes.len();
                    self.drained.notify_one();
                }
                if event.is_some() || queue.closed {
                    return event;
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
    use std::{sync::Arc, time::Duration};

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn bytes_keep_their_order_and_only_the_newest_state_is_told() {
        let outbox = Outbox::default();
        outbox.set_state(TextConsoleState::Connecting);
        outbox.output(Bytes::from_static(b"a")).await;
        outbox.set_state(TextConsoleState::Connected);
        outbox.output(Bytes::from_static(b"b")).await;
        outbox.close();
        let mut told = Vec::new();
        while let Some(event) = outbox.next().await {
            told.push(format!("{event:?}"));
        }
        assert_eq!(
            told,
            [r#"Output(b"a")"#, "State(Connected)", r#"Output(b"b")"#]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_that_nobody_reads_waits() {
        let outbox = Arc::new(Outbox::default());
        outbox.output(vec![0; OUTPUT_MAX].into()).await;
        let more = outbox.output(Bytes::from_static(b"more"));
        let too_early = timeout(Duration::from_secs(9), more).await;
        assert!(too_early.is_err(), "there was no room");
        let writer = Arc::clone(&outbox);
        let written = tokio::spawn(async move { writer.output(vec![1; 5].into()).await });
        assert!(outbox.next().await.is_some());
        written.await.unwrap();
        let Some(TextConsoleEvent::Output(bytes)) = outbox.next().await else {
            panic!("it was written");
        };
        assert_eq!(bytes.len(), 5);
    }
}
