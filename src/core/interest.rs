//! What somebody looks at: the only thing that makes a host fetch figures again and again.

use std::time::Duration;

use uuid::Uuid;

/// The domains whose figures are wanted, and how often.
///
/// A host fetches statistics for exactly these domains, in one call a tick, and reads their XML before that of
/// others. While `ticking` is false or nothing is visible, and the host itself is not looked at, it sends nothing at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interest {
    /// The domains on the screen, in any order.
    pub visible: Vec<Uuid>,
    /// Whether anything on the screen shows figures now.
    pub ticking: bool,
    /// Whether the host's own figures are wanted.
    pub host: bool,
    /// The time from one tick to the next.
    pub interval: Duration,
}

impl Default for Interest {
    fn default() -> Self {
        Self {
            visible: Vec::new(),
            ticking: false,
            host: false,
            interval: Duration::from_secs(3),
        }
    }
}
