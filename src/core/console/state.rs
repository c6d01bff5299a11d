//! Where a console stands, and the news of it.

use std::{sync::Arc, time::Instant};

use super::ScreenRoute;
use crate::{DomainState, Error, GraphicsKind};

/// Where a console stands.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ConsoleState {
    /// The domain does not run; its screen will be shown when it does.
    Off(DomainState),
    /// It has no screen that this version shows; the kind of its first one, if it has any.
    NoScreen(Option<GraphicsKind>),
    /// On the way to the screen.
    Connecting(ScreenStep),
    /// The picture is live.
    Connected,
    /// The screen went away, or cannot be reached, while the domain runs; another attempt is coming.
    Waiting {
        /// What was in the way; `None` when a screen that was there has just gone.
        error: Option<Arc<Error>>,
        /// When the next attempt starts.
        retry_at: Instant,
    },
    /// Nothing happens until somebody asks again, or the domain starts anew.
    Failed(Arc<Error>),
    /// The host has the domain no more.
    Ended,
}

impl Default for ConsoleState {
    fn default() -> Self {
        Self::Connecting(ScreenStep::Host)
    }
}

impl ConsoleState {
    /// Says whether it is on the way to a screen, or will be again by itself.
    pub(super) fn is_on_the_way(&self) -> bool {
        matches!(self, Self::Connecting(_) | Self::Waiting { .. })
    }
}

/// How far it is on the way to a screen. Each step has a time of its own (`Options::console`), after which the next way,
/// or another attempt, is due.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScreenStep {
    /// The connection to the host is not there yet.
    Host,
    /// The domain is being started, or comes from another host.
    Start,
    /// libvirt is asked for the screen, or where it is.
    Asking,
    /// The screen is called there.
    Reaching(ScreenRoute),
    /// Its security is agreed on; a question for a password may be open.
    Greeting,
    /// It is there, and its first whole picture is on its way.
    Picture,
}

/// News of a console.
#[derive(Debug)]
pub enum ConsoleEvent {
    /// It stands somewhere else.
    State(ConsoleState),
    /// News of the session.
    Screen(rfb::Event),
}
