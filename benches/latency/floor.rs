//! The least that any viewer can need: our engine's session, which decodes and draws nothing, on the same connection.

use std::time::{Duration, Instant};

use innkeeper::model::rfb::{Event, Events, Options, Session};
use tokio::{net::TcpStream, runtime::Runtime, time::timeout};

use crate::{
    PATIENCE,
    guest::{BLOCK, SIZE},
};

/// The key A: its X11 symbol and its number.
const KEY: (u32, u32) = (0x61, 0x1e);
/// Return, for which the guest waits at its start.
const RETURN: (u32, u32) = (0xff0d, 0x1c);

/// A session without a window.
pub(crate) struct Floor {
    runtime: Runtime,
    session: Session,
    events: Events,
}

impl Floor {
    /// Connects, and has the guest begin if it has not.
    pub(crate) fn connect(port: u16) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let (session, events) = runtime.block_on(async {
            let stream = TcpStream::connect(("127.0.0.1", port)).await;
            let stream = stream.expect("a connection");
            stream.set_nodelay(true).expect("a socket");
            Session::connect(stream, Options::default())
        });
        let mut floor = Self {
            runtime,
            session,
            events,
        };
        floor.wait_for("the guest’s picture", |floor| {
            let shown = floor.session.framebuffer();
            let frame = shown.lock();
            let is_begun = (frame.picture().size().width, frame.picture().size().height) == SIZE;
            drop(frame);
            if !is_begun {
                floor.tap(RETURN);
            }
            is_begun && floor.colour().is_some_and(|colour| colour != [0; 3])
        });
        floor
    }

    /// Presses the key, waits for the answer, and gives the moments of both; the key is let go.
    pub(crate) fn press(&mut self) -> Option<(Instant, Instant)> {
        let before = self.colour();
        let pressed = Instant::now();
        self.session.key(KEY.0, KEY.1, true);
        let changed = loop {
            let event = self.event()?;
            let at = Instant::now();
            if matches!(event, Event::Damage) && self.colour() != before {
                break at;
            }
        };
        self.session.key(KEY.0, KEY.1, false);
        Some((pressed, changed))
    }

    fn tap(&self, key: (u32, u32)) {
        self.session.key(key.0, key.1, true);
        self.session.key(key.0, key.1, false);
    }

    /// The colour that is painted last of all that turns around.
    fn colour(&self) -> Option<[u8; 3]> {
        let (x, y, width, height) = BLOCK;
        let shown = self.session.framebuffer();
        let frame = shown.lock();
        frame
            .picture()
            .colour((x + width - 4) as u16, (y + height - 4) as u16)
    }

    fn event(&mut self) -> Option<Event> {
        let event = self.event_within(Duration::from_secs(2))?;
        assert!(!matches!(event, Event::Closed(_)), "{event:?}");
        Some(event)
    }

    fn wait_for(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_so(self) {
            assert!(Instant::now() < deadline, "waited in vain for {what}");
            self.event_within(Duration::from_millis(200));
        }
    }

    fn event_within(&mut self, patience: Duration) -> Option<Event> {
        let events = &mut self.events;
        self.runtime
            .block_on(async { timeout(patience, events.recv()).await.ok().flatten() })
    }
}
