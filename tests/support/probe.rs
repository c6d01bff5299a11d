//! When one pixel of the screen changes: the moment at which the X server tells of it, not of a later look.
//!
//! The X server reports everything that is drawn (extension DAMAGE); where that touches the pixel, it is read. A report is
//! waited for without looking again and again, so that nothing is taken from those who are measured.

use std::time::{Duration, Instant};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};
use x11rb::{
    connection::Connection,
    protocol::{
        Event,
        damage::{self, ConnectionExt as _},
        xproto::{self, ConnectionExt as _, ImageFormat, Rectangle},
        xtest::ConnectionExt as _,
    },
    rust_connection::RustConnection,
};

use crate::{
    screen::{keycode, named},
    watch,
};

/// A pixel under observation.
#[derive(Debug)]
pub struct Probe {
    connection: RustConnection,
    root: xproto::Window,
    at: (i16, i16),
    damage: damage::Damage,
}

impl Probe {
    /// Watches a pixel of a display.
    ///
    /// # Panics
    /// When the X server cannot report damage.
    pub fn open(display: &str, at: (i32, i32)) -> Self {
        let (connection, number) = x11rb::connect(Some(display)).expect("the X display");
        let root = connection.setup().roots[number].root;
        watch::ask_for_damage(&connection);
        let damage = connection.generate_id().expect("an identity");
        connection
            .damage_create(damage, root, damage::ReportLevel::RAW_RECTANGLES)
            .expect("a request");
        Self {
            connection,
            root,
            at: (at.0 as i16, at.1 as i16),
            damage,
        }
    }

    /// The pixel's colour now, `0x00RRGGBB`.
    ///
    /// # Panics
    /// When the X server is gone.
    pub fn colour(&self) -> u32 {
        let (x, y) = self.at;
        let image = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, self.root, x, y, 1, 1, !0)
            .expect("a request")
            .reply()
            .expect("a pixel");
        u32::from_le_bytes([image.data[0], image.data[1], image.data[2], 0])
    }

    /// Presses a key, or lets it go, and gives the moment before.
    ///
    /// # Panics
    /// When the keyboard has no such key.
    pub fn key(&self, name: &str, down: bool) -> Instant {
        let (code, _) = keycode(&self.connection, named(name));
        let kind = if down {
            xproto::KEY_PRESS_EVENT
        } else {
            xproto::KEY_RELEASE_EVENT
        };
        let begun = Instant::now();
        self.connection
            .xtest_fake_input(kind, code, 0, self.root, 0, 0, 0)
            .expect("a request");
        self.connection.flush().expect("a living X server");
        begun
    }

    /// Waits until the pixel has another colour than `before`; gives when the X server told of the drawing that changed it.
    ///
    /// # Panics
    /// When the X server is gone.
    pub fn changed(&self, before: u32, patience: Duration) -> Option<Instant> {
        let deadline = Instant::now() + patience;
        while let Some((at, area)) = self.next_drawing(deadline) {
            if self.is_in(area) && self.colour() != before {
                return Some(at);
            }
        }
        None
    }

    /// Forgets what was drawn until now, and waits until nothing has been drawn for a while.
    pub fn calm(&self, calm: Duration) {
        while self.next_drawing(Instant::now() + calm).is_some() {}
    }

    /// Waits for the next report.
    fn next_drawing(&self, deadline: Instant) -> Option<(Instant, Rectangle)> {
        let connection = &self.connection;
        connection.flush().expect("a living X server");
        loop {
            while let Some(event) = connection.poll_for_event().expect("a living X server") {
                if let Event::DamageNotify(drawn) = event {
                    return Some((Instant::now(), drawn.area));
                }
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            let left = Timespec::try_from(left).expect("a short time");
            let stream = PollFd::new(connection.stream(), PollFlags::IN);
            match poll(&mut [stream], Some(&left)) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    fn is_in(&self, area: Rectangle) -> bool {
        let within = |at: i16, from: i16, length: u16| {
            let offset = i32::from(at) - i32::from(from);
            (0..i32::from(length)).contains(&offset)
        };
        within(self.at.0, area.x, area.width) && within(self.at.1, area.y, area.height)
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        let connection = &self.connection;
        let _ = connection.damage_destroy(self.damage);
        let _ = connection.flush();
    }
}
