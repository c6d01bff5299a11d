//! Where an attempt to connect tells how far it is and what it met on its way.
//!
//! One attempt serves two hearers: a host's state with its log, and the test that shows every step.

use std::{fmt, sync::Arc};

use crate::{CheckStep, LinkWarning, LogEvent, Outcome, Step};

/// What an attempt tells.
#[derive(Clone, Debug)]
pub(crate) enum Report {
    /// It came to its next step, as a host's state shows it.
    Step(Step),
    /// What became of a step, as a test shows it.
    Check(CheckStep, Outcome),
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

    /// Tells that the attempt came to a step of a host's state.
    pub(crate) fn step(&self, step: Step) {
        (self.0)(Report::Step(step));
    }

    /// Tells that a step of the test is being taken; a failure after that is this step's.
    pub(crate) fn begin(&self, step: CheckStep) {
        (self.0)(Report::Check(step, Outcome::Running));
    }

    /// Tells that a step of the test succeeded, with a fact that came out of it.
    pub(crate) fn passed(&self, step: CheckStep, detail: impl Into<String>) {
        self.warned(step, Vec::new(), detail);
    }

    /// Tells that a step of the test succeeded, and what a person should know about it, if anything.
    pub(crate) fn warned(
        &self,
        step: CheckStep,
        warnings: Vec<LinkWarning>,
        detail: impl Into<String>,
    ) {
        let detail = detail.into();
        let outcome = if warnings.is_empty() {
            Outcome::Passed { detail }
        } else {
            Outcome::Warned { warnings, detail }
        };
        (self.0)(Report::Check(step, outcome));
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
