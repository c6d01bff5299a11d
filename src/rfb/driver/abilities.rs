//! What the server can do beyond RFC 6143, and what it asks for: kept in the outbox, told as news.
//!
//! Beside [`task`](super::task), which turns the plain events into news. It sends nothing itself.

use std::time::Instant;

use super::{Shared, outbox::Outbox};
use crate::{EngineEvent, Event, clipboard};

/// Takes what the server can do, or asks for; returns whether the outbox may have more to send now.
pub(super) fn tell(shared: &Shared, event: EngineEvent) -> bool {
    match event {
        EngineEvent::ClipboardWanted => hand_over(shared),
        EngineEvent::AudioOffered => {
            shared.outbox().audio.offered = true;
            shared.pending.push(Event::AudioOffered);
            true
        }
        EngineEvent::PowerActions => {
            shared.outbox().power = true;
            shared.pending.push(Event::PowerActions);
            false
        }
        EngineEvent::AudioBegin | EngineEvent::AudioData(_) | EngineEvent::AudioEnd => {
            play(shared, event);
            false
        }
        other => keep(&mut shared.outbox(), other),
    }
}

/// Keeps what only the outbox needs to know.
fn keep(outbox: &mut Outbox, event: EngineEvent) -> bool {
    match event {
        EngineEvent::ExtendedKeys => outbox.extended_keys = true,
        EngineEvent::ExtendedButtons => outbox.extended_buttons = true,
        EngineEvent::ContinuousUpdates => outbox.updates.possible = true,
        EngineEvent::ExtendedClipboard(ability) => outbox.clipboard.ability = Some(ability),
        EngineEvent::ClipboardPeeked => outbox.peeked(),
        EngineEvent::Screen { id, flags } => {
            outbox.screen = Some((id, flags));
            outbox.round_trip.screens(Instant::now());
        }
        EngineEvent::Fences => outbox.round_trip.fences(),
        EngineEvent::FenceAnswered(payload) => outbox.round_trip.fence(&payload, Instant::now()),
        _ => return false,
    }
    true
}

/// Hands over text that was asked for. It is compressed outside of the lock: the painting thread may want that.
fn hand_over(shared: &Shared) -> bool {
    let wanted = shared.outbox().clipboard.wanted();
    let Some((text, as_it_is)) = wanted else {
        return false;
    };
    let mut message = Vec::new();
    clipboard::write_text(&mut message, &text, as_it_is);
    shared.outbox().control(|out| out.append(&mut message));
    true
}

/// Puts sound into its queue.
fn play(shared: &Shared, event: EngineEvent) {
    let news = match event {
        EngineEvent::AudioData(samples) => {
            shared.audio.push(&samples);
            Event::AudioData
        }
        EngineEvent::AudioBegin => {
            shared.audio.begin();
            Event::AudioBegin
        }
        _ => Event::AudioEnd,
    };
    shared.pending.push(news);
}
