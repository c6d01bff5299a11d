//! News that wait for the consumer: at most one of each kind, however slow it is.
//!
//! A newer piece of news of a kind replaces the older one, so a flood costs no memory and a
//! consumer that was away sees the present state. It knows no stream and no engine.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::{ClipboardRefusal, DesktopSizeStatus, Error, Event, Leds, Size};

/// The consumer's end of a session's news.
#[derive(Debug)]
pub struct Events {
    pending: Arc<Pending>,
    ended: bool,
}

impl Events {
    pub(super) fn new(pending: Arc<Pending>) -> Self {
        Self {
            pending,
            ended: false,
        }
    }

    /// Waits for news; `None` after [`Event::Closed`].
    ///
    /// News of one kind are merged: the newest counts. Changes of size come before damage.
    /// It needs no tokio runtime.
    ///
    /// # Cancel safety
    /// Cancel safe: nothing is lost when the future is dropped.
    pub async fn recv(&mut self) -> Option<Event> {
        if self.ended {
            return None;
        }
        loop {
            if let Some(event) = self.try_recv() {
                return Some(event);
            }
            self.pending.changed.notified().await;
        }
    }

    /// Returns news that are there already.
    pub fn try_recv(&mut self) -> Option<Event> {
        let event = self.pending.lock().take();
        self.ended |= matches!(event, Some(Event::Closed(_)));
        event
    }
}

/// The slots, with the bell that tells of changes.
#[derive(Debug, Default)]
pub(super) struct Pending {
    slots: Mutex<Slots>,
    changed: Notify,
}

#[derive(Debug, Default)]
pub(super) struct Slots {
    connected: Option<(String, Size)>,
    name: Option<String>,
    resized: Option<Size>,
    pointer_absolute: Option<bool>,
    cursor: Option<Event>,
    leds: Option<Leds>,
    status: Option<DesktopSizeStatus>,
    clipboard: Option<String>,
    refused: Option<ClipboardRefusal>,
    audio_offered: bool,
    /// Whether sound has begun or ended.
    audio_plays: Option<bool>,
    audio_data: bool,
    /// Whether acts on the power are taken, or one was refused.
    power: Option<bool>,
    bell: bool,
    damage: bool,
    closed: Option<Error>,
}

impl Pending {
    fn lock(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts news into its slot and wakes the consumer.
    pub(super) fn push(&self, event: Event) {
        self.lock().put(event);
        self.changed.notify_one();
    }
}

impl Slots {
    fn put(&mut self, event: Event) {
        match event {
            Event::Connected { name, size } => self.connected = Some((name, size)),
            Event::Resized(size) => self.resized = Some(size),
            Event::Damage => self.damage = true,
            Event::Cursor(_) => self.cursor = Some(event),
            Event::Leds(leds) => self.leds = Some(leds),
            Event::PointerMode { absolute } => self.pointer_absolute = Some(absolute),
            Event::DesktopSizeStatus(status) => self.status = Some(status),
            Event::Name(name) => self.name = Some(name),
            Event::Bell => self.bell = true,
            Event::ClipboardText(text) => self.clipboard = Some(text),
            Event::ClipboardRefused(refusal) => self.refused = Some(refusal),
            Event::AudioOffered => self.audio_offered = true,
            Event::AudioBegin => self.audio_plays = Some(true),
            Event::AudioData => self.audio_data = true,
            Event::AudioEnd => self.audio_plays = Some(false),
            Event::PowerActions => self.power = Some(true),
            Event::PowerRefused => self.power = Some(false),
            Event::Closed(error) => self.closed = Some(error),
        }
    }

    /// Takes the next news out, in an order in which each can be acted upon at once.
    fn take(&mut self) -> Option<Event> {
        if let Some((name, size)) = self.connected.take() {
            return Some(Event::Connected { name, size });
        }
        if let Some(name) = self.name.take() {
            return Some(Event::Name(name));
        }
        if let Some(size) = self.resized.take() {
            return Some(Event::Resized(size));
        }
        if let Some(absolute) = self.pointer_absolute.take() {
            return Some(Event::PointerMode { absolute });
        }
        if let Some(cursor) = self.cursor.take() {
            return Some(cursor);
        }
        self.take_rest()
    }

    fn take_rest(&mut self) -> Option<Event> {
        if std::mem::take(&mut self.damage) {
            return Some(Event::Damage);
        }
        if std::mem::take(&mut self.bell) {
            return Some(Event::Bell);
        }
        (self.leds.take().map(Event::Leds))
            .or_else(|| self.status.take().map(Event::DesktopSizeStatus))
            .or_else(|| self.clipboard.take().map(Event::ClipboardText))
            .or_else(|| self.refused.take().map(Event::ClipboardRefused))
            .or_else(|| self.take_power())
            .or_else(|| self.take_audio())
            .or_else(|| self.closed.take().map(Event::Closed))
    }
}

impl Slots {
    fn take_power(&mut self) -> Option<Event> {
        Some(if self.power.take()? {
            Event::PowerActions
        } else {
            Event::PowerRefused
        })
    }

    fn take_audio(&mut self) -> Option<Event> {
        if std::mem::take(&mut self.audio_offered) {
            return Some(Event::AudioOffered);
        }
        if self.audio_plays == Some(true) {
            self.audio_plays = None;
            return Some(Event::AudioBegin);
        }
        if std::mem::take(&mut self.audio_data) {
            return Some(Event::AudioData);
        }
        self.audio_plays.take().map(|_| Event::AudioEnd)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_merged_and_the_end_comes_last() {
        let pending = Arc::new(Pending::default());
        pending.push(Event::Closed(Error::Closed));
        for width in 1..1000 {
            pending.push(Event::Damage);
            pending.push(Event::Resized(Size::new(width, 1)));
        }
        let mut events = Events::new(pending);
        assert!(matches!(
            events.try_recv(),
            Some(Event::Resized(Size { width: 999, .. }))
        ));
        assert!(matches!(events.try_recv(), Some(Event::Damage)));
        assert!(matches!(
            events.try_recv(),
            Some(Event::Closed(Error::Closed))
        ));
        assert!(events.try_recv().is_none());
    }
}
