//! The least that any viewer can need: our engine's session, which decodes and draws nothing, on the same connection.

use std::time::{Duration, Instant};

use innkeeper::model::rfb::{NextFrame, Options, Session, Size};
use tokio::{
    net::TcpStream,
    runtime::Runtime,
    sync::watch::{self, Receiver},
    time::timeout,
};

use crate::{
    PATIENCE,
    guest::{BLOCK, SIZE},
};

/// The key A: its X11 symbol and its number.
const KEY: (u32, u32) = (0x61, 0x1e);
/// Return, for which the guest waits at its start.
const RETURN: (u32, u32) = (0xff0d, 0x1c);

type Colour = Option<[u8; 3]>;

/// A session without a window.
pub(crate) struct Floor {
    runtime: Runtime,
    session: Session,
    /// The colour that is painted last of all that turns around.
    colour: Receiver<Colour>,
}

impl Floor {
    /// Connects, and has the guest begin if it has not.
    pub(crate) fn connect(port: u16) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let session = runtime.block_on(async {
            let stream = TcpStream::connect(("127.0.0.1", port)).await;
            let stream = stream.expect("a connection");
            stream.set_nodelay(true).expect("a socket");
            Session::connect(stream, Options::default()).0
        });
        let mut floor = Self {
            runtime,
            colour: watch(&session),
            session,
        };
        floor.begin();
        floor
    }

    /// Presses Return until the guest shows what it turns around.
    fn begin(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let is_begun = self.session.size() == Size::new(SIZE.0, SIZE.1);
            if is_begun && self.colour().is_some_and(|colour| colour != [0; 3]) {
                return;
            }
            assert!(Instant::now() < deadline, "no picture of the guest came");
            if !is_begun {
                self.tap(RETURN);
            }
            self.repainted(Duration::from_millis(200));
        }
    }

    /// Presses the key, waits for the answer, and gives the moments of both; the key is let go.
    pub(crate) fn press(&mut self) -> Option<(Instant, Instant)> {
        let before = self.colour();
        let pressed = Instant::now();
        self.session.key(KEY.0, KEY.1, true);
        while self.colour() == before {
            if !self.repainted(Duration::from_secs(2)) {
                return None;
            }
        }
        let changed = Instant::now();
        self.session.key(KEY.0, KEY.1, false);
        Some((pressed, changed))
    }

    fn tap(&self, key: (u32, u32)) {
        self.session.key(key.0, key.1, true);
        self.session.key(key.0, key.1, false);
    }

    fn colour(&self) -> Colour {
        *self.colour.borrow()
    }

    /// Waits for the next frame; says whether there was one in time.
    fn repainted(&mut self, patience: Duration) -> bool {
        let colour = &mut self.colour;
        let waiting = async { timeout(patience, colour.changed()).await };
        self.runtime
            .block_on(waiting)
            .is_ok_and(|frame| frame.is_ok())
    }
}

/// Paints one pixel.
fn watch(session: &Session) -> Receiver<Colour> {
    let (x, y, width, height) = BLOCK;
    let (x, y) = ((x + width - 4) as u16, (y + height - 4) as u16);
    let (seen, colour) = watch::channel(None);
    session.set_painter(Some(Box::new(move |picture, _| {
        seen.send_replace(picture.colour(x, y));
        NextFrame::AtOnce
    })));
    colour
}
