//! When the screen became what it then stays: the picture's whole history, seen from outside, the same for any program.
//!
//! The X server reports damage; at each report the picture is read and compared with the one before, in tiles. What is
//! measured is the time of the last change before the screen was calm with a list on it.

use std::time::{Duration, Instant};

use x11rb::{
    connection::Connection,
    protocol::{
        damage::{self, ConnectionExt as _},
        xfixes::ConnectionExt as _,
        xproto,
    },
    rust_connection::RustConnection,
};

use crate::{
    Picture,
    screen::{Server as _, X11},
};

/// Two pictures are never taken closer to each other, so that the X server stays free for those whom it serves.
const PACE: Duration = Duration::from_millis(8);

/// A screen under observation.
#[derive(Debug)]
pub struct Watch {
    screen: X11,
}

/// What was seen.
#[derive(Clone, Debug)]
pub struct Sight {
    /// From the beginning to the last change.
    pub after: Duration,
    /// The picture as it then stayed.
    pub picture: Picture,
}

impl Watch {
    /// Opens a display and has its changes reported.
    ///
    /// # Panics
    /// When the X server cannot report damage.
    pub fn open(display: &str) -> Self {
        let screen = X11::open(display);
        ask_for_damage(screen.connection());
        Self { screen }
    }

    /// Waits until the picture has stayed the same for `calm` and is what `wanted` says; gives up after `patience`.
    ///
    /// # Panics
    /// When the X server is gone.
    pub fn until_calm(
        &self,
        begun: Instant,
        calm: Duration,
        patience: Duration,
        wanted: impl Fn(&Picture) -> bool,
    ) -> Option<Sight> {
        let connection = self.screen.connection();
        let id = connection.generate_id().expect("an identity");
        connection
            .damage_create(id, self.screen.root(), damage::ReportLevel::NON_EMPTY)
            .expect("a request");
        let mut sight = Sight {
            after: begun.elapsed(),
            picture: self.screen.picture(),
        };
        while begun.elapsed() < patience {
            if is_damaged(connection, id) {
                let picture = self.screen.picture();
                if picture != sight.picture {
                    sight = Sight {
                        after: begun.elapsed(),
                        picture,
                    };
                }
            } else if begun.elapsed() > sight.after + calm && wanted(&sight.picture) {
                let _ = connection.damage_destroy(id);
                return Some(sight);
            }
            std::thread::sleep(PACE);
        }
        let _ = connection.damage_destroy(id);
        None
    }
}

/// Has the X server understand what is asked about drawing: it wants to hear the versions first.
pub(crate) fn ask_for_damage(connection: &RustConnection) {
    connection
        .damage_query_version(1, 1)
        .expect("a request")
        .reply()
        .expect("the extension DAMAGE");
    connection
        .xfixes_query_version(5, 0)
        .expect("a request")
        .reply()
        .expect("the extension XFIXES");
}

/// Tells whether anything was drawn since the last time, and begins anew.
fn is_damaged(connection: &RustConnection, id: damage::Damage) -> bool {
    let mut damaged = false;
    while let Ok(Some(_)) = connection.poll_for_event() {
        damaged = true;
    }
    if damaged {
        let all: xproto::Atom = x11rb::NONE;
        connection.damage_subtract(id, all, all).expect("a request");
        let _ = connection.flush();
    }
    damaged
}
