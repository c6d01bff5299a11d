//! The queue of events: bounded in bytes, and none is dropped. When it is full, the socket is not read until somebody
//! takes events out.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::{Semaphore, mpsc};

use super::shared::{CloseReason, Shared};
use crate::procedure::Event;

/// The receiver of a connection's events. When it is dropped, events are discarded.
pub struct Events {
    queue: mpsc::UnboundedReceiver<(Event, usize)>,
    room: Arc<Semaphore>,
    shared: Arc<Shared>,
}

/// The reader's end.
pub(super) struct EventSink {
    queue: mpsc::UnboundedSender<(Event, usize)>,
    room: Arc<Semaphore>,
    window: u32,
}

/// The least that a waiting event counts for, in bytes.
const COST_MIN: usize = 64;

pub(super) fn channel(shared: &Arc<Shared>) -> (EventSink, Events) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let window = shared.options.event_window.max(1);
    let room = Arc::new(Semaphore::new(window as usize));
    let sink = EventSink {
        queue: sender,
        room: Arc::clone(&room),
        window,
    };
    let events = Events {
        queue: receiver,
        room,
        shared: Arc::clone(shared),
    };
    (sink, events)
}

impl Events {
    /// Takes the next event. After the connection's end first gives what had arrived, then the reason.
    ///
    /// # Cancel safety
    /// No event is lost when dropped.
    pub async fn recv(&mut self) -> Result<Event, CloseReason> {
        match self.queue.recv().await {
            Some((event, size)) => {
                self.room.add_permits(size);
                Ok(event)
            }
            None => Err(self.shared.closed().await),
        }
    }

    /// Takes an event that has arrived already, or `None`.
    pub fn try_recv(&mut self) -> Option<Event> {
        let (event, size) = self.queue.try_recv().ok()?;
        self.room.add_permits(size);
        Some(event)
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.room.close();
    }
}

impl std::fmt::Debug for Events {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Events")
            .field("waiting", &self.queue.len())
            .finish_non_exhaustive()
    }
}

impl EventSink {
    /// Queues an event that took `size` bytes; waits for room. Gives false when nobody listens.
    pub(super) async fn push(&self, event: Event, size: usize, shared: &Shared) -> bool {
        let size = size.max(COST_MIN).min(self.window as usize);
        if !take_room(&self.room, size, shared).await {
            return false;
        }
        self.queue.send((event, size)).is_ok()
    }
}

/// Takes `size` bytes of room, waiting for the consumer if there are not as many. False: the consumer is gone.
pub(super) async fn take_room(room: &Semaphore, size: usize, shared: &Shared) -> bool {
    let size = size as u32;
    if let Ok(permit) = room.try_acquire_many(size) {
        permit.forget();
        return true;
    }
    shared.reader_waits.store(true, Ordering::Relaxed);
    let permit = room.acquire_many(size).await;
    shared.reader_waits.store(false, Ordering::Relaxed);
    permit.map(tokio::sync::SemaphorePermit::forget).is_ok()
}
