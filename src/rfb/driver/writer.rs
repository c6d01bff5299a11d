//! The writer's task: sends what the outbox holds, as soon as the server takes it.
//!
//! A pointer's motion alone is sent at most every [`MOTION_PERIOD`]: QEMU looks at it every 30 ms.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncWrite, AsyncWriteExt},
    time::{Instant, timeout_at},
};

use super::Shared;
use crate::{Event, Result};

/// The shortest time between two messages that only move the pointer.
const MOTION_PERIOD: Duration = Duration::from_millis(8);

/// Sends until the stream breaks.
pub(super) async fn run(mut stream: impl AsyncWrite + Unpin, shared: Arc<Shared>) -> Result<()> {
    let mut out = Vec::new();
    let mut next_motion = Instant::now();
    loop {
        shared.filled.notified().await;
        while shared.outbox().only_motion_waits() && Instant::now() < next_motion {
            // Woken by something new, look again; woken by the clock, send.
            let _ = timeout_at(next_motion, shared.filled.notified()).await;
        }
        let (moved, refused) = {
            let mut outbox = shared.outbox();
            let moved = outbox.only_motion_waits();
            outbox.drain(&mut out);
            (moved, outbox.clipboard.refused.take())
        };
        if let Some(refusal) = refused {
            shared.pending.push(Event::ClipboardRefused(refusal));
        }
        if moved {
            next_motion = Instant::now() + MOTION_PERIOD;
        }
        stream.write_all(&out).await?;
        stream.flush().await?;
        out.clear();
    }
}
