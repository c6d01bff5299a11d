//! The session's task: handshake, then read, decode, publish, until the end.
//!
//! The writer runs as a task of its own and is ended with this one. What comes out of the engine
//! goes to the outbox, to the shared picture and to the news; it is decided here which.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt},
    task::AbortHandle,
};

use super::{Options, Shared, writer};
use crate::{
    Engine, EngineEvent, Error, Event, Result,
    handshake::{BoxedStream, handshake},
};

/// An update that takes longer than this is shown in parts: over slow links, and if a server never ends one.
const SHOW_PARTS_AFTER: Duration = Duration::from_millis(100);

/// Runs a session to its end and tells why it ended.
pub(super) async fn run(stream: BoxedStream, options: Options, shared: Arc<Shared>) {
    let error = tokio::select! {
        biased;
        () = shared.ended.notified() => {
            if shared.outbox().stalled { Error::Stalled } else { Error::Closed }
        }
        result = session(stream, &options, &shared) => result.err().unwrap_or(Error::Closed),
    };
    tracing::debug!(%error, "session ended");
    shared.pending.push(Event::Closed(error));
}

async fn session(stream: BoxedStream, options: &Options, shared: &Arc<Shared>) -> Result<()> {
    let stream = handshake(stream, options).await?;
    let (reader, writer) = tokio::io::split(stream);
    let mut writing = tokio::spawn(writer::run(writer, Arc::clone(shared)));
    let _guard = AbortOnDrop(writing.abort_handle());
    let mut decoding = Decoding {
        engine: Engine::new(options.encodings),
        shared,
        last_shown: Instant::now(),
    };
    tokio::select! {
        result = decoding.run(reader) => result,
        result = &mut writing => result.unwrap_or(Err(Error::Closed)),
    }
}

struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

struct Decoding<'a> {
    engine: Engine,
    shared: &'a Shared,
    last_shown: Instant,
}

impl Decoding<'_> {
    async fn run(&mut self, mut reader: impl AsyncRead + Unpin) -> Result<()> {
        loop {
            let count = reader.read(self.engine.space()).await?;
            if count == 0 {
                return Err(Error::Lost(std::io::ErrorKind::UnexpectedEof.into()));
            }
            let decoded = self.engine.filled(count);
            self.pass_on();
            decoded?;
        }
    }

    /// Passes on what the engine has made of the bytes.
    fn pass_on(&mut self) {
        let mut show = self.last_shown.elapsed() > SHOW_PARTS_AFTER;
        let mut sending = false;
        while let Some(event) = self.engine.poll_event() {
            show |= matches!(event, EngineEvent::FrameEnd | EngineEvent::Resized(_));
            sending |= self.tell(event);
        }
        sending |= self.move_output();
        if show {
            self.show();
        }
        if sending {
            self.shared.filled.notify_one();
        }
    }

    /// Turns one event of the engine into news; returns whether the outbox may have more to send now.
    fn tell(&mut self, event: EngineEvent) -> bool {
        let news = match event {
            EngineEvent::Connected { name, size } => {
                self.show();
                self.shared.outbox().ready = true;
                Event::Connected { name, size }
            }
            EngineEvent::Resized(size) => {
                self.show();
                Event::Resized(size)
            }
            EngineEvent::FrameEnd => return false,
            EngineEvent::Cursor(cursor) => Event::Cursor(cursor),
            EngineEvent::Leds(leds) => Event::Leds(leds),
            EngineEvent::PointerMode { absolute } => Event::PointerMode { absolute },
            EngineEvent::ExtendedKeys => {
                self.shared.outbox().extended_keys = true;
                return false;
            }
            EngineEvent::Screen { id, flags } => {
                self.shared.outbox().screen = Some((id, flags));
                return false;
            }
            EngineEvent::DesktopSizeStatus(status) => Event::DesktopSizeStatus(status),
            EngineEvent::Name(name) => Event::Name(name),
            EngineEvent::Bell => Event::Bell,
            EngineEvent::ClipboardText(text) => Event::ClipboardText(text),
        };
        let begins = matches!(news, Event::Connected { .. });
        self.shared.pending.push(news);
        begins
    }

    /// Moves the engine's messages and request to the outbox; returns whether there were any.
    fn move_output(&mut self) -> bool {
        let request = self.engine.take_request();
        let output = self.engine.output();
        if output.is_empty() && request.is_none() {
            return false;
        }
        let mut outbox = self.shared.outbox();
        outbox.control.append(output);
        if let Some(request) = request {
            outbox.request(request);
        }
        true
    }

    /// Copies what has changed into the shared picture.
    fn show(&mut self) {
        let damage = self.engine.take_damage();
        self.last_shown = Instant::now();
        if damage.is_empty() {
            return;
        }
        let complete = self.engine.is_complete();
        let picture = self.engine.framebuffer();
        self.shared.framebuffer.publish(picture, &damage, complete);
        self.shared.pending.push(Event::Damage);
    }
}
