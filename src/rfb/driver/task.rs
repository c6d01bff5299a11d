//! The session's task: handshake, then read, decode, show, until the end.
//!
//! The writer runs as a task of its own and is ended with this one. What comes out of the engine
//! goes to the outbox, to the painter and to the news; it is decided here which.

use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt},
    task::AbortHandle,
    time::{sleep, sleep_until},
};

use super::{Options, Shared, abilities, link::Link, showing::Showing, writer};
use crate::{
    EncodingPolicy, Engine, EngineEvent, Error, Event, Result, Size,
    handshake::{BoxedStream, negotiate},
};

/// Runs a session to its end and tells why it ended.
pub(super) async fn run(stream: BoxedStream, options: Options, shared: Arc<Shared>) {
    let mut end = End {
        shared: &shared,
        error: None,
    };
    end.error = Some(tokio::select! {
        biased;
        () = shared.ended.notified() => {
            if shared.outbox().stalled { Error::Stalled } else { Error::Closed }
        }
        result = session(stream, &options, &shared) => result.err().unwrap_or(Error::Closed),
    });
}

/// Tells that the session has ended, whatever has ended it: a panic of a painter or of a decoder as well.
struct End<'a> {
    shared: &'a Shared,
    error: Option<Error>,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        let crash = || Error::Lost(io::Error::other("the viewer failed over what it was sent"));
        let error = self.error.take().unwrap_or_else(crash);
        tracing::debug!(%error, "session ended");
        self.shared.wishes.end();
        self.shared.pending.push(Event::Closed(error));
    }
}

async fn session(stream: BoxedStream, options: &Options, shared: &Arc<Shared>) -> Result<()> {
    let (stream, security) = negotiate(stream, options).await?;
    shared.meter().security = security;
    let (reader, writer) = tokio::io::split(stream);
    let mut writing = tokio::spawn(writer::run(writer, Arc::clone(shared)));
    let _guard = AbortOnDrop(writing.abort_handle());
    let mut decoding = Decoding::new(options, shared);
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
    link: Link,
    showing: Showing<'a>,
    /// Something may have come in an update, or been wished for, that was not shown because the update goes on.
    is_unshown: bool,
    /// The server was asked to describe its desktop, and has not yet.
    asked: Option<Instant>,
    /// How long it may take to.
    patience: Duration,
    /// The first whole picture has come.
    settled: bool,
}

impl<'a> Decoding<'a> {
    fn new(options: &Options, shared: &'a Shared) -> Self {
        let now = Instant::now();
        let mut decoding = Self {
            engine: Engine::new(EncodingPolicy::Adaptive),
            shared,
            link: Link::new(options.local, options.lossy),
            showing: Showing::new(&shared.wishes),
            is_unshown: false,
            asked: Some(now),
            patience: options.handshake_timeout,
            settled: false,
        };
        decoding.take_policy();
        decoding
    }

    async fn run(&mut self, mut reader: impl AsyncRead + Unpin) -> Result<()> {
        let described_by = sleep(self.patience);
        tokio::pin!(described_by);
        loop {
            let in_update = self.engine.is_in_update();
            let begun = Instant::now();
            let count = tokio::select! {
                biased;
                count = reader.read(self.engine.space()) => count?,
                () = self.shared.policy.notified() => {
                    self.take_policy();
                    self.pass_on();
                    continue;
                }
                () = self.shared.wishes.made.notified() => {
                    self.show();
                    continue;
                }
                () = sleep_until(self.showing.parts_from()), if self.is_unshown => {
                    self.show();
                    continue;
                }
                () = &mut described_by, if self.asked.is_some() => {
                    let during = "waiting for the desktop's description";
                    return Err(Error::TimedOut { during });
                }
            };
            if count == 0 {
                return Err(Error::Lost(io::ErrorKind::UnexpectedEof.into()));
            }
            if in_update {
                self.link.received(count, begun.elapsed());
            }
            let decoded = self.decode(count);
            self.count(count);
            decoded?;
        }
    }

    /// Decodes what has arrived, update by update, and passes on what comes out of each.
    fn decode(&mut self, count: usize) -> Result<()> {
        if !self.engine.is_in_update() {
            self.showing.wait_for_the_end();
        }
        self.engine.arrived(count);
        loop {
            let advanced = self.engine.advance();
            self.pass_on();
            if !advanced? {
                self.show();
                return Ok(());
            }
            self.show_now();
        }
    }

    /// Asks for what the policy says.
    fn take_policy(&mut self) {
        let mut meter = self.shared.meter();
        let encodings = match meter.policy {
            EncodingPolicy::Adaptive => self.link.encodings(),
            EncodingPolicy::Fixed(encodings) => encodings,
        };
        self.engine.set_encodings(encodings);
        meter.encodings = Some(encodings);
    }

    /// Counts what came, for whoever wants to see it.
    fn count(&mut self, bytes: usize) {
        let mut meter = self.shared.meter();
        meter.count(bytes, self.engine.updates_received(), Instant::now());
        meter.encoding = self.engine.last_encoding();
        meter.link_rate = self.link.rate();
    }

    /// Passes on what the engine has made of the bytes.
    fn pass_on(&mut self) {
        let mut sending = false;
        let mut ended = false;
        while let Some(event) = self.engine.poll_event() {
            ended |= event == EngineEvent::FrameEnd;
            sending |= self.tell(event);
        }
        if ended {
            self.follow_link();
        }
        sending |= self.move_output();
        if sending {
            self.shared.filled.notify_one();
        }
    }

    /// Asks for other encodings when the link is another than was thought.
    fn follow_link(&mut self) {
        let nearest = self.shared.outbox().round_trip.least();
        let Some(encodings) = self.link.choose(nearest, Instant::now()) else {
            return;
        };
        let mut meter = self.shared.meter();
        if meter.policy == EncodingPolicy::Adaptive {
            meter.encodings = Some(encodings);
            self.engine.set_encodings(encodings);
        }
    }

    /// Turns one event of the engine into news; returns whether the outbox may have more to send now.
    fn tell(&mut self, event: EngineEvent) -> bool {
        let news = match event {
            EngineEvent::Connected { name, size } => {
                self.show_now();
                self.begin(size);
                Event::Connected { name, size }
            }
            EngineEvent::Resized(size) => {
                self.shared.outbox().updates.picture = size.rect();
                self.show_now();
                Event::Resized(size)
            }
            EngineEvent::FrameEnd => return self.settle(),
            EngineEvent::Cursor(cursor) => Event::Cursor(cursor),
            EngineEvent::Leds(leds) => Event::Leds(leds),
            EngineEvent::PointerMode { absolute } => {
                // Of the servers that are known only QEMU sends this.
                self.shared.outbox().clipboard.as_it_is = true;
                Event::PointerMode { absolute }
            }
            EngineEvent::DesktopSizeStatus(status) => Event::DesktopSizeStatus(status),
            EngineEvent::Name(name) => Event::Name(name),
            EngineEvent::Bell => Event::Bell,
            EngineEvent::ClipboardText(text) => Event::ClipboardText(text),
            EngineEvent::PowerRefused => Event::PowerRefused,
            other => return abilities::tell(self.shared, other),
        };
        let begins = matches!(news, Event::Connected { .. });
        self.shared.pending.push(news);
        begins
    }

    /// The server has described its desktop, and may be talked to.
    fn begin(&mut self, size: Size) {
        let mut outbox = self.shared.outbox();
        outbox.ready = true;
        outbox.updates.picture = size.rect();
        if let Some(asked) = self.asked.take() {
            outbox.round_trip.measured(asked.elapsed());
        }
    }

    /// The first whole picture is there: what the server understands of clipboards it has said before it.
    fn settle(&mut self) -> bool {
        if self.settled || !self.engine.is_complete() {
            return false;
        }
        self.settled = true;
        self.shared.outbox().clipboard.settled = true;
        true
    }

    /// Moves the engine's messages and request to the outbox; returns whether there were any.
    fn move_output(&mut self) -> bool {
        let request = self.engine.take_request();
        let output = self.engine.output();
        if output.is_empty() && request.is_none() {
            return false;
        }
        let mut outbox = self.shared.outbox();
        outbox.control(|out| out.append(output));
        if let Some(request) = request {
            outbox.request(request);
        }
        if outbox.stalled {
            self.shared.ended.notify_one();
        }
        true
    }

    /// Shows what has changed, unless the rest of its update is to be waited for.
    fn show(&mut self) {
        self.is_unshown = self.engine.is_in_update() && !self.showing.is_due();
        if !self.is_unshown {
            self.show_now();
        }
    }

    /// Shows what has changed, and tells of it.
    fn show_now(&mut self) {
        if self.showing.show(&mut self.engine) {
            self.shared.pending.push(Event::Damage);
        }
    }
}
