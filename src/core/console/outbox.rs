//! News on their way to a console's consumer: of each kind the newest, so that their number is bounded.

use std::{
    collections::VecDeque,
    mem::discriminant,
    sync::{Mutex, PoisonError},
};

use tokio::sync::Notify;

use super::ConsoleEvent;

/// A queue of news, each kind at most once.
#[derive(Default)]
pub(super) struct Outbox {
    queue: Mutex<Queue>,
    filled: Notify,
}

#[derive(Default)]
struct Queue {
    events: VecDeque<ConsoleEvent>,
    closed: bool,
}

impl Outbox {
    /// Queues news in place of older news of its kind.
    pub(super) fn push(&self, event: ConsoleEvent) {
        self.with(|queue| {
            queue.events.retain(|old| !is_same_kind(old, &event));
            queue.events.push_back(event);
        });
        self.filled.notify_one();
    }

    /// Lets the consumer end after what is queued.
    pub(super) fn close(&self) {
        self.with(|queue| queue.closed = true);
        self.filled.notify_one();
    }

    /// Waits for news; `None` at the end.
    pub(super) async fn next(&self) -> Option<ConsoleEvent> {
        loop {
            let (event, closed) = self.with(|queue| (queue.events.pop_front(), queue.closed));
            if event.is_some() || closed {
                return event;
            }
            self.filled.notified().await;
        }
    }

    fn with<T>(&self, act: impl FnOnce(&mut Queue) -> T) -> T {
        act(&mut self.queue.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn is_same_kind(one: &ConsoleEvent, other: &ConsoleEvent) -> bool {
    match (one, other) {
        (ConsoleEvent::State(_), ConsoleEvent::State(_)) => true,
        (ConsoleEvent::Screen(one), ConsoleEvent::Screen(other)) => {
            discriminant(one) == discriminant(other)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ConsoleState;

    #[tokio::test]
    async fn of_each_kind_the_newest_is_kept_in_order() {
        let outbox = Outbox::default();
        for _ in 0..1_000 {
            outbox.push(ConsoleEvent::State(ConsoleState::default()));
            outbox.push(ConsoleEvent::Screen(rfb::Event::Damage));
            outbox.push(ConsoleEvent::Screen(rfb::Event::Bell));
        }
        outbox.push(ConsoleEvent::State(ConsoleState::Connected));
        outbox.close();
        let mut kinds = Vec::new();
        while let Some(event) = outbox.next().await {
            kinds.push(format!("{event:?}"));
        }
        assert_eq!(
            kinds,
            ["Screen(Damage)", "Screen(Bell)", "State(Connected)"]
        );
    }
}
