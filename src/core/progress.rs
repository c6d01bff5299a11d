//! Where an attempt to connect tells how far it is and what it met on its way.

use std::{fmt, sync::Arc};

use crate::{LogEvent, Step};

/// What an attempt tells.
#[derive(Clone, Debug)]
pub(crate) enum Report {
    /// It came to its next step.
    Step(Step),
    /// Something for the connection's log.
    Log(LogEvent),
}

/// The one who hears it. Cheap to clone; never blocks.
#[derive(Clone)]
pub(crate) struct Progress(Arc<dyn Fn(Report) + Send + Sync>);

impl Progress {
    /// Hands every report to a function.
    pub(crate) fn new(hear: impl Fn(Report) + Send + Sync + 'static) -> Self {
        Self(Arc::new(hear))
    }

    /// Nobody hears it.
    pub(crate) fn unheard() -> Self {
        Self::new(|_| ())
    }

    /// Tells that the attempt came to a step.
    pub(crate) fn step(&self, step: Step) {
        (self.0)(Report::Step(step));
    }

    /// Tells what belongs into the log.
    pub(crate) fn log(&self, event: LogEvent) {
        (self.0)(Report::Log(event));
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Progress")
    }
}
